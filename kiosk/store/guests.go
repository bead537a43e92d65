package store

import (
	"bytes"
	"context"

	"hallpass/kiosk"
	"hallpass/kiosk/store/redo"
	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/record/contact"
)

var _ kiosk.Guests = (*Store)(nil)

// Known tells whether a contact of a form has registered; see kiosk.Guests.
func (s *Store) Known(ctx context.Context, field func(record.FieldName) string) (known bool, err error) {
	err = s.view(ctx, func(tx *redo.Reader) error {
		return eachDigest(tx, field, func(hash [16]byte) error {
			key, _ := tx.Bucket(digests).Cursor().Seek(hash[:])
			known = known || bytes.HasPrefix(key, hash[:])
			return nil
		})
	})
	return known, err
}

// Expected finds a pre-registration by its code; see kiosk.Guests.
func (s *Store) Expected(ctx context.Context, code string) (r record.Registration, err error) {
	err = s.view(ctx, func(tx *redo.Reader) error {
		r, err = findExpected(tx, record.CodeOf(code))
		return err
	})
	return r, err
}

func findExpected(tx *redo.Reader, code string) (r record.Registration, err error) {
	none := fault.New(fault.NotFound, "No registration has this code.").WithField("code")
	if code == "" {
		return r, none
	}
	prefix, used := codeKey(code, ""), false
	cursor := tx.Bucket(expectedCodes).Cursor()
	for key, _ := cursor.Seek(prefix); bytes.HasPrefix(key, prefix); key, _ = cursor.Next() {
		payload := tx.Bucket(expected).Get(key[len(prefix):])
		if payload != nil {
			return decode[record.Registration](record.KindRegistration, payload)
		}
		used = true
	}
	if used {
		return r, fault.New(fault.Conflict, "A badge was made with this code already. Please ask at the desk.").WithField("code")
	}
	if first, _ := cursor.First(); first == nil {
		return r, fault.New(fault.Unavailable, "The list of people who are expected is not here yet. Please type your details, or ask at the desk.").WithField("code")
	}
	return r, none
}

// eachDigest calls fn with every hash that a form's contacts have under the keys
// that the hall has told.
func eachDigest(tx *redo.Reader, field func(record.FieldName) string, fn func(hash [16]byte) error) error {
	return tx.Bucket(digestKeys).ForEach(func(key, region []byte) error {
		for _, name := range contact.Of(field, string(region)) {
			if err := fn(contact.Hash(key, name)); err != nil {
				return err
			}
		}
		return nil
	})
}

// keepGuest notes, with a new registration, how its visitor is recognized, and
// that nobody is expected under its id any more.
func keepGuest(tx *redo.Tx, r record.Registration) error {
	err := eachDigest(tx.Reader, r.Field, func(hash [16]byte) error {
		return tx.Put(digests, append(hash[:], r.ID...), nil)
	})
	if err != nil || tx.Bucket(expected).Get([]byte(r.ID)) == nil {
		return err
	}
	return tx.Delete(expected, []byte(r.ID))
}

// isVoid reports whether the hall has told that a badge is worth nothing.
func isVoid(tx *redo.Reader, badge [16]byte) bool {
	return tx.Bucket(voids).Get([]byte(record.BadgeIDFrom(badge))) != nil
}
