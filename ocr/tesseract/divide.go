package tesseract

import (
	"cmp"
	"image"
	"slices"
)

// divide cuts rows at wide gaps where the print on both sides is of clearly
// different height: a name beside its title, a company beside a name.
func divide(rows []*row) []*row {
	var out []*row
	for _, r := range rows {
		slices.SortFunc(r.parts, func(a, b image.Rectangle) int {
			return cmp.Or(cmp.Compare(a.Min.X, b.Min.X), cmp.Compare(a.Min.Y, b.Min.Y))
		})
		out = append(out, r.cut()...)
	}
	return out
}

func (r *row) cut() []*row {
	end := r.parts[0].Max.X
	for i := 1; i < len(r.parts); i++ {
		gap := r.parts[i].Min.X - end
		end = max(end, r.parts[i].Max.X)
		left, right := high(r.parts[:i]), high(r.parts[i:])
		if low := min(left, right); 10*gap > 7*low && 10*max(left, right) > 14*low && low > 8 {
			first := &row{bounds(r.parts[:i]), r.parts[:i]}
			rest := &row{bounds(r.parts[i:]), r.parts[i:]}
			return append([]*row{first}, rest.cut()...)
		}
	}
	return []*row{r}
}

// high is the height of capitals and whole characters: that of the taller
// parts.
func high(parts []image.Rectangle) int {
	var hs []int
	for _, p := range parts {
		hs = append(hs, p.Dy())
	}
	slices.Sort(hs)
	return hs[len(hs)*3/4]
}

func bounds(parts []image.Rectangle) (all image.Rectangle) {
	for _, p := range parts {
		all = all.Union(p)
	}
	return all
}
