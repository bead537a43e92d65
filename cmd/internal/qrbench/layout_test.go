package qrbench_test

import (
	"encoding/json"
	"fmt"
	"image"
	"image/draw"
	"io/fs"
	"path"
	"strings"
	"testing"

	qrcode "github.com/skip2/go-qrcode"

	"hallpass/assets"
	"hallpass/badge"
)

// token is as long as every token of version 1 and signed by nobody.
const token = "HP1$+AWKB DKAPKT K33LMEL-PLF$LY3M200I914H067GUB300000055UUM5K7DLM6O35VA2PT4" +
	"3A6E-M6VSZCRIMKY:0/0E1YIBGVHEPBK8D99JIM7HVSD56JM815K65WA7$$BM+5V:889RSP6924"

// printDPI is what badges are printed at here, in the resolution of most label
// printers.
const (
	printDPI = 203
	dotMM    = 25.4 / printDPI
)

// layout is a badge whose code is read.
type layout struct {
	name     string  // of the template, or a candidate's level
	modules  int     // a side
	moduleMM float64 // the size of one
	print    *print
}

func (l layout) String() string {
	return fmt.Sprintf("%s %d×%.2fmm", l.name, l.modules, l.moduleMM)
}

var page = badge.Page{
	Person: badge.Person{
		Name: "李文博", NameLatin: "Li Wenbo", Company: "海川智能装备有限公司", Title: "采购总监", Country: "China",
		CategoryLabel: "专业观众 Trade visitor", CategoryColour: "#0B57D0",
	},
	Show:  badge.Show{Name: "2027 流明照明展", Detail: "Lumen Expo 2027", Accent: "#0B57D0"},
	Token: token, ShortCode: "TQW8B-16TQP",
}

func rendererOf(t testing.TB, template []byte) *badge.Renderer {
	t.Helper()
	fonts, err := badge.OpenFonts(assets.Files(), "fonts/NotoSansSC-Regular.ttf", "fonts/NotoSansSC-Bold.ttf")
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := badge.ParseTemplate(template)
	if err != nil {
		t.Fatal(err)
	}
	r, err := badge.New(parsed, fonts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// shipped are our templates, as they come out of a label printer.
func shipped(t testing.TB) (all []layout) {
	t.Helper()
	files, err := fs.Glob(assets.Files(), "badge/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d templates, %v", len(files), err)
	}
	for _, file := range files {
		data, err := fs.ReadFile(assets.Files(), file)
		if err != nil {
			t.Fatal(err)
		}
		box, found := codeBox(t, data)
		if !found {
			continue // a schema
		}
		sides, _, err := rendererOf(t, data).Bitmaps(page, printDPI)
		if err != nil {
			t.Fatal(err)
		}
		modules, module := measure(sides[0], box)
		printed := newPrint(inkOf(sides[0]), printDPI, box[0]+box[2]/2, box[1]+box[3]/2)
		all = append(all, layout{strings.TrimSuffix(path.Base(file), ".json"), modules, module, printed})
	}
	return all
}

// codeBox is where a template's first side has its code.
func codeBox(t testing.TB, template []byte) (box [4]float64, found bool) {
	t.Helper()
	var file struct{ Items []json.RawMessage }
	if err := json.Unmarshal(template, &file); err != nil {
		t.Fatal(err)
	}
	for _, raw := range file.Items {
		var item struct {
			Kind string
			Box  [4]float64
		}
		if err := json.Unmarshal(raw, &item); err == nil && item.Kind == "qr" {
			return item.Box, true
		}
	}
	return box, false
}

// measure counts the modules of a printed code, and tells their size in mm,
// from the corner pattern at its top left, which is seven modules wide.
func measure(img *image.Paletted, box [4]float64) (modules int, moduleMM float64) {
	area := image.Rect(int(box[0]/dotMM), int(box[1]/dotMM), int((box[0]+box[2])/dotMM)+1, int((box[1]+box[3])/dotMM)+1)
	code := image.Rectangle{}
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			if img.ColorIndexAt(x, y) == 1 {
				code = code.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	corner := 0
	for img.ColorIndexAt(code.Min.X+corner, code.Min.Y) == 1 {
		corner++
	}
	return 7 * code.Dx() / corner, float64(corner) / 7 * dotMM
}

// inkOf is the same picture with four bytes a pixel.
func inkOf(img image.Image) *image.RGBA {
	out := image.NewRGBA(img.Bounds())
	draw.Draw(out, out.Rect, img, out.Rect.Min, draw.Src)
	return out
}

// candidates are codes of the same token at other sizes and levels, black on
// white paper with a bar above, as a badge has text around. Sizes are in whole
// dots a module, as a label printer has them.
func candidates(t testing.TB) (all []layout) {
	t.Helper()
	for _, c := range []struct {
		name    string
		version int
		level   qrcode.RecoveryLevel
		dots    []int
	}{
		{"level-L", 5, qrcode.Low, []int{4, 5, 6, 8, 10}},
		{"level-M", 6, qrcode.Medium, []int{6, 8, 10}},
		// From version 7 on there are several alignment patterns, where paper bends.
		{"level-M-version-7", 7, qrcode.Medium, []int{6, 7}},
		{"level-Q", 8, qrcode.High, []int{5, 6, 8}},
	} {
		code, err := qrcode.NewWithForcedVersion(token, c.version, c.level)
		if err != nil {
			t.Fatal(err)
		}
		code.DisableBorder = true
		for _, dots := range c.dots {
			all = append(all, candidate(c.name, code.Bitmap(), dots))
		}
	}
	return all
}

func candidate(name string, modules [][]bool, dots int) layout {
	n := len(modules)
	code := image.Rect(0, 0, n*dots, n*dots)
	paper := image.NewRGBA(code.Inset(-12 * dots))
	draw.Draw(paper, paper.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(paper, image.Rect(-4*dots, -8*dots, (n+4)*dots, -4*dots), image.Black, image.Point{}, draw.Src)
	for y, row := range modules {
		for x, dark := range row {
			if dark {
				draw.Draw(paper, image.Rect(x*dots, y*dots, (x+1)*dots, (y+1)*dots), image.Black, image.Point{}, draw.Src)
			}
		}
	}
	middle := float64(paper.Rect.Dx()) / 2 * dotMM
	return layout{name, n, float64(dots) * dotMM, newPrint(paper, printDPI, middle, middle)}
}
