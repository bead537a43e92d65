package script

import "github.com/go-text/typesetting/segmenter"

// Breaks says for each position 0…len(text) whether a line may begin there
// (Unicode Standard Annex 14) and whether a character as readers see it begins
// or ends there (Annex 29). Thai, Lao, Khmer and Burmese are written without
// spaces, and their words would take a dictionary: inside them no line begins.
func Breaks(text []rune) (lines, characters []bool) {
	lines, characters = make([]bool, len(text)+1), make([]bool, len(text)+1)
	var s segmenter.Segmenter
	s.Init(text)
	for i := s.LineIterator(); i.Next(); {
		line := i.Line()
		lines[line.Offset+len(line.Text)] = true
	}
	for i := s.GraphemeIterator(); i.Next(); {
		g := i.Grapheme()
		characters[g.Offset+len(g.Text)] = true
	}
	characters[0] = true
	return lines, characters
}
