package badge

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf16"
)

// gofpdf gives every font the same map from codes to Unicode, "each code is its
// character". Ours are numbered, and characters beyond U+FFFF have no code of
// that kind at all, so the map is replaced in the finished file: without it a
// badge could be neither searched nor read aloud.

var errShape = errors.New("badge: gofpdf's file has another shape than expected")

// identity is how gofpdf's map begins and ends.
var identityBegin, identityEnd = []byte("stream\n/CIDInit /ProcSet findresource begin\n"), []byte("\nendstream")

// mapToUnicode puts in the maps of fonts, in their order, and moves the offsets
// of the cross-reference table.
func mapToUnicode(pdf []byte, fonts []*documentFont) ([]byte, error) {
	table := bytes.LastIndex(pdf, []byte("\nxref\n")) + 1
	trailer := bytes.LastIndex(pdf, []byte("\ntrailer\n")) + 1
	if table == 0 || trailer < table {
		return nil, errShape
	}
	var out []byte
	var moves []move
	rest := 0
	for _, f := range fonts {
		begin := bytes.Index(pdf[rest:table], identityBegin)
		if begin < 0 {
			return nil, errShape
		}
		begin += rest
		dictionary := bytes.LastIndex(pdf[rest:begin], []byte("<</Length "))
		length := bytes.Index(pdf[begin:table], identityEnd)
		if dictionary < 0 || length < 0 {
			return nil, errShape
		}
		out = append(out, pdf[rest:rest+dictionary]...)
		cmap := f.toUnicode()
		out = fmt.Appendf(out, "<</Length %d>>\nstream\n%s", len(cmap), cmap)
		rest = begin + length
		moves = append(moves, move{from: rest, by: len(out) - rest})
	}
	out = append(out, pdf[rest:table]...)
	start := len(out)
	out, err := moved(out, pdf[table:trailer], moves)
	if err != nil {
		return nil, err
	}
	tail := pdf[trailer:]
	at := bytes.LastIndex(tail, []byte("startxref\n"))
	if at < 0 {
		return nil, errShape
	}
	return fmt.Appendf(append(out, tail[:at]...), "startxref\n%d\n%%%%EOF\n", start), nil
}

// move says that everything from an old offset on has moved.
type move struct{ from, by int }

// moved appends a cross-reference table with the offsets after the moves.
// Entries have 20 bytes, ISO 32000-1 section 7.5.4.
func moved(out, table []byte, moves []move) ([]byte, error) {
	for line := range bytes.Lines(table) {
		if len(line) == 20 && line[17] == 'n' {
			offset, err := strconv.Atoi(string(line[:10]))
			if err != nil {
				return nil, errShape
			}
			by := 0
			for _, m := range moves {
				if offset >= m.from {
					by = m.by
				}
			}
			out = fmt.Appendf(out, "%010d", offset+by)
			line = line[10:]
		}
		out = append(out, line...)
	}
	return out, nil
}

// toUnicode is the CMap of ISO 32000-1 section 9.10.3, 100 characters a block
// as that asks.
func (f *documentFont) toUnicode() []byte {
	const block = 100
	out := []byte("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for i, text := range f.texts {
		if i%block == 0 {
			out = fmt.Appendf(out, "%d beginbfchar\n", min(block, len(f.texts)-i))
		}
		out = fmt.Appendf(out, "<%04X> <", firstCode+i)
		for _, unit := range utf16.Encode([]rune(text)) {
			out = fmt.Appendf(out, "%04X", unit)
		}
		out = append(out, ">\n"...)
		if i%block == block-1 || i == len(f.texts)-1 {
			out = append(out, "endbfchar\n"...)
		}
	}
	return append(out, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"...)
}
