package badge

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hallpass/badge/script"
)

// maxMarks is how many marks a letter keeps; no language stacks more, and each
// would make its line higher.
const maxMarks = 8

// maxText is where a field of runaway length is cut before it is fitted; no
// template shows half as much.
const maxText = 240 // characters

// clean makes one line of printable characters: composed (NFC), white space of
// any kind as single spaces, no control, format, filling or variation
// characters, no skin tones, no ninth mark on a letter. Joiners stay inside
// words of scripts that need them. A byte that is no UTF-8 becomes U+FFFD, which
// no font has, so it is reported. cut says that the text was longer than
// maxText and ends in an ellipsis.
func clean(text string) (line string, cut bool) {
	const longestRune = utf8.UTFMax * 4 // a base with a few marks, before composing
	if len(text) > maxText*longestRune {
		text, cut = text[:maxText*longestRune], true
	}
	var b strings.Builder
	count, marks, space, previous := 0, 0, false, rune(0)
	rest := norm.NFC.String(strings.ToValidUTF8(text, "\uFFFD"))
	for i, r := range rest {
		switch {
		case unicode.IsSpace(r) || unicode.Is(unicode.Z, r):
			space, previous = count > 0, 0
			continue
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point, emojiModifiers):
			if next, _ := utf8.DecodeRuneInString(rest[i+utf8.RuneLen(r):]); !joins(previous, r, next) {
				continue
			}
		}
		if marks++; !unicode.Is(unicode.M, r) {
			marks = 0
		}
		if marks > maxMarks {
			continue
		}
		if count+2 > maxText {
			return cutOff(b.String(), r), true
		}
		if space {
			b.WriteByte(' ')
			count++
		}
		b.WriteRune(r)
		count, space, previous = count+1, false, r
	}
	if cut && count > 0 {
		return cutOff(b.String(), 0), true
	}
	return b.String(), cut
}

// cutOff ends a line with an ellipsis, before next and never between a letter
// and its marks.
func cutOff(line string, next rune) string {
	for whole := !unicode.Is(unicode.M, next); !whole && line != ""; {
		r, size := utf8.DecodeLastRuneInString(line)
		line, whole = line[:len(line)-size], !unicode.Is(unicode.M, r)
	}
	return strings.TrimRight(line, " ") + "..."
}

// emojiModifiers colour the skin of the emoji before them; badges print black.
var emojiModifiers = &unicode.RangeTable{R32: []unicode.Range32{{Lo: 0x1F3FB, Hi: 0x1F3FF, Stride: 1}}}

// joins says whether a format character shapes the word it stands in: the zero
// width joiner and non-joiner of Arabic and Indian scripts between two letters,
// and the Mongolian variation selectors after one.
func joins(previous, r, next rune) bool {
	const nonJoiner, joiner = '\u200C', '\u200D'
	before := script.Of(previous)
	if plainScript(before) {
		return false
	}
	if r == nonJoiner || r == joiner {
		return script.Of(next) == before
	}
	return unicode.Is(unicode.Mongolian, previous) && (r >= 0x180B && r <= 0x180F)
}

// trim drops the spaces at both ends, and one of two neighbours, which appear
// when a symbol between them is left out.
func trim(clusters []cluster) []cluster {
	kept := clusters[:0]
	for _, c := range clusters {
		if c.r == ' ' && (len(kept) == 0 || kept[len(kept)-1].r == ' ') {
			continue
		}
		kept = append(kept, c)
	}
	if n := len(kept); n > 0 && kept[n-1].r == ' ' {
		kept = kept[:n-1]
	}
	return kept
}
