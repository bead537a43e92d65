package badge

import (
	"math"
	"strings"
	"unicode"
)

// Where Chinese lines may not begin or end, after the Chinese standard for
// punctuation (GB/T 15834-2011, section 5.1).
const (
	neverFirst = "，。、；：？！…—～·・•‧）》」』】〕〉”’)]}>,.;:?!%‰℃%"
	neverLast  = "（《「『【〔〈“‘([{<"
)

// nameDots stand between the parts of a foreign name in Chinese.
const nameDots = "·・•‧"

// units are words of Chinese company names that a line break inside would make
// hard to read.
var units = [...]string{"有限责任公司", "股份有限公司", "有限公司", "分公司", "总公司", "公司", "集团", "研究院", "研究所", "大学", "学院", "中心", "协会", "科技"}

// breaks says for each position 0…len whether a new line may begin there.
// A transliterated name breaks only at its dots: 阿卜杜热合曼·乌斯曼江.
func breaks(field string, glyphs []glyph) []bool {
	may := make([]bool, len(glyphs)+1)
	text := []rune(spell(glyphs))
	dotted := field == "name" && strings.ContainsAny(string(text), nameDots)
	for i := 1; i < len(glyphs); i++ {
		left, right := text[i-1], text[i]
		if dotted && left != ' ' {
			may[i] = strings.ContainsRune(nameDots, left)
		} else {
			may[i] = breakBetween(left, right)
		}
	}
	for i := range text {
		for _, unit := range units {
			if strings.HasPrefix(string(text[i:min(i+6, len(text))]), unit) {
				for j := 1; j < len([]rune(unit)); j++ {
					may[i+j] = false
				}
				break
			}
		}
	}
	return may
}

func breakBetween(left, right rune) bool {
	switch {
	case right == ' ':
		return false // the space stays with the word before it
	case left == ' ':
		return true
	case strings.ContainsRune(neverFirst, right), strings.ContainsRune(neverLast, left):
		return false
	case left == '-', left == '/', left == '&', left == '–':
		return unicode.IsLetter(right)
	}
	return ideographic(left) || ideographic(right)
}

// ideographic characters are written without spaces between words.
func ideographic(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo) ||
		r >= 0x3000 && r <= 0x303F || r >= 0xFF00 && r <= 0xFFEF
}

// greedy fills lines of at most room ems from the first and returns where each
// ends. It reports false if a line without a break is wider than room, or more
// than most lines are needed.
func greedy(glyphs []glyph, may []bool, room float64, most int) (ends []int, ok bool) {
	start, last := 0, 0
	used, word := 0.0, 0.0 // of the line, and of what follows the last break in it
	for i, g := range glyphs {
		if i > start && may[i] {
			last, word = i, 0
		}
		used += g.advance
		word += g.advance
		if used <= room || g.r == ' ' { // a space may hang over the end
			continue
		}
		if last == start || len(ends)+1 == most {
			return nil, false
		}
		ends = append(ends, last)
		start, used = last, word
		if used > room {
			return nil, false
		}
	}
	return append(ends, len(glyphs)), true
}

// balance moves the ends of the lines so that they are about equally long,
// which keeps a last line from holding one lonely character. It takes as many
// lines as greedy needs and never exceeds room.
func balance(glyphs []glyph, may []bool, room float64, ends []int) []int {
	if len(ends) < 2 {
		return ends
	}
	low, high := width(glyphs)/float64(len(ends)), room
	for range 12 { // to 1/4096 of the width
		middle := (low + high) / 2
		if tighter, ok := greedy(glyphs, may, middle, len(ends)); ok {
			ends, high = tighter, middle
		} else {
			low = middle
		}
	}
	return ends
}

// split cuts glyphs at ends and drops the spaces at the lines' ends.
func split(glyphs []glyph, ends []int) [][]glyph {
	lines := make([][]glyph, 0, len(ends))
	start := 0
	for _, end := range ends {
		line := glyphs[start:end]
		for len(line) > 0 && line[len(line)-1].r == ' ' {
			line = line[:len(line)-1]
		}
		lines = append(lines, line)
		start = end
	}
	return lines
}

// forced adds breaks inside the words that are wider than room ems alone.
func forced(glyphs []glyph, may []bool, room float64) []bool {
	more := append([]bool(nil), may...)
	for start := 0; start < len(glyphs); {
		end := start + 1
		for end < len(glyphs) && !may[end] {
			end++
		}
		if width(glyphs[start:end]) > room {
			for i := start + 1; i < end; i++ {
				more[i] = glyphs[i].r != ' '
			}
		}
		start = end
	}
	return more
}

// ellipsize returns as much of the beginning as most lines of room ems hold
// with an ellipsis after it; mark gives the ellipsis for the last character.
func ellipsize(glyphs []glyph, may []bool, room float64, most int, mark func(last rune) []glyph) [][]glyph {
	best := [][]glyph{mark('.')} // always drawn, whatever its width
	for low, high := 1, len(glyphs); low <= high; {
		middle := (low + high) / 2
		shown := trimEnd(glyphs[:middle])
		if len(shown) == 0 {
			low = middle + 1
			continue
		}
		dots := mark(shown[len(shown)-1].r)
		allowed := append(append([]bool(nil), may[:len(shown)]...), make([]bool, len(dots)+1)...)
		shown = append(append([]glyph(nil), shown...), dots...)
		if ends, ok := greedy(shown, allowed, room, most); ok {
			best, low = split(shown, ends), middle+1
		} else {
			high = middle - 1
		}
	}
	return best
}

// trimEnd drops what looks wrong before an ellipsis.
func trimEnd(glyphs []glyph) []glyph {
	for len(glyphs) > 0 && strings.ContainsRune(" ,，、-–&/(（", glyphs[len(glyphs)-1].r) {
		glyphs = glyphs[:len(glyphs)-1]
	}
	return glyphs
}

// sizeStep is the grain of font sizes, in points.
const sizeStep = 0.5

func roundSize(points float64) float64 { return math.Floor(points/sizeStep) * sizeStep }
