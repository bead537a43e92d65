//go:build !race

package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// onePerson is what a program writes that prints its JSON readably.
const onePerson = `{
  "id": "p-7",
  "name": "Ada Quill",
  "category": "vip",
  "flags": ["speaker"]
}
`

// One object on many lines is one badge, from a file and from a pipe.
func TestBadge_TakesOneObjectOnManyLines(t *testing.T) {
	file := textFile(t, "person.json", "\uFEFF\n"+onePerson)
	pdf, stderr, err := callBadge("", "-json", file)
	if lines := badgeLines(t, stderr); err != nil || !strings.HasPrefix(pdf, "%PDF-") || len(lines) != 1 || lines[0].ID != "p-7" {
		t.Errorf("%.10q, %s, %v", pdf, stderr, err)
	}
	pdf, _, err = callBadge(onePerson, "-json", "-")
	if err != nil || !strings.HasPrefix(pdf, "%PDF-") {
		t.Errorf("from a pipe: %.10q, %v", pdf, err)
	}
	if _, stderr, err = callBadge(onePerson+onePerson, "-json"); err == nil || len(badgeLines(t, stderr)) != 12 {
		t.Errorf("two objects on many lines: %v, %s", err, stderr)
	}
}

// P9: what does not fit is said, by the name of the text and not by the text.
func TestBadge_SaysWhatItCutAndAbbreviated_P9(t *testing.T) {
	company := strings.Repeat("Donauländische Laternenmanufaktur ", 150) // 5,000 characters
	person := `{"id":"9","name":"A` + "\\u0000\\u001b[2J" + `da","company":"` + company + `","title":"Senior Vice President Research and Development, Marketing and International Operations","category":"trade"}`
	_, stderr, err := callBadge(person, "-json", "-template", "card")
	if err != nil || !strings.Contains(stderr, `"cut":["company"]`) || !strings.Contains(stderr, `"short":["title"]`) || strings.Contains(stderr, "Donau") {
		t.Errorf("%s, %v", stderr, err)
	}
	_, stderr, err = callBadge(person, "-template", "card")
	if err != nil || !strings.Contains(stderr, "badge 9: company too long") {
		t.Errorf("%s, %v", stderr, err)
	}
}

