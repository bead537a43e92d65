package ocr

import (
	"cmp"
	"slices"
	"strings"
)

// attach gives the labels that stand apart from their values to these. Each
// value has one label: rows first, those that lie best beside one another
// before the others, then what stands right below a label, then what stands to
// its left.
func attach(ps []*piece) {
	var apart []*piece
	siteBlocks(ps)
	for _, p := range ps {
		p.letterApart()
		p.brokenLabel()
		p.siteLabel(ps)
		if p.label && p.text == "" {
			apart = append(apart, p)
		}
	}
	apart = append(apart, doubtfulLabels(ps, apart)...)
	var pairs []pairing
	for _, l := range apart {
		for _, v := range ps {
			if far, ok := beside(l, v); ok {
				pairs = append(pairs, pairing{l, v, far})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pairing) int { return cmp.Compare(a.far, b.far) })
	done := map[*piece]bool{}
	for _, m := range pairs {
		if !done[m.label] && !done[m.value] {
			done[m.label], done[m.value] = true, true
			m.value.labelledBy(m.label)
		}
	}
	for _, l := range apart {
		if l.field = "none"; !done[l] && !l.letter && max(departmentLike(l.word), titleLike(l.word), companyLike(l.word)) > 0.5 {
			l.field, l.label, l.text, l.why = "", false, l.word, nil // "客服中心" is a department too
		}
	}
}

// pairing is a label and a value that it may stand for; the nearer the surer.
type pairing struct {
	label, value *piece
	far          float64 // in heights of the label's print
}

func (p *piece) labelledBy(l *piece) {
	p.field, p.label, p.letter, p.desk = l.field, true, l.letter, l.desk
	p.why = append(append(p.why, l.why...), "beside it")
	l.why = nil
	if l.field == "any" {
		if p.field = promised(p.text); p.field == "" {
			p.field = "address"
		}
	}
}

// letterApart makes a lone letter a label without a value, or nothing.
func (p *piece) letterApart() {
	if p.label || runes(p.text) > 2 || p.text == "" {
		return
	}
	word := strings.ToLower(strings.Trim(p.text, ".:"))
	for _, l := range words().labels {
		if l.latin && l.word == word {
			p.field, p.label, p.text = l.field, true, ""
			p.letter = len(word) == 1
			p.why = append(p.why, "label \""+word+"\"")
			return
		}
	}
	if c, l, _ := hans(p.text); c == 0 && l == 1 {
		p.field, p.text = "none", ""
	}
}

// brokenLabel makes the first line of a long label, broken in a narrow column,
// a label.
func (p *piece) brokenLabel() {
	s := fold(squeeze(p.text))
	if p.label && p.field == "none" && runes(s) < 3 && !strings.ContainsAny(s, "0123456789") {
		p.text = ""
		return
	}
	if c, l, d := hans(s); p.label || p.field != "" || c < 4 || c > 8 || l+d > 0 {
		return
	}
	for _, l := range words().labelsFor(s) {
		if rest, ok := strings.CutPrefix(l.word, s); ok && l.field == "none" && runes(rest) < 3 {
			p.field, p.label, p.text = l.field, true, ""
			return
		}
	}
}

// beside says how far a value stands from a label, and whether it may belong to
// it at all.
func beside(label, v *piece) (far float64, ok bool) {
	if v == label || v.label || v.text == "" || v.field == "none" || v.up != label.up || !suits(label.field, v.text) {
		return 0, false
	}
	l, b := label.level(), v.level()
	high := float64(max(1, l.Dy()))
	overlap := float64(min(l.Max.Y, b.Max.Y) - max(l.Min.Y, b.Min.Y))
	row := overlap*2 > float64(min(l.Dy(), b.Dy()))
	right, left, down := float64(b.Min.X-l.Max.X), float64(l.Min.X-b.Max.X), float64(b.Min.Y-l.Max.Y)
	up := float64(l.Min.Y - b.Max.Y)
	switch {
	case row && right >= -high/2 && right <= 14*high:
		askew := abs(float64(l.Min.Y+l.Max.Y-b.Min.Y-b.Max.Y)) / 2
		return max(0, right)/high/10 + askew/high, true
	case label.field == "none":
		return 0, false
	case down >= -high/2 && (b.Min.Y+b.Max.Y)/2 > l.Max.Y && down < high && abs(float64(b.Min.X-l.Min.X)) < 2*high:
		return 15 + down/high, true
	case up >= -high/2 && (b.Min.Y+b.Max.Y)/2 < l.Min.Y && up < 0.8*high && abs(float64(b.Min.X-l.Min.X)) < high && placeOrContact(label.field):
		return 15.3 + up/high, true // a label under its value
	case row && left >= -high/2 && left < 3*high && digitsIn(v.text) > 6:
		return 20 + left/high, true
	}
	return 0, false
}

// placeOrContact says that a field's values are told by their form.
func placeOrContact(field string) bool { return contact[field] || field == "address" }

// doubtfulLabels are short Chinese lines in a column of labels, with a value
// beside them that labels are printed for: labels that were misread, or that no
// list has. What they stand for is then no field.
func doubtfulLabels(ps, labels []*piece) (out []*piece) {
	if len(labels) < 3 {
		return nil
	}
	for _, p := range ps {
		if c, l, d := hans(p.text); p.label || p.field != "" || p.up || c < 2 || c > 6 || l+d > 0 {
			continue
		}
		column := 0
		for _, l := range labels {
			if abs(l.box.Min.X-p.box.Min.X) < p.high/2 {
				column++
			}
		}
		if column < 3 {
			continue
		}
		probe := *p
		probe.field = "none"
		for _, v := range ps {
			far, ok := beside(&probe, v)
			if !ok || far > 2 || !opensContact(v.text) {
				continue
			}
			p.field, p.label = nearLabel(p.text, v.text), true
			if p.field == "none" && placeLike(v.text) > 0.8 {
				p.field = "address" // of a site that no list has
			}
			p.why = append(p.why, "label \""+p.text+"\", misread")
			p.text = ""
			out = append(out, p)
			break
		}
	}
	return out
}

// opensContact says that a text has the form of what labels are printed for.
func opensContact(s string) bool {
	return strings.Contains(s, "@") || domainLike(s) || digitsIn(s) > 4 || placeLike(s) > 0.6
}

// nearLabel is the field of the Chinese label that shares most characters with
// s, at least half, and whose values have the form of value; else "none".
func nearLabel(s, value string) string {
	f := []rune(fold(squeeze(s)))
	best, field := 0.49, "none"
	for _, l := range words().labels {
		if l.latin || len(l.runes) != len(f) || l.field == "any" || l.field != "none" && !fits(l.field, value) {
			continue
		}
		same := 0
		for i := range f {
			if f[i] == l.runes[i] {
				same++
			}
		}
		if share := float64(same) / float64(len(f)); share > best {
			best, field = share, l.field
		}
	}
	return field
}

// suits says whether a value may stand beside a label.
func suits(field, value string) bool {
	if field == "any" {
		return promised(value) != "" || siteAddress(value)
	}
	return fits(field, value)
}
