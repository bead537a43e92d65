package store_test

import (
	"path/filepath"
	"testing"

	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk/store"
	"hallpass/sync/record"
)

// learning opens a store under a show that allows counting.
func learning(t *testing.T, dir string, id record.ShowID) *store.Store {
	t.Helper()
	show := sampleShow(id)
	show.Learn = true
	s, err := store.Open(dir, store.Options{Show: show})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// seen is one card with one confusion.
func seen(c record.Confusion) record.Tally {
	return record.Tally{
		Fields:     map[record.FieldName]record.FieldTally{"name": {Doubtful: record.Outcomes{Corrected: 1}, Typed: 1}},
		Confusions: map[record.Confusion]uint64{c: 1},
	}
}

func count(t *testing.T, s *store.Store, n int, c record.Confusion) {
	t.Helper()
	for range n {
		if _, _, err := s.Add(t.Context(), "", entry(t, s), seen(c)); err != nil {
			t.Fatal(err)
		}
	}
}

// names is how often the name was corrected, as the kiosk tells it.
func names(t *testing.T, s *store.Store) uint64 {
	t.Helper()
	got, err := s.Tally(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return got.Fields["name"].Doubtful.Corrected
}

var zeroForO = record.Confusion{Read: '0', Meant: 'O'}

// P1, P3: the counts commit with the registration: those of one that is refused
// or was kept already are not there, and all others outlive a restart.
func TestTally_CommitsWithTheRegistration(t *testing.T) {
	dir := t.TempDir()
	s := learning(t, dir, "lumen-2027")
	bad := entry(t, s)
	bad.Registration.Fields = map[record.FieldName]record.Register[string]{"name": {Value: string(make([]byte, 1<<20)), At: s.Clock().Tick()}}
	if _, _, err := s.Add(t.Context(), "key-1", bad, seen(zeroForO)); err == nil {
		t.Fatal("a megabyte of name was kept")
	}
	for range 3 {
		if _, _, err := s.Add(t.Context(), "key-1", entry(t, s), seen(zeroForO)); err != nil {
			t.Fatal(err)
		}
	}
	if got := names(t, s); got != 1 {
		t.Errorf("name was counted %d times, want 1", got)
	}
	count(t, s, 2, zeroForO)
	shut(t, s)
	s = learning(t, dir, "lumen-2027")
	defer shut(t, s)
	want := record.Tally{
		Fields:     map[record.FieldName]record.FieldTally{"name": {Doubtful: record.Outcomes{Corrected: 3}, Typed: 3}},
		Confusions: map[record.Confusion]uint64{zeroForO: 3},
	}
	if got, err := s.Tally(t.Context()); err != nil || !got.Equal(want) {
		t.Errorf("after the restart: %+v, %v, want %+v", got, err, want)
	}
}

// P8: the hall's word ends counting at once and deletes what was counted; from
// its next word on counting begins at nothing.
func TestTally_FollowsTheShow(t *testing.T) {
	s := open(t, t.TempDir())
	count(t, s, 1, zeroForO)
	for i, step := range []struct {
		learn bool
		want  uint64 // after one more card
	}{{true, 1}, {true, 2}, {false, 0}, {true, 1}} {
		show := shown("lumen-2027", int64(i+1), "#111111")
		show.Learn = step.learn
		if err := s.Apply(t.Context(), "E1", []record.Change{change(t, uint64(i+1), show)}); err != nil {
			t.Fatal(err)
		}
		count(t, s, 1, zeroForO)
		if got := names(t, s); got != step.want {
			t.Errorf("step %d, learn %v: counted %d, want %d", i, step.learn, got, step.want)
		}
	}
}

func TestTally_AnotherShowBeginsAnew(t *testing.T) {
	dir := t.TempDir()
	for i, id := range []record.ShowID{"lumen-2027", "lumen-2027", "lumen-2028"} {
		s := learning(t, dir, id)
		count(t, s, 1, zeroForO)
		if got, want := names(t, s), []uint64{1, 2, 1}[i]; got != want {
			t.Errorf("%s: counted %d, want %d", id, got, want)
		}
		shut(t, s)
	}
}

// A kiosk tells of the most frequent hundred, keeps a bounded number, and never
// keeps what no reader gives.
func TestTally_Bounds(t *testing.T) {
	s := learning(t, t.TempDir(), "lumen-2027")
	defer shut(t, s)
	many := record.Tally{
		Fields:     map[record.FieldName]record.FieldTally{"id_number": {Typed: 1}},
		Confusions: map[record.Confusion]uint64{},
	}
	for i := range 5000 {
		many.Confusions[record.Confusion{Read: rune('一' + i), Meant: '二'}] = uint64(i + 1)
	}
	if _, _, err := s.Add(t.Context(), "", entry(t, s), many); err != nil {
		t.Fatal(err)
	}
	count(t, s, 3, zeroForO) // no room for it
	got, err := s.Tally(t.Context())
	if _, kept := got.Fields["id_number"]; err != nil || kept || len(got.Confusions) != 100 {
		t.Errorf("%d confusions, fields %v, %v; want the most frequent 100", len(got.Confusions), got.Fields, err)
	}
	for c, n := range got.Confusions {
		if n < 3900 { // 2,000 of 5,000 found room
			t.Errorf("%c is told with %d cards; more frequent ones are not", c.Read, n)
		}
	}
	if _, told := got.Confusions[zeroForO]; told {
		t.Error("the bucket grows beyond its bound")
	}
}

// A damaged count is reported and begins anew; no visitor waits for it.
func TestTally_DamageStopsNobody(t *testing.T) {
	dir := t.TempDir()
	s := learning(t, dir, "lumen-2027")
	count(t, s, 5, zeroForO)
	shut(t, s)
	db, err := bolt.Open(filepath.Join(dir, "kiosk.db"), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bolt.Tx) error { return tx.Bucket([]byte("tally")).Put([]byte("fname"), []byte("rust")) })
	if err != nil || db.Close() != nil {
		t.Fatal(err)
	}
	s = learning(t, dir, "lumen-2027")
	if r, err := s.Check(t.Context()); err != nil || r.OK || len(r.Problems) != 1 {
		t.Errorf("check = %+v, %v, want one problem", r, err)
	}
	count(t, s, 1, zeroForO)
	if got := names(t, s); got != 1 {
		t.Errorf("counted %d, want 1", got)
	}
	shut(t, s) // sound again
}
