package ocr

import (
	"slices"
	"unicode"
)

// pair is one step of an alignment: places in both texts, -1 where one has
// nothing.
type pair struct{ a, b int }

// align finds the cheapest way to turn a into b (Levenshtein); a blank more or
// less costs little, and the two forms of a character nothing.
func align(a, b []rune) []pair {
	s := script()
	skip := func(r rune) int {
		if r == ' ' {
			return 2
		}
		return 10
	}
	swap := func(x, y rune) int {
		switch {
		case x == y || s.simplified(x) == s.simplified(y):
			return 0
		case x == ' ' || y == ' ':
			return 20
		case unicode.ToLower(x) == unicode.ToLower(y):
			return 4
		}
		return 11
	}
	w := len(b) + 1
	cost := make([]int, (len(a)+1)*w)
	for i := range len(a) + 1 {
		for j := range w {
			c := 1 << 30
			if i == 0 && j == 0 {
				c = 0
			}
			if i > 0 {
				c = min(c, cost[(i-1)*w+j]+skip(a[i-1]))
			}
			if j > 0 {
				c = min(c, cost[i*w+j-1]+skip(b[j-1]))
			}
			if i > 0 && j > 0 {
				c = min(c, cost[(i-1)*w+j-1]+swap(a[i-1], b[j-1]))
			}
			cost[i*w+j] = c
		}
	}
	var out []pair
	for i, j := len(a), len(b); i > 0 || j > 0; {
		c := cost[i*w+j]
		switch {
		case i > 0 && j > 0 && c == cost[(i-1)*w+j-1]+swap(a[i-1], b[j-1]):
			i, j = i-1, j-1
			out = append(out, pair{i, j})
		case i > 0 && c == cost[(i-1)*w+j]+skip(a[i-1]):
			i--
			out = append(out, pair{i, -1})
		default:
			j--
			out = append(out, pair{-1, j})
		}
	}
	slices.Reverse(out)
	return out
}
