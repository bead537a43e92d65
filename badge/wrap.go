package badge

import (
	"math"
	"strings"
	"unicode"

	"hallpass/badge/script"
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
func breaks(field string, clusters []cluster) []bool {
	may := make([]bool, len(clusters)+1)
	text := make([]rune, len(clusters))
	for i, c := range clusters {
		text[i] = c.r
	}
	name := field == "name" || field == "name_latin"
	dotted := name && strings.ContainsAny(string(text), nameDots)
	for i := 1; i < len(clusters); i++ {
		left, right := text[i-1], text[i]
		switch {
		case dotted && left != ' ':
			may[i] = strings.ContainsRune(nameDots, left)
		case plainScript(script.Of(left)) && plainScript(script.Of(right)):
			may[i] = breakBetween(left, right)
		default:
			may[i] = left == ' ' || clusters[i].newLine || !name && syllableBegins(left, right)
		}
	}
	for i := range text {
		if !ideographic(text[i]) {
			continue
		}
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

// syllableBegins knows one place inside Thai and Lao text, which has no spaces
// between words, where a syllable surely begins: before the vowels that are
// written in front of their consonant. A name is not broken there.
func syllableBegins(left, right rune) bool {
	thai := unicode.Is(unicode.Thai, left) && right >= 0x0E40 && right <= 0x0E44
	return thai || unicode.Is(unicode.Lao, left) && right >= 0x0EC0 && right <= 0x0EC4
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
func greedy(clusters []cluster, may []bool, room float64, most int) (ends []int, ok bool) {
	start, last := 0, 0
	used, word := 0.0, 0.0 // of the line, and of what follows the last break in it
	for i, c := range clusters {
		if i > start && may[i] {
			last, word = i, 0
		}
		used += c.advance
		word += c.advance
		if used <= room || c.r == ' ' { // a space may hang over the end
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
	return append(ends, len(clusters)), true
}

// balance moves the ends of the lines so that they are about equally long,
// which keeps a last line from holding one lonely character. It takes as many
// lines as greedy needs and never exceeds room.
func balance(clusters []cluster, may []bool, room float64, ends []int) []int {
	if len(ends) < 2 {
		return ends
	}
	low, high := width(clusters)/float64(len(ends)), room
	for range 12 { // to 1/4096 of the width
		middle := (low + high) / 2
		if tighter, ok := greedy(clusters, may, middle, len(ends)); ok {
			ends, high = tighter, middle
		} else {
			low = middle
		}
	}
	return ends
}

// split cuts clusters at ends and drops the spaces at the lines' ends.
func split(clusters []cluster, ends []int) []line {
	lines := make([]line, 0, len(ends))
	start := 0
	for _, end := range ends {
		part := clusters[start:end]
		for len(part) > 0 && part[len(part)-1].r == ' ' {
			part = part[:len(part)-1]
		}
		lines = append(lines, setLine(part))
		start = end
	}
	return lines
}

// forced adds breaks inside the words that are wider than room ems alone.
func forced(clusters []cluster, may []bool, room float64) []bool {
	more := append([]bool(nil), may...)
	for start := 0; start < len(clusters); {
		end := start + 1
		for end < len(clusters) && !may[end] {
			end++
		}
		if width(clusters[start:end]) > room {
			for i := start + 1; i < end; i++ {
				more[i] = clusters[i].r != ' '
			}
		}
		start = end
	}
	return more
}

// ellipsize returns as much of the beginning as most lines of room ems hold
// with an ellipsis after it; mark gives the ellipsis for the last cluster.
func ellipsize(clusters []cluster, may []bool, room float64, most int, mark func(last cluster) []cluster) []line {
	level := clusters[0].level // of the text as a whole
	for _, c := range clusters {
		level = min(level, c.level)
	}
	best := []line{setLine(mark(cluster{r: '.'}))} // always drawn, whatever its width
	for low, high := 1, len(clusters); low <= high; {
		middle := (low + high) / 2
		shown := trimEnd(clusters[:middle])
		if len(shown) == 0 {
			low = middle + 1
			continue
		}
		dots := mark(shown[len(shown)-1])
		for i := range dots {
			dots[i].level = level
		}
		allowed := append(append([]bool(nil), may[:len(shown)]...), make([]bool, len(dots)+1)...)
		shown = append(append([]cluster(nil), shown...), dots...)
		if ends, ok := greedy(shown, allowed, room, most); ok {
			best, low = split(shown, ends), middle+1
		} else {
			high = middle - 1
		}
	}
	return best
}

// trimEnd drops what looks wrong before an ellipsis.
func trimEnd(clusters []cluster) []cluster {
	for len(clusters) > 0 && strings.ContainsRune(" .,，、-–&/(（…", clusters[len(clusters)-1].r) {
		clusters = clusters[:len(clusters)-1]
	}
	return clusters
}

// sizeStep is the grain of font sizes, in points.
const sizeStep = 0.5

func roundSize(points float64) float64 { return math.Floor(points/sizeStep) * sizeStep }
