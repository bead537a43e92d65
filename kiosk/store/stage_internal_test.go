package store

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk"
	"hallpass/sync/record"
)

// P12: a badge that was printing in a file of version 1 is one that a printer
// may have; everything else of it stays as it was, also its journal.
func TestStage_FromVersionOne(t *testing.T) {
	dir := t.TempDir()
	s, err := reopen(t, dir)
	if err != nil {
		t.Fatal(err)
	}
	e := kiosk.Entry{
		Registration: record.Registration{ID: "01JREG", Show: "lumen-2027", Created: s.clock.Tick()},
		Badges: []kiosk.Badge{{Token: "ABC", Badge: record.Badge{
			ID: record.NewID[record.BadgeID](s.now()), Registration: "01JREG", Show: "lumen-2027", Issue: 1, ShortCode: "7KQ4M2XPTC",
			State: record.Register[record.BadgeState]{Value: record.BadgeReserved, At: s.clock.Tick()},
		}}},
	}
	if _, _, err := s.Add(t.Context(), "", e, record.Tally{}); err != nil {
		t.Fatal(err)
	}
	err = s.db.Update(func(tx *bolt.Tx) error { // as version 1 wrote it
		key := badgeKey(e.Badges[0])
		var form map[string]any
		if err := json.Unmarshal(tx.Bucket(badges).Get(key), &form); err != nil {
			return err
		}
		form["printing"] = true
		old, err := json.Marshal(form)
		return errors.Join(err, tx.Bucket(badges).Put(key, old), tx.Bucket(meta).Put(metaVersion, []byte("1")))
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	only := migrations
	migrations = migrations[:2]
	t.Cleanup(func() { migrations = only })
	if s, err = reopen(t, dir); err != nil {
		t.Fatal(err)
	}
	kept, err := s.Find(t.Context(), "01JREG")
	if err != nil || kept.Badges[0].Now() != record.BadgeSent || kept.Badges[0].Token != "ABC" || kept.Badges[0].Printer != "" {
		t.Errorf("badge = %+v, %v, want sent to the printer there was", kept.Badges, err)
	}
	if report, err := s.Check(t.Context()); err != nil || !report.OK {
		t.Errorf("check = %s, %v", strings.Join(report.Problems, "; "), err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
