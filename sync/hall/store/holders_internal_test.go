package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
)

// Who has a contact is the same as a plain list would say, whatever comes and goes.
func TestHolders_LikeAList(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	held, list := newHolders(), map[uint64][]record.RegistrationID{}
	for range 20_000 {
		hash, id := uint64(random.IntN(40)), record.RegistrationID(fmt.Sprint("R", random.IntN(8)))
		at := slices.Index(list[hash], id)
		if random.IntN(2) == 0 {
			held.add(hash, id)
			if at < 0 {
				list[hash] = append(list[hash], id)
			}
		} else {
			held.remove(hash, id)
			if at >= 0 {
				list[hash] = slices.Delete(list[hash], at, at+1)
			}
		}
		var want record.RegistrationID
		if others := slices.DeleteFunc(slices.Clone(list[hash]), func(other record.RegistrationID) bool { return other == id }); len(others) > 0 {
			want = slices.Min(others)
		}
		if got := held.other(hash, id); got != want {
			t.Fatalf("other(%d, %s) = %q of %v, want %q", hash, id, got, list[hash], want)
		}
	}
}

// file is a store with a show; sharing makes visitors with one number.
func file(t *testing.T) (path string, s *Store, sharing func() hall.Batch) {
	path = filepath.Join(t.TempDir(), "hall.db")
	s = must(Open(path))
	show, k := halltest.Show(), halltest.NewKiosk("lamps-2027")
	show.Revised = record.Stamp{Wall: 1, Node: "hall"}
	must(s.Append(t.Context(), []hall.Batch{{Own: []hall.Own{{Fact: show, Stamp: show.Revised, Announce: true}}}}))
	return path, s, func() hall.Batch {
		k.Say(k.Visitor(map[record.FieldName]string{"mobile": "138 0000 0000", "email": fmt.Sprintf("v%d@lamps.example", len(k.Changes))}))
		return k.Batch(len(k.Changes), len(k.Changes))
	}
}

func wantPersons(t *testing.T, s *Store, registrations, persons int) {
	t.Helper()
	got, err := s.Figures(t.Context(), time.Time{})
	if err != nil || got.Registrations != registrations || got.Persons != persons {
		t.Errorf("%d registrations of %d persons, %v, want %d of %d", got.Registrations, got.Persons, err, registrations, persons)
	}
	if report, err := s.Check(context.Background()); err != nil || !report.OK() {
		t.Errorf("check: %+v, %v", report, err)
	}
}

// P4: one person stays one after the hall was opened again.
func TestPersons_AfterOpening_P4(t *testing.T) {
	path, s, sharing := file(t)
	for n := range 3 {
		must(s.Append(t.Context(), []hall.Batch{sharing()}))
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = must(Open(path))
		wantPersons(t, s, n+1, 1)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// P4: a transaction that fails leaves nothing behind in memory that the file
// does not have.
func TestPersons_AfterAFailedTransaction_P4(t *testing.T) {
	_, s, sharing := file(t)
	broken := errors.New("the disk is gone")
	first := sharing()
	for _, warm := range []bool{false, true} {
		if warm {
			other := halltest.NewKiosk("lamps-2027")
			other.Say(other.Visitor(map[record.FieldName]string{"mobile": "138 0000 0001"}))
			must(s.Append(t.Context(), []hall.Batch{other.Batch(1, 1)}))
		}
		err := s.write("append", func(w *writer) error {
			if _, err := w.batch(first); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) {
			t.Fatal(err)
		}
	}
	stranger := halltest.NewKiosk("lamps-2027") // has the number that nobody has after all
	stranger.Say(stranger.Visitor(map[record.FieldName]string{"mobile": "138 0000 0000"}))
	must(s.Append(t.Context(), []hall.Batch{stranger.Batch(1, 1)}))
	wantPersons(t, s, 2, 2)
	must(s.Append(t.Context(), []hall.Batch{first}))
	wantPersons(t, s, 3, 2)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// P12: a file of format 3 has a line for each contact, by its hash.
func TestOpen_TurnsContactsOfAnOlderFile_P12(t *testing.T) {
	path, s, sharing := file(t)
	must(s.Append(t.Context(), []hall.Batch{sharing(), sharing()}))
	err := s.db.Update(func(tx *bolt.Tx) error {
		lines := map[string][]byte{}
		err := tx.Bucket(bucketContacts).ForEach(func(id, line []byte) error {
			lines[string(id)] = slices.Clone(line)
			return nil
		})
		err = errors.Join(err, empty(tx, bucketContacts))
		for id, line := range lines {
			for hash := range slices.Chunk(line, contactSize) {
				err = errors.Join(err, tx.Bucket(bucketContacts).Put(slices.Concat(hash, []byte(id)), nil))
			}
		}
		return errors.Join(err, tx.Bucket(bucketMeta).Put(keyFormat, number(3)))
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	s = must(Open(path))
	wantPersons(t, s, 2, 1)
	must(s.Append(t.Context(), []hall.Batch{sharing()}))
	wantPersons(t, s, 3, 1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
