package kiosk

import (
	"slices"
	"strings"
	"unicode"

	"hallpass/ocr"
	"hallpass/sync/record"
)

// learn counts what the visitor made of what was read from the card: of the
// fields that the show asks for and readers give, and nothing where the show
// does not allow it or the card is forgotten. Only counts leave it (P8).
func (d *Desk) learn(show record.Show, form Form, r record.Registration) record.Tally {
	if !show.Learn || form.Source != record.SourceCard {
		return record.Tally{}
	}
	card, ok := d.cards.find(form.Card)
	if !ok {
		return record.Tally{}
	}
	shown := card.shown(show)
	t := record.Tally{Fields: map[record.FieldName]record.FieldTally{}, Confusions: map[record.Confusion]uint64{}}
	for _, rule := range show.Fields {
		if !rule.Name.OnCard() {
			continue
		}
		read, meant := shown[rule.Name], r.Fields[rule.Name].Value
		if f := judge(read, meant); f != (record.FieldTally{}) {
			t.Fields[rule.Name] = f
		}
		for _, c := range confusions(read.Text, meant) {
			t.Confusions[c] = 1 // one card tells of a confusion once: three cards are three people's
		}
	}
	return t
}

// shown is what the visitor was given to confirm: what was read, and where only
// English was read of what the badge needs, that in its place.
func (c Card) shown(show record.Show) map[record.FieldName]ocr.Field {
	out := map[record.FieldName]ocr.Field{}
	for _, rule := range show.Fields {
		out[rule.Name] = c.Fields[string(rule.Name)]
	}
	for _, rule := range show.Fields {
		english := rule.Name + "_en"
		if read := c.Fields[string(english)]; rule.Required && out[rule.Name].Text == "" && read.Text != "" {
			out[rule.Name] = read
			delete(out, english)
		}
	}
	return out
}

// Doubtful reports whether a reading is shown marked as doubtful.
func Doubtful(f ocr.Field) bool { return f.Confidence < ocr.Bar }

// judge counts one field once, or not at all if it was empty and stayed so.
func judge(read ocr.Field, meant string) (f record.FieldTally) {
	was, now := squeeze(read.Text), squeeze(meant)
	if len(was) == 0 {
		if len(now) > 0 {
			f.Typed = 1
		}
		return f
	}
	counts := &f.Sure
	if Doubtful(read) {
		counts = &f.Doubtful
	}
	switch {
	case len(now) == 0:
		counts.Emptied = 1
	case slices.EqualFunc(was, now, alike):
		counts.Accepted = 1
	default:
		counts.Corrected = 1
	}
	return f
}

// mostSubstituted is how many characters of a text may have been taken for
// others: with more it was rather retyped.
const mostSubstituted = 2

// confusions are the characters that were read for others, where that is all
// the difference.
func confusions(read, meant string) []record.Confusion {
	was, now := squeeze(read), squeeze(meant)
	if len(was) != len(now) {
		return nil
	}
	var found []record.Confusion
	for i := range was {
		if alike(was[i], now[i]) {
			continue
		}
		if len(found) == mostSubstituted || !unicode.IsGraphic(was[i]) || !unicode.IsGraphic(now[i]) {
			return nil
		}
		found = append(found, record.Confusion{Read: was[i], Meant: now[i]})
	}
	return found
}

// squeeze is a text without spaces and what cannot be seen, by characters.
func squeeze(text string) []rune {
	return []rune(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, text))
}

// alike compares without letter case.
func alike(a, b rune) bool { return unicode.ToLower(a) == unicode.ToLower(b) }
