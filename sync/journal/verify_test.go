package journal_test

import (
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"slices"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"
	"pgregory.net/rapid"

	"hallpass/sync/journal"
	"hallpass/sync/record"
)

// spoil changes the stored bytes of one entry, as a bad disk or a curious
// person would. Reseal puts the checksum right again, so that only the hashes
// can tell.
func spoil(t testing.TB, db *bolt.DB, seq uint64, reseal bool, change func(value []byte) []byte) {
	t.Helper()
	err := db.Update(func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte("journal"))
		key := binary.BigEndian.AppendUint64(nil, seq)
		value := change(slices.Clone(b.Get(key)))
		if reseal {
			body := value[:len(value)-4]
			value = binary.BigEndian.AppendUint32(body, crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli)))
		}
		return b.Put(key, value)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func flip(at int) func([]byte) []byte {
	return func(value []byte) []byte {
		if at < 0 {
			at += len(value)
		}
		value[at] ^= 0x10
		return value
	}
}

// Offsets as in the package doc; the stamp's node takes 7 bytes, the kind 4.
func TestVerify_FindsDamageInEveryPart(t *testing.T) {
	parts := []struct {
		name string
		at   int
	}{
		{"Layout", 0}, {"Whole", 1}, {"Digest", 2}, {"DigestEnd", 33}, {"Chain", 34}, {"ChainEnd", 65},
		{"Wall", 66}, {"Counter", 77}, {"NodeLength", 79}, {"Node", 80}, {"KindLength", 88}, {"Kind", 89},
		{"Salt", 93}, {"SaltEnd", 108}, {"Payload", 109}, {"PayloadEnd", -5},
	}
	for _, part := range parts {
		for _, reseal := range []bool{false, true} {
			name := part.name + map[bool]string{true: "/ChecksumPutRight", false: "/ChecksumLeft"}[reseal]
			t.Run(name, func(t *testing.T) {
				db := open(t)
				j := journal.New(kiosk, life, "journal")
				fill(t, db, j, 9)
				spoil(t, db, 4, reseal, flip(part.at))
				got := verify(t, db, j)
				if got.Damaged != 4 || got.Verified != 3 || got.Damage == "" || got.Last.Seq != 9 {
					t.Errorf("Verify = %+v, want 3 verified and damage at 4", got)
				}
				// Only the chain tells a new link from a broken one.
				if want := uint64(8); got.Readable < want {
					t.Errorf("Verify reads %d entries, want at least %d", got.Readable, want)
				}
			})
		}
	}
}

// A damaged entry is not sent to the hall as if it were sound.
func TestRead_StopsAtDamage(t *testing.T) {
	db := open(t)
	j := journal.New(kiosk, life, "journal")
	fill(t, db, j, 9)
	spoil(t, db, 4, false, flip(109))
	err := db.View(func(tx *bolt.Tx) error {
		changes, err := j.Read(tx, 0, 100)
		if len(changes) != 3 {
			t.Errorf("Read = %d entries, want the 3 before the damage", len(changes))
		}
		return err
	})
	if !errors.Is(err, journal.ErrDamaged) || !strings.Contains(err.Error(), "change 4") {
		t.Errorf("Read = %v, want ErrDamaged naming change 4", err)
	}
}

func TestAppend_RefusesToBuildOnDamage(t *testing.T) {
	db := open(t)
	j := journal.New(kiosk, life, "journal")
	fill(t, db, j, 2)
	spoil(t, db, 2, false, func([]byte) []byte { return []byte{1, 0} })
	err := db.Update(func(tx *bolt.Tx) error {
		_, err := j.Append(tx, stamp(0), record.KindLead, nil)
		return err
	})
	if !errors.Is(err, journal.ErrDamaged) {
		t.Errorf("Append = %v, want ErrDamaged", err)
	}
}

func TestVerify_MissingEntry(t *testing.T) {
	db := open(t)
	j := journal.New(kiosk, life, "journal")
	fill(t, db, j, 6)
	err := db.Update(func(tx *bolt.Tx) error {
		return tx.Bucket([]byte("journal")).Delete(binary.BigEndian.AppendUint64(nil, 3))
	})
	if err != nil {
		t.Fatal(err)
	}
	got := verify(t, db, j)
	if got.Damaged != 3 || got.Verified != 2 || got.Readable != 5 {
		t.Errorf("Verify = %+v, want 2 verified, 3 missing, 5 readable", got)
	}
}

