package badge

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxText is where a field of runaway length is cut before it is fitted; no
// template shows half as much.
const maxText = 240 // characters

// clean makes one line of printable characters: composed (NFC), white space of
// any kind as single spaces, no control, format or variation characters. A
// byte that is no UTF-8 becomes U+FFFD, which no font has, so it is reported.
// cut says that the text was longer than maxText.
func clean(text string) (line string, cut bool) {
	const longestRune = utf8.UTFMax * 4 // a base with a few marks, before composing
	if len(text) > maxText*longestRune {
		text, cut = text[:maxText*longestRune], true
	}
	var b strings.Builder
	count, space := 0, false
	for _, r := range norm.NFC.String(strings.ToValidUTF8(text, "\uFFFD")) {
		switch {
		case unicode.IsSpace(r) || unicode.Is(unicode.Z, r):
			space = count > 0
			continue
		case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
			continue
		}
		if count+2 > maxText {
			return b.String(), true
		}
		if space {
			b.WriteByte(' ')
			count++
		}
		b.WriteRune(r)
		count, space = count+1, false
	}
	return b.String(), cut
}

// shape finds a glyph for each character. A letter, digit or Chinese character
// that no font has becomes the geta mark; a symbol, emoji or loose accent is
// left out. Both are returned in missing, each once.
func (f *Fonts) shape(w weight, line string) (glyphs []glyph, missing []string) {
	for _, r := range line {
		// Private-use characters mean something else in every font, and the
		// PDF needs their codes for characters beyond U+FFFF.
		loose := unicode.Is(unicode.M, r)
		if g, ok := f.find(w, r); ok && !loose && !unicode.Is(unicode.Co, r) {
			glyphs = append(glyphs, g)
			continue
		}
		if s := string(r); !slices.Contains(missing, s) {
			missing = append(missing, s)
		}
		if unicode.IsLetter(r) || unicode.IsNumber(r) || r == utf8.RuneError {
			if g, ok := f.find(w, replacement); ok {
				glyphs = append(glyphs, g)
			}
		}
	}
	return trim(glyphs), missing
}

// trim drops the spaces at both ends, and one of two neighbours, which appear
// when a symbol between them is left out.
func trim(glyphs []glyph) []glyph {
	kept := glyphs[:0]
	for _, g := range glyphs {
		if g.r == ' ' && (len(kept) == 0 || kept[len(kept)-1].r == ' ') {
			continue
		}
		kept = append(kept, g)
	}
	if n := len(kept); n > 0 && kept[n-1].r == ' ' {
		kept = kept[:n-1]
	}
	return kept
}

// width is in ems.
func width(glyphs []glyph) (ems float64) {
	for _, g := range glyphs {
		ems += g.advance
	}
	return ems
}

// spell is the text that glyphs show.
func spell(glyphs []glyph) string {
	var b strings.Builder
	for _, g := range glyphs {
		b.WriteRune(g.r)
	}
	return b.String()
}
