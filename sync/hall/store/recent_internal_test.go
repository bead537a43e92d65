package store

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// small has everything happen within some lines.
var small = keeping{fresh: 2, alike: 3, least: 20, share: 8, most: 40}

// keep has the store keep runs otherwise.
func (s *Store) keep(k keeping) {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.keeping = k
}

// lines reads a whole lookup.
func lines(tx *bolt.Tx, of lookup) (all []string) {
	c := recentOf(tx, of).cursor()
	for key, value := c.Seek(nil); key != nil; key, value = c.Next() {
		all = append(all, fmt.Sprintf("%s=%s", key, value))
	}
	return all
}

// P4: runs and what has gone to its place read as one map, in the transaction and
// after it, whatever is put and deleted, kept or rolled back.
func TestRecent_IsOneMap(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "hall.db"), nil)
	random, model := rand.New(rand.NewPCG(3, 4)), map[string]string{}
	stop := errors.New("rolled back")
	most, drained := 0, 0
	for round := range 400 {
		next := maps.Clone(model)
		err := s.commit("test", func(tx *bolt.Tx) error {
			w := &writer{tx: tx, keeping: small}
			r := w.lookup(lookupCodes)
			for range random.IntN(8) {
				key := fmt.Sprintf("key %03d", random.IntN(120))
				if random.IntN(4) == 0 {
					r.delete([]byte(key))
					delete(next, key)
				} else {
					next[key] = fmt.Sprint(random.IntN(1000))
					r.put([]byte(key), []byte(next[key]))
				}
				if _, value := r.first([]byte(key)); string(value) != next[key] {
					return fmt.Errorf("round %d: %s is %q, want %q", round, key, value, next[key])
				}
			}
			if err := w.flush(); err != nil {
				return err
			}
			if random.IntN(5) == 0 {
				return stop
			}
			return nil
		})
		if err == nil {
			model = next
		} else if !errors.Is(err, stop) {
			t.Fatal(err)
		}
		var want []string
		for _, key := range slices.Sorted(maps.Keys(model)) {
			want = append(want, key+"="+model[key])
		}
		err = s.peek("test", func(tx *bolt.Tx) error {
			if got := lines(tx, lookupCodes); !slices.Equal(got, want) {
				return fmt.Errorf("round %d: %q, want %q", round, got, want)
			}
			r := recentOf(tx, lookupCodes)
			most = max(most, len(r.runs))
			drained = max(drained, r.drained)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if most < 3 || most > 12 || drained == 0 {
		t.Errorf("at most %d runs, %d lines drained at a time; this test tests nothing, or there are too many", most, drained)
	}
	want := len(model)
	if err := s.tidy(); err != nil {
		t.Fatal(err)
	}
	err := s.peek("test", func(tx *bolt.Tx) error {
		if got, left := tx.Bucket(bucketBadgeCode).Stats().KeyN, len(recentOf(tx, lookupCodes).runs); got != want || left > 0 {
			t.Errorf("%d lines in their place and %d runs left, want %d and none", got, left, want)
		}
		return nil
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Error(err)
	}
}

// P12: a file of a hall that knew of no runs opens with all that stood in its
// lookups, and goes on.
func TestOpen_LookupsOfAnOlderFile_P12(t *testing.T) {
	path, k := filepath.Join(t.TempDir(), "hall.db"), halltest.NewKiosk("lamps-2027")
	s := opened(t, path, nil)
	for range 30 {
		admit(k)
	}
	keep(t, s, k.Batch(1, len(k.Changes)))
	s.Settle(t.Context())
	err := s.tidy()
	err = errors.Join(err, s.commit("as format 4 was", func(tx *bolt.Tx) error {
		err := tx.Bucket(bucketMeta).Put(keyFormat, number(4))
		for _, of := range lookups {
			err = errors.Join(err, tx.DeleteBucket(of.recent))
		}
		return err
	}))
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(path); err != nil {
		t.Fatal(err)
	}
	admit(k)
	keep(t, s, k.Batch(1, len(k.Changes)))
	badge, err := wire.Decode(record.KindBadge, k.Changes[1].Payload)
	if err != nil {
		t.Fatal(err)
	}
	if found, err := s.BadgesByCode(t.Context(), badge.(record.Badge).ShortCode); err != nil || len(found) != 1 {
		t.Errorf("%d badges by an older one's code, %v", len(found), err)
	}
	sound(t, s)
	if _, err := open(path, 4, nil, nil); err == nil || !strings.Contains(err.Error(), "newer hall") {
		t.Errorf("the older program gives %v, want a refusal", err)
	}
}

// P11: a run that the disk has damaged is named by the check, and the rest of the
// file goes on.
func TestCheck_NamesDamagedRuns(t *testing.T) {
	for name, damage := range map[string]func(run []byte) []byte{
		"Flipped": func(run []byte) []byte { run[len(run)/2] ^= 0xFF; return run },
		"Short":   func(run []byte) []byte { return run[:5] },
	} {
		s, k := opened(t, filepath.Join(t.TempDir(), "hall.db"), nil), halltest.NewKiosk("lamps-2027")
		admit(k)
		keep(t, s, k.Batch(1, 3))
		s.Settle(t.Context())
		err := s.commit("test", func(tx *bolt.Tx) error {
			recent := tx.Bucket(lookupCodes.recent)
			first, _ := recent.Cursor().First()
			run := recent.Bucket(first)
			return run.Put(keyRun, damage(bytes.Clone(run.Get(keyRun))))
		})
		if err != nil {
			t.Fatal(err)
		}
		admit(k)
		keep(t, s, k.Batch(4, 6))
		report, err := s.Check(t.Context())
		if err != nil || report.OK() || !slices.Contains(report.Problems, "badges_by_code: 1 of its runs of recent lines are damaged") {
			t.Errorf("%s: %+v, %v", name, report, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
