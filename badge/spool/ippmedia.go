package spool

import (
	"encoding/binary"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// size is width × length in hundredths of a millimetre, IPP's unit. A length
// of 0 is an endless roll's.
type size struct{ x, y uint32 }

// slack is how much two sizes may differ and be the same: PDF points and
// inches are rounded, and cutters are not exact either.
const slack = 200 // 2 mm

func (s size) String() string {
	mm := func(n uint32) uint32 { return (n + 50) / 100 }
	if s.y == 0 {
		return fmt.Sprint(mm(s.x))
	}
	return fmt.Sprintf("%dx%d", mm(s.x), mm(s.y))
}

// parseSize reads "62x100" or "62", 10–2000 mm.
func parseSize(text string) (s size, ok bool) {
	x, y, both := strings.Cut(text, "x")
	mm := func(text string) uint32 {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || !(n >= 10 && n <= 2000) {
			return 0
		}
		return uint32(math.Round(n * 100))
	}
	if s.x = mm(x); both {
		s.y = mm(y)
	}
	return s, s.x > 0 && (s.y > 0 || !both)
}

// same tells whether two sizes are one, either way round.
func (s size) same(o size) bool {
	near := func(a, b uint32) bool { return max(a, b)-min(a, b) <= slack }
	return near(s.x, o.x) && near(s.y, o.y) || near(s.x, o.y) && near(s.y, o.x)
}

// holds tells whether a page of size o has room on s, either way round.
func (s size) holds(o size) bool {
	room := func(x, y uint32) bool { return x <= s.x+slack && (y <= s.y+slack || s.y == 0) }
	return room(o.x, o.y) || room(o.y, o.x)
}

// fit tells whether one of the loaded media has room for a badge. A printer
// that does not say what is loaded is believed to hold the right one.
func (t traits) fit(badge size) bool {
	for _, l := range t.loaded {
		if l.holds(badge) {
			return true
		}
	}
	return badge == size{} || len(t.loaded) == 0
}

// has is fit for media that were asked for by their size.
func (t traits) has(media size) bool {
	for _, l := range t.loaded {
		if l.same(media) {
			return true
		}
	}
	return media == size{} || len(t.loaded) == 0
}

// sizesOf reads the media-size of each collection of media-col-ready
// (PWG 5100.3 §3.13), whose members decode leaves as they are on the wire.
func sizesOf(values []value) []size {
	var out []size
	var next size
	var member string
	for _, v := range values {
		switch {
		case v.tag == tagMember:
			member = string(v.data)
		case v.tag != tagInteger || len(v.data) != 4:
		case member == "x-dimension":
			next.x = binary.BigEndian.Uint32(v.data)
		case member == "y-dimension":
			next.y = binary.BigEndian.Uint32(v.data)
			if next.x > 0 {
				out = append(out, next)
			}
			next = size{}
		}
	}
	return out
}

// suppliesOf reads what is loaded and, of printers whose trays count their
// sheets (printer-input-tray, PWG 5100.13 §5.6), how many are left.
func suppliesOf(g group, t traits) Supplies {
	s := noSupplies()
	if len(t.loaded) > 0 {
		s.Media = t.loaded[0].String()
	}
	if n := g.number("printer-impressions-completed"); n > 0 {
		s.Printed = int64(n)
	}
	for _, tray := range g.texts("printer-input-tray") {
		for field := range strings.SplitSeq(tray, ";") {
			level, ok := strings.CutPrefix(field, "level=")
			if n, err := strconv.Atoi(level); ok && err == nil && n >= 0 { // below 0: not known, or some
				s.LabelsLeft = max(s.LabelsLeft, 0) + n
			}
		}
	}
	return s
}

// template says how a job is to be printed: at its own size, on media of it.
func (p *ippPrinter) template(page size) []group {
	p.mu.Lock()
	t := p.traits
	p.mu.Unlock()
	g := group{tag: tagJob}
	if t.scaling {
		g.attrs = append(g.attrs, attr{"print-scaling", []value{text(tagKeyword, "none")}})
	}
	if p.size != (size{}) {
		page = p.size
	}
	if t.media && page.x > 0 && page.y > 0 {
		g.attrs = append(g.attrs, attr{"media-col", page.collection()})
	}
	if len(g.attrs) == 0 {
		return nil
	}
	return []group{g}
}

// collection is {media-size={x-dimension y-dimension}} (RFC 8010 §3.1.6).
func (s size) collection() []value {
	const begin, end = 0x34, 0x37
	return []value{
		{begin, nil}, text(tagMember, "media-size"),
		{begin, nil}, text(tagMember, "x-dimension"), integer(s.x), text(tagMember, "y-dimension"), integer(s.y), {end, nil},
		{end, nil},
	}
}

var mediaBox = regexp.MustCompile(`/MediaBox\s*\[\s*0(?:\.0+)?\s+0(?:\.0+)?\s+([0-9.]{1,10})\s+([0-9.]{1,10})\s*\]`)

// pageSize reads the size of a PDF's first page as our own PDFs say it, or
// the zero size: how large a page is matters only to those that can tell.
func pageSize(pdf []byte) size {
	m := mediaBox.FindSubmatch(pdf)
	if m == nil {
		return size{}
	}
	points := func(b []byte) uint32 {
		n, err := strconv.ParseFloat(string(b), 64)
		if err != nil || !(n > 0 && n < 10_000) {
			return 0
		}
		return uint32(math.Round(n / 72 * 2540))
	}
	if s := (size{points(m[1]), points(m[2])}); s.x > 0 && s.y > 0 {
		return s
	}
	return size{}
}
