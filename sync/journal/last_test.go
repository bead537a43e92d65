package journal_test

import (
	"context"
	"slices"
	"testing"

	bolt "go.etcd.io/bbolt"
	"pgregory.net/rapid"

	"hallpass/sync/journal"
	"hallpass/sync/record"
)

func verifyLast(t testing.TB, db *bolt.DB, j *journal.Journal, most uint64) (report journal.Report) {
	t.Helper()
	err := db.View(func(tx *bolt.Tx) (err error) {
		report, err = j.VerifyLast(t.Context(), tx, most)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// A journal's end is found out of order exactly when one of its last entries, or
// the one before them, is; what stands before is not looked at.
func TestVerifyLast(t *testing.T) {
	const n = 12
	for damaged := uint64(1); damaged <= n; damaged++ {
		db := open(t)
		j := journal.New(kiosk, life, "journal")
		fill(t, db, j, n)
		spoil(t, db, damaged, false, flip(109))
		for most := uint64(1); most <= n+1; most++ {
			got, want := verifyLast(t, db, j, most), uint64(0)
			if damaged+most >= n {
				want = damaged
			}
			if got.Damaged != want || got.Last.Seq != n || got.From != n-min(most, n)+1 {
				t.Errorf("the last %d with %d damaged: %+v, want damage at %d", most, damaged, got, want)
			}
			if want == 0 && got.Verified != n || want > got.From && got.Verified != want-1 {
				t.Errorf("the last %d with %d damaged: verified up to %d", most, damaged, got.Verified)
			}
		}
	}
	db := open(t)
	if got := verifyLast(t, db, journal.New(kiosk, life, "journal"), 5); !got.OK() || got.Last.Seq != 0 {
		t.Errorf("an empty journal: %+v", got)
	}
}

// What is not damaged is rescued, all of it and nothing else.
func TestRescue(t *testing.T) {
	db, run := open(t), 0
	rapid.Check(t, func(r *rapid.T) {
		run++
		bad := rapid.SliceOfNDistinct(rapid.Uint64Range(1, 20), 0, 6, rapid.ID[uint64]).Draw(r, "damaged")
		after := rapid.Uint64Range(0, 21).Draw(r, "after")
		err := db.Update(func(tx *bolt.Tx) error { return tx.DeleteBucket([]byte("journal")) })
		if err != nil && run > 1 {
			r.Fatal(err)
		}
		j := journal.New(kiosk, life, "journal")
		var want []uint64
		for _, c := range fill(t, db, j, 20) {
			if c.Seq > after && !slices.Contains(bad, c.Seq) {
				want = append(want, c.Seq)
			}
		}
		for _, seq := range bad {
			spoil(t, db, seq, seq%2 == 0, flip(109))
		}
		var got []uint64
		err = db.View(func(tx *bolt.Tx) error {
			return j.Rescue(context.Background(), tx, after, func(c record.Change) error {
				got = append(got, c.Seq)
				return nil
			})
		})
		if err != nil || !slices.Equal(got, want) {
			r.Fatalf("rescued %v, %v, want %v", got, err, want)
		}
	})
}
