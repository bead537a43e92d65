package badge_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"hallpass/assets"
	"hallpass/badge"
)

// run calls one of the independent programs that `make test` installs.
func run(t testing.TB, name string, args ...string) string {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, out, stderr.Bytes())
	}
	return string(out)
}

func save(t testing.TB, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "badge.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// P5 begins with a code that readers read: badges of each template, with texts
// of every length beside it, go through two readers that share no code with us
// or each other.
func TestPDF_QRIsReadByZbarAndZXing(t *testing.T) {
	for _, template := range templates {
		r := renderer(t, template)
		var pages []badge.Page
		for _, name := range []string{"chinese", "long", "long-chinese", "nobody"} {
			pages = append(pages, pageOf(people[name]))
		}
		data, _ := mustPDF(t, r, pages...)
		pdf := save(t, data)
		prefix := filepath.Join(filepath.Dir(pdf), "page")
		run(t, "pdftoppm", "-r", "120", "-gray", "-png", pdf, prefix)
		pictures, err := filepath.Glob(prefix + "*.png")
		if err != nil || len(pictures) != len(pages) {
			t.Fatalf("%s: %d pictures of %d pages, %v", template, len(pictures), len(pages), err)
		}
		for _, picture := range pictures {
			if got := run(t, "zbarimg", "-q", "--raw", picture); !onlyToken(got) {
				t.Errorf("%s %s: zbarimg reads %q", template, filepath.Base(picture), got)
			}
			if got := run(t, "ZXingReader", "-format", "QRCode", "-1", picture); !strings.Contains(got, exampleToken) {
				t.Errorf("%s %s: ZXingReader reads %q", template, filepath.Base(picture), got)
			}
		}
	}
}

func TestPDF_IsWellFormedAndHoldsTheText(t *testing.T) {
	for _, template := range templates {
		data, reports := mustPDF(t, renderer(t, template), manyPages(len(people))...)
		pdf := save(t, data)
		if out := run(t, "qpdf", "--check", pdf); !strings.Contains(out, "No syntax or stream encoding errors") {
			t.Errorf("%s: qpdf says %s", template, out)
		}
		texts := strings.Split(run(t, "pdftotext", "-raw", pdf, "-"), "\f")
		if len(texts) != len(reports)+1 {
			t.Fatalf("%s: pdftotext finds %d pages, want %d", template, len(texts)-1, len(reports))
		}
		for i, report := range reports {
			text := strings.Join(strings.Fields(texts[i]), " ") // upside down, each word is a line
			for _, f := range report.Fields {
				for _, line := range f.Lines {
					if !strings.Contains(texts[i], line) && !strings.Contains(text, line) {
						t.Errorf("%s: pdftotext finds no %s %q in %q", template, f.Name, line, texts[i])
					}
				}
			}
		}
	}
}

func TestPDF_SameInputSameBytes(t *testing.T) {
	for _, template := range templates {
		first, _ := mustPDF(t, renderer(t, template), manyPages(12)...)
		for range 2 {
			fonts, err := openFonts(assets.Files())
			if err != nil {
				t.Fatal(err)
			}
			again, _ := mustPDF(t, rendererWith(t, template, fonts), manyPages(12)...)
			if !bytes.Equal(first, again) {
				t.Fatalf("%s: two runs differ", template)
			}
		}
	}
}

func TestPDF_SharedByGoroutines(t *testing.T) {
	r := renderer(t, "a6")
	want, _ := mustPDF(t, r, pageOf(people["chinese"]))
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 3 {
				var out bytes.Buffer
				if _, err := r.PDF(&out, []badge.Page{pageOf(people["chinese"])}); err != nil || !bytes.Equal(out.Bytes(), want) {
					t.Errorf("a goroutine got other bytes, %v", err)
				}
			}
		})
	}
	wait.Wait()
}

// The widths in the PDF decide where a viewer puts each letter. They are
// gofpdf's compression of what the subset says, so they are checked against
// what the layout used, in one document with all people.
func TestPDF_LettersStandWhereTheLayoutPutThem(t *testing.T) {
	data, reports := mustPDF(t, renderer(t, "a6"), manyPages(len(people))...)
	if n := bytes.Count(data, []byte("/W [")); n != 2 {
		t.Fatalf("%d width tables, want one for both weights and one for the emoji", n)
	}
	out := run(t, "pdftotext", "-bbox", save(t, data), "-")
	word := regexp.MustCompile(`<word xMin="([\d.]+)" yMin="[\d.-]+" xMax="([\d.]+)" yMax="[\d.-]+">([^<]*)</word>`)
	var right []float64
	for _, page := range strings.Split(out, "<page ")[1:] {
		most := 0.0
		for _, m := range word.FindAllStringSubmatch(page, -1) {
			edge, err := strconv.ParseFloat(m[2], 64)
			if err != nil {
				t.Fatal(err)
			}
			most = max(most, edge)
		}
		right = append(right, most*25.4/72)
	}
	for i, report := range reports {
		want := 0.0
		for _, f := range report.Fields {
			want = max(want, f.Box.X+f.Box.W)
		}
		if diff := right[i] - want; diff < -0.2 || diff > 0.2 {
			t.Errorf("page %d: the rightmost letter ends at %.2f mm, laid out to %.2f mm", i+1, right[i], want)
		}
	}
}

