package badge

// Vertical measures in ems, for Chinese and Latin alike: the ideographic em
// box hangs 0.12 below the baseline, Latin descenders about 0.25, and an
// accented capital reaches 0.95 above it.
const (
	lineHeight = 1.28
	ascent     = 0.98
)

const mmPerPoint = 25.4 / 72

// fitRule is how far a text may go to fit, in points and lines.
type fitRule struct {
	Best  float64 `json:"best"`  // the size a short text has
	Wrap  float64 `json:"wrap"`  // one line shrinks to this before a second begins; 0 means floor
	Floor float64 `json:"floor"` // no text is smaller
	Lines int     `json:"lines"` // at most, 0 means 1
}

// fitted is a text that fits its room.
type fitted struct {
	lines   [][]glyph
	size    float64 // points
	short   bool    // words were abbreviated
	cut     bool    // the end is missing
	missing []string
}

func (f fitted) height() float64 { return float64(len(f.lines)) * f.size * lineHeight * mmPerPoint }

// width is that of the longest line in millimetres.
func (f fitted) width() (mm float64) {
	for _, line := range f.lines {
		mm = max(mm, width(line)*f.size*mmPerPoint)
	}
	return mm
}

// fit makes a text fit into w × h millimetres: it shrinks on one line, wraps
// and shrinks to the floor, abbreviates word by word, breaks long words, and at
// last cuts with an ellipsis. It cannot fail: the room of every field holds at
// least one character at the floor (ParseTemplate sees to that).
func (f *Fonts) fit(field, text string, weight weight, rule fitRule, w, h float64) fitted {
	line, cut := clean(text)
	box := room{w / mmPerPoint, h / mmPerPoint, rule}
	glyphs, missing := f.shape(weight, line)
	result := fitted{missing: missing, cut: cut}
	for text = line; len(glyphs) > 0; glyphs, _ = f.shape(weight, text) {
		var ok bool
		if result.lines, result.size, ok = box.place(glyphs, breaks(field, glyphs)); ok {
			return result
		}
		if text, ok = shorter(field, text); !ok {
			break
		}
		result.short = true
	}
	if len(glyphs) == 0 {
		return result
	}
	ems := box.w / rule.Floor
	may := forced(glyphs, breaks(field, glyphs), ems)
	var ok bool
	if result.lines, result.size, ok = box.place(glyphs, may); ok {
		return result
	}
	result.cut, result.size = true, rule.Floor
	result.lines = ellipsize(glyphs, may, ems, max(1, box.mostLines(rule.Floor)), func(last rune) []glyph {
		dots, _ := f.shape(weight, "...")
		if ideographic(last) {
			dots, _ = f.shape(weight, "…")
		}
		return dots
	})
	return result
}

// room is in points.
type room struct {
	w, h float64
	rule fitRule
}

// place finds the largest size at which the text fits without losing a letter.
func (b room) place(glyphs []glyph, may []bool) (lines [][]glyph, size float64, ok bool) {
	if ems := width(glyphs); ems > 0 {
		one := min(b.rule.Best, roundSize(b.w/ems), roundSize(b.h/lineHeight))
		if one >= max(b.rule.Wrap, b.rule.Floor) || one >= b.rule.Floor && b.rule.Lines < 2 {
			return [][]glyph{glyphs}, one, true
		}
	}
	low, high := int(b.rule.Floor/sizeStep), int(b.rule.Best/sizeStep)
	for low <= high {
		middle := (low + high) / 2
		try := float64(middle) * sizeStep
		most := b.mostLines(try)
		ends, fits := []int(nil), false
		if most > 0 {
			ends, fits = greedy(glyphs, may, b.w/try, most)
		}
		if !fits {
			high = middle - 1
			continue
		}
		lines, size, ok = split(glyphs, balance(glyphs, may, b.w/try, ends)), try, true
		low = middle + 1
	}
	return lines, size, ok
}

func (b room) mostLines(size float64) int {
	return min(max(1, b.rule.Lines), int(b.h/(size*lineHeight)+1e-6))
}