func previewOf(t *testing.T, args ...string) image.Image {
	t.Helper()
	out, stderr, err := callBadge("", append([]string{"-preview"}, args...)...)
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, stderr)
	}
	img, err := png.Decode(strings.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// Each template makes one picture with the twelve people in rows, the same each
// time, and its codes can be read off it.
func TestBadge_PreviewShowsATemplateOnOneSheet(t *testing.T) {
	for template, size := range map[string][2]int{ // columns × rows of a sheet's size in mm, and gaps of 4 mm
		"a6": {4*105 + 20, 3*148 + 16}, "card": {4*86 + 18, 3*54 + 16}, "fanfold": {6*96 + 28, 2*268 + 12},
		"label-62x100": {4*62 + 20, 3*100 + 16}, "label-90x100": {4*90 + 20, 3*100 + 16},
	} {
		img := previewOf(t, "-template", template, "-dpi", "72")
		for i, got := range []int{img.Bounds().Dx(), img.Bounds().Dy()} {
			if want := size[i] * 72 / 254 * 10; got < want-20 || got > want+20 {
				t.Errorf("%s: side %d has %d dots, want about %d", template, i, got, want)
			}
		}
	}
	file := filepath.Join(t.TempDir(), "sheet.png")
	var same bytes.Buffer
	for range 2 {
		if _, _, err := callBadge("", "-preview", "-label", "-dpi", "203", "-template", "label-62x100", "-o", file); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(file)
		if err != nil || same.Len() > 0 && !bytes.Equal(data, same.Bytes()) {
			t.Fatalf("another picture, %v", err)
		}
		same.Write(data)
	}
	read, err := exec.Command("zbarimg", "-q", "--raw", file).Output()
	if n := strings.Count(string(read), "\n"); err != nil || n != 12 {
		t.Errorf("zbarimg reads %d codes of 12, %v", n, err)
	}
}

// The holes of a template are holes in its picture, on both halves.
func TestBadge_PreviewShowsSlots(t *testing.T) {
	out, _, err := callBadge(onePerson, "-preview", "-template", "fanfold", "-dpi", "127", "-") // 5 dots a mm
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(strings.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	const gap = 4 * 5
	desk := img.At(5, 5)
	for _, mm := range []image.Point{{21, 7}, {74, 7}, {21, 261}, {74, 261}} {
		if got := img.At(gap+5*mm.X, gap+5*mm.Y); got != desk {
			t.Errorf("at %v mm stands %v, want a hole", mm, got)
		}
	}
	if got := img.At(gap+5*48, gap+5*7); got == desk {
		t.Error("there is a hole between the slots")
	}
}

// A template file brings its pictures, and a folder takes the sheet under the
// template's name.
func TestBadge_PreviewOfATemplateFileWithPictures(t *testing.T) {
	folder := t.TempDir()
	red := image.NewNRGBA(image.Rect(0, 0, 8, 8))
	for i := range red.Pix {
		red.Pix[i] = [4]uint8{200, 0, 0, 255}[i%4]
	}
	var art bytes.Buffer
	if err := png.Encode(&art, red); err != nil {
		t.Fatal(err)
	}
	template := `{"name": "lumen", "width": 60, "height": 50, "items": [{"kind": "picture", "box": [0, 0, 20, 20], "file": "art.png"},
		{"kind": "rect", "if": {"flag": "speaker"}, "box": [0, 20, 20, 20], "fill": "#00FF00"}, {"kind": "qr", "box": [25, 5, 35, 35]}]}`
	for name, data := range map[string][]byte{"art.png": art.Bytes(), "t.json": []byte(template)} {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := callBadge(onePerson, "-preview", "-dpi", "254", "-template", filepath.Join(folder, "t.json"), "-o", folder, "-"); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(filepath.Join(folder, "badge-lumen.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	img, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[image.Point]color.RGBA{{100, 100}: {200, 0, 0, 255}, {100, 300}: {0, 255, 0, 255}} {
		if got := color.RGBAModel.Convert(img.At(at.X+40, at.Y+40)); got != want {
			t.Errorf("at %v: %v, want %v", at, got, want)
		}
	}
}

func TestBadge_PreviewRefusesWithASentence_P9(t *testing.T) {
	folder := t.TempDir()
	outside := `{"width": 60, "height": 50, "items": [{"kind": "picture", "box": [0, 0, 20, 20], "file": "link.png"}, {"kind": "qr", "box": [25, 5, 35, 35]}]}`
	if err := os.WriteFile(filepath.Join(folder, "t.json"), []byte(outside), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/hostname", filepath.Join(folder, "link.png")); err != nil {
		t.Fatal(err)
	}
	people := strings.Repeat(`{"name":"Ada"}`+"\n", 61)
	for _, c := range []struct {
		name, stdin string
		args        []string
		want        string
	}{
		{"too coarse", "", []string{"-dpi", "10"}, "10 dpi"},
		{"too fine", "", []string{"-dpi", "600"}, "dots; use fewer"},
		{"a crowd", people, []string{"-"}, "61 people"},
		{"nobody", "\n", []string{"-"}, "holds nobody"},
		{"a bad line", "{", []string{"-"}, "1 of 1 lines"},
		{"a picture from elsewhere", "", []string{"-template", filepath.Join(folder, "t.json")}, "link.png"},
		{"a folder as template", "", []string{"-template", folder}, "template"},
		{"no such folder", "", []string{"-o", filepath.Join(folder, "no", "x.png")}, "write the picture"},
	} {
		out, _, err := callBadge(c.stdin, append([]string{"-preview"}, c.args...)...)
		if err == nil || !strings.Contains(err.Error(), c.want) || out != "" {
			t.Errorf("%s: err = %v, want one with %q; %d bytes of output", c.name, err, c.want, len(out))
		}
	}
}
