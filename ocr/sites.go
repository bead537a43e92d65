package ocr

import (
	"slices"
	"strings"
)

// siteName says that a short Chinese text without numbers names a shop, a works
// or a town, as stands above the address of each of several: "杭州店".
func siteName(s string) bool {
	c, l, d := hans(s)
	if c < 2 || c > 6 || d > 0 || l > 12 {
		return false
	}
	f := []rune(fold(squeeze(s)))
	return !strings.ContainsRune("省市区县州国乡镇", f[len(f)-1])
}

// dropSites takes the names of sites out of the addresses that stand below.
func (g *page) dropSites() {
	for _, p := range g.pieces {
		if p.field != "address" || p.label || p.lines > 1 || !siteName(p.text) {
			continue
		}
		if slices.ContainsFunc(g.pieces, func(q *piece) bool {
			below := q.box.Min.Y - p.box.Max.Y
			return q != p && q.field == "address" && startsAddress(q.text) && below > -p.high/2 && below < 2*p.high && abs(q.box.Min.X-p.box.Min.X) < 3*p.high
		}) {
			p.field, p.why = "none", append(p.why, "names the site of the address below")
		}
	}
}
