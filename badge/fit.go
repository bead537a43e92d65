package badge

// Vertical measures in ems that Chinese and Latin lines have alike: the
// ideographic em box hangs 0.12 below the baseline, Latin descenders about
// 0.25, and an accented capital reaches 0.95 above it. Lines of scripts that
// stack letters are as high as their ink.
const (
	leastUp   = 0.98
	leastDown = 0.30
)

const mmPerPoint = 25.4 / 72

// fitRule is how far a text may go to fit, in points and lines.
type fitRule struct {
	Best  float64 `json:"best"`  // the size a short text has
	Wrap  float64 `json:"wrap"`  // one line shrinks to this before a second begins; 0 means floor
	Floor float64 `json:"floor"` // no text is smaller, unless a single line of its script is higher than its room
	Lines int     `json:"lines"` // at most, 0 means 1
}

// fitted is a text that fits its room.
type fitted struct {
	lines    []line
	up, down float64 // of each line, ems above and below its baseline
	size     float64 // points
	short    bool    // words were abbreviated
	cut      bool    // the end is missing
	missing  []string
}

func (f fitted) height() float64 {
	return float64(len(f.lines)) * f.size * (f.up + f.down) * mmPerPoint
}

// width is that of the longest line in millimetres.
func (f fitted) width() (mm float64) {
	for _, line := range f.lines {
		mm = max(mm, line.width*f.size*mmPerPoint)
	}
	return mm
}

// baseline is that of a line in millimetres below the top of the text.
func (f fitted) baseline(line int) float64 {
	return (float64(line)*(f.up+f.down) + f.up) * f.size * mmPerPoint
}

// start is where a line begins in a room of w millimetres, share of the free
// room before it: with all its ink in the room, also that of letters which
// reach beyond where they stand.
func (f fitted) start(i int, w, share float64) float64 {
	l, em := f.lines[i], f.size*mmPerPoint
	x := share * (w - l.width*em)
	x = min(x, w-l.ink.right*em)
	return max(x, -l.ink.left*em)
}

// fit makes a text fit into w × h millimetres: it shrinks on one line, wraps
// and shrinks to the floor, abbreviates word by word, breaks long words, and at
// last cuts with an ellipsis. It cannot fail: the room of every field holds at
// least one character at the floor (ParseTemplate sees to that).
func (f *Fonts) fit(field, text string, weight weight, rule fitRule, w, h float64) fitted {
	line, cut := clean(text)
	clusters, missing := f.shape(weight, line)
	result := fitted{missing: missing, cut: cut}
	var box room
	for text = line; len(clusters) > 0; clusters, _ = f.shape(weight, text) {
		box = newRoom(w/mmPerPoint, h/mmPerPoint, rule, clusters)
		var ok bool
		if result.lines, result.size, ok = box.place(clusters, breaks(field, clusters)); ok {
			return result.of(box)
		}
		if text, ok = shorter(field, text); !ok {
			break
		}
		result.short = true
	}
	if len(clusters) == 0 {
		return result
	}
	ems := box.w / box.rule.Floor
	may := forced(clusters, breaks(field, clusters), ems)
	var ok bool
	if result.lines, result.size, ok = box.place(clusters, may); ok {
		return result.of(box)
	}
	result.cut, result.size = true, box.rule.Floor
	result.lines = ellipsize(clusters, may, ems, max(1, box.mostLines(box.rule.Floor)), f.dots(weight))
	return result.of(box)
}

func (f fitted) of(box room) fitted {
	f.up, f.down = box.up, box.down
	return f
}

// dots gives the ellipsis after a cluster.
func (f *Fonts) dots(weight weight) func(after cluster) []cluster {
	return func(after cluster) []cluster {
		text := "..."
		if ideographic(after.r) {
			text = "…"
		}
		dots, _ := f.shape(weight, text)
		return dots
	}
}

// room is in points, its lines in ems.
type room struct {
	w, h     float64
	up, down float64
	rule     fitRule
}

// newRoom measures the height of a text's lines. The floor gives way to scripts
// of which not even one line is low enough.
func newRoom(w, h float64, rule fitRule, clusters []cluster) room {
	b := room{w: w, h: h, rule: rule, up: leastUp, down: leastDown}
	for _, c := range clusters {
		b.up, b.down = max(b.up, c.ink.up), max(b.down, -c.ink.down)
	}
	if highest := b.h / b.line(); highest < b.rule.Floor && b.line() > leastUp+leastDown {
		b.rule.Floor = max(sizeStep, roundSize(highest))
	}
	return b
}

func (b room) line() float64 { return b.up + b.down }

// place finds the largest size at which the text fits without losing a letter,
// with all its ink inside the room.
func (b room) place(clusters []cluster, may []bool) (lines []line, size float64, ok bool) {
	for range 4 { // each time the room shrinks by what reaches out of it
		if lines, size, ok = b.placeWidths(clusters, may); !ok {
			return nil, 0, false
		}
		over := 0.0
		for _, l := range lines {
			over = max(over, (max(l.width, l.ink.right)-min(0, l.ink.left))*size-b.w)
		}
		if over <= 0 {
			break
		}
		b.w -= over
	}
	return lines, size, true
}

func (b room) placeWidths(clusters []cluster, may []bool) (lines []line, size float64, ok bool) {
	if ems := width(clusters); ems > 0 {
		one := min(b.rule.Best, roundSize(b.w/ems), roundSize(b.h/b.line()))
		if one >= max(b.rule.Wrap, b.rule.Floor) || one >= b.rule.Floor && b.rule.Lines < 2 {
			return []line{setLine(clusters)}, one, true
		}
	}
	low, high := int(b.rule.Floor/sizeStep), int(b.rule.Best/sizeStep)
	for low <= high {
		middle := (low + high) / 2
		try := max(b.rule.Floor, float64(middle)*sizeStep) // a floor may lie between two steps
		most := b.mostLines(try)
		ends, fits := []int(nil), false
		if most > 0 {
			ends, fits = greedy(clusters, may, b.w/try, most)
		}
		if !fits {
			high = middle - 1
			continue
		}
		lines, size, ok = split(clusters, balance(clusters, may, b.w/try, ends)), try, true
		low = middle + 1
	}
	return lines, size, ok
}

func (b room) mostLines(size float64) int {
	return min(max(1, b.rule.Lines), int(b.h/(size*b.line())+1e-6))
}
