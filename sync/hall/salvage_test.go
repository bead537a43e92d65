package hall_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/binary"
	"errors"
	"path/filepath"
	"testing"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/carry"
	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/hall/store"
	"hallpass/sync/record"
)

// runAt runs a hall on a file for as long as use takes.
func runAt(t *testing.T, path string, seed byte, kiosks []*halltest.Kiosk, use func(*hall.Hall, *store.Store)) {
	t.Helper()
	s, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range kiosks {
		k.Pair(t, s)
	}
	show := halltest.Show()
	h, err := hall.New(t.Context(), hall.Config{Store: s, Key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, 32)), Show: &show, URL: "https://hall.example"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	use(h, s)
	stop()
	if err := errors.Join(<-done, s.Close()); err != nil {
		t.Error(err)
	}
}

// P1, P11: what a damaged hall holds goes into a file, and a new hall with its key
// takes in all of it, once, however often: what was damaged in a journal comes
// from the state. A hall with another key refuses it.
func TestImport_OfAHall(t *testing.T) {
	for name, damaged := range map[string]uint64{"Sound": 0, "FirstEntry": 1, "InTheMidst": 5, "LastEntry": 9} {
		t.Run(name, func(t *testing.T) {
			k, path := halltest.NewKiosk("lamps-2027"), filepath.Join(t.TempDir(), "hall.db")
			var want hall.Stats
			runAt(t, path, 1, []*halltest.Kiosk{k}, func(h *hall.Hall, s *store.Store) { want = lively(t, h, s, k) })
			if damaged > 0 {
				spoilEntry(t, path, k, damaged)
			}
			var file bytes.Buffer
			s, err := store.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			head, err := s.Salvage(t.Context(), &file, carry.Head{Show: "lamps-2027", Version: "test"}, ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, 32)))
			if err := errors.Join(err, s.Close()); err != nil {
				t.Fatal(err)
			}
			if lost := len(head.Lost); lost != min(int(damaged), 1) {
				t.Errorf("%d places damaged: %+v", lost, head.Lost)
			}
			opened, err := carry.Open(bytes.NewReader(file.Bytes()), int64(file.Len()))
			if err != nil {
				t.Fatal(err)
			}
			fresh := filepath.Join(t.TempDir(), "hall.db")
			runAt(t, fresh, 1, nil, func(h *hall.Hall, s *store.Store) {
				if _, err := h.Import(t.Context(), opened); err != nil {
					t.Fatal(err)
				}
				again, err := h.Import(t.Context(), opened)
				if err != nil || again.New != 0 {
					t.Errorf("a second time: %+v, %v", again, err)
				}
				s.Settle(t.Context())
				got := h.Stats()
				if got.Registrations != want.Registrations || got.Badges != want.Badges || got.Leads != want.Leads || got.Persons != want.Persons {
					t.Errorf("the new hall counts %d registrations, %d badges, %d leads, %d persons; the old one %d, %d, %d, %d",
						got.Registrations, got.Badges, got.Leads, got.Persons, want.Registrations, want.Badges, want.Leads, want.Persons)
				}
				if report, err := s.Check(t.Context()); err != nil || !report.OK() {
					t.Errorf("check: %+v, %v", report, err)
				}
			})
			runAt(t, filepath.Join(t.TempDir(), "hall.db"), 2, nil, func(h *hall.Hall, _ *store.Store) {
				_, err := h.Import(t.Context(), opened)
				wantCode(t, "another hall's", err, fault.AuthDenied)
			})
		})
	}
}

// lively has a kiosk and a booth say some of everything.
func lively(t *testing.T, h *hall.Hall, s *store.Store, k *halltest.Kiosk) hall.Stats {
	t.Helper()
	var tokens []string
	for range 4 {
		r := k.Visitor(ida)
		b, text := k.Badge(r, 1, record.BadgeIssued)
		k.Say(r, b)
		tokens = append(tokens, text)
	}
	k.Say(k.Visitor(nil))
	if _, err := s.Append(t.Context(), []hall.Batch{k.Batch(1, 9)}); err != nil {
		t.Fatal(err)
	}
	in, err := h.InviteDevice(t.Context(), "aurora")
	if err != nil {
		t.Fatal(err)
	}
	_, key, err := h.PairDevice(t.Context(), hall.Caller{Address: "192.0.2.7"}, in.Code, "phone")
	if err != nil {
		t.Fatal(err)
	}
	phone, err := h.ByKey(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range tokens[:3] {
		if _, _, err := h.TakeLead(t.Context(), phone, hall.Scan{Token: text}); err != nil {
			t.Fatal(err)
		}
	}
	s.Settle(t.Context())
	return h.Stats()
}

// spoilEntry flips a bit of an entry of the kiosk's journal.
func spoilEntry(t *testing.T, path string, k *halltest.Kiosk, seq uint64) {
	t.Helper()
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte("journals")).Bucket([]byte(k.Node)).Bucket([]byte(k.Epoch))
		key := binary.BigEndian.AppendUint64(nil, seq)
		value := bytes.Clone(b.Get(key))
		value[len(value)/2] ^= 1
		return b.Put(key, value)
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}
