package web

import (
	"maps"
	"slices"

	"hallpass/sync/hall"
	"hallpass/sync/record"
)

// readingForm is what visitors made of what was read from their cards.
type readingForm struct {
	Learn      bool            `json:"learn"`
	Kiosks     int             `json:"kiosks"`     // whose counts these are
	Fields     []readFieldForm `json:"fields"`     // by name
	Confusions []confusionForm `json:"confusions"` // the most frequent first
}

type readFieldForm struct {
	Field    record.FieldName `json:"field"`
	Sure     outcomesForm     `json:"sure"`
	Doubtful outcomesForm     `json:"doubtful"`
	Typed    uint64           `json:"typed"`
}

type outcomesForm struct {
	Accepted  uint64 `json:"accepted"`
	Corrected uint64 `json:"corrected"`
	Emptied   uint64 `json:"emptied"`
}

type confusionForm struct {
	Read  string `json:"read"`
	Meant string `json:"meant"`
	Cards uint64 `json:"cards"`
}

// confusionsShown is as much as a person reads; the picture goes out five times
// a second.
const confusionsShown = 12

func readingFrom(r hall.Reading) readingForm {
	form := readingForm{Learn: r.Learn, Kiosks: r.Kiosks, Fields: []readFieldForm{}, Confusions: []confusionForm{}}
	for _, name := range slices.Sorted(maps.Keys(r.Fields)) {
		f := r.Fields[name]
		form.Fields = append(form.Fields, readFieldForm{name, outcomesForm(f.Sure), outcomesForm(f.Doubtful), f.Typed})
	}
	for _, c := range r.Frequent()[:min(len(r.Confusions), confusionsShown)] {
		form.Confusions = append(form.Confusions, confusionForm{string(c.Read), string(c.Meant), r.Confusions[c]})
	}
	return form
}
