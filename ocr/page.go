package ocr

import (
	"image"
	"slices"
	"strings"
)

// upright turns the boxes of vertical print so that its columns, read from
// right to left, lie under one another like lines.
func (p *piece) level() image.Rectangle {
	if !p.up {
		return p.box
	}
	return image.Rect(p.box.Min.Y, -p.box.Max.X, p.box.Max.Y, -p.box.Min.X)
}

// usualHeight is the middle height of the print of values like numbers and
// mail, else of all print: what names are larger than.
func usualHeight(ps []*piece) float64 {
	var all, detail []int
	for _, p := range ps {
		if p.text == "" {
			continue
		}
		all = append(all, p.high)
		switch p.field {
		case "mobile", "phone", "fax", "email", "website", "address":
			detail = append(detail, p.high)
		}
	}
	if len(detail) > 1 {
		all = detail
	}
	if len(all) == 0 {
		return 1
	}
	slices.Sort(all)
	return max(1, float64(all[len(all)/2]))
}

// chains are runs of pieces that stand under one another like lines of one
// text. Every open piece is in one.
func chains(ps []*piece) [][]*piece {
	next := map[*piece]*piece{}
	taken := map[*piece]bool{}
	for _, a := range ps {
		if !(a.field == "" || a.field == "address" && a.label) || a.text == "" {
			continue
		}
		var best *piece
		for _, b := range ps {
			if b != a && b.field == "" && b.text != "" && !taken[b] && inLine(a, b) && (best == nil || b.level().Min.Y < best.level().Min.Y) {
				best = b
			}
		}
		if best != nil && !blocked(ps, a, best) {
			next[a], taken[best] = best, true
		}
	}
	var out [][]*piece
	for _, a := range ps {
		if taken[a] || !(a.field == "" || a.field == "address" && a.label) || a.text == "" {
			continue
		}
		chain := []*piece{a}
		for b := next[a]; b != nil && len(chain) < maxLines; b = next[b] {
			chain = append(chain, b)
		}
		out = append(out, chain)
	}
	return out
}

// blocked says that another value stands between two lines.
func blocked(ps []*piece, a, b *piece) bool {
	la, lb := a.level(), b.level()
	for _, p := range ps {
		if p == a || p == b || p.text == "" {
			continue
		}
		l := p.level()
		middle := (l.Min.Y + l.Max.Y) / 2
		if middle > (la.Min.Y+la.Max.Y)/2+la.Dy()/3 && middle < (lb.Min.Y+lb.Max.Y)/2-lb.Dy()/3 && l.Min.X < min(la.Max.X, lb.Max.X) && l.Max.X > max(la.Min.X, lb.Min.X) {
			return true
		}
	}
	return false
}

// inLine says whether b may be the line below a in the same text: about as
// high, near, and flush left, right or centred.
func inLine(a, b *piece) bool {
	if a.up != b.up {
		return false
	}
	la, lb := a.level(), b.level()
	h, hb := float64(la.Dy()), float64(lb.Dy())
	gap := float64(lb.Min.Y - la.Max.Y)
	least := 0.65
	if strings.HasSuffix(a.text, "&") { // goes on, whatever the boxes' heights
		least = 0.5
	}
	if hb < least*h || hb > 1.55*h || gap < -0.5*h || gap > 1.25*h || float64(lb.Min.Y-la.Min.Y) < 0.5*h {
		return false
	}
	if strings.HasSuffix(a.text, ",") { // goes on, behind an icon perhaps
		h *= 1.6
	}
	left := float64(lb.Min.X - la.Min.X)
	right := float64(lb.Max.X - la.Max.X)
	return abs(left) < 1.2*h || a.label && abs(left) < 8*h && left > -6*h || abs(right) < 1.2*h || abs(left+right)/2 < h
}
