package badge_test

import (
	"bytes"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"hallpass/assets"
	"hallpass/badge"
)

func mustBitmaps(t testing.TB, r *badge.Renderer, page badge.Page, dpi int) ([]*image.Paletted, badge.Report) {
	t.Helper()
	sides, report, err := r.Bitmaps(page, dpi)
	if err != nil {
		t.Fatal(err)
	}
	return sides, report
}

func savePNG(t testing.TB, img image.Image) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "badge.png")
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// P5: a label's code is read at both resolutions by two readers that share no
// code with us or each other.
func TestBitmaps_QRIsReadByZbarAndZXing(t *testing.T) {
	for _, template := range templates {
		r := renderer(t, template)
		for _, name := range []string{"chinese", "long", "nobody"} {
			for _, dpi := range []int{203, 300} {
				sides, _ := mustBitmaps(t, r, pageOf(people[name]), dpi)
				picture := savePNG(t, sides[0])
				if got := run(t, "zbarimg", "-q", "--raw", picture); !onlyToken(got) {
					t.Errorf("%s %s at %d dpi: zbarimg reads %q", template, name, dpi, got)
				}
				if got := run(t, "ZXingReader", "-format", "QRCode", "-1", picture); !strings.Contains(got, exampleToken) {
					t.Errorf("%s %s at %d dpi: ZXingReader reads %q", template, name, dpi, got)
				}
			}
		}
	}
}

// Equal modules are what a thermal printer's readers need: each is the same
// whole number of dots, whatever the resolution.
func TestBitmaps_ModulesAreWholeDots(t *testing.T) {
	for _, dpi := range []int{203, 300, 600} {
		sides, _ := mustBitmaps(t, qrOnly(t), pageOf(people["nobody"]), dpi)
		img := sides[0]
		code := image.Rectangle{}
		for i, v := range img.Pix {
			if v == 1 {
				p := image.Pt(i%img.Stride, i/img.Stride)
				code = code.Union(image.Rectangle{p, p.Add(image.Pt(1, 1))})
			}
		}
		const modules = 45 // of a token
		size := code.Dx() / modules
		if code.Dx() != code.Dy() || code.Dx()%modules != 0 || size != int(30*float64(dpi)/25.4)/(modules+8) {
			t.Fatalf("%d dpi: the code fills %v", dpi, code)
		}
		for y := code.Min.Y; y < code.Max.Y; y++ {
			for x := code.Min.X; x < code.Max.X; x++ {
				corner := image.Pt(x-(x-code.Min.X)%size, y-(y-code.Min.Y)%size)
				if img.ColorIndexAt(x, y) != img.ColorIndexAt(corner.X, corner.Y) {
					t.Fatalf("%d dpi: the module at %v is not one square", dpi, corner)
				}
			}
		}
	}
}

// qrOnly has a code of 30 mm and nothing else that prints.
func qrOnly(t testing.TB) *badge.Renderer {
	return rendererOf(t, `{"name": "qr", "width": 40, "height": 40, "items": [{"kind": "qr", "box": [5, 5, 30, 30]}]}`)
}

func rendererOf(t testing.TB, template string) *badge.Renderer {
	t.Helper()
	parsed, err := badge.ParseTemplate([]byte(template))
	if err != nil {
		t.Fatal(err)
	}
	fonts, err := sharedFonts()
	if err != nil {
		t.Fatal(err)
	}
	r, err := badge.New(parsed, fonts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestBitmaps_SameInputSameBytesAlsoFromGoroutines(t *testing.T) {
	shared := renderer(t, "card")
	page := pageOf(people["rare"])
	page.Show.Logo = logo(t, 300, 120)
	first, _ := mustBitmaps(t, shared, page, 203)
	fonts, err := openFonts(assets.Files(), badge.SystemFallbacks()...)
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for _, r := range []*badge.Renderer{shared, shared, rendererWith(t, "card", fonts)} {
		wait.Go(func() {
			for _, dpi := range []int{300, 203, 150, 203} { // the others fill what is shared
				again, _, err := r.Bitmaps(page, dpi)
				if err != nil || dpi == 203 && !bytes.Equal(again[0].Pix, first[0].Pix) {
					t.Errorf("%d dpi: other dots, %v", dpi, err)
				}
			}
		})
	}
	wait.Wait()
}

func TestBitmaps_RefusesWhatCannotBePrinted_P9(t *testing.T) {
	r := renderer(t, "card")
	noToken := pageOf(people["chinese"])
	noToken.Token = ""
	large := rendererOf(t, `{"name": "a3", "width": 297, "height": 420, "items": [{"kind": "qr", "box": [5, 5, 30, 30]}]}`)
	for name, c := range map[string]struct {
		r    *badge.Renderer
		page badge.Page
		dpi  int
	}{
		"no token": {r, noToken, 203}, "0 dpi": {r, pageOf(people["chinese"]), 0}, "601 dpi": {r, pageOf(people["chinese"]), 601},
		"too many dots": {large, pageOf(people["chinese"]), 600},
	} {
		if sides, _, err := c.r.Bitmaps(c.page, c.dpi); err == nil || sides != nil {
			t.Errorf("%s: Bitmaps gives %d sides, err = %v", name, len(sides), err)
		}
		if sides, _, err := c.r.Images(c.page, c.dpi); err == nil || sides != nil {
			t.Errorf("%s: Images gives %d sides, err = %v", name, len(sides), err)
		}
	}
}

// P9: whatever people are called, a label has its dots.
func TestBitmaps_PrintsAnything_P9(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, template := range templates {
		r := renderer(t, template)
		for range 8 {
			page := pageOf(badge.Person{
				Name: anything(random), NameLatin: anything(random), Company: anything(random), Title: anything(random),
				Country: anything(random), CategoryLabel: anything(random), CategoryColour: anything(random),
			})
			page.ShortCode = anything(random)
			sides, report := mustBitmaps(t, r, page, 203)
			checkBoxes(t, template, report)
			for i, side := range sides {
				if black := bytes.Count(side.Pix, []byte{1}); black == 0 || black+bytes.Count(side.Pix, []byte{0}) != len(side.Pix) {
					t.Errorf("%s: %d black dots on side %d, or others", template, black, i)
				}
			}
		}
	}
}