type brokenWriter struct{}

var errBroken = errors.New("disk full")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestPDF_RefusesWhatCannotBePrinted_P9(t *testing.T) {
	r := written(t, `{"width": 20, "height": 20, "items": [{"kind": "qr", "box": [0, 0, 20, 20]}]}`)
	noToken := pageOf(people["chinese"])
	noToken.Token = ""
	endless := pageOf(people["chinese"])
	endless.Token = strings.Repeat("a", 600)
	tooDense := pageOf(people["chinese"])
	tooDense.Token = strings.Repeat("~", 512)
	for name, pages := range map[string][]badge.Page{
		"no pages": nil, "no token": {noToken}, "endless token": {endless}, "too dense": {tooDense}, "too many": make([]badge.Page, 5001),
	} {
		var out bytes.Buffer
		if _, err := r.PDF(&out, pages); err == nil || out.Len() > 0 {
			t.Errorf("%s: err = %v, %d bytes written", name, err, out.Len())
		}
	}
	if _, err := r.PDF(brokenWriter{}, []badge.Page{pageOf(people["chinese"])}); !errors.Is(err, errBroken) {
		t.Errorf("a failing writer: err = %v", err)
	}
}

// P9: whatever people are called, any number of badges print, in sound files.
func TestPDF_PrintsAnything_P9(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, template := range templates {
		r := renderer(t, template)
		pages := make([]badge.Page, 60)
		for i := range pages {
			pages[i] = badge.Page{
				Person: badge.Person{
					Name: anything(random), NameLatin: anything(random), Company: anything(random), Title: anything(random),
					Country: anything(random), CategoryLabel: anything(random), CategoryColour: anything(random),
				},
				Show:  badge.Show{Name: anything(random), Detail: anything(random), Accent: anything(random)},
				Token: exampleToken, ShortCode: anything(random),
			}
		}
		data, reports := mustPDF(t, r, pages...)
		for _, report := range reports {
			checkBoxes(t, template, report)
		}
		run(t, "qpdf", "--check", save(t, data))
	}
}

// anything is a text of up to 60 pieces, from ordinary to hostile.
func anything(random *rand.Rand) string {
	pieces := []func() string{
		func() string { return string(rune(0x4E00 + random.IntN(0x5200))) },
		func() string { return string(rune('A' + random.IntN(60))) },
		func() string { return " " },
		func() string { return string(rune(random.IntN(0x110000))) }, // also surrogates, as U+FFFD
		func() string { return string(rune(0x20000 + random.IntN(0x12000))) },
		func() string { return string([]byte{byte(random.IntN(256))}) },
		func() string {
			return []string{"有限公司", "Corporation", "·", "（", "\u0301", "\\)(", "\r", "👩\u200d🔬"}[random.IntN(8)]
		},
	}
	var b strings.Builder
	for range random.IntN(60) {
		b.WriteString(pieces[random.IntN(len(pieces))]())
	}
	return b.String()
}

// P9: any bytes in any field print, and the badge is still a sound PDF page
// with every text inside its room.
func FuzzPDF(f *testing.F) {
	for _, p := range people {
		f.Add(p.Name, p.NameLatin, p.Company, p.CategoryLabel)
	}
	f.Add("\x00\x1b[2J\r\n", "\xff\xfe", "截断\xe6\x88", "\U0010FFFF\uFFFF\uE000")
	f.Add("a\u0301\u0323\u0308", "\u202Eevil\u2066", "👨\u200d👩\u200d👧", "ﷺ﷽")
	f.Add(strings.Repeat("W", 5000), strings.Repeat("国", 5000), strings.Repeat("- ", 3000), "\\)(\r")
	var all []*badge.Renderer
	for _, template := range templates {
		all = append(all, renderer(f, template))
	}
	f.Fuzz(func(t *testing.T, name, latin, company, label string) {
		page := pageOf(badge.Person{Name: name, NameLatin: latin, Company: company, Title: label + name,
			Country: latin, CategoryLabel: label, CategoryColour: company})
		page.Show = badge.Show{Name: label, Detail: company, Accent: name}
		page.ShortCode = latin
		i := len(name) % len(all)
		data, reports := mustPDF(t, all[i], page)
		if !bytes.HasPrefix(data, []byte("%PDF-1.")) || !bytes.HasSuffix(data, []byte("%%EOF\n")) {
			t.Fatalf("%s: no PDF", templates[i])
		}
		checkBoxes(t, templates[i], reports[0])
	})
}
