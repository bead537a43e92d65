package badge_test

import (
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hallpass/badge"
)

// pdfPictures are a document's pages as poppler draws them.
func pdfPictures(t testing.TB, pdf []byte, dpi int) (pages []image.Image) {
	t.Helper()
	path := save(t, pdf)
	prefix := strings.TrimSuffix(path, ".pdf")
	run(t, "pdftoppm", "-r", fmt.Sprint(dpi), "-png", path, prefix)
	files, err := filepath.Glob(prefix + "*.png")
	if err != nil || len(files) == 0 {
		t.Fatalf("pdftoppm made %d pictures, %v", len(files), err)
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, img)
	}
	return pages
}

// in is a box in dots, with a rim around it.
func in(b badge.Box, dpi, rim int) image.Rectangle {
	dot := func(mm float64) int { return int(math.Round(mm * float64(dpi) / 25.4)) }
	return image.Rect(dot(b.X), dot(b.Y), dot(b.X+b.W), dot(b.Y+b.H)).Inset(-rim)
}

func grey(img image.Image) *image.Gray {
	flat := image.NewGray(img.Bounds())
	draw.Draw(flat, flat.Rect, img, flat.Rect.Min, draw.Src)
	return flat
}

// ink tells which pixels of a place are nearer to the text than to the ground,
// whatever their colours: the ground is the commonest grey.
func ink(img *image.Gray, r image.Rectangle) (bits [][]bool, count int, bounds image.Rectangle) {
	var levels [256]int
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			levels[img.GrayAt(x, y).Y]++
		}
	}
	ground := slices.Index(levels[:], slices.Max(levels[:]))
	text := ground
	for v, n := range levels {
		if n > 0 && math.Abs(float64(v-ground)) > math.Abs(float64(text-ground)) {
			text = v
		}
	}
	bits = make([][]bool, r.Dy())
	for y := range bits {
		bits[y] = make([]bool, r.Dx())
		for x := range bits[y] {
			v := float64(img.GrayAt(r.Min.X+x, r.Min.Y+y).Y)
			if bits[y][x] = math.Abs(v-float64(text)) < math.Abs(v-float64(ground)); bits[y][x] {
				count++
				bounds = bounds.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return bits, count, bounds
}

// near is the share of a's ink with ink of b at most one dot away.
func near(a, b [][]bool) float64 {
	all, found := 0, 0
	for y, row := range a {
		for x, set := range row {
			if !set {
				continue
			}
			all++
			for i := range 9 {
				if v, u := y+i/3-1, x+i%3-1; v >= 0 && v < len(b) && u >= 0 && u < len(b[v]) && b[v][u] {
					found++
					break
				}
			}
		}
	}
	return float64(found) / float64(max(all, 1))
}

// One layout, two outputs: each text's dots are where poppler puts the text of
// the PDF, and as many.
func TestBitmaps_TextStandsWhereThePDFPutsIt(t *testing.T) {
	for _, template := range templates {
		r := renderer(t, template)
		for _, dpi := range []int{203, 300} {
			page := pageOf(people[everybody()[(dpi+len(template))%len(people)]])
			pdf, reports := mustPDF(t, r, page)
			want := pdfPictures(t, pdf, dpi)
			got, report := mustBitmaps(t, r, page, dpi)
			if fmt.Sprint(report) != fmt.Sprint(reports[0]) || len(got) != len(want) {
				t.Fatalf("%s: another report or %d sides, want %d", template, len(got), len(want))
			}
			var dots, paper []*image.Gray
			for i := range got {
				dots, paper = append(dots, grey(got[i])), append(paper, grey(want[i]))
			}
			for _, f := range report.Fields {
				sheet := min(f.Side, len(got)-1) // a folded back is on the front's sheet
				area := in(f.Box, dpi, 1).Intersect(got[sheet].Rect)
				ours, many, box := ink(dots[sheet], area)
				theirs, wantMany, wantBox := ink(paper[sheet], area)
				name := fmt.Sprintf("%s, %d dpi, %s %q", template, dpi, f.Name, f.Lines)
				if a, b := near(ours, theirs), near(theirs, ours); a < 0.96 || b < 0.96 {
					t.Errorf("%s: %.3f of the dots are in the PDF, %.3f of its ink in the dots", name, a, b)
				}
				if ratio := float64(many) / float64(wantMany); ratio < 0.8 || ratio > 1.25 {
					t.Errorf("%s: %.2f × the ink", name, ratio)
				}
				if far(box.Min, wantBox.Min) > 2 || far(box.Max, wantBox.Max) > 2 {
					t.Errorf("%s: dots within %v, want %v", name, box, wantBox)
				}
			}
		}
	}
}

func far(a, b image.Point) int { return max(a.X-b.X, b.X-a.X, a.Y-b.Y, b.Y-a.Y) }

// The picture for a screen is the PDF's, but for the smoothness of edges, which
// poppler sets on quarters of a pixel. Half a millimetre elsewhere is 150 levels.
func TestImages_LookLikeThePDF(t *testing.T) {
	for _, template := range templates {
		r := renderer(t, template)
		page := pageOf(people["vietnamese"])
		page.Show.Logo = logo(t, 300, 120)
		pdf, _ := mustPDF(t, r, page)
		for i, want := range pdfPictures(t, pdf, 150) {
			sides, _, err := r.Images(page, 150)
			if err != nil {
				t.Fatal(err)
			}
			if mean, most := difference(sides[i], want); mean > 5 || most > 50 {
				t.Errorf("%s side %d: %.2f grey levels apart, one part of it %.2f", template, i, mean, most)
			}
		}
	}
}

// difference is the mean difference of two pictures, of all of it and of the
// most different cell of 24 pixels after both are averaged over 3 pixels.
func difference(one, other image.Image) (mean, most float64) {
	a, b := flat(one), flat(other)
	const cell = 24
	r := a.Rect.Intersect(b.Rect)
	total, cells := 0.0, 0
	for top := r.Min.Y; top+cell <= r.Max.Y; top += cell {
		for left := r.Min.X; left+cell <= r.Max.X; left += cell {
			sum := 0.0
			for y := top; y < top+cell; y += 3 {
				for x := left; x < left+cell; x += 3 {
					p, q := average(a, x, y), average(b, x, y)
					sum += (math.Abs(p[0]-q[0]) + math.Abs(p[1]-q[1]) + math.Abs(p[2]-q[2])) / 3
				}
			}
			sum /= (cell / 3) * (cell / 3)
			total, cells, most = total+sum, cells+1, max(most, sum)
		}
	}
	return total / float64(cells), most
}

func flat(img image.Image) *image.RGBA {
	flat := image.NewRGBA(img.Bounds())
	draw.Draw(flat, flat.Rect, img, flat.Rect.Min, draw.Src)
	return flat
}

func average(img *image.RGBA, x, y int) (v [3]float64) {
	for i := range 9 {
		c := img.RGBAAt(x+i%3, y+i/3)
		v[0], v[1], v[2] = v[0]+float64(c.R)/9, v[1]+float64(c.G)/9, v[2]+float64(c.B)/9
	}
	return v
}
