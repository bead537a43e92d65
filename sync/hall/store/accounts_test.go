package store_test

import (
	"errors"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/hall/store"
	"hallpass/sync/record"
)

func hashOf(b byte) [32]byte { return [32]byte{b, 31: b} }

// Whoever could sign in, scan or connect before a restart can after it, and
// with the same key only.
func TestAccounts_AreTheSameAfterARestart(t *testing.T) {
	path, now := filepath.Join(t.TempDir(), "hall.db"), time.Now().UTC().Truncate(time.Millisecond)
	user := hall.User{Name: "dana", Role: hall.RoleOrganizer, Salt: []byte("salt"), Password: []byte("argon"), KeyHash: hashOf(1)}
	device := hall.Device{ID: "phone", Name: "Booth 1A01", Exhibitor: "aurora", KeyHash: hashOf(2), Paired: now}
	node := halltest.NewKiosk("lamps-2027").Paired()
	node.Certificate, node.Paired, node.Categories = []byte("cert"), now, []string{"public", "trade"}
	session := hall.Session{User: "dana", Expires: now.Add(hall.SessionLife)}
	for restarted := range 2 {
		s, err := store.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		self, err := s.Self(t.Context())
		if err != nil || self.Hall == "" || self.Hall == self.Desk || self.Epoch == "" {
			t.Fatalf("self = %+v, %v", self, err)
		}
		if restarted == 0 {
			err = errors.Join(s.PutUser(t.Context(), user), s.PutSession(t.Context(), hashOf(3), session),
				s.PutCode(t.Context(), hall.Code{Text: "PHONE", Exhibitor: "aurora", Expires: now.Add(time.Hour)}),
				s.PutCode(t.Context(), hall.Code{Text: "KIOSK", Name: "Entrance", Expires: now.Add(time.Hour)}),
				s.RedeemDevice(t.Context(), "PHONE", device), s.RedeemKiosk(t.Context(), "KIOSK", node))
			if err != nil {
				t.Fatal(err)
			}
		}
		gotUser, err := s.User(t.Context(), "dana")
		if err != nil || !reflect.DeepEqual(gotUser, user) {
			t.Errorf("restart %d: user %+v, %v", restarted, gotUser, err)
		}
		gotDevice, err := s.Device(t.Context(), "phone")
		if err != nil || !reflect.DeepEqual(gotDevice, device) {
			t.Errorf("restart %d: device %+v, %v", restarted, gotDevice, err)
		}
		nodes, err := s.Nodes(t.Context())
		if err != nil || len(nodes) != 1 || !reflect.DeepEqual(nodes[0], node) {
			t.Errorf("restart %d: nodes %+v, %v", restarted, nodes, err)
		}
		gotSession, err := s.Session(t.Context(), hashOf(3))
		if err != nil || gotSession.User != "dana" || !gotSession.Expires.Equal(session.Expires) {
			t.Errorf("restart %d: session %+v, %v", restarted, gotSession, err)
		}
		for key, want := range map[byte]hall.Holder{1: {User: "dana"}, 2: {Device: "phone"}} {
			if got, err := s.Holder(t.Context(), hashOf(key)); err != nil || got != want {
				t.Errorf("restart %d: key %d is %+v's, %v, want %+v's", restarted, key, got, err, want)
			}
		}
		if err := s.RedeemDevice(t.Context(), "PHONE", hall.Device{ID: "thief", KeyHash: hashOf(9)}); !errors.Is(err, hall.ErrUsed) {
			t.Errorf("restart %d: the used code: %v", restarted, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// What is not there is ErrNone, whatever is asked for.
func TestStore_HasNoneOfWhatNobodyPut(t *testing.T) {
	s, ctx := fresh(t), t.Context()
	for name, ask := range map[string]func() error{
		"Registration": func() error { _, err := s.Registration(ctx, "R"); return err },
		"Badge":        func() error { _, err := s.Badge(ctx, "B"); return err },
		"Lead":         func() error { _, err := s.Lead(ctx, "L"); return err },
		"LeadByClient": func() error { _, err := s.LeadByClient(ctx, "phone", "c"); return err },
		"Device":       func() error { _, err := s.Device(ctx, "phone"); return err },
		"User":         func() error { _, err := s.User(ctx, "dana"); return err },
		"Holder":       func() error { _, err := s.Holder(ctx, hashOf(1)); return err },
		"Session":      func() error { _, err := s.Session(ctx, hashOf(1)); return err },
		"Code":         func() error { return s.RedeemKiosk(ctx, "C", hall.Node{ID: "n"}) },
	} {
		if err := ask(); !errors.Is(err, hall.ErrNone) {
			t.Errorf("%s: %v, want ErrNone", name, err)
		}
	}
	if err := s.DeleteSession(ctx, hashOf(1)); err != nil {
		t.Errorf("signing out twice: %v", err)
	}
	if seq, err := s.Cursor(ctx, "nobody", "never"); seq != 0 || err != nil {
		t.Errorf("cursor of an unknown node: %d, %v", seq, err)
	}
	if changes, err := s.Changes(ctx, "nobody", "never", 0, 10); len(changes) != 0 || err != nil {
		t.Errorf("changes of an unknown node: %d, %v", len(changes), err)
	}
}

// A code that was refused leaves no kiosk, phone or key behind.
func TestRedeem_RefusedLeavesNothing(t *testing.T) {
	s := fresh(t)
	if err := s.PutCode(t.Context(), hall.Code{Text: "ONCE", Expires: time.Now().Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	if err := s.RedeemKiosk(t.Context(), "ONCE", hall.Node{ID: "first"}); err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"ONCE", "NONE"} {
		err := s.RedeemDevice(t.Context(), code, hall.Device{ID: "thief", KeyHash: hashOf(9)})
		if !errors.Is(err, hall.ErrUsed) && !errors.Is(err, hall.ErrNone) {
			t.Errorf("%s: %v", code, err)
		}
		if err := s.RedeemKiosk(t.Context(), code, hall.Node{ID: "thief"}); err == nil {
			t.Errorf("%s was redeemed", code)
		}
	}
	if _, err := s.Device(t.Context(), "thief"); !errors.Is(err, hall.ErrNone) {
		t.Errorf("the thief's phone: %v", err)
	}
	if _, err := s.Holder(t.Context(), hashOf(9)); !errors.Is(err, hall.ErrNone) {
		t.Errorf("the thief's key: %v", err)
	}
	if nodes, err := s.Nodes(t.Context()); err != nil || len(nodes) != 1 {
		t.Errorf("%d kiosks, %v, want the first alone", len(nodes), err)
	}
}

// A code ends at its minute, not a moment later.
func TestCodes_EndAtTheirMinute(t *testing.T) {
	s, end := fresh(t), time.Date(2027, 4, 21, 9, 15, 0, 0, time.UTC)
	if err := s.PutCode(t.Context(), hall.Code{Text: "ONCE", Expires: end}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		at   time.Time
		want int
	}{{end.Add(-time.Millisecond), 1}, {end, 0}, {end.Add(-time.Hour), 0}} {
		if codes, err := s.Codes(t.Context(), c.at); err != nil || len(codes) != c.want {
			t.Errorf("at %s: %d codes, %v, want %d", c.at, len(codes), err, c.want)
		}
	}
}

// Signing out ends one session, a new password all of one user's and nobody
// else's.
func TestSessions_EndForOneUserOnly(t *testing.T) {
	s, until := fresh(t), time.Now().Add(hall.SessionLife)
	if err := s.PutUser(t.Context(), hall.User{Name: "dana", KeyHash: hashOf(8)}); err != nil {
		t.Fatal(err)
	}
	for n, user := range map[byte]string{1: "dana", 2: "dana", 3: "eve"} {
		if err := s.PutSession(t.Context(), hashOf(n), hall.Session{User: user, Expires: until}); err != nil {
			t.Fatal(err)
		}
	}
	alive := func(want ...byte) {
		t.Helper()
		for n := byte(1); n <= 3; n++ {
			_, err := s.Session(t.Context(), hashOf(n))
			expected := false
			for _, w := range want {
				expected = expected || w == n
			}
			if (err == nil) != expected {
				t.Errorf("session %d: %v, want alive %v", n, err, expected)
			}
		}
	}
	alive(1, 2, 3)
	if err := s.DeleteSession(t.Context(), hashOf(1)); err != nil {
		t.Fatal(err)
	}
	alive(2, 3)
	for _, user := range []string{"dan", "dana"} { // the first is new and has no session
		if err := s.PutUser(t.Context(), hall.User{Name: user, KeyHash: hashOf(byte(len(user)))}); err != nil {
			t.Fatal(err)
		}
		if user == "dan" {
			alive(2, 3)
		}
	}
	alive(3)
}

// P3: of two scans with one client id the hall keeps the first, though the
// second has an id of its own.
func TestOwn_OnceIsOnce(t *testing.T) {
	s, k := fresh(t), halltest.NewKiosk("lamps-2027")
	first, second := lead(k, "aurora", "c1"), lead(k, "aurora", "c1")
	var told totals
	s.Watch(told.add)
	for _, l := range []record.Lead{first, second} {
		if _, err := s.Append(t.Context(), []hall.Batch{{Own: []hall.Own{{Fact: l, Stamp: l.Created, Once: true}}}}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.LeadByClient(t.Context(), "phone", "c1")
	if err != nil || got.ID != first.ID || told.leads != 1 {
		t.Errorf("the lead is %s, %v, %d told; want %s and 1", got.ID, err, told.leads, first.ID)
	}
	if _, err := s.Lead(t.Context(), second.ID); !errors.Is(err, hall.ErrNone) {
		t.Errorf("the second: %v, want none", err)
	}
}
