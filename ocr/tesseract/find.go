package tesseract

import (
	"cmp"
	"image"
	"slices"
)

const (
	// ink is the evened and deepened grey below which a pixel may be print.
	ink = 180
	// core is what each component must hold a pixel of: noise does not.
	core = 130
)

// find gives the boxes of a view's rows of print, top to bottom. Boxes hold
// rows, not columns: print set side by side is apart when the gap is wider
// than its letters are high.
func find(grey *image.Gray) []image.Rectangle {
	parts := largest(components(blurred(grey)))
	slices.SortFunc(parts, func(a, b image.Rectangle) int {
		return cmp.Or(cmp.Compare(a.Min.X, b.Min.X), cmp.Compare(a.Min.Y, b.Min.Y))
	})
	tallest := tallestRow(grey.Rect)
	rows := grow(parts, tallest)
	rows = divide(absorb(rows, tallest))
	out := make([]image.Rectangle, 0, len(rows))
	for _, r := range rows {
		if r.box.Dy() >= 9 && r.box.Dx() >= 9 {
			out = append(out, r.box)
		}
	}
	slices.SortFunc(out, func(a, b image.Rectangle) int {
		return cmp.Or(cmp.Compare(a.Min.Y, b.Min.Y), cmp.Compare(a.Min.X, b.Min.X))
	})
	return out
}

// most is twice the parts that the fullest card has. Cloth and stippled paper
// have ten times as many, and the work on rows grows with their square.
const most = 6000

// largest leaves the smallest parts out where there are too many.
func largest(parts []image.Rectangle) []image.Rectangle {
	if len(parts) <= most {
		return parts
	}
	slices.SortFunc(parts, func(a, b image.Rectangle) int {
		return cmp.Or(cmp.Compare(b.Dx()*b.Dy(), a.Dx()*a.Dy()), cmp.Compare(a.Min.Y, b.Min.Y), cmp.Compare(a.Min.X, b.Min.X))
	})
	return parts[:most]
}

// components are the boxes of connected ink that may be (parts of) letters.
func components(g *image.Gray) []image.Rectangle {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	seen := make([]bool, w*h)
	var stack []int
	var out []image.Rectangle
	for start, v := range g.Pix {
		if v >= core || seen[start] {
			continue
		}
		seen[start] = true
		stack = append(stack[:0], start)
		box := image.Rect(start%w, start/w, start%w+1, start/w+1)
		area := 0
		for len(stack) > 0 {
			i := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			x, y := i%w, i/w
			area++
			box = box.Union(image.Rect(x, y, x+1, y+1))
			for yy := max(0, y-1); yy <= min(h-1, y+1); yy++ {
				for xx := max(0, x-1); xx <= min(w-1, x+1); xx++ {
					if k := yy*w + xx; !seen[k] && g.Pix[k] < ink {
						seen[k] = true
						stack = append(stack, k)
					}
				}
			}
		}
		if letter(box, area, w, h) {
			out = append(out, box)
		}
	}
	return out
}

// letter refuses specks, rules, frames and pictures.
func letter(box image.Rectangle, area, w, h int) bool {
	bw, bh := box.Dx(), box.Dy()
	tall := tallestRow(image.Rect(0, 0, w, h))
	if 2*bh > tall && 2*bw > bh && 25*area > 18*bw*bh {
		return false // solid: a logo
	}
	return area >= 6 && max(bw, bh) >= 3 && bh <= tall && bw <= 6*tall && (bw < 12*bh || bw < tall)
}

// tallestRow is a name in 9 mm letters. Whatever is higher is a picture, a
// patterned band or a column, and must not swallow the rows beside it.
func tallestRow(view image.Rectangle) int { return min(view.Dx(), view.Dy()) / 6 }

// row is a growing line of print. Its height is that of its tallest part.
type row struct {
	box   image.Rectangle
	parts []image.Rectangle
}

// grow links parts from left to right: each goes to the row it continues.
func grow(parts []image.Rectangle, tallest int) []*row {
	var rows []*row
	for _, p := range parts {
		var best *row
		bestGap := 1 << 30
		for _, r := range rows {
			if gap, ok := continues(r.box, p); ok && gap < bestGap && r.box.Union(p).Dy() <= tallest {
				best, bestGap = r, gap
			}
		}
		if best == nil {
			rows = append(rows, &row{p, []image.Rectangle{p}})
			continue
		}
		best.box = best.box.Union(p)
		best.parts = append(best.parts, p)
	}
	return rows
}

// continues says whether p goes on where box ends, and how far apart they are.
func continues(box, p image.Rectangle) (gap int, ok bool) {
	gap = p.Min.X - box.Max.X
	shared := min(box.Max.Y, p.Max.Y) - max(box.Min.Y, p.Min.Y)
	high, low := max(box.Dy(), p.Dy()), min(box.Dy(), p.Dy())
	if gap > high*11/10 || 2*shared < low {
		return 0, false
	}
	// A far taller neighbour is a logo, or a drop of another row.
	if p.Dy() > 2*box.Dy() && gap > box.Dy()/4 && box.Dx() > box.Dy() {
		return 0, false
	}
	if box.Dy() > 2*p.Dy() && p.Dy() > 14 && gap > p.Dy()/2 {
		return 0, false
	}
	return max(gap, 0), true
}

// absorb joins rows that are one: pieces of characters above one another, and
// rows that grew apart because of their order.
func absorb(rows []*row, tallest int) []*row {
	for again := true; again; {
		again = false
		for i := 0; i < len(rows); i++ {
			for k := i + 1; k < len(rows); k++ {
				if !same(rows[i].box, rows[k].box) || rows[i].box.Union(rows[k].box).Dy() > tallest {
					continue
				}
				rows[i].box = rows[i].box.Union(rows[k].box)
				rows[i].parts = append(rows[i].parts, rows[k].parts...)
				rows = slices.Delete(rows, k, k+1)
				k--
				again = true
			}
		}
	}
	return rows
}

func same(a, b image.Rectangle) bool {
	sharedY := min(a.Max.Y, b.Max.Y) - max(a.Min.Y, b.Min.Y)
	sharedX := min(a.Max.X, b.Max.X) - max(a.Min.X, b.Min.X)
	low, high := min(a.Dy(), b.Dy()), max(a.Dy(), b.Dy())
	if sharedX > 0 && sharedY > 0 && 10*sharedY > 6*low { // one lies in the other's row
		return true
	}
	if 10*sharedY > 6*low && -sharedX < high && 10*low > 5*high {
		return true
	}
	// A flat piece of a character just above or below the rest.
	flat := a
	if b.Dy() < a.Dy() {
		flat = b
	}
	return 10*sharedX > 8*flat.Dx() && flat.Dx() < 2*high && low*2 < high && -sharedY*6 < high
}
