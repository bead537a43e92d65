package ocr

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// gap is the blank of a cleaned text that is so wide that another value may
// begin behind it.
const gap = '\t'

// clean makes one form of what is printed in several: full-width letters and
// digits become plain, blanks between spaced-out Chinese characters and marks
// that are read into icons go, and wide blanks become gaps.
func clean(s string) string {
	var b strings.Builder
	blank := 0 // width of the blanks since the last sign
	for _, r := range s {
		if r == gap || r == 0x3000 || unicode.IsSpace(r) {
			blank++
			if r == gap {
				blank++
			}
			continue
		}
		if r = plain(r); r < 0 {
			continue
		}
		switch {
		case blank > 1:
			b.WriteRune(gap)
		case blank == 1:
			b.WriteByte(' ')
		}
		blank = 0
		b.WriteRune(r)
	}
	out := unspaced(lowLine.ReplaceAllString(b.String(), "$1 "))
	out = strings.TrimLeft(out, "\t'\"`~*_=<>«»©®™°•·■□●○◆◇▲△►▶→|\\!;:,.-^¢€£$%} ])、，。☆★※✉☎✆☏⌂")
	dash := brokenWord.MatchString(out)
	out = strings.TrimRight(out, "\t'\"`~*_=<«©®™°•■□●○◆◇|\\;:^-{[( ")
	if dash {
		out += "-"
	}
	// After Chinese a full stop is a speck: cards hold no sentences.
	if stopped := strings.TrimRight(out, ".。、，"); stopped != "" && stopped != out {
		if r, _ := utf8.DecodeLastRuneInString(stopped); han(r) {
			return stopped
		}
	}
	return out
}

// lowLine is a blank behind Chinese print that was read as a line.
var lowLine = regexp.MustCompile(`(\p{Han})_+`)

// brokenWord ends with a capitalized word and a dash behind another: a double
// name goes on below.
var brokenWord = regexp.MustCompile(`^\p{Lu}[\p{L}.]* (\p{L}+ )?\p{Lu}\p{L}+-$`)

// plain is the common form of a sign; -1 drops it.
func plain(r rune) rune {
	switch {
	case r == '（' || r == '）' || r == '，' || r == '、':
		return r
	case r >= 0xff01 && r <= 0xff5e:
		return r - 0xfee0
	case r == '〔' || r == '［':
		return '['
	case r == '〕' || r == '］':
		return ']'
	case strings.ContainsRune("‘’`´", r):
		return '\''
	case r == '丶':
		return '、'
	case strings.ContainsRune("–—−‐―‑", r):
		return '-'
	case strings.ContainsRune("•‧∙・●", r):
		return '·'
	case unicode.IsControl(r), r == utf8.RuneError, r >= 0x200b && r <= 0x200f, r == 0xfeff:
		return -1
	}
	return r
}

// unspaced closes up Chinese print that is spaced out: three characters and
// more, each on its own.
func unspaced(s string) string {
	parts := strings.Fields(s)
	single := 0
	for _, w := range parts {
		r, n := utf8.DecodeRuneInString(w)
		switch chinese, _, _ := hans(w); {
		case chinese == 1 && han(r) && n == len(w):
			single++
		case chinese > 0:
			return s
		}
	}
	if single < 3 {
		return s
	}
	var b strings.Builder
	for i, w := range parts {
		r, _ := utf8.DecodeRuneInString(w)
		if i > 0 {
			before, _ := utf8.DecodeLastRuneInString(parts[i-1])
			if !han(r) || !han(before) {
				b.WriteByte(' ')
			}
		}
		b.WriteString(w)
	}
	return b.String()
}

// short is the beginning of s, at most maxText characters.
func short(s string) string {
	n := 0
	for i := range s {
		if n++; n > maxText {
			return s[:i]
		}
	}
	return s
}

// neat is a value as it is reported: without gaps, and without the blanks that
// engines leave beside Chinese characters.
func neat(s string) string {
	rs := []rune(strings.Join(strings.Fields(s), " "))
	out := rs[:0:0]
	for i, r := range rs {
		if r == ' ' && i > 0 && i+1 < len(rs) && (han(rs[i-1]) || han(rs[i+1])) {
			continue
		}
		out = append(out, r)
	}
	return strings.TrimRight(strings.TrimLeft(string(out), " ,;/|·"), ", ;/|·")
}
