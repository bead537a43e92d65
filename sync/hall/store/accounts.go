package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/record"
)

type userForm struct {
	Name     string    `json:"name"`
	Role     hall.Role `json:"role"`
	Salt     []byte    `json:"salt"`
	Password []byte    `json:"password"`
	KeyHash  [32]byte  `json:"key_hash"`
}

type holderForm struct {
	User   string          `json:"user,omitempty"`
	Device record.DeviceID `json:"device,omitempty"`
}

type sessionForm struct {
	User    string    `json:"user"`
	Expires time.Time `json:"expires"`
}

// PutUser implements hall.Accounts: a user's older key and sessions end.
func (s *Store) PutUser(_ context.Context, user hall.User) error {
	return s.update("put user", func(tx *bolt.Tx) error {
		users, keys := tx.Bucket(bucketUsers), tx.Bucket(bucketKeys)
		old, err := getJSON[userForm](users, []byte(user.Name))
		switch {
		case err == nil:
			err = errors.Join(keys.Delete(old.KeyHash[:]), endSessions(tx, user.Name))
		case errors.Is(err, hall.ErrNone):
			err = nil
		}
		return errors.Join(err,
			putJSON(users, []byte(user.Name), userForm(user)),
			putJSON(keys, user.KeyHash[:], holderForm{User: user.Name}))
	})
}

func endSessions(tx *bolt.Tx, user string) error {
	return sweep[sessionForm](tx.Bucket(bucketSessions), func(f sessionForm) bool { return f.User == user })
}

// sweep deletes the entries that gone picks.
func sweep[F any](b *bolt.Bucket, gone func(F) bool) error {
	cursor := b.Cursor()
	var keys [][]byte
	for key, _ := cursor.First(); key != nil; key, _ = cursor.Next() {
		form, err := getJSON[F](b, key)
		if err != nil {
			return err
		}
		if gone(form) {
			keys = append(keys, bytes.Clone(key))
		}
	}
	for _, key := range keys {
		if err := b.Delete(key); err != nil {
			return fmt.Errorf("sweep: %w", err)
		}
	}
	return nil
}

// User implements hall.Accounts.
func (s *Store) User(_ context.Context, name string) (hall.User, error) {
	form, err := look(s, "user", func(tx *bolt.Tx) (userForm, error) {
		return getJSON[userForm](tx.Bucket(bucketUsers), []byte(name))
	})
	return hall.User(form), err
}

// Holder implements hall.Accounts.
func (s *Store) Holder(_ context.Context, hash [32]byte) (hall.Holder, error) {
	form, err := look(s, "key", func(tx *bolt.Tx) (holderForm, error) {
		return getJSON[holderForm](tx.Bucket(bucketKeys), hash[:])
	})
	return hall.Holder(form), err
}

// PutSession implements hall.Accounts. Sessions that were over when this one
// began are forgotten.
func (s *Store) PutSession(_ context.Context, hash [32]byte, session hall.Session) error {
	return s.update("put session", func(tx *bolt.Tx) error {
		sessions := tx.Bucket(bucketSessions)
		began := session.Expires.Add(-hall.SessionLife)
		return errors.Join(
			sweep[sessionForm](sessions, func(f sessionForm) bool { return f.Expires.Before(began) }),
			putJSON(sessions, hash[:], sessionForm(session)))
	})
}

// Session implements hall.Accounts.
func (s *Store) Session(_ context.Context, hash [32]byte) (hall.Session, error) {
	form, err := look(s, "session", func(tx *bolt.Tx) (sessionForm, error) {
		return getJSON[sessionForm](tx.Bucket(bucketSessions), hash[:])
	})
	return hall.Session(form), err
}

// DeleteSession implements hall.Accounts.
func (s *Store) DeleteSession(_ context.Context, hash [32]byte) error {
	return s.update("delete session", func(tx *bolt.Tx) error {
		return tx.Bucket(bucketSessions).Delete(hash[:])
	})
}
