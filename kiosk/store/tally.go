package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"unicode/utf8"

	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk/store/redo"
	"hallpass/sync/record"
)

// The bucket tally exists while the show in force lets kiosks learn, which is
// what makes the permission and the counting one transaction.
var tallyBucket = []byte("tally")

// Its keys begin with what they are.
const (
	tallyShow      = 's' // alone: the show whose counts these are
	tallyField     = 'f' // then the field's name: seven numbers
	tallyConfusion = 'c' // then two characters in UTF-8: one number
)

const (
	// Under three cards a pair of characters might be one person's name.
	fewestCards = 3
	// What a kiosk tells of: more than a person looks through.
	mostTold = 100
	// What a kiosk keeps: about 60 kB, read twice a second in 3 ms. New pairs
	// beyond that are not counted; the frequent ones came long before.
	mostKept = 2000
)

// permit begins or ends counting as the show says. Counts of another show, and
// those of a show that no longer allows them, are deleted.
func permit(tx *bolt.Tx, show record.Show) error {
	if permitted(redo.In(tx), show) {
		return nil
	}
	if tx.Bucket(tallyBucket) != nil {
		if err := tx.DeleteBucket(tallyBucket); err != nil {
			return err
		}
	}
	if !show.Learn {
		return nil
	}
	b, err := tx.CreateBucket(tallyBucket)
	if err != nil {
		return err
	}
	return b.Put([]byte{tallyShow}, []byte(show.ID))
}

// allow brings the file in line with the show in force; a kiosk that has it
// so already writes nothing.
func (s *Store) allow() error {
	show := s.Show()
	settled := false
	err := s.db.View(func(tx *redo.Reader) error {
		settled = permitted(tx, show)
		return nil
	})
	if err != nil || settled {
		return err
	}
	if err := s.db.Update(func(tx *bolt.Tx) error { return permit(tx, show) }); err != nil {
		return fmt.Errorf("prepare tally: %w", full(err))
	}
	return nil
}

// permitted reports whether counting stands as the show says.
func permitted(tx *redo.Reader, show record.Show) bool {
	b := tx.Bucket(tallyBucket)
	if b == nil || !show.Learn {
		return b == nil && !show.Learn
	}
	return string(b.Get([]byte{tallyShow})) == string(show.ID)
}

// keepTally adds to the counts where the show allows them. A damaged count
// begins anew: no registration fails for it.
func keepTally(tx *redo.Tx, t record.Tally) error {
	b := tx.Bucket(tallyBucket)
	if b == nil || t.Empty() {
		return nil
	}
	for name, f := range t.Fields {
		if !name.OnCard() {
			continue
		}
		key := append([]byte{tallyField}, name...)
		old, _ := readField(b.Get(key))
		if err := tx.Put(tallyBucket, key, fieldValue(old.Plus(f))); err != nil {
			return err
		}
	}
	for c, n := range t.Confusions {
		key := confusionKey(c)
		old := b.Get(key)
		if old == nil && !hasRoom(b) {
			continue
		}
		if err := tx.Put(tallyBucket, key, number(readNumber(old)+n)); err != nil {
			return err
		}
	}
	return nil
}

// Tally returns what a kiosk may tell of its counts: all of the fields, and the
// most frequent confusions of those that at least three cards have shown. It is
// empty where the show does not allow counting.
func (s *Store) Tally(ctx context.Context) (t record.Tally, err error) {
	err = s.view(ctx, func(tx *redo.Reader) error {
		t, _ = readTally(tx)
		return nil
	})
	out := record.Tally{Fields: t.Fields, Confusions: map[record.Confusion]uint64{}}
	for _, c := range t.Frequent() {
		if t.Confusions[c] < fewestCards || len(out.Confusions) == mostTold {
			break
		}
		out.Confusions[c] = t.Confusions[c]
	}
	return out, err
}

// readTally reads all of it, and false if some of it is damaged.
func readTally(tx *redo.Reader) (t record.Tally, whole bool) {
	b := tx.Bucket(tallyBucket)
	if b == nil {
		return t, true
	}
	t = record.Tally{Fields: map[record.FieldName]record.FieldTally{}, Confusions: map[record.Confusion]uint64{}}
	whole = true
	cursor := b.Cursor()
	for key, value := cursor.First(); len(key) > 0; key, value = cursor.Next() {
		ok := false
		switch key[0] {
		case tallyShow:
			ok = len(key) == 1
		case tallyField:
			name := record.FieldName(key[1:])
			if t.Fields[name], ok = readField(value); !ok || !name.OnCard() {
				delete(t.Fields, name)
				ok = false
			}
		case tallyConfusion:
			var c record.Confusion
			if c, ok = confusionOf(key[1:]); ok && len(value) == 8 {
				t.Confusions[c] = readNumber(value)
			}
		}
		whole = whole && ok
	}
	return t, whole
}

// hasRoom reports whether one more pair of characters may be kept.
func hasRoom(b *redo.Bucket) bool {
	kept, cursor := 0, b.Cursor()
	for key, _ := cursor.Seek([]byte{tallyConfusion}); len(key) > 0 && key[0] == tallyConfusion; key, _ = cursor.Next() {
		kept++
	}
	return kept < mostKept
}

// readField reads a field's seven numbers, big-endian in the order of the
// struct; none for a field that was not counted yet.
func readField(value []byte) (f record.FieldTally, ok bool) {
	if value == nil {
		return f, true
	}
	n, err := binary.Decode(value, binary.BigEndian, &f)
	if err != nil || n != len(value) {
		return record.FieldTally{}, false
	}
	return f, true
}

func fieldValue(f record.FieldTally) []byte {
	value, err := binary.Append(nil, binary.BigEndian, f)
	if err != nil {
		panic(fmt.Sprintf("store: %v", err)) // seven numbers have a fixed size
	}
	return value
}

func confusionKey(c record.Confusion) []byte {
	return utf8.AppendRune(utf8.AppendRune([]byte{tallyConfusion}, c.Read), c.Meant)
}

func confusionOf(text []byte) (record.Confusion, bool) {
	read, n := utf8.DecodeRune(text)
	meant, m := utf8.DecodeRune(text[n:])
	return record.Confusion{Read: read, Meant: meant}, n > 0 && m > 0 && n+m == len(text)
}
