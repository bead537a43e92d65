package wire

import (
	"cmp"
	"slices"

	"hallpass/sync/record"
)

// The tagged twins of record.Tally; characters are their code points.

type tallyForm struct {
	Fields     map[record.FieldName]fieldTallyForm `cbor:"1,keyasint,omitempty"`
	Confusions []confusionForm                     `cbor:"2,keyasint,omitempty"`
}

type fieldTallyForm struct {
	Sure     outcomesForm `cbor:"1,keyasint,omitzero"`
	Doubtful outcomesForm `cbor:"2,keyasint,omitzero"`
	Typed    uint64       `cbor:"3,keyasint,omitempty"`
}

type outcomesForm struct {
	Accepted  uint64 `cbor:"1,keyasint,omitempty"`
	Corrected uint64 `cbor:"2,keyasint,omitempty"`
	Emptied   uint64 `cbor:"3,keyasint,omitempty"`
}

type confusionForm struct {
	Read  rune   `cbor:"1,keyasint"`
	Meant rune   `cbor:"2,keyasint"`
	Count uint64 `cbor:"3,keyasint"`
}

// tallyFrom gives nil for an empty tally, which is left out: a kiosk that does
// not count says the same as one before there was counting.
func tallyFrom(t record.Tally) *tallyForm {
	if t.Empty() {
		return nil
	}
	form := &tallyForm{Fields: convert(t.Fields, func(f record.FieldTally) fieldTallyForm {
		return fieldTallyForm{outcomesForm(f.Sure), outcomesForm(f.Doubtful), f.Typed}
	})}
	for c, n := range t.Confusions {
		form.Confusions = append(form.Confusions, confusionForm{c.Read, c.Meant, n})
	}
	slices.SortFunc(form.Confusions, func(a, b confusionForm) int {
		return cmp.Or(cmp.Compare(a.Read, b.Read), cmp.Compare(a.Meant, b.Meant))
	})
	return form
}

func (f *tallyForm) record() record.Tally {
	if f == nil {
		return record.Tally{}
	}
	t := record.Tally{Fields: convert(f.Fields, func(f fieldTallyForm) record.FieldTally {
		return record.FieldTally{Sure: record.Outcomes(f.Sure), Doubtful: record.Outcomes(f.Doubtful), Typed: f.Typed}
	})}
	if len(f.Confusions) > 0 {
		t.Confusions = make(map[record.Confusion]uint64, len(f.Confusions))
	}
	for _, c := range f.Confusions {
		t.Confusions[record.Confusion{Read: c.Read, Meant: c.Meant}] = c.Count
	}
	return t
}

// names are the texts in the form.
func (f *tallyForm) names() (names []string) {
	if f == nil {
		return nil
	}
	for name := range f.Fields {
		names = append(names, string(name))
	}
	return names
}
