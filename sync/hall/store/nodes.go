package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/record"
)

type nodeForm struct {
	ID          record.NodeID `json:"id"`
	Name        string        `json:"name"`
	Key         []byte        `json:"key"`
	Certificate []byte        `json:"certificate"`
	Categories  []string      `json:"categories,omitempty"`
	Paired      time.Time     `json:"paired"`
}

type deviceForm struct {
	ID        record.DeviceID    `json:"id"`
	Name      string             `json:"name"`
	Exhibitor record.ExhibitorID `json:"exhibitor"`
	Gate      record.GateID      `json:"gate,omitempty"`
	KeyHash   [32]byte           `json:"key_hash"`
	Paired    time.Time          `json:"paired"`
}

type codeForm struct {
	Text       string             `json:"text"`
	Name       string             `json:"name,omitempty"`
	Categories []string           `json:"categories,omitempty"`
	Exhibitor  record.ExhibitorID `json:"exhibitor,omitempty"`
	Gate       record.GateID      `json:"gate,omitempty"`
	Expires    time.Time          `json:"expires"`
	Used       bool               `json:"used,omitempty"`
	UsedBy     record.NodeID      `json:"used_by,omitempty"`
}

// Nodes implements hall.Nodes.
func (s *Store) Nodes(context.Context) ([]hall.Node, error) {
	return look(s, "nodes", func(tx *bolt.Tx) (list []hall.Node, err error) {
		err = tx.Bucket(bucketNodes).ForEach(func(_, value []byte) error {
			var f nodeForm
			if err := json.Unmarshal(value, &f); err != nil {
				return fmt.Errorf("decode node: %w", err)
			}
			list = append(list, hall.Node{ID: f.ID, Name: f.Name, Key: f.Key, Certificate: f.Certificate, Categories: f.Categories, Paired: f.Paired})
			return nil
		})
		return list, err
	})
}

// Device implements hall.Nodes.
func (s *Store) Device(_ context.Context, id record.DeviceID) (hall.Device, error) {
	form, err := look(s, "device", func(tx *bolt.Tx) (deviceForm, error) {
		return getJSON[deviceForm](tx.Bucket(bucketDevices), []byte(id))
	})
	return hall.Device(form), err
}

// PutCode implements hall.Nodes.
func (s *Store) PutCode(_ context.Context, code hall.Code) error {
	return s.update("put code", func(tx *bolt.Tx) error {
		return putJSON(tx.Bucket(bucketCodes), []byte(code.Text), codeForm(code))
	})
}

// Codes implements hall.Nodes.
func (s *Store) Codes(_ context.Context, now time.Time) (list []hall.Code, err error) {
	over := 0
	err = s.peek("codes", func(tx *bolt.Tx) error {
		return tx.Bucket(bucketCodes).ForEach(func(_, value []byte) error {
			var f codeForm
			if err := json.Unmarshal(value, &f); err != nil {
				return fmt.Errorf("decode code: %w", err)
			}
			if now.Before(f.Expires) {
				list = append(list, hall.Code(f))
			} else {
				over++
			}
			return nil
		})
	})
	if err != nil || over == 0 {
		return list, err
	}
	return list, s.update("forget codes", func(tx *bolt.Tx) error {
		return sweep[codeForm](tx.Bucket(bucketCodes), func(f codeForm) bool { return !now.Before(f.Expires) })
	})
}

// Code implements hall.Nodes.
func (s *Store) Code(_ context.Context, text string) (hall.Code, error) {
	return look(s, "code", func(tx *bolt.Tx) (hall.Code, error) {
		form, err := getJSON[codeForm](tx.Bucket(bucketCodes), []byte(text))
		return hall.Code(form), err
	})
}

// RedeemKiosk implements hall.Nodes.
func (s *Store) RedeemKiosk(_ context.Context, code string, n hall.Node, said ...hall.Own) error {
	return s.write("redeem code", func(w *writer) error {
		if err := redeem(w.tx, code, n.ID); err != nil {
			return err
		}
		form := nodeForm{ID: n.ID, Name: n.Name, Key: n.Key, Certificate: n.Certificate, Categories: n.Categories, Paired: n.Paired}
		if err := putJSON(w.tx.Bucket(bucketNodes), []byte(n.ID), form); err != nil {
			return err
		}
		_, err := w.batch(hall.Batch{Own: said})
		return err
	})
}

// RedeemDevice implements hall.Nodes.
func (s *Store) RedeemDevice(_ context.Context, code string, d hall.Device) error {
	return s.update("redeem code", func(tx *bolt.Tx) error {
		if err := redeem(tx, code, ""); err != nil {
			return err
		}
		return errors.Join(
			putJSON(tx.Bucket(bucketDevices), []byte(d.ID), deviceForm(d)),
			putJSON(tx.Bucket(bucketKeys), d.KeyHash[:], holderForm{Device: d.ID}))
	})
}

// redeem marks a code used, once.
func redeem(tx *bolt.Tx, code string, by record.NodeID) error {
	codes := tx.Bucket(bucketCodes)
	form, err := getJSON[codeForm](codes, []byte(code))
	switch {
	case err != nil:
		return err
	case form.Used:
		return hall.ErrUsed
	}
	form.Used, form.UsedBy = true, by
	return putJSON(codes, []byte(code), form)
}
