package ocr

import (
	"context"
	"image"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// The confidence of a line's weakest character from which nobody else is
	// asked: of letters and digits, of a line with Chinese, and of an address on
	// the net, of which the second engine knows no better: of 600 pictures none
	// is read worse for it. One that may lack a doubled letter is always asked.
	sureLatinCharacter, sureHanCharacter, sureAddress = 0.95, 0.9, 0.9
	// leastAsked is how many letters and digits are worth the question.
	leastAsked = 4
	// longestHan is up to how many Chinese characters a doubtful line is asked:
	// a long one is an address, read well but for one character in forty.
	longestHan = 12
	// mostAsked bounds the time: a line takes a second engine 20 to 40 ms.
	mostAsked = 16
)

// question is a stretch of a line that is read again.
type question struct {
	line     int // index
	from, to int // bytes of its text
	ask      Ask
}

// ask puts the second engine's reading beside each doubtful line. An engine
// that is too busy, or ends, leaves the card to the first one.
func ask(ctx context.Context, second Rereader, view *image.RGBA, lines []Line) error {
	questions := doubts(lines)
	if len(questions) == 0 {
		return nil
	}
	asks := make([]Ask, len(questions))
	for i, q := range questions {
		asks[i] = q.ask
	}
	answers, err := second.Reread(ctx, view, asks)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil || len(answers) != len(asks) {
		return nil
	}
	for i, q := range questions {
		if a := answers[i]; a.Text != "" {
			l := &lines[q.line]
			l.Second = Reading{l.Text[:q.from] + a.Text + l.Text[q.to:], a.Confidence}
		}
	}
	return nil
}

// doubts are the questions of a card, from its top.
func doubts(lines []Line) []question {
	chinese, longest := Simplified, longestHan
	if traditional(lines) {
		chinese, longest = Traditional, 2*longestHan
	}
	var out []question
	for i, l := range lines {
		if len(out) == mostAsked {
			break
		}
		gap := l.gap()
		open := chinese == Traditional && script().open(l.Text)
		if l.Upright || l.settled() && !gap && !open {
			continue
		}
		if gap {
			out = append(out, question{i, 0, len(l.Text), Ask{l.Box, chinese, l.pure()}})
		} else if q, ok := latinStretch(i, l); ok {
			out = append(out, q)
		} else if c, n, d := hans(l.Text); c > 0 && c <= longest {
			out = append(out, question{i, 0, len(l.Text), Ask{l.Box, chinese, n+d == 0 || l.pure()}})
		}
	}
	return out
}

// settled says that the first engine is sure enough of a line's characters, and
// in an address passed over none and took no label into it.
func (l Line) settled() bool {
	return l.Weakest >= enough(l.Text) && !(address(l.Text) && (l.doubled() || labelled.MatchString(l.Text)))
}

// labelled is an address that begins with a capital letter, which may be its
// label: "Wharbor.example".
var labelled = regexp.MustCompile(`^[A-Z][a-z0-9-]+[.@]`)

// enough is the confidence of its weakest character from which a line stands.
func enough(text string) float64 {
	switch c, _, _ := hans(text); {
	case address(text):
		return sureAddress
	case c > 0:
		return sureHanCharacter
	}
	return sureLatinCharacter
}

// address says whether a line may hold an e-mail address or a website.
func address(s string) bool {
	return strings.ContainsRune(s, '@') || addressShape.MatchString(s)
}

var addressShape = regexp.MustCompile(`(?i)www|https?:|[a-z0-9]\.[a-z]{2,3}\b`)

// latinStretch is the longest run without Chinese in a line, if it is worth
// asking and the engine has said where it stands.
func latinStretch(i int, l Line) (question, bool) {
	from, to, best := 0, 0, 0
	start, worth := 0, 0
	for at, r := range l.Text + "\u4e00" {
		if wideRune(r) {
			if worth > best {
				from, to, best = start, at, worth
			}
			start, worth = at+utf8.RuneLen(r), 0
			continue
		}
		if r != ' ' {
			worth++
		}
	}
	if best < leastAsked {
		return question{}, false
	}
	box := l.Box
	if from > 0 || to < len(l.Text) {
		if len(l.At) != utf8.RuneCountInString(l.Text) {
			return question{}, false
		}
		a, b := utf8.RuneCountInString(l.Text[:from]), utf8.RuneCountInString(l.Text[:to])
		if a > 0 {
			box.Min.X = (l.At[a-1] + 2*l.At[a]) / 3
		}
		if b < len(l.At) {
			box.Max.X = (2*l.At[b-1] + l.At[b]) / 3
		}
	}
	return question{i, from, to, Ask{Box: box, Script: Latin}}, true
}

// pure says that all letters and digits of a line are sure, so that they need
// no reading of their own.
func (l Line) pure() bool {
	if len(l.Sure) != utf8.RuneCountInString(l.Text) {
		return false
	}
	for i, r := range []rune(l.Text) {
		if r < unicode.MaxASCII && l.Sure[i] < sureLatinCharacter {
			return false
		}
	}
	return true
}

// wideRune is a character as wide as it is high.
func wideRune(r rune) bool {
	return han(r) || r >= 0x3000 && r <= 0x30ff || r >= 0xac00 && r <= 0xd7a3 || r >= 0xff00 && r <= 0xff60
}

var (
	traditionalSigns = regexp.MustCompile(`(?i)\+\s?(886|852|853)|\((852|853)\)|\.(tw|hk|mo)\b`)
	simplifiedSigns  = regexp.MustCompile(`(?i)\+\s?86\b|\b1[3-9]\d[ -]?\d{4}[ -]?\d{4}\b|\.cn\b`)
)
