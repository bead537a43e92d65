package store

import (
	"bytes"
	"context"
	"fmt"

	"hallpass/kiosk"
	"hallpass/kiosk/store/redo"
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// Add keeps a new entry; see kiosk.Ledger.
func (s *Store) Add(ctx context.Context, key string, e kiosk.Entry, counted record.Tally) (kiosk.Entry, bool, error) {
	kept, fresh := e, true
	form, err := encodeEntry(e) // before anybody has to wait for it
	if err == nil {
		err = form.prepare()
	}
	if err != nil {
		return kiosk.Entry{}, false, fmt.Errorf("keep registration: %w", err)
	}
	err = s.save(ctx, func(tx *redo.Tx) error {
		if tx.Bucket(registrations).Get([]byte(e.Registration.ID)) != nil && tx.Bucket(keys).Get([]byte(key)) == nil {
			return errArrived
		}
		if key != "" {
			if id := tx.Bucket(keys).Get([]byte(key)); id != nil {
				var err error
				fresh = false
				kept, err = load(tx.Reader, id)
				return err
			}
			if err := tx.Put(keys, []byte(key), []byte(e.Registration.ID)); err != nil {
				return err
			}
		}
		if err := keepTally(tx, counted); err != nil {
			return err
		}
		if err := keepGuest(tx, e.Registration); err != nil {
			return err
		}
		return s.keepEncoded(tx, encoded{}, form, e)
	})
	if err != nil {
		return kiosk.Entry{}, false, fmt.Errorf("keep registration: %w", err)
	}
	return kept, fresh, nil
}

// errArrived is for a pre-registration that was confirmed here before.
var errArrived = fault.New(fault.Conflict, "A badge was made with this code already. Please ask at the desk.").WithField("code")

// Find returns one entry; see kiosk.Ledger.
func (s *Store) Find(ctx context.Context, id record.RegistrationID) (e kiosk.Entry, err error) {
	err = s.view(ctx, func(tx *redo.Reader) error {
		var err error
		e, err = load(tx, []byte(id))
		return err
	})
	return e, err
}

// Change alters one entry; see kiosk.Ledger.
func (s *Store) Change(ctx context.Context, id record.RegistrationID, fn func(*kiosk.Entry) error) (e kiosk.Entry, err error) {
	err = s.save(ctx, func(tx *redo.Tx) error {
		before, err := load(tx.Reader, []byte(id))
		if err != nil {
			return err
		}
		e = kiosk.Entry{Registration: before.Registration, Badges: append([]kiosk.Badge{}, before.Badges...)}
		if err := fn(&e); err != nil {
			return err
		}
		return s.keep(tx, before, e)
	})
	if err != nil {
		return kiosk.Entry{}, fmt.Errorf("change registration %s: %w", id, err)
	}
	return e, nil
}

// keep writes what differs between two versions of an entry, and for every
// fact that differs a journal entry.
func (s *Store) keep(tx *redo.Tx, before, after kiosk.Entry) error {
	old, err := encodeEntry(before)
	if err != nil {
		return err
	}
	form, err := encodeEntry(after)
	if err != nil {
		return err
	}
	return s.keepEncoded(tx, old, form, after)
}

// keepEncoded is keep for what is encoded already.
func (s *Store) keepEncoded(tx *redo.Tx, old, form encoded, after kiosk.Entry) error {
	id, payload := after.Registration.ID, form.registration
	if !bytes.Equal(payload, old.registration) {
		if err := tx.Put(registrations, []byte(id), payload); err != nil {
			return err
		}
		if err := s.say(tx, id, record.KindRegistration, payload); err != nil {
			return err
		}
	}
	for i, b := range after.Badges {
		var was badgeForm
		if i < len(old.badges) {
			was = old.badges[i]
		}
		if err := s.keepBadge(tx, was, form.badges[i], b); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) keepBadge(tx *redo.Tx, was, form badgeForm, b kiosk.Badge) error {
	said := !bytes.Equal(form.Fact, was.Fact)
	if !said && !form.local(was) {
		return nil
	}
	line, err := form.bytes()
	if err == nil {
		err = tx.Put(badges, badgeKey(b), line)
	}
	if err == nil && said {
		err = s.say(tx, b.Registration, record.KindBadge, form.Fact)
	}
	if err != nil {
		return err
	}
	if b.Badge.Now() == record.BadgeIssued {
		if err := tx.Put(meta, metaLast, millis(b.State.At.Time())); err != nil {
			return err
		}
	}
	return keepIndex(tx, b)
}

// keepIndex brings the badge's lines in short and queue up to date.
func keepIndex(tx *redo.Tx, b kiosk.Badge) error {
	if err := tx.Put(short, []byte(b.ShortCode+string(b.Registration)), nil); err != nil {
		return err
	}
	if b.Open() {
		return tx.Put(queue, []byte(b.ID), []byte(b.Registration))
	}
	return tx.Delete(queue, []byte(b.ID))
}
