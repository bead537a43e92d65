package store_test

import (
	"bytes"
	"path/filepath"
	"testing"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/hall/store"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// P12: what a newer kiosk's program has added to a registration stays when this
// one merges a correction into it, whichever came first.
func TestMerge_KeepsWhatALaterProgramAdded_P12(t *testing.T) {
	for _, laterFirst := range []bool{true, false} {
		path, k := filepath.Join(t.TempDir(), "hall.db"), halltest.NewKiosk("lamps-2027")
		s, err := store.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		announce(t, s)
		r := k.Visitor(map[record.FieldName]string{"name": "Ida Example"})
		payload, err := wire.Encode(r)
		if err != nil {
			t.Fatal(err)
		}
		extra := []byte{0x18, 0x63, 0x63, 'n', 'e', 'w'} // 99: "new"
		payload[0]++
		payload = append(payload, extra...)
		corrected := record.Rewrite(r, r.Set("field.name", record.Version{Text: "Ida Exemplar", At: k.After(r.Latest())}))
		if laterFirst {
			k.SayBytes(record.KindRegistration, payload)
			k.Say(corrected)
		} else {
			k.Say(corrected)
			k.SayBytes(record.KindRegistration, payload)
		}
		if _, err := s.Append(t.Context(), []hall.Batch{k.Batch(1, 2)}); err != nil {
			t.Fatal(err)
		}
		if report, err := s.Check(t.Context()); err != nil || !report.OK() {
			t.Errorf("check %+v, %v", report, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		err = db.View(func(tx *bolt.Tx) error {
			kept := tx.Bucket([]byte("registrations")).Get([]byte(r.ID))
			if !bytes.Contains(kept, extra) || !bytes.Contains(kept, []byte("Exemplar")) {
				t.Errorf("later first %v: kept %x", laterFirst, kept)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
