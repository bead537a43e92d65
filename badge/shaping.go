package badge

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"hallpass/badge/script"
)

// shape sets a line of text. A letter, digit or Chinese character that no font
// has becomes the geta mark; a symbol, emoji or loose accent is left out. Both
// are returned in missing, each once.
func (f *Fonts) shape(w weight, text string) (clusters []cluster, missing []string) {
	s := setting{fonts: f, weight: w, runes: []rune(text)}
	if !s.plainly() {
		s.fully()
	}
	return trim(s.clusters), s.missing
}

// setting is a line while it is set.
type setting struct {
	fonts    *Fonts
	weight   weight
	runes    []rune
	lines    []bool  // where Unicode's rules let a line begin
	levels   []uint8 // odd runs from right to left
	clusters []cluster
	missing  []string
}

// plainly sets a line of characters that the family itself has and that stand
// beside each other, as nearly all lines are; it reports false for others.
func (s *setting) plainly() bool {
	own := s.fonts.chains[s.weight][0]()
	clusters := make([]cluster, 0, len(s.runes))
	for _, r := range s.runes {
		index, ok := own.glyph(r)
		if !ok || unicode.In(r, unicode.M, unicode.Co) {
			return false
		}
		c := newCluster(string(r), []glyph{own.plain(index)}, 0)
		if c.ink == (extent{}) && unicode.IsLetter(r) {
			return false
		}
		clusters = append(clusters, c)
	}
	s.clusters = clusters
	return true
}

// fully finds fonts, directions and places for everything.
func (s *setting) fully() {
	var begins []bool
	s.lines, begins = script.Breaks(s.runes)
	s.levels, _ = script.Levels(s.runes)
	all := unitsOf(s.runes, begins)
	s.fonts.choose(s.weight, s.runes, all)
	for start := 0; start < len(all); {
		end := start + 1
		for end < len(all) && s.together(all[end-1], all[end]) {
			end++
		}
		run := all[start:end]
		switch {
		case run[0].face == nil:
			s.without(run)
		case isPlain(run):
			s.place(run)
		default:
			s.shaped(run)
		}
		start = end
	}
}

// together says whether two neighbours are shaped in one go.
func (s *setting) together(left, right unit) bool {
	return left.face == right.face && s.levels[left.start] == s.levels[right.start] &&
		(left.script == right.script || left.script == 0 || right.script == 0 || squareScript(left.script) && squareScript(right.script))
}

// isPlain says that each of a run's characters is one glyph and moves nothing.
func isPlain(run []unit) bool {
	several := func(u unit) bool { return u.end-u.start > 1 }
	asks := func(u unit) bool { return !plainScript(u.script) }
	return !slices.ContainsFunc(run, several) && (!slices.ContainsFunc(run, asks) || run[0].face.layout() == nil)
}

// place sets characters beside each other.
func (s *setting) place(run []unit) {
	for _, u := range run {
		r := s.runes[u.start]
		index, _ := u.face.glyph(r)
		if s.levels[u.start]%2 == 1 {
			if mirrored, ok := u.face.glyph(script.Mirror(r)); ok {
				index = mirrored
			}
		}
		s.add(u.start, u.start+1, []glyph{u.face.plain(index)})
	}
}

// add appends a cluster of the characters from start to end.
func (s *setting) add(start, end int, glyphs []glyph) {
	c := newCluster(string(s.runes[start:end]), glyphs, s.levels[start])
	c.newLine = s.lines[start]
	s.clusters = append(s.clusters, c)
}

// shaped sets a run by its font's rules.
func (s *setting) shaped(run []unit) {
	first, end := run[0].start, run[len(run)-1].end
	face := run[0].face
	level := s.levels[first]
	glyphs, ok := face.layout().Shape(s.runes[first:end], level%2 == 1)
	if !ok {
		s.without(run)
		return
	}
	byCluster := map[int][]glyph{}
	var starts []int
	for _, g := range glyphs {
		if _, seen := byCluster[g.From]; !seen {
			starts = append(starts, g.From)
		}
		byCluster[g.From] = append(byCluster[g.From], glyph{face: face, index: g.Index, advance: g.Advance, dx: g.DX, dy: g.DY})
	}
	slices.Sort(starts)
	for i, from := range starts {
		next := end - first
		if i+1 < len(starts) {
			next = starts[i+1]
		}
		if slices.ContainsFunc(byCluster[from], func(g glyph) bool { return g.index == 0 }) {
			s.lose(first+from, first+next)
			continue
		}
		s.add(first+from, first+next, byCluster[from])
	}
}

// without sets what no font has as a whole: its letters each for itself, as far
// as fonts have them, without their marks.
func (s *setting) without(run []unit) {
	for i := run[0].start; i < run[len(run)-1].end; i++ {
		r := s.runes[i]
		if g, ok := s.fonts.find(s.weight, r); ok && !unicode.Is(unicode.M, r) {
			s.add(i, i+1, []glyph{g})
		} else {
			s.lose(i, i+1)
		}
	}
}

// lose reports characters, and sets the geta mark for letters among them.
func (s *setting) lose(start, end int) {
	for i, r := range s.runes[start:end] {
		if m := string(r); !slices.Contains(s.missing, m) {
			s.missing = append(s.missing, m)
		}
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != utf8.RuneError {
			continue
		}
		if g, ok := s.fonts.find(s.weight, replacement); ok {
			c := newCluster(string(replacement), []glyph{g}, s.levels[start+i])
			c.newLine = s.lines[start+i]
			s.clusters = append(s.clusters, c)
		}
	}
}
