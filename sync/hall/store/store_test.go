package store_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/hall/store"
	"hallpass/sync/record"
)

// open opens a store; closing checks it.
func open(t testing.TB, path string) *store.Store {
	t.Helper()
	s, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		report, err := s.Check(context.Background())
		if err != nil || !report.OK() {
			t.Errorf("check: %v, %+v", err, report)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	announce(t, s)
	return s
}

func announce(t testing.TB, s *store.Store) {
	t.Helper()
	show := halltest.Show()
	show.Revised = record.Stamp{Wall: 1, Node: "hall"}
	if _, err := s.Append(t.Context(), []hall.Batch{{Own: []hall.Own{{Fact: show, Stamp: show.Revised, Announce: true}}}}); err != nil {
		t.Fatal(err)
	}
}

func fresh(t testing.TB) *store.Store { return open(t, filepath.Join(t.TempDir(), "hall.db")) }

func TestStore_IsALog(t *testing.T) {
	halltest.TestLog(t, func(tb testing.TB) hall.Log { return fresh(tb) })
}

func add(t testing.TB, s *store.Store, k *halltest.Kiosk, facts ...record.Fact) {
	t.Helper()
	first := len(k.Changes) + 1
	k.Say(facts...)
	outcomes, err := s.Append(t.Context(), []hall.Batch{k.Batch(first, len(k.Changes))})
	if err != nil || outcomes[0].Err != nil {
		t.Fatal(err, outcomes)
	}
	s.Settle(t.Context())
}

// A newer issue voids the older whichever arrives first.
func TestBadge_NewerIssueVoidsOlder(t *testing.T) {
	for _, order := range [][]int{{1, 2}, {2, 1}} {
		s, k := fresh(t), halltest.NewKiosk("lamps-2027")
		live := 0
		s.Watch(func(effects []hall.Effect) {
			for _, e := range effects {
				live += e.Live
			}
		})
		r := k.Visitor(nil)
		issues := map[int]record.Badge{}
		for _, n := range []int{1, 2} {
			issues[n], _ = k.Badge(r, uint16(n), record.BadgeIssued)
		}
		for _, n := range order {
			add(t, s, k, issues[n])
		}
		for n, want := range map[int]bool{1: true, 2: false} {
			b, err := s.Badge(t.Context(), issues[n].ID)
			if err != nil || b.Void() != want {
				t.Errorf("order %v: issue %d void = %v, %v, want %v", order, n, b.Void(), err, want)
			}
		}
		if live != 1 {
			t.Errorf("order %v: %d live badges of one person, want 1 (P6)", order, live)
		}
	}
}

func TestLeads_OneClientIDIsOneLead(t *testing.T) {
	for _, reverse := range []bool{false, true} {
		s, k := fresh(t), halltest.NewKiosk("lamps-2027")
		leads := []record.Lead{lead(k, "aurora", "c1"), lead(k, "aurora", "c1"), lead(k, "aurora", "c2"), lead(k, "borealis", "c3")}
		slices.SortFunc(leads, func(a, b record.Lead) int { return strings.Compare(string(a.ID), string(b.ID)) })
		least := leads[0].ID
		if leads[0].ClientID != "c1" {
			least = leads[slices.IndexFunc(leads, func(l record.Lead) bool { return l.ClientID == "c1" })].ID
		}
		if reverse {
			slices.Reverse(leads)
		}
		number := 0
		s.Watch(func(effects []hall.Effect) {
			for _, e := range effects {
				if e.Lead != nil && e.Lead.Fresh {
					number++
				}
			}
		})
		for _, l := range leads {
			add(t, s, k, l)
		}
		own, _, err := s.Leads(t.Context(), "aurora", 0, 100)
		if err != nil || len(own) != 2 || number != 3 {
			t.Errorf("reverse %v: %d leads listed, %d counted, %v; want 2 and 3", reverse, len(own), number, err)
		}
		if got, err := s.LeadByClient(t.Context(), "phone", "c1"); err != nil || got.ID != least {
			t.Errorf("reverse %v: the lead that counts is %s, %v, want %s", reverse, got.ID, err, least)
		}
	}
}

func lead(k *halltest.Kiosk, exhibitor record.ExhibitorID, client string) record.Lead {
	at := k.Tick()
	return record.Lead{
		ID: record.NewID[record.LeadID](time.Now()), Show: "lamps-2027", Exhibitor: exhibitor, Device: "phone",
		ClientID: client, Badge: record.NewID[record.BadgeID](time.Now()), At: at.Time(), Created: at,
	}
}

func TestLists_PageInOrderOfArrival(t *testing.T) {
	s, k := fresh(t), halltest.NewKiosk("lamps-2027")
	var want []record.RegistrationID
	late := k.Visitor(nil)
	for range 4 {
		r := k.Visitor(nil)
		add(t, s, k, r)
		want = append(want, r.ID)
	}
	add(t, s, k, late) // made first, arrives last: a reader that pages on must see it
	want = append(want, late.ID)
	var got []record.RegistrationID
	for after := uint64(0); ; {
		list, next, err := s.Registrations(t.Context(), after, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			break
		}
		for _, r := range list {
			got = append(got, r.ID)
		}
		after = next
	}
	if !slices.Equal(got, want) {
		t.Errorf("pages give %v, want %v", got, want)
	}
}

// P12, P9: a file that this program cannot use is refused with a sentence.
func TestOpen_RefusesWithASentence(t *testing.T) {
	dir := t.TempDir()
	newer := filepath.Join(dir, "newer.db")
	s, err := store.Open(newer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(newer); !errors.Is(err, store.ErrLocked) || !strings.Contains(err.Error(), "stop it or set -data") {
		t.Errorf("second hall: %v, want ErrLocked", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	edit(t, newer, func(tx *bolt.Tx) error {
		return tx.Bucket([]byte("meta")).Put([]byte("format"), binary.BigEndian.AppendUint64(nil, 99))
	})
	foreign := filepath.Join(dir, "foreign.db")
	edit(t, foreign, func(tx *bolt.Tx) error {
		_, err := tx.CreateBucket([]byte("recipes"))
		return err
	})
	text := filepath.Join(dir, "text.db")
	if err := os.WriteFile(text, bytes.Repeat([]byte("no data file\n"), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{newer: "newer hall", foreign: "not a hall's data file", text: "not a hall's data file"} {
		s, err := store.Open(path)
		if err == nil {
			t.Errorf("%s was opened", filepath.Base(path))
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		} else if !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %q, want it to say %q", filepath.Base(path), err, want)
		}
	}
}

func edit(t testing.TB, path string, f func(*bolt.Tx) error) {
	t.Helper()
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Update(f), db.Close()); err != nil {
		t.Fatal(err)
	}
}

// P11: what was altered behind our back is found and named.
func TestCheck_FindsWhatIsWrong(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	for name, c := range map[string]struct {
		damage func(*bolt.Tx) error
		want   string
	}{
		"StateWithoutFact": {func(tx *bolt.Tx) error {
			b := tx.Bucket([]byte("registrations"))
			_, v := b.Cursor().First()
			return b.Put([]byte("01STRANGER"), bytes.Clone(v))
		}, "in no journal"},
		"FactWithoutState": {func(tx *bolt.Tx) error {
			b := tx.Bucket([]byte("registrations"))
			key, _ := b.Cursor().First()
			return b.Delete(bytes.Clone(key))
		}, "not in the state"},
		"JournalAltered": {func(tx *bolt.Tx) error {
			b := tx.Bucket([]byte("journals")).Bucket([]byte(k.Node)).Bucket([]byte(k.Epoch))
			key, v := b.Cursor().First()
			altered := bytes.Clone(v)
			altered[len(altered)-10] ^= 1
			return b.Put(bytes.Clone(key), altered)
		}, "entry 1"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "hall.db")
			s, err := store.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			announce(t, s)
			k.NewDisk()
			add(t, s, k, k.Visitor(map[record.FieldName]string{"name": "Ida Example"}), k.Visitor(nil))
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			edit(t, path, c.damage)
			if s, err = store.Open(path); err != nil {
				t.Fatal(err)
			}
			report, err := s.Check(t.Context())
			if err != nil || report.OK() || !strings.Contains(strings.Join(report.Problems, "\n"), c.want) {
				t.Errorf("report = %+v, %v, want %q", report, err, c.want)
			}
			if strings.Contains(strings.Join(report.Problems, "\n"), "Ida") {
				t.Error("the report names a visitor (P8)")
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}
