package badge

import (
	"unicode"

	"hallpass/badge/script"
)

// Scripts as OpenType names them.
const (
	han      = 'H'<<24 | 'a'<<16 | 'n'<<8 | 'i'
	hiragana = 'H'<<24 | 'i'<<16 | 'r'<<8 | 'a'
	katakana = 'K'<<24 | 'a'<<16 | 'n'<<8 | 'a'
	bopomofo = 'B'<<24 | 'o'<<16 | 'p'<<8 | 'o'
	hangul   = 'H'<<24 | 'a'<<16 | 'n'<<8 | 'g'
	latin    = 'L'<<24 | 'a'<<16 | 't'<<8 | 'n'
	greek    = 'G'<<24 | 'r'<<16 | 'e'<<8 | 'k'
	cyrillic = 'C'<<24 | 'y'<<16 | 'r'<<8 | 'l'
)

// plainScript says that a script's characters stand beside each other as they
// are, marks apart; 0 is what stands in any script.
func plainScript(name uint32) bool {
	switch name {
	case 0, han, hiragana, katakana, bopomofo, hangul, latin, greek, cyrillic:
		return true
	}
	return false
}

// squareScript says that characters of a script are independent of each other
// also in their looks, so that a font may change within a word.
func squareScript(name uint32) bool {
	switch name {
	case han, hiragana, katakana, bopomofo, hangul:
		return true
	}
	return false
}

// unit is one character as readers see it: a letter with its marks.
type unit struct {
	start, end int // among the line's runes
	script     uint32
	face       *face // nil if no font has all of it
}

// unitsOf finds the units of a line. What stands in any script has script 0.
func unitsOf(runes []rune, begins []bool) (out []unit) {
	for start := 0; start < len(runes); {
		end := start + 1
		for end < len(runes) && !begins[end] {
			end++
		}
		if n := len(out) - 1; n >= 0 && unicode.Is(unicode.M, runes[start]) && runes[start-1] != ' ' {
			out[n].end = end // a mark that stands after its letter, as Burmese has them
			start = end
			continue
		}
		u := unit{start: start, end: end}
		for _, r := range runes[start:end] {
			if u.script = script.Of(r); u.script != 0 {
				break
			}
		}
		out = append(out, u)
		start = end
	}
	return out
}

// choose gives each unit a font. A stretch of one script is set in the first
// font that has all its letters, so that ş does not stand out of its name; if
// there is none, each word is; if there is none, each letter.
func (f *Fonts) choose(w weight, runes []rune, all []unit) {
	for start := 0; start < len(all); {
		name, end := all[start].script, start+1
		for end < len(all) && (all[end].script == name || all[end].script == 0) && name != 0 && !squareScript(name) {
			end++
		}
		stretch := all[start:end]
		if !f.together(w, runes, stretch) {
			for word := range words(runes, stretch) {
				f.together(w, runes, word)
			}
		}
		for i := range stretch {
			if u := &stretch[i]; u.face == nil {
				u.face = f.first(w, func(c *face) bool { return c.hasAll(runes[u.start:u.end]) })
			}
		}
		start = end
	}
}

// together sets all letters of a stretch in one font, if one has them all.
func (f *Fonts) together(w weight, runes []rune, stretch []unit) bool {
	if len(stretch) < 2 {
		return false
	}
	common := f.first(w, func(c *face) bool {
		for _, u := range stretch {
			if u.script != 0 && !c.hasAll(runes[u.start:u.end]) {
				return false
			}
		}
		return true
	})
	if common == nil {
		return false
	}
	own := f.chains[w][0]()
	for i := range stretch {
		u := &stretch[i]
		text := runes[u.start:u.end]
		if u.script != 0 || !own.hasAll(text) && common.hasAll(text) {
			u.face = common
		}
	}
	return true
}

// words are the parts of a stretch between its spaces.
func words(runes []rune, stretch []unit) func(yield func([]unit) bool) {
	return func(yield func([]unit) bool) {
		start := 0
		for i := range stretch {
			if runes[stretch[i].start] != ' ' && i+1 < len(stretch) {
				continue
			}
			if !yield(stretch[start : i+1]) {
				return
			}
			start = i + 1
		}
	}
}
