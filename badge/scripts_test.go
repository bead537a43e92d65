package badge_test

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"

	"hallpass/assets"
	"hallpass/badge"
)

// foreign are made-up names of scripts that the family does not have; a column
// of what a font must do for each.
var foreign = map[string]badge.Person{
	"joined":      {Name: "مريم العلوي", Company: "شركة الضوء 24"},
	"with points": {Name: "שָׂרָה כֹּהֵן", Company: "אור בע״מ (2027)"},
	"stacked":     {Name: "བསྟན་འཛིན་རྒྱ་མཚོ", Company: "བོད་ཀྱི་སྒྲོན་མེ་ཀུང་སི"},
	"reordered":   {Name: "नरेन्द्रिका कीर्ति", Company: "ज्योति प्रकाश कम्पनी"},
	"raised":      {Name: "ณัฐวุฒิ ปิ่นทองคำ", Company: "บริษัทแสงตะวันจำกัด"},
	"Kazakh":      {Name: "Әйгерім Қасымқызы", Company: "Жарық ЖШС"},
	"Turkish":     {Name: "Işıl Çağrışoğlu", Company: "Işık A.Ş."},
	"Korean":      {Name: "뷁똠한", Company: "빛나는 조명 주식회사"},
	"both ways":   {Name: "Lee מרים", Company: "Or אור 12 (ירושלים) Ltd"},
}

// Every shipped font opens, and a licence lies beside it.
func TestFonts_AllShippedOnesOpen(t *testing.T) {
	names, err := fs.Glob(assets.Files(), "fonts/*.ttf.gz")
	if err != nil || len(names) < 30 {
		t.Fatalf("%d fonts, %v", len(names), err)
	}
	sample := map[string]string{
		"Hangul": "뷁", "NotoSans": "ş", "NotoSansArabic": "ە", "NotoSansArmenian": "Ա", "NotoSansBengali": "ক", "NotoSansDevanagari": "क",
		"NotoSansEthiopic": "አ", "NotoSansGeorgian": "ა", "NotoSansGujarati": "ગ", "NotoSansGurmukhi": "ਪ", "NotoSansHebrew": "א", "NotoSansKannada": "ಕ",
		"NotoSansKhmer": "ក", "NotoSansLao": "ລ", "NotoSansLisu": "ꓐ", "NotoSansMalayalam": "മ", "NotoSansMongolian": "ᠮ", "NotoSansMyanmar": "မ",
		"NotoSansNewTaiLue": "ᦑ", "NotoSansOriya": "ଓ", "NotoSansSinhala": "ස", "NotoSansTaiLe": "ᥖ", "NotoSansTamil": "அ", "NotoSansTelugu": "త",
		"NotoSansThaana": "ދ", "NotoSansThai": "ก", "NotoSansYi": "ꆈ", "NotoSerifTibetan": "ཀ", "RareHan": "𠮷", "RareHan2": "𰻞", "SymbolsEmoji": "🎉",
	}
	fonts, err := openFonts(assets.Files())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		base, _, _ := strings.Cut(path.Base(name), "-")
		text, ok := sample[base]
		if missing := fonts.Missing(text); !ok || missing != nil {
			t.Errorf("%s: %q is missing", name, missing)
		}
		licence := base
		if strings.HasPrefix(base, "NotoS") {
			licence = "NotoSans"
		}
		if _, err := fs.Stat(assets.Files(), "fonts/"+licence+"-LICENSE.txt"); err != nil {
			t.Error(err)
		}
	}
}

// P9: whoever asks before printing hears what the report says afterwards.
func TestFonts_MissingIsWhatTheReportSays_P9(t *testing.T) {
	fonts, err := sharedFonts()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text string
		want []string
	}{
		{"王芳 Ann", nil}, {"", nil}, {"Işıl 🎉 מרים", nil}, {"Ann 𝄞 Lee 𝄞", []string{"𝄞"}}, {"王\xe8\x8a", []string{"\uFFFD"}}, {"ꦄA𪛖", []string{"ꦄ", "𪛖"}},
		{"\u3164\u115F", nil}, {"A\u0301\uE001", []string{"\uE001"}},
	} {
		if got := fonts.Missing(c.text); !slices.Equal(got, c.want) {
			t.Errorf("Missing(%q) = %q, want %q", c.text, got, c.want)
		}
		if got := printed(t, "card", badge.Person{Company: c.text}).Missing; !slices.Equal(got, c.want) {
			t.Errorf("the report of %q says %q, want %q", c.text, got, c.want)
		}
	}
}

