package hall_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"path/filepath"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/hall/store"
)

// holed makes a hall's file with free pages in it.
func holed(t *testing.T, path string) {
	t.Helper()
	s, err := store.Open(path)
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bolt.Tx) error {
		b, err := tx.CreateBucket([]byte("gone"))
		if err != nil {
			return err
		}
		return b.Put([]byte("large"), make([]byte, 8<<20))
	})
	if err == nil {
		err = db.Update(func(tx *bolt.Tx) error { return tx.DeleteBucket([]byte("gone")) })
	}
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// A hall in which nothing happens makes its file small by itself, and what comes
// in afterwards finds everything.
func TestRun_CompactsWhenItIsQuiet(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hall.db")
	holed(t, path)
	s, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	k := halltest.NewKiosk("lamps-2027")
	k.Pair(t, s)
	show := halltest.Show()
	key := ed25519.NewKeyFromSeed(make([]byte, 32))
	h, err := hall.New(t.Context(), hall.Config{Store: s, Key: key, Show: &show, Upkeep: hall.Upkeep{Every: 20 * time.Millisecond, Least: 1}})
	if err != nil {
		t.Fatal(err)
	}
	for range 300 {
		k.Say(k.Visitor(nil))
	}
	if _, err := s.Append(t.Context(), []hall.Batch{k.Batch(1, 300)}); err != nil {
		t.Fatal(err)
	}
	s.Settle(t.Context())
	before, free, err := s.Loose(t.Context())
	if err != nil || float64(before) < 1.3*float64(before-free) {
		t.Fatalf("%d of %d bytes are free, %v: nothing to compact", free, before, err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	for end := time.Now().Add(time.Minute); ; {
		size, _, err := s.Loose(t.Context())
		if err != nil || time.Now().After(end) {
			t.Fatalf("%d bytes, were %d, %v", size, before, err)
		}
		if size < before {
			break
		}
		<-time.After(5 * time.Millisecond)
	}
	k.Say(k.Visitor(nil))
	if _, err := s.Append(t.Context(), []hall.Batch{k.Batch(301, 301)}); err != nil {
		t.Error(err)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if report, err := s.Check(t.Context()); err != nil || !report.OK() || report.Facts < 301 {
		t.Errorf("check: %+v, %v", report, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
