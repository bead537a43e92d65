package ocr

import (
	"slices"
	"strings"
)

// joinSpread puts a label of two or more Chinese characters together that is set
// as wide as the longest of its column, so that its parts were found apart:
// "电" and, far to the right, "话:0571…".
func joinSpread(lines []Line) []Line {
	done := make([]bool, len(lines))
	out := slices.Clone(lines)
	for i, head := range lines {
		h := []rune(squeeze(head.Text))
		if len(h) == 0 || len(h) > 2 || head.Upright || slices.ContainsFunc(h, func(r rune) bool { return !han(r) }) {
			continue
		}
		best := -1
		for k, l := range lines {
			if k != i && !done[k] && !l.Upright && spreads(string(h), head, l) && (best < 0 || l.Box.Min.X < lines[best].Box.Min.X) {
				best = k
			}
		}
		if best >= 0 {
			done[i] = true
			out[best] = out[best].behind(head)
		}
	}
	kept := out[:0]
	for i, l := range out {
		if !done[i] {
			kept = append(kept, l)
		}
	}
	return kept
}

// spreads says that the Chinese characters at the beginning of l make a label
// with those of head, which stands before it in its row.
func spreads(head string, at, l Line) bool {
	high := min(at.Box.Dy(), l.Box.Dy())
	row := min(at.Box.Max.Y, l.Box.Max.Y)-max(at.Box.Min.Y, l.Box.Min.Y) > high/2
	room := l.Box.Min.X - at.Box.Max.X
	if !row || room < -high || room > 6*high || max(at.Box.Dy(), l.Box.Dy())*2 > high*3 {
		return false
	}
	text := strings.TrimLeft(l.Text, " ")
	n := len(text) - len(strings.TrimLeftFunc(text, han))
	rest := strings.TrimSpace(text[n:])
	if n == 0 || runes(text[:n]) > 3 || rest != "" && !strings.ContainsAny(rest[:1], ":.|/") && !strings.HasPrefix(rest, "：") {
		return false
	}
	if runes(head) > 1 && exactLabel(head) != "" || n > len("话") && exactLabel(text[:n]) != "" {
		return false // two labels
	}
	f := exactLabel(head + text[:n])
	return contact[f] || f == "postcode"
}

// behind is l with what stands before it in its row.
func (l Line) behind(head Line) Line {
	n, m := runes(head.Text), runes(l.Text)
	l.Sure = joinedSure(head, l, 0)
	if len(head.At) == n && len(l.At) == m {
		l.At = append(slices.Clone(head.At), l.At...)
	} else {
		l.At = nil
	}
	l.Text = head.Text + l.Text
	if l.Second.Text != "" {
		l.Second.Text = head.Text + l.Second.Text
	}
	l.Box = l.Box.Union(head.Box)
	return l
}