// Lines break where each script lets them: between words, at the Tibetan
// syllable mark, in Thai before a vowel that begins a syllable; a Thai name only
// at its space.
func TestLayout_BreaksByScript(t *testing.T) {
	for _, c := range []struct {
		template, field, text string
		may                   []string // every line but the last ends or the next begins with one of these
	}{
		{"a6", "company", strings.Repeat("བོད་ཀྱི་སྒྲོན་མེ་", 9), []string{"་"}},
		{"card", "company", strings.Repeat("บริษัทแสงตะวันจำกัดโรงงาน", 3), []string{"|แ", "|โ"}},
		{"card", "name", "ณัฐวุฒิพงศ์ศักดิ์สิทธิ์ ปิ่นทองคำประเสริฐโรจนกุล", []string{"| ", "|ป"}},
		{"card", "company", "شركة الضوء والنور للإنارة والتجهيزات الكهربائية والمعارض الدولية", []string{"| ", "|ا", "|و", "|ل"}},
		{"card", "company", strings.Repeat("조명기구 ", 12), []string{"|조"}},
	} {
		p := badge.Person{Company: c.text}
		if c.field == "name" {
			p = badge.Person{Name: c.text}
		}
		lines := field(printed(t, c.template, p), c.field).Lines
		if len(lines) < 2 {
			t.Errorf("%q stands on one line", c.text)
		}
		for i := 1; i < len(lines); i++ {
			fits := func(mark string) bool {
				after, begins := strings.CutPrefix(mark, "|")
				return begins && strings.HasPrefix(lines[i], after) || !begins && strings.HasSuffix(lines[i-1], mark)
			}
			if !slices.ContainsFunc(c.may, fits) {
				t.Errorf("%q breaks as %q", c.text, lines)
			}
		}
	}
}

// A text too long is cut between characters as readers see them, with the
// ellipsis at its reading end.
func TestLayout_CutsBetweenCharacters(t *testing.T) {
	for _, text := range []string{strings.Repeat("क्षि", 100), strings.Repeat("שָׂ", 200), strings.Repeat("ที่", 100), strings.Repeat("हि\u0902 ", 100)} {
		f := field(printed(t, "label-62x100", badge.Person{Title: text}), "title")
		last, ok := strings.CutSuffix(f.Lines[len(f.Lines)-1], "...")
		whole := strings.TrimSpace(text[:len(text)/100])
		if strings.Contains(text, "שָׂ") {
			whole = "שָׂ"
		}
		if last = strings.TrimSpace(strings.TrimRight(last, ".")); !f.Cut || !ok || !strings.HasSuffix(last, strings.TrimSpace(whole)) {
			t.Errorf("%.20q ends as %q, cut %v", text, last, f.Cut)
		}
	}
}

// The PDF says what it shows: the names can be searched and read aloud.
func TestPDF_HoldsTheTextOfEveryScript(t *testing.T) {
	for name, p := range foreign {
		data, reports := mustPDF(t, renderer(t, "card"), pageOf(p))
		file := save(t, data)
		run(t, "qpdf", "--check", file)
		checkBoxes(t, "card", reports[0])
		if reports[0].Missing != nil {
			t.Errorf("%s: missing %q", name, reports[0].Missing)
		}
		if name == "joined" || name == "with points" || name == "both ways" {
			continue // pdftotext turns these lines by rules of its own
		}
		text := run(t, "pdftotext", "-raw", file, "-")
		for _, line := range field(reports[0], "name").Lines {
			if !strings.Contains(text, line) {
				t.Errorf("%s: no %q in %q", name, line, text)
			}
		}
	}
	// Unpointed Hebrew is turned back as it was typed.
	data, _ := mustPDF(t, renderer(t, "card"), pageOf(badge.Person{Name: "מרים"}))
	if text := run(t, "pdftotext", save(t, data), "-"); !strings.Contains(text, "מרים") {
		t.Errorf("no Hebrew name in %q", text)
	}
}

// Same input, same bytes, and any number of desks at once, also where letters
// are shaped.
func TestPDF_ScriptsAreDeterministicAndSharedByGoroutines(t *testing.T) {
	fonts, err := openFonts(assets.Files())
	if err != nil {
		t.Fatal(err)
	}
	r := rendererWith(t, "card", fonts)
	var pages []badge.Page
	for _, name := range []string{"joined", "stacked", "reordered", "raised", "both ways", "Korean"} {
		pages = append(pages, pageOf(foreign[name]))
	}
	var all [3][]byte
	var g sync.WaitGroup
	for i := range all {
		g.Go(func() {
			var out bytes.Buffer
			if _, err := r.PDF(&out, pages); err != nil {
				t.Error(err)
			}
			all[i] = out.Bytes()
		})
	}
	g.Wait()
	again, _ := mustPDF(t, renderer(t, "card"), pages...)
	for i := range all {
		if !bytes.Equal(all[i], again) {
			t.Errorf("goroutine %d made other bytes", i)
		}
	}
}