func TestVerify_ForeignKey(t *testing.T) {
	db := open(t)
	j := journal.New(kiosk, life, "journal")
	fill(t, db, j, 2)
	err := db.Update(func(tx *bolt.Tx) error {
		return tx.Bucket([]byte("journal")).Put([]byte("zzz"), []byte("?"))
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := verify(t, db, j); got.OK() || got.Readable != 2 {
		t.Errorf("Verify = %+v, want the foreign key reported and 2 readable", got)
	}
	err = db.View(func(tx *bolt.Tx) error { _, err := j.Last(tx); return err })
	if !errors.Is(err, journal.ErrDamaged) {
		t.Errorf("Last = %v, want ErrDamaged", err)
	}
}

// Another node's journal, whole in itself, is not this node's.
func TestVerify_AnotherNodesJournal(t *testing.T) {
	db := open(t)
	fill(t, db, journal.New("01OTHER", life, "journal"), 3)
	if got := verify(t, db, journal.New(kiosk, life, "journal")); got.Damaged != 1 || got.Readable != 0 {
		t.Errorf("Verify = %+v, want damage from the first entry on", got)
	}
}

func TestVerify_EndsWithItsContext(t *testing.T) {
	db := open(t)
	j := journal.New(kiosk, life, "journal")
	fill(t, db, j, 1)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := db.View(func(tx *bolt.Tx) error { _, err := j.Verify(ctx, tx); return err })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Verify = %v, want its context's error", err)
	}
}

// P3, P4: whatever is appended, erased, copied in pieces and repeated, original
// and copy verify, and the copy never runs ahead or skips.
func TestJournal_Properties(t *testing.T) {
	db := open(t)
	run := 0
	rapid.Check(t, func(r *rapid.T) {
		run++
		epoch := record.Epoch(rapid.StringMatching(`[a-z]{1,8}`).Draw(r, "epoch"))
		room := string(binary.BigEndian.AppendUint32(nil, uint32(run)))
		own := journal.New(kiosk, epoch, "own", room)
		copied := journal.New(kiosk, epoch, "copy", room)
		steps := rapid.SliceOfN(rapid.IntRange(0, 9), 1, 30).Draw(r, "steps")
		err := db.Update(func(tx *bolt.Tx) error {
			for i, step := range steps {
				if err := act(r, tx, own, copied, i, step); err != nil {
					return err
				}
			}
			return same(tx, own, copied)
		})
		if err != nil {
			r.Fatal(err)
		}
	})
}

func act(r *rapid.T, tx *bolt.Tx, own, copied *journal.Journal, i, step int) error {
	last, err := own.Last(tx)
	if err != nil {
		return err
	}
	switch {
	case step < 6:
		payload := rapid.SliceOfN(rapid.Byte(), 0, 50).Draw(r, "payload")
		_, err = own.Append(tx, stamp(i), record.KindBadge, payload)
	case step < 7 && last.Seq > 0:
		err = own.Erase(tx, rapid.Uint64Range(1, last.Seq).Draw(r, "erase"))
	case last.Seq > 0:
		from := rapid.Uint64Range(0, last.Seq-1).Draw(r, "from")
		have, lastErr := copied.Last(tx)
		changes, readErr := own.Read(tx, from, rapid.IntRange(1, 20).Draw(r, "limit"))
		err = errors.Join(lastErr, readErr)
		for _, c := range changes {
			putErr := copied.Put(tx, c)
			if gap := c.Seq > have.Seq+1; gap != errors.Is(putErr, journal.ErrGap) {
				err = errors.Join(err, putErr, errors.New("a gap and its error do not go together"))
			} else if !gap {
				have.Seq = max(have.Seq, c.Seq)
				err = errors.Join(err, putErr)
			}
		}
	}
	return err
}

// same brings the copy up to the original and verifies both.
func same(tx *bolt.Tx, own, copied *journal.Journal) error {
	changes, err := own.Read(tx, 0, 1000)
	for _, c := range changes {
		err = errors.Join(err, copied.Put(tx, c))
	}
	for _, j := range []*journal.Journal{own, copied} {
		report, verifyErr := j.Verify(context.Background(), tx)
		err = errors.Join(err, verifyErr)
		if !report.OK() || report.Verified != uint64(len(changes)) || report.Readable != uint64(len(changes)) {
			err = errors.Join(err, errors.New("not verified: "+report.Damage))
		}
	}
	return err
}
