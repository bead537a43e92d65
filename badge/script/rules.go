package script

import (
	"slices"

	"golang.org/x/text/unicode/bidi"
)

// weak applies rules W1 to W7: marks go with their letters, and numbers with
// the letters before them.
func (p *paragraph) weak() {
	classes := p.classes
	previous, strong := p.own, p.own
	for i, c := range classes {
		if c == bidi.NSM { // W1
			c = previous
		}
		switch c {
		case bidi.L, bidi.R, bidi.AL:
			strong = c
		case bidi.EN: // W2
			if strong == bidi.AL {
				c = bidi.AN
			}
		}
		classes[i], previous = c, c
	}
	for i, c := range classes { // W3
		if c == bidi.AL {
			classes[i] = bidi.R
		}
	}
	for i := 1; i+1 < len(classes); i++ { // W4
		number := classes[i-1]
		if c := classes[i]; number == classes[i+1] && (number == bidi.EN && c == bidi.ES || (number == bidi.EN || number == bidi.AN) && c == bidi.CS) {
			classes[i] = number
		}
	}
	p.terminators()
	strong = p.own
	for i, c := range classes { // W7
		switch c {
		case bidi.L, bidi.R:
			strong = c
		case bidi.EN:
			if strong == bidi.L {
				classes[i] = bidi.L
			}
		}
	}
}

// terminators applies rules W5 and W6: signs like % belong to a number beside
// them, the other separators are neutral.
func (p *paragraph) terminators() {
	classes := p.classes
	for start := 0; start < len(classes); start++ {
		end := start
		for end < len(classes) && classes[end] == bidi.ET {
			end++
		}
		if end == start {
			continue
		}
		if start > 0 && classes[start-1] == bidi.EN || end < len(classes) && classes[end] == bidi.EN {
			fill(classes[start:end], bidi.EN)
		}
		start = end - 1
	}
	for i, c := range classes {
		if c == bidi.ES || c == bidi.ET || c == bidi.CS {
			classes[i] = bidi.ON
		}
	}
}

func fill(classes []bidi.Class, with bidi.Class) {
	for i := range classes {
		classes[i] = with
	}
}

// maxOpen is how many brackets may be open at once (rule BD16).
const maxOpen = 63

// brackets applies rule N0: a pair of brackets goes with what it holds, or with
// what stands before it.
func (p *paragraph) brackets() {
	for _, pair := range p.pairs() {
		inside, opposite := bidi.Class(bidi.ON), false
		for _, c := range p.classes[pair.open+1 : pair.close] {
			if c = strongOf(c); c == p.own {
				inside = c
				break
			} else if c != bidi.ON {
				opposite = true
			}
		}
		if inside == bidi.ON && opposite {
			inside = p.own
			if before := p.before(pair.open); before != p.own {
				inside = before
			}
		}
		if inside != bidi.ON {
			p.setBracket(pair.open, inside)
			p.setBracket(pair.close, inside)
		}
	}
}

// before is the direction of the last letter or number before i.
func (p *paragraph) before(i int) bidi.Class {
	for i--; i >= 0; i-- {
		if c := strongOf(p.classes[i]); c != bidi.ON {
			return c
		}
	}
	return p.own
}

// setBracket also carries the marks on a bracket.
func (p *paragraph) setBracket(i int, c bidi.Class) {
	p.classes[i] = c
	for i++; i < len(p.classes) && p.original[i] == bidi.NSM; i++ {
		p.classes[i] = c
	}
}

// strongOf is the direction that a class has for its neighbours, ON for none.
func strongOf(c bidi.Class) bidi.Class {
	switch c {
	case bidi.L:
		return bidi.L
	case bidi.R, bidi.EN, bidi.AN:
		return bidi.R
	}
	return bidi.ON
}

type pair struct{ open, close int }

// pairs finds the brackets that belong together, in the order of their openings.
func (p *paragraph) pairs() (pairs []pair) {
	type opened struct {
		closing rune
		at      int
	}
	var open []opened
	for i, r := range p.text {
		props, _ := bidi.LookupRune(r)
		if !props.IsBracket() || p.classes[i] != bidi.ON {
			continue
		}
		if props.IsOpeningBracket() {
			if len(open) == maxOpen {
				return nil
			}
			open = append(open, opened{canonical([]rune(bidi.ReverseString(string(r)))[0]), i})
			continue
		}
		for n := len(open) - 1; n >= 0; n-- {
			if open[n].closing == canonical(r) {
				pairs, open = append(pairs, pair{open[n].at, i}), open[:n]
				break
			}
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int { return a.open - b.open })
	return pairs
}

// canonical makes the two angle brackets that Unicode has twice one.
func canonical(r rune) rune {
	if r == '\u232A' {
		return '\u3009'
	}
	return r
}

// neutral applies rules N1 and N2: what has no direction takes that of both its
// neighbours, or of the whole.
func (p *paragraph) neutral() {
	classes := p.classes
	left := p.own
	for start := 0; start < len(classes); start++ {
		end := start
		for end < len(classes) && strongOf(classes[end]) == bidi.ON {
			end++
		}
		if end == start {
			left = strongOf(classes[start])
			continue
		}
		right := p.own
		if end < len(classes) {
			right = strongOf(classes[end])
		}
		if left == right {
			fill(classes[start:end], left)
		} else {
			fill(classes[start:end], p.own)
		}
		start = end - 1
	}
}
