package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"hallpass/kiosk"
	"hallpass/kiosk/store"
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// fill adds n entries and alters some, as a morning does.
func fill(t *testing.T, s *store.Store, n int) []kiosk.Entry {
	t.Helper()
	var kept []kiosk.Entry
	for i := range n {
		e := add(t, s, fmt.Sprint("key-", i))
		if i%2 == 0 {
			var err error
			e, err = s.Change(t.Context(), e.Registration.ID, func(e *kiosk.Entry) error {
				e.Badges[0].State = record.Register[record.BadgeState]{Value: record.BadgeIssued, At: s.Clock().Tick()}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		kept = append(kept, e)
	}
	return kept
}

func same(t *testing.T, s *store.Store, want []kiosk.Entry) {
	t.Helper()
	for i, e := range want {
		found, err := s.Find(t.Context(), e.Registration.ID)
		if err != nil || !reflect.DeepEqual(found, e) {
			t.Errorf("entry %d: %+v, %v\nwant %+v", i, found, err, e)
		}
		recalled, ok, err := s.Recall(t.Context(), fmt.Sprint("key-", i))
		if err != nil || !ok || recalled.Registration.ID != e.Registration.ID {
			t.Errorf("key %d: %s, %v, %v", i, recalled.Registration.ID, ok, err)
		}
	}
}

// P1, P3: after a restart an idempotency key still answers with the first
// registration as it is now, and an unknown one with none.
func TestAdd_KeyOutlivesARestart(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	kept := fill(t, s, 5)
	for range 2 {
		shut(t, s)
		s = open(t, dir)
		same(t, s, kept)
		before := last(t, s)
		again, fresh, err := s.Add(t.Context(), "key-0", entry(t, s), record.Tally{})
		if err != nil || fresh || !reflect.DeepEqual(again, kept[0]) || last(t, s) != before {
			t.Errorf("a repeat = %+v, fresh %v, %v; journal %d, was %d", again, fresh, err, last(t, s), before)
		}
		if _, ok, err := s.Recall(t.Context(), "key-"); ok || err != nil {
			t.Errorf("a part of a key: %v, %v", ok, err)
		}
	}
}

// Without a key two equal forms are two visitors.
func TestAdd_WithoutKeyIsEachItsOwn(t *testing.T) {
	s := open(t, t.TempDir())
	a, b := add(t, s, ""), add(t, s, "")
	if a.Registration.ID == b.Registration.ID || last(t, s) != 4 {
		t.Errorf("%s and %s, journal %d, want two registrations and 4", a.Registration.ID, b.Registration.ID, last(t, s))
	}
	if _, ok, err := s.Recall(t.Context(), ""); ok || err != nil {
		t.Errorf("the empty key: %v, %v", ok, err)
	}
}

// What the wire could not carry is refused whole: no key, no entry, no number.
func TestAdd_RefusedLeavesNothing(t *testing.T) {
	s := open(t, t.TempDir())
	bad := entry(t, s)
	bad.Registration.Fields = map[record.FieldName]record.Register[string]{"name": {Value: string(make([]byte, 1<<20)), At: s.Clock().Tick()}}
	if _, _, err := s.Add(t.Context(), "key-1", bad, record.Tally{}); err == nil {
		t.Fatal("a megabyte of name was kept")
	}
	if _, ok, err := s.Recall(t.Context(), "key-1"); ok || err != nil || last(t, s) != 0 {
		t.Errorf("the refused key: %v, %v; journal %d", ok, err, last(t, s))
	}
	if e, fresh, err := s.Add(t.Context(), "key-1", entry(t, s), record.Tally{}); err != nil || !fresh || e.Registration.ID == bad.Registration.ID {
		t.Errorf("the same key with a good form: %s, fresh %v, %v", e.Registration.ID, fresh, err)
	}
}

func TestChange_OfNobody(t *testing.T) {
	s := open(t, t.TempDir())
	_, err := s.Change(t.Context(), "01JAAAAAAAAAAAAAAAAAAAAAAA", func(*kiosk.Entry) error { return errors.New("called") })
	if fault.CodeOf(err) != fault.NotFound {
		t.Errorf("Change = %v, want not found", err)
	}
}

// Two badges may have one short code, which is part of a random id; the newest
// is offered first. A code that only begins alike is another's.
func TestByShortCode_Collision(t *testing.T) {
	s := open(t, t.TempDir())
	now := time.Now()
	var ids []record.RegistrationID
	for i, code := range []string{"7KQ4M2XPTC", "7KQ4M2XPTC", "7KQ4M2XPTD"} {
		e := entry(t, s)
		e.Registration.ID = record.NewID[record.RegistrationID](now.Add(time.Duration(i) * time.Second))
		e.Badges[0].Registration, e.Badges[0].ShortCode = e.Registration.ID, code
		if _, _, err := s.Add(t.Context(), "", e, record.Tally{}); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, e.Registration.ID)
	}
	found, err := s.ByShortCode(t.Context(), "7KQ4M2XPTC")
	if err != nil || len(found) != 2 || found[0].Registration.ID != ids[1] || found[1].Registration.ID != ids[0] {
		t.Errorf("%d found, %v, want the two, newest first", len(found), err)
	}
	if found, err := s.ByShortCode(t.Context(), "7KQ4M2XPTE"); err != nil || len(found) != 0 {
		t.Errorf("another code: %d, %v", len(found), err)
	}
}

// P2, P3: pairing tells what was done alone anew, entry for entry and in order,
// under the hall's node id in a fresh epoch; what visitors were told stays.
func TestPair_RewritesAnyJournal(t *testing.T) {
	for _, n := range []int{0, 1, 60} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			s := open(t, dir)
			kept := fill(t, s, n)
			before, err := s.Changes(t.Context(), 0, 1000)
			if err != nil || s.Acked(t.Context(), uint64(len(before))) != nil {
				t.Fatal(err)
			}
			alone, err := s.Standing(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			pairing := store.Pairing{URL: "https://hall.example", Node: "01JNODEGIVENBYTHEHALL00000", Hall: "HALL", Show: "lumen-2027"}
			if err := s.Pair(t.Context(), pairing); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				after, err := s.Changes(t.Context(), 0, 1000)
				if err != nil || len(after) != len(before) {
					t.Fatalf("%d entries, %v, want %d", len(after), err, len(before))
				}
				for i, c := range after {
					old := before[i]
					if c.Seq != old.Seq || c.Stamp != old.Stamp || c.Kind != old.Kind || string(c.Payload) != string(old.Payload) {
						t.Errorf("entry %d says something else", i+1)
					}
					if c.Node != pairing.Node || c.Epoch == old.Epoch || c.Chain == old.Chain {
						t.Errorf("entry %d is still of %s, %s", i+1, c.Node, c.Epoch)
					}
				}
				same(t, s, kept)
				standing, err := s.Standing(t.Context())
				if err != nil || standing.Acked != 0 || standing.Node != pairing.Node || standing.Epoch == alone.Epoch || !standing.LastBadge.Equal(alone.LastBadge) {
					t.Errorf("standing = %+v, %v; alone %+v", standing, err, alone)
				}
				shut(t, s)
				s = open(t, dir)
			}
			if e := add(t, s, ""); last(t, s) != uint64(len(before))+2 {
				t.Errorf("after %s the journal ends at %d", e.Registration.ID, last(t, s))
			}
		})
	}
}
