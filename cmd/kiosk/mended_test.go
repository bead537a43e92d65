package main

import (
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"
)

// P9, P11: a kiosk whose journal has an entry that cannot be read, and that the
// hall has not got, serves visitors all the same; its status and a check say what
// was lost, before as damage and afterwards as mended.
func TestRun_GoesOnWithADamagedJournal(t *testing.T) {
	dir := t.TempDir()
	c := runKiosk(t, "-data", dir, "-readers", "0")
	id, _, err := post(c.URL(), "one", form(1))
	if err != nil {
		t.Fatal(err)
	}
	c.Interrupt()
	alter(t, dir, func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte("journal"))
		first, entry := b.Cursor().First()
		bad := append([]byte{}, entry...)
		bad[len(bad)/2] ^= 1
		return b.Put(append([]byte{}, first...), bad)
	})
	if status, out, _ := in(t, "check", "-data", dir); status != 1 || !strings.Contains(out, "journal entry 1: ") {
		t.Errorf("before: %d %q", status, out)
	}
	c = runKiosk(t, "-data", dir, "-readers", "0")
	if _, _, err := post(c.URL(), "two", form(2)); err != nil {
		t.Error(err)
	}
	if again, _, err := post(c.URL(), "one", form(1)); err != nil || again != id {
		t.Errorf("the first visitor is %s now, was %s, %v", again, id, err)
	}
	eventually(t, "the status says what was lost", func() bool {
		var status struct {
			Journal struct {
				Verified *bool
				Lost     int
			}
		}
		get(t, c.URL()+"/api/v1/status", &status)
		return status.Journal.Verified != nil && *status.Journal.Verified && status.Journal.Lost == 1
	})
	c.Interrupt()
	status, out, _ := in(t, "check", "-data", dir)
	if status != 0 || !strings.Contains(out, "journal verified, 0 problems\n  mended: 1 journal entries from number 1 on") {
		t.Errorf("after: %d %q", status, out)
	}
}
