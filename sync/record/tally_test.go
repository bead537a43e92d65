package record_test

import (
	"testing"

	"hallpass/sync/record"
)

func tallies() (a, b record.Tally) {
	a = record.Tally{
		Fields:     map[record.FieldName]record.FieldTally{"name": {Sure: record.Outcomes{Accepted: 2, Corrected: 1}, Typed: 4}},
		Confusions: map[record.Confusion]uint64{{Read: 'O', Meant: '0'}: 2},
	}
	b = record.Tally{
		Fields: map[record.FieldName]record.FieldTally{
			"name": {Sure: record.Outcomes{Accepted: 1}, Doubtful: record.Outcomes{Emptied: 3}, Typed: 1},
			"fax":  {Typed: 1},
		},
		Confusions: map[record.Confusion]uint64{{Read: 'O', Meant: '0'}: 1, {Read: '0', Meant: 'O'}: 7},
	}
	return a, b
}

func TestTally_Plus(t *testing.T) {
	a, b := tallies()
	want := record.Tally{
		Fields: map[record.FieldName]record.FieldTally{
			"name": {Sure: record.Outcomes{Accepted: 3, Corrected: 1}, Doubtful: record.Outcomes{Emptied: 3}, Typed: 5},
			"fax":  {Typed: 1},
		},
		Confusions: map[record.Confusion]uint64{{Read: 'O', Meant: '0'}: 3, {Read: '0', Meant: 'O'}: 7},
	}
	if got := a.Plus(b); !got.Equal(want) || !b.Plus(a).Equal(got) {
		t.Errorf("a + b = %+v, want %+v both ways", got, want)
	}
	if again, _ := tallies(); !a.Equal(again) {
		t.Errorf("Plus changed its left side to %+v", a)
	}
	if got := a.Plus(record.Tally{}); !got.Equal(a) || a.Equal(b) {
		t.Errorf("a + nothing = %+v, want a", got)
	}
	if got := want.Frequent(); len(got) != 2 || got[0] != (record.Confusion{Read: '0', Meant: 'O'}) {
		t.Errorf("Frequent = %v, want the one on 7 cards first", got)
	}
}

func TestTally_Empty(t *testing.T) {
	a, _ := tallies()
	if none := (record.Tally{}); !none.Plus(none).Empty() || a.Empty() {
		t.Error("only a tally without counts is empty")
	}
}

func TestFieldName_OnCard(t *testing.T) {
	for name, want := range map[record.FieldName]bool{"name": true, "postcode": true, "country": false, "id_number": false, "": false} {
		if got := name.OnCard(); got != want {
			t.Errorf("%q.OnCard = %v, want %v", name, got, want)
		}
	}
}
