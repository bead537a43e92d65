package kiosk_test

import (
	"bytes"
	"context"
	"image"
	"os"
	"path/filepath"
	"testing"

	"hallpass/ocr"
	"hallpass/sync/record"
)

// learner is a desk whose show lets it learn, or not; close it before its
// folder is opened again.
func learner(t *testing.T, dir string, learn bool) *fixture {
	t.Helper()
	show := sampleShow()
	show.Learn = learn
	show.Fields = append(show.Fields, record.FieldRule{Name: "email"}, record.FieldRule{Name: "id_number"})
	return openFor(t, dir, show, nil, plain{})
}

// visit registers one visitor whose card reads as read and who confirms meant.
func visit(t *testing.T, f *fixture, read map[string]ocr.Field, meant map[record.FieldName]string) string {
	t.Helper()
	f.Desk.Reader = reader(func(context.Context, []byte) (ocr.Card, error) {
		return ocr.Card{Engine: "stand-in", View: image.NewRGBA(image.Rect(0, 0, 9, 9)), Fields: read}, nil
	})
	card, err := f.ReadCard(t.Context(), []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	form := goodForm()
	form.Source, form.Card, form.Fields = record.SourceCard, card.ID, meant
	if _, _, err := f.Register(t.Context(), card.ID, form); err != nil {
		t.Fatal(err)
	}
	return card.ID
}

func tally(t *testing.T, f *fixture) record.Tally {
	t.Helper()
	got, err := f.Store.Tally(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func sure(text string) ocr.Field   { return ocr.Field{Text: text, Confidence: 1} }
func unsure(text string) ocr.Field { return ocr.Field{Text: text, Confidence: ocr.Bar / 2} }

func TestLearn_CountsWhatBecameOfEachField(t *testing.T) {
	accepted, corrected, emptied := record.Outcomes{Accepted: 1}, record.Outcomes{Corrected: 1}, record.Outcomes{Emptied: 1}
	pair := func(read, meant rune) record.Confusion { return record.Confusion{Read: read, Meant: meant} }
	for _, tt := range []struct {
		name       string
		read       ocr.Field
		meant      string
		want       record.FieldTally
		confusions []record.Confusion
	}{
		{"AsRead", sure("Li Qing"), "Li Qing", record.FieldTally{Sure: accepted}, nil},
		{"CaseAndSpacesOnly", sure("LI  QING"), "Li qing ", record.FieldTally{Sure: accepted}, nil},
		{"IdeographicSpace", unsure("李　青"), "李青", record.FieldTally{Doubtful: accepted}, nil},
		{"OneCharacter", sure("L1 Qing"), "Li Qing", record.FieldTally{Sure: corrected}, []record.Confusion{pair('1', 'i')}},
		{"CaseOfTheRestDoesNotCount", unsure("L1 QING"), "Li Qing", record.FieldTally{Doubtful: corrected}, []record.Confusion{pair('1', 'i')}},
		{"TwoCharacters", sure("L1 Qinq"), "Li Qing", record.FieldTally{Sure: corrected}, []record.Confusion{pair('1', 'i'), pair('q', 'g')}},
		{"ThreeCharacters", sure("L1 0inq"), "Li Qing", record.FieldTally{Sure: corrected}, nil},
		{"OneMissing", sure("Li Qin"), "Li Qing", record.FieldTally{Sure: corrected}, nil},
		{"Chinese", unsure("李已"), "李己", record.FieldTally{Doubtful: corrected}, []record.Confusion{pair('已', '己')}},
		{"BeyondTheBasicPlane", sure("李土"), "李𠮷", record.FieldTally{Sure: corrected}, []record.Confusion{pair('土', '𠮷')}},
		{"Emptied", sure("Sales"), "", record.FieldTally{Sure: emptied}, nil},
		{"EmptiedDoubt", unsure("§§"), " ", record.FieldTally{Doubtful: emptied}, nil},
		{"Typed", ocr.Field{}, "Li Qing", record.FieldTally{Typed: 1}, nil},
		{"NeverThere", ocr.Field{}, "", record.FieldTally{}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := learner(t, t.TempDir(), true)
			defer f.close(t)
			want := record.Tally{Confusions: map[record.Confusion]uint64{}}
			const cards = 3 // from which on confusions are told
			for range cards {
				visit(t, f, map[string]ocr.Field{"name": sure("Ada"), "company": sure("Quay"), "name_en": tt.read},
					map[record.FieldName]string{"name": "Ada", "company": "Quay", "name_en": tt.meant})
			}
			for _, c := range tt.confusions {
				want.Confusions[c] = cards
			}
			one := map[record.FieldName]record.FieldTally{"name": {Sure: accepted}, "company": {Sure: accepted}}
			if tt.want != (record.FieldTally{}) {
				one["name_en"] = tt.want
			}
			for range cards {
				want = want.Plus(record.Tally{Fields: one})
			}
			if got := tally(t, f); !got.Equal(want) {
				t.Errorf("tally = %+v, want %+v", got, want)
			}
		})
	}
}

// What the visitor never saw is not counted, and a card in Latin letters only
// is judged by the fields that it was shown in.
func TestLearn_CountsWhatWasShown(t *testing.T) {
	f := learner(t, t.TempDir(), true)
	defer f.close(t)
	visit(t, f, map[string]ocr.Field{"name_en": sure("Ada Quay"), "company": sure("Quay"), "fax": sure("+44 1632 960 001"), "id_number": sure("7")},
		map[record.FieldName]string{"name": "Ada Quay", "company": "Quay", "id_number": "8", "mobile": "+44 7700 900 123"})
	want := map[record.FieldName]record.FieldTally{
		"name": {Sure: record.Outcomes{Accepted: 1}}, "company": {Sure: record.Outcomes{Accepted: 1}}, "mobile": {Typed: 1},
	}
	if got := tally(t, f); !got.Equal(record.Tally{Fields: want}) {
		t.Errorf("tally = %+v, want only %+v", got, want)
	}
}

// P8: a pair of characters is told from three cards on, and one card is one
// however often it shows the pair.
func TestLearn_RareConfusionsStayOnTheKiosk(t *testing.T) {
	f := learner(t, t.TempDir(), true)
	defer f.close(t)
	for i := range 3 {
		if got := tally(t, f).Confusions; len(got) != 0 {
			t.Errorf("after %d cards the kiosk tells of %v", i, got)
		}
		visit(t, f, map[string]ocr.Field{"name": sure("Bob"), "company": sure("80b"), "email": sure("8ob@quay.example")},
			map[record.FieldName]string{"name": "Bob", "company": "bob", "email": "bob@quay.example"})
	}
	want := map[record.Confusion]uint64{{Read: '8', Meant: 'b'}: 3, {Read: '0', Meant: 'o'}: 3}
	if got := tally(t, f); !got.Equal(record.Tally{Fields: got.Fields, Confusions: want}) {
		t.Errorf("after three cards the kiosk tells of %v, want %v", got.Confusions, want)
	}
}

// Not counted: a show that does not say so, a visitor who typed, a card that
// is forgotten, and the same confirmation once more (P3).
func TestLearn_NotCounted(t *testing.T) {
	read := map[string]ocr.Field{"name": sure("Ada")}
	meant := map[record.FieldName]string{"name": "Eda", "company": "Quay"}
	t.Run("OffByDefault", func(t *testing.T) {
		f := open(t, t.TempDir(), nil)
		visit(t, f, read, meant)
		if got := tally(t, f); !got.Empty() {
			t.Errorf("tally = %+v", got)
		}
	})
	t.Run("TypedOrForgotten", func(t *testing.T) {
		f := learner(t, t.TempDir(), true)
		defer f.close(t)
		f.register(t)
		form := goodForm()
		form.Source, form.Card = record.SourceCard, "forgotten"
		if _, _, err := f.Register(t.Context(), "", form); err != nil {
			t.Fatal(err)
		}
		if got := tally(t, f); !got.Empty() {
			t.Errorf("tally = %+v", got)
		}
	})
	t.Run("Repeated", func(t *testing.T) {
		f := learner(t, t.TempDir(), true)
		defer f.close(t)
		card := visit(t, f, read, meant)
		form := goodForm()
		form.Source, form.Card, form.Fields = record.SourceCard, card, meant
		if _, fresh, err := f.Register(t.Context(), card, form); err != nil || fresh {
			t.Fatalf("repeat = fresh %v, %v", fresh, err)
		}
		if got := tally(t, f).Fields["name"]; got != (record.FieldTally{Sure: record.Outcomes{Corrected: 1}}) {
			t.Errorf("name = %+v, want one correction", got)
		}
	})
}

// P8: what the reader said is nowhere on the disk, whether the show learns,
// does not, or has stopped; then the counts go too.
func TestLearn_KeepsNoText(t *testing.T) {
	dir := t.TempDir()
	read := map[string]ocr.Field{"name": sure("Wrongfell Misreadson"), "company": unsure("误读光电有限公司"), "email": sure("misread@quay.example")}
	meant := map[record.FieldName]string{"name": "Wrangfell Misreadson", "company": "语读光电有限公司"}
	for i, learn := range []bool{true, false, true} {
		f := learner(t, dir, learn)
		if got := tally(t, f); !got.Empty() {
			t.Errorf("opening %d: tally = %+v, want it deleted", i, got)
		}
		visit(t, f, read, meant)
		if got := tally(t, f).Empty(); got == learn {
			t.Errorf("opening %d: learn %v, and the tally is empty: %v", i, learn, got)
		}
		f.close(t)
		for _, name := range []string{"kiosk.db", "kiosk.key"} {
			data, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			for field, f := range read {
				if bytes.Contains(data, []byte(f.Text)) {
					t.Errorf("opening %d: %s holds what was read as %s", i, name, field)
				}
			}
			if name == "kiosk.db" && !bytes.Contains(data, []byte(meant["name"])) {
				t.Error("the search finds nothing at all")
			}
		}
	}
}
