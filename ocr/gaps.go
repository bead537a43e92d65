package ocr

import (
	"slices"
	"strings"
)

// withGaps puts gaps into a line's text where its characters stand far apart:
// farther than the print is high, and than the line's characters mostly do.
func withGaps(l Line) string {
	rs := []rune(short(l.Text))
	if len(l.At) < len(rs) || len(rs) < 3 {
		return string(rs)
	}
	high := float64(l.Box.Dy())
	if l.Upright {
		high = float64(l.Box.Dx())
	}
	steps := make([]int, len(rs)-1)
	for i := range steps {
		steps[i] = l.At[i+1] - l.At[i]
	}
	usual, blank := usualStep(steps), usualStep(blanks(rs, steps))
	var b strings.Builder
	for i, r := range rs {
		b.WriteRune(r)
		if i == len(steps) || r == ' ' {
			continue
		}
		if rs[i+1] == ' ' && i+1 < len(steps) && wideBlank(float64(steps[i]+steps[i+1]), blank, high) {
			b.WriteRune(gap)
			continue
		}
		step := float64(steps[i])
		if rs[i+1] == ' ' && i+1 < len(steps) {
			if float64(steps[i]+steps[i+1]) < 1.5*high {
				continue
			}
			step += float64(steps[i+1])
		}
		if step > 1.7*high && step > 2.4*usual || step > roleSeam*usual && atRole(rs, i+1) {
			b.WriteRune(gap)
		}
	}
	return b.String()
}

// roleSeam is how many usual steps there are at least between a department and
// the title behind it, printed as two: 1.3 to 2.2 in seven layouts with a blank
// between, where steps of one text stay below 1.15.
const roleSeam = 1.28

// atRole says that a Chinese line is a department up to the character at i, and
// a title from there on.
func atRole(rs []rune, i int) bool {
	if i < 3 || len(rs)-i < 3 || len(rs) > 20 { // 业务部经理 is one title
		return false
	}
	head, tail := string(rs[:i]), string(rs[i:])
	if c, l, d := hans(head + tail); l+d > 0 || c < len(rs) {
		return false
	}
	return departmentLike(head) > 0.85 && titleLike(tail) > 0.7
}

// blanks are the widths of a line's blanks, each from the middle of the sign
// before to that of the one behind.
func blanks(rs []rune, steps []int) (out []int) {
	for i := 1; i < len(rs)-1; i++ {
		if rs[i] == ' ' {
			out = append(out, steps[i-1]+steps[i])
		}
	}
	return out
}

func usualStep(v []int) float64 {
	if len(v) == 0 {
		return 0
	}
	v = slices.Clone(v)
	slices.Sort(v)
	return float64(v[(len(v)-1)/2])
}

// wideBlank says that a blank between words is far wider than the line's others:
// two values stand in a row.
func wideBlank(width, usual, high float64) bool {
	return width > 0.95*high && width > 1.6*usual
}
