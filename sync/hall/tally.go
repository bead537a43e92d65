package hall

import (
	"unicode"
	"unicode/utf8"

	"hallpass/sync/record"
)

// Reading is what visitors made of what was read from their cards, on all
// kiosks together. Kiosks keep the counts; a hall that was started anew knows
// those of the kiosks that have called since.
type Reading struct {
	Learn  bool // the show allows counting; without it there are no counts
	Kiosks int  // that have told theirs
	record.Tally
}

// maxConfusions is how many pairs of characters are taken of one kiosk.
const maxConfusions = 100

// reading adds up what the kiosks have told.
func reading(show record.Show, kiosks []Kiosk) Reading {
	r := Reading{Learn: show.Learn}
	if !show.Learn {
		return r // also while a kiosk has not heard of it
	}
	var told []record.Tally
	for _, k := range kiosks {
		if !k.Tally.Empty() {
			told = append(told, k.Tally)
		}
	}
	r.Kiosks, r.Tally = len(told), record.Tally{}.Plus(told...)
	return r
}

// plausible is t without what no kiosk of ours tells: it is shown to people.
func plausible(t record.Tally) record.Tally {
	out := record.Tally{Fields: map[record.FieldName]record.FieldTally{}, Confusions: map[record.Confusion]uint64{}}
	for name, f := range t.Fields {
		if name.OnCard() {
			out.Fields[name] = f
		}
	}
	for _, c := range t.Frequent()[:min(len(t.Confusions), maxConfusions)] {
		if visible(c.Read) && visible(c.Meant) {
			out.Confusions[c] = t.Confusions[c]
		}
	}
	return out
}

func visible(r rune) bool { return utf8.ValidRune(r) && unicode.IsGraphic(r) && !unicode.IsSpace(r) }
