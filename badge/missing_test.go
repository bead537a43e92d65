package badge_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"hallpass/assets"
	"hallpass/badge"
)

// P9: a character that no font has is reported and never a box.
func TestPDF_ReportsWhatNoFontHas_P9(t *testing.T) {
	for _, c := range []struct {
		name             string
		person           badge.Person
		field, want      string
		missing          []string
		noLatinLineBelow bool
	}{
		{"rare but there", badge.Person{Name: "张𬭎", NameLatin: "Zhang Hong"}, "name", "张𬭎", nil, false},
		{"Latin steps in", badge.Person{Name: "ᎠᎡᎢ", NameLatin: "Han Jimin"}, "name", "Han Jimin", []string{"Ꭰ", "Ꭱ", "Ꭲ"}, true},
		{"nothing to step in", badge.Person{Name: "田𪛖"}, "name", "田〓", []string{"𪛖"}, false},
		{"Latin no better", badge.Person{Name: "𪛖", NameLatin: "ꦄꦶ"}, "name", "〓", []string{"𪛖", "ꦄ", "ꦶ"}, false},
		{"company", badge.Person{Company: "𪛖野家"}, "company", "〓野家", []string{"𪛖"}, false},
		{"emoji", badge.Person{Name: "Ann 🎉 Lee ❤️👍🏽"}, "name", "Ann 🎉 Lee ❤👍", nil, false},
		{"symbol", badge.Person{Name: "Ann 𝄞 Lee"}, "name", "Ann Lee", []string{"𝄞"}, false},
		{"Korean", badge.Person{Name: "한지민", NameLatin: "Han Jimin"}, "name", "한지민", nil, false},
		{"truncated UTF-8", badge.Person{Name: "王\xe8\x8a"}, "name", "王〓", []string{"\uFFFD"}, false},
		{"private use", badge.Person{Name: "王\uE001"}, "name", "王", []string{"\uE001"}, false},
		{"loose accent", badge.Person{Name: "X\u0323\u20DD"}, "name", "X", []string{"\u0323", "\u20DD"}, false},
		{"composed accent", badge.Person{Name: "Nguye\u0302\u0303n"}, "name", "Nguyễn", nil, false},
		{"variation selector", badge.Person{Name: "葛\U000E0100城"}, "name", "葛城", nil, false},
		{"controls", badge.Person{Name: "\x1b[31mLi\u202E\x00\r\n\tWei\uFEFF"}, "name", "[31mLi Wei", nil, false},
	} {
		report := printed(t, "a6", c.person)
		if got := strings.Join(field(report, c.field).Lines, "|"); got != c.want {
			t.Errorf("%s: printed %q, want %q", c.name, got, c.want)
		}
		if !slices.Equal(report.Missing, c.missing) {
			t.Errorf("%s: missing %q, want %q", c.name, report.Missing, c.missing)
		}
		if c.noLatinLineBelow && field(report, "name_latin").Lines != nil {
			t.Errorf("%s: the Latin name is printed twice", c.name)
		}
	}
}

func TestOpenFonts_RefusesWhatCannotBeEmbedded(t *testing.T) {
	bold, err := fs.ReadFile(assets.Files(), boldTTF)
	if err != nil {
		t.Fatal(err)
	}
	spoil := func(at int, b ...byte) []byte {
		data := bytes.Clone(bold)
		copy(data[at:], b)
		return data
	}
	for name, data := range map[string][]byte{
		"empty":       {},
		"a PDF":       []byte("%PDF-1.3 ..............................."),
		"CFF":         spoil(0, 'O', 'T', 'T', 'O'),
		"collection":  spoil(0, 't', 't', 'c', 'f'),
		"cut short":   bold[:len(bold)/2],
		"header only": bold[:12],
		"no tables":   spoil(4, 0, 0),
		"many tables": spoil(4, 0xFF, 0xFF),
	} {
		fsys := fstest.MapFS{regularTTF: {Data: bold}, boldTTF: {Data: data}}
		if _, err := openFonts(fsys); err == nil || !strings.Contains(err.Error(), boldTTF) {
			t.Errorf("%s: err = %v, want one that names the bold font", name, err)
		}
	}
	if _, err := openFonts(fstest.MapFS{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no fonts: err = %v", err)
	}
}

func TestOpenFonts_PassesOverBrokenFallbacks(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "broken-Regular.ttf")
	if err := os.WriteFile(broken, []byte("no font"), 0o600); err != nil {
		t.Fatal(err)
	}
	fonts, err := openFonts(assets.Files(), "/nonexistent/font.ttf", broken, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	_, reports := mustPDF(t, rendererWith(t, "a6", fonts), pageOf(badge.Person{Name: "Ꭰ"}))
	if !slices.Equal(reports[0].Missing, []string{"Ꭰ"}) {
		t.Errorf("missing %q", reports[0].Missing)
	}
}

func TestSystemFallbacks_AreThereOnDebian(t *testing.T) {
	for _, path := range badge.SystemFallbacks() {
		if !filepath.IsAbs(path) || filepath.Ext(path) != ".ttf" {
			t.Errorf("fallback %q is no path of a TrueType font", path)
		}
	}
}

func picture(w, h int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, color.NRGBA{uint8(x), uint8(y), 200, uint8(x + y)})
		}
	}
	return img
}

func TestParsePicture_StandsBesideTheShowsName(t *testing.T) {
	var asPNG, asJPEG bytes.Buffer
	if err := png.Encode(&asPNG, picture(900, 300)); err != nil {
		t.Fatal(err)
	}
	if err := jpeg.Encode(&asJPEG, picture(30, 80), nil); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"png": asPNG.Bytes(), "jpeg": asJPEG.Bytes()} {
		logo, err := badge.ParsePicture(data)
		if err != nil {
			t.Fatal(err)
		}
		page := pageOf(people["chinese"])
		without := field(printed(t, "old/a6", people["chinese"]), "show")
		page.Show.Logo = logo
		pdf, reports := mustPDF(t, renderer(t, "old/a6"), page, page)
		if got := field(reports[0], "show"); got.Lines == nil || got.Box.X == without.Box.X {
			t.Errorf("%s: the show's name does not make room: %+v", name, got)
		}
		if n := bytes.Count(pdf, []byte("/Subtype /Image")); n != 1 {
			t.Errorf("%s: %d images in the PDF, want one for both pages", name, n)
		}
		run(t, "qpdf", "--check", save(t, pdf))
		checkBoxes(t, "old/a6", reports[0])
	}
}

func TestParsePicture_RefusesBadPictures_P9(t *testing.T) {
	var big, thin bytes.Buffer
	if err := png.Encode(&big, image.NewGray(image.Rect(0, 0, 9000, 5000))); err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(&thin, image.NewGray(image.Rect(0, 0, 5000, 1))); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"nothing": nil, "text": []byte("logo"), "45 megapixels": big.Bytes(), "a line": thin.Bytes(),
		"cut short": big.Bytes()[:200], "9 MB": make([]byte, 9<<20),
	} {
		if _, err := badge.ParsePicture(data); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
