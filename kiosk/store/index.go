package store

import (
	"bytes"
	"context"
	"slices"

	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk"
	"hallpass/kiosk/store/redo"
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// Recall returns the entry kept under a key; see kiosk.Index.
func (s *Store) Recall(ctx context.Context, key string) (e kiosk.Entry, ok bool, err error) {
	err = s.view(ctx, func(tx *redo.Reader) error {
		id := tx.Bucket(keys).Get([]byte(key))
		if id == nil {
			return nil
		}
		ok = true
		var err error
		e, err = load(tx, id)
		return err
	})
	return e, ok, err
}

// ByShortCode returns entries by short code; see kiosk.Index.
func (s *Store) ByShortCode(ctx context.Context, code string) (found []kiosk.Entry, err error) {
	err = s.view(ctx, func(tx *redo.Reader) error {
		cursor := tx.Bucket(short).Cursor()
		var gone error
		for k, _ := cursor.Seek([]byte(code)); bytes.HasPrefix(k, []byte(code)); k, _ = cursor.Next() {
			e, err := load(tx, k[len(code):])
			if fault.CodeOf(err) == fault.Forgotten {
				gone = err
				continue
			}
			if err != nil {
				return err
			}
			found = append(found, e)
		}
		if len(found) == 0 {
			return gone
		}
		slices.Reverse(found) // ids sort by time
		return nil
	})
	return found, err
}

// Newest goes through the entries; see kiosk.Index.
func (s *Store) Newest(ctx context.Context, fn func(kiosk.Entry) bool) error {
	return s.view(ctx, func(tx *redo.Reader) error {
		cursor := tx.Bucket(registrations).Cursor() // ids sort by time
		for id, _ := cursor.Last(); id != nil; id, _ = cursor.Prev() {
			e, err := load(tx, id)
			if err != nil {
				return err
			}
			if !fn(e) {
				return nil
			}
		}
		return nil
	})
}

// Open returns what still needs the printer; see kiosk.Index.
func (s *Store) Open(ctx context.Context) (open []kiosk.Ticket, err error) {
	err = s.view(ctx, func(tx *redo.Reader) error {
		return tx.Bucket(queue).ForEach(func(k, v []byte) error {
			open = append(open, kiosk.Ticket{Registration: record.RegistrationID(v), Badge: record.BadgeID(k)})
			return nil
		})
	})
	return open, err
}

// view, save, update and quietly run fn in one transaction; nothing in them
// waits for the network, so ctx is looked at once.
func (s *Store) view(ctx context.Context, fn func(*redo.Reader) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.db.View(fn)
}

// save is for what a person waits for; it rings the bell afterwards, and one
// ring too many costs the link nothing.
func (s *Store) save(ctx context.Context, fn func(*redo.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.db.Save(fn); err != nil {
		return full(err)
	}
	s.ring()
	return nil
}

// update is save for what alters more than lines.
func (s *Store) update(ctx context.Context, fn func(*bolt.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.db.Update(fn); err != nil {
		return full(err)
	}
	s.ring()
	return nil
}
