package ocr

import (
	"image"
	"regexp"
	"slices"
	"strings"
)

// mendBroken joins lines that no reader of the card would take apart: a label
// set wide, a column of characters that was found in several pieces, a bracket
// closed one line below, an address on the net broken at a point.
func mendBroken(lines []Line) []Line {
	return joinBelow(joinColumns(joinSpread(lines)))
}

// joinColumns joins the pieces of a column of Chinese print, of which at least
// one was read as such, or three are single characters of one size.
func joinColumns(lines []Line) []Line {
	done := make([]bool, len(lines))
	var out []Line
	for i, l := range lines {
		if done[i] {
			continue
		}
		if !columnPart(l) {
			out = append(out, l)
			continue
		}
		column := []int{i}
		for k := i + 1; k < len(lines); k++ {
			last := lines[column[len(column)-1]]
			if !done[k] && columnPart(lines[k]) && under(last.Box, lines[k].Box) {
				column = append(column, k)
			}
		}
		upright, singles := 0, 0
		for _, k := range column {
			if lines[k].Upright {
				upright++
			} else {
				singles++
			}
		}
		if len(column) < 2 || upright == 0 && singles < 3 {
			out = append(out, l)
			continue
		}
		for _, k := range column[1:] {
			done[k] = true
			l = l.with(lines[k], "")
		}
		l.Upright = true
		out = append(out, l)
	}
	return out
}

// columnPart is upright print or a single Chinese character.
func columnPart(l Line) bool {
	rs := []rune(strings.TrimSpace(l.Text))
	return l.Upright && len(rs) > 0 || len(rs) == 1 && han(rs[0]) && l.Box.Dx()*3 > l.Box.Dy()*2 && l.Box.Dx()*2 < l.Box.Dy()*3
}

// under says that b goes on below a in one column: as wide, and no more than
// one character away.
func under(a, b image.Rectangle) bool {
	wide := min(a.Dx(), b.Dx())
	middle := abs(a.Min.X + a.Max.X - b.Min.X - b.Max.X)
	return middle < wide && max(a.Dx(), b.Dx())*2 < wide*3 && b.Min.Y > a.Min.Y && b.Min.Y-a.Max.Y < wide && b.Min.Y-a.Max.Y > -wide/2
}

// with is l and the line that goes on behind it.
func (l Line) with(next Line, between string) Line {
	n, m := float64(max(1, runes(l.Text))), float64(max(1, runes(next.Text)))
	l.Confidence = (l.Confidence*n + next.Confidence*m) / (n + m)
	l.Weakest = min(l.Weakest, next.Weakest)
	l.Second = l.Second.with(l.Text, next, between)
	l.Sure = joinedSure(l, next, len(between))
	l.At = nil
	l.Text = l.Text + between + next.Text
	l.Box = l.Box.Union(next.Box)
	return l
}

func (r Reading) with(text string, next Line, between string) Reading {
	if r.Text == "" && next.Second.Text == "" {
		return Reading{}
	}
	if r.Text == "" {
		r = Reading{text, next.Second.Confidence}
	}
	if next.Second.Text == "" {
		next.Second = Reading{next.Text, r.Confidence}
	}
	return Reading{r.Text + between + next.Second.Text, min(r.Confidence, next.Second.Confidence)}
}

func joinedSure(a, b Line, blanks int) []float64 {
	if len(a.Sure) != runes(a.Text) || len(b.Sure) != runes(b.Text) {
		return nil
	}
	out := slices.Clone(a.Sure)
	for range blanks {
		out = append(out, 1)
	}
	return append(out, b.Sure...)
}

var (
	// netTail ends in the middle of an address on the net.
	netTail = regexp.MustCompile(`(?i)([a-z0-9][@._-]|@[a-z0-9-]{2,}|^[^@]*www\.[a-z0-9-]{3,}|[a-z0-9]\.[a-z0-9-]{4,})$`)
	// netRest is what may be left of one.
	netRest = regexp.MustCompile(`(?i)^[@._-]?[a-z0-9-]+([.@][a-z0-9-]+)*(\.[a-z]{2,})+/?$|^[@.][a-z0-9.-]+\.[a-z]{2,}/?$|^\.?(com|net|org|cn|hk|tw)(\.[a-z]{2})?$`)
)

// joinBelow joins a line with what it breaks off before: a bracket that is
// closed in the line below, or the rest of an address on the net.
func joinBelow(lines []Line) []Line {
	done := make([]bool, len(lines))
	var out []Line
	for i, l := range lines {
		if done[i] {
			continue
		}
		for k := i + 1; k < len(lines) && k < i+8; k++ {
			if n := lines[k]; !done[k] && !l.Upright && !n.Upright && rightBelow(l.Box, n.Box) && breaksOff(l.Text, n.Text) {
				between := " "
				if strings.Contains(l.Text, "@") || strings.Contains(l.Text, "www") {
					between = ""
				}
				done[k] = true
				l = l.with(n, between)
				break
			}
		}
		out = append(out, l)
	}
	return out
}

// rightBelow says that b is the line under a, flush or indented to its value.
func rightBelow(a, b image.Rectangle) bool {
	high := min(a.Dy(), b.Dy())
	gap := b.Min.Y - a.Max.Y
	return gap < high && gap > -high/2 && b.Min.X > a.Min.X-high && b.Min.X < a.Max.X && max(a.Dy(), b.Dy())*2 < high*3
}

func breaksOff(s, next string) bool {
	open := strings.Count(s, "(") + strings.Count(s, "（") - strings.Count(s, ")") - strings.Count(s, "）")
	if rest := strings.IndexAny(next, ")）"); open == 1 && rest >= 0 && !strings.ContainsAny(next[:rest], "(（") && digitsIn(s) >= 7 {
		return runes(next[:rest]) < 12
	}
	next = strings.TrimSpace(next)
	if !netRest.MatchString(next) || !netTail.MatchString(s) {
		return false
	}
	last := s
	if f := strings.Fields(s); len(f) > 0 {
		last = strings.TrimLeft(f[len(f)-1], separators)
	}
	if i := strings.LastIndexAny(last, ":："); i >= 0 {
		last = strings.TrimLeft(last[i:], separators)
	}
	if strings.Contains(last, "@") {
		return !strings.Contains(next, "@") && !emailShape.MatchString(last) && emailShape.MatchString(last+next)
	}
	if strings.Contains(next, "@") {
		return emailShape.MatchString(last+next) && !emailShape.MatchString(next) || strings.HasSuffix(last, "-") || strings.HasSuffix(last, "_") || strings.HasSuffix(last, ".") && !domainLike(strings.TrimRight(last, "."))
	}
	return strings.HasPrefix(strings.ToLower(last), "www") && !domainLike(strings.TrimPrefix(strings.ToLower(last), "www.")) && domainLike(last+next)
}
