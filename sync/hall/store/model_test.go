package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/hall/store"
	"hallpass/sync/record"
)

func TestModel_IsALog(t *testing.T) {
	halltest.TestLog(t, func(testing.TB) hall.Log { return halltest.NewModel() })
}

// tally is what a log has told.
type tally struct{ fresh, quarantined int }

func watch(log hall.Log) *tally {
	n := &tally{}
	log.Watch(func(effects []hall.Effect) {
		for _, e := range effects {
			n.quarantined += e.Quarantined
			if e.Registration != nil && e.Registration.Fresh {
				n.fresh++
			}
		}
	})
	return n
}

// P1, P3: whatever is sent, in pieces, twice, with gaps, from copied disks, and
// with restarts in between, the file does what the model does.
func TestStore_DoesAsTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "model")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = os.RemoveAll(dir) }()
		path := filepath.Join(dir, "hall.db")
		s, err := store.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		model := halltest.NewModel()
		got, want := watch(s), watch(model)
		kiosks := histories(t)
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			if rapid.IntRange(0, 5).Draw(t, "restart") == 0 {
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				if s, err = store.Open(path); err != nil {
					t.Fatal(err)
				}
				before := *got
				got = watch(s)
				*got = before
			}
			var batches []hall.Batch
			for range rapid.IntRange(1, 3).Draw(t, "batches") {
				k := rapid.SampledFrom(kiosks).Draw(t, "kiosk")
				first := rapid.IntRange(1, len(k.Changes)).Draw(t, "first")
				batches = append(batches, k.Batch(first, rapid.IntRange(first, len(k.Changes)).Draw(t, "last")))
			}
			compare(t, s, model, batches)
			for _, k := range kiosks {
				a, errA := s.Cursor(t.Context(), k.Node, k.Epoch)
				b, errB := model.Cursor(t.Context(), k.Node, k.Epoch)
				if a != b || errA != nil || errB != nil {
					t.Fatalf("cursor %d, %v; the model's %d, %v", a, errA, b, errB)
				}
			}
			if rapid.Bool().Draw(t, "look") {
				s.Settle(t.Context())
				if *got != *want {
					t.Fatalf("the store told of %+v, the model of %+v", *got, *want)
				}
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

func compare(t *rapid.T, s, model hall.Log, batches []hall.Batch) {
	a, errA := s.Append(t.Context(), batches)
	b, errB := model.Append(t.Context(), batches)
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	for i := range a {
		if a[i].Last != b[i].Last || fault.CodeOf(a[i].Err) != fault.CodeOf(b[i].Err) {
			t.Fatalf("outcome %+v, the model's %+v", a[i], b[i])
		}
	}
}

// histories draws two kiosks, and a second history of the first one's disk.
func histories(t *rapid.T) []*halltest.Kiosk {
	first, other := halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027")
	say := func(k *halltest.Kiosk, n int) {
		for range n {
			if rapid.IntRange(0, 4).Draw(t, "bad") == 0 {
				k.SayBytes("moon.phase", []byte("full"))
			} else {
				k.Say(k.Visitor(nil))
			}
		}
	}
	say(first, rapid.IntRange(1, 3).Draw(t, "common"))
	say(other, rapid.IntRange(1, 6).Draw(t, "other"))
	copied := *first
	copied.Changes = append([]record.Change(nil), first.Changes...)
	say(first, rapid.IntRange(0, 3).Draw(t, "original"))
	say(&copied, rapid.IntRange(0, 3).Draw(t, "copy"))
	return []*halltest.Kiosk{first, other, &copied}
}

func TestCodes_AreUsedOnceAndForgotten(t *testing.T) {
	s, now := fresh(t), time.Now()
	for _, c := range []hall.Code{{Text: "KIOSK", Name: "Entrance", Expires: now.Add(time.Minute)}, {Text: "PHONE", Exhibitor: "aurora", Expires: now.Add(time.Hour)}} {
		if err := s.PutCode(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	node := halltest.NewKiosk("lamps-2027").Paired()
	if err := s.RedeemKiosk(t.Context(), "KIOSK", node); err != nil {
		t.Fatal(err)
	}
	if err := s.RedeemKiosk(t.Context(), "KIOSK", halltest.NewKiosk("lamps-2027").Paired()); !errors.Is(err, hall.ErrUsed) {
		t.Errorf("used twice: %v", err)
	}
	if err := s.RedeemDevice(t.Context(), "NOCODE", hall.Device{ID: "d"}); !errors.Is(err, hall.ErrNone) {
		t.Errorf("no such code: %v", err)
	}
	nodes, err := s.Nodes(t.Context())
	if err != nil || len(nodes) != 1 || nodes[0].ID != node.ID || !nodes[0].Key.Equal(node.Key) {
		t.Errorf("nodes = %+v, %v", nodes, err)
	}
	codes, err := s.Codes(t.Context(), now)
	if err != nil || len(codes) != 2 || !codes[0].Used || codes[0].UsedBy != node.ID {
		t.Errorf("codes = %+v, %v", codes, err)
	}
	if codes, err = s.Codes(t.Context(), now.Add(2*time.Minute)); err != nil || len(codes) != 1 || codes[0].Text != "PHONE" {
		t.Errorf("two minutes later: %+v, %v", codes, err)
	}
	if codes, err = s.Codes(t.Context(), now); err != nil || len(codes) != 1 {
		t.Errorf("the expired code is still there: %+v, %v", codes, err)
	}
	if code, err := s.Code(t.Context(), "PHONE"); err != nil || code.Text != "PHONE" || code.Used {
		t.Errorf("code = %+v, %v", code, err)
	}
	if _, err := s.Code(t.Context(), "KIOSK"); !errors.Is(err, hall.ErrNone) {
		t.Errorf("a code that was forgotten: %v", err)
	}
}

func TestSessions_EndWithTheirTimeAndTheirUser(t *testing.T) {
	s, now := fresh(t), time.Now()
	hash := func(b byte) [32]byte { return [32]byte{b} }
	put := func(n byte, user string, expires time.Time) {
		t.Helper()
		if err := s.PutSession(t.Context(), hash(n), hall.Session{User: user, Expires: expires}); err != nil {
			t.Fatal(err)
		}
	}
	put(1, "dana", now.Add(hall.SessionLife))
	put(2, "eve", now.Add(hall.SessionLife))
	put(3, "eve", now.Add(3*hall.SessionLife)) // by now the first two are over
	for n, want := range map[byte]error{1: hall.ErrNone, 2: hall.ErrNone, 3: nil} {
		if _, err := s.Session(t.Context(), hash(n)); !errors.Is(err, want) {
			t.Errorf("session %d: %v, want %v", n, err, want)
		}
	}
	for n := byte(10); n < 12; n++ {
		if err := s.PutUser(t.Context(), hall.User{Name: "eve", Role: hall.RoleOrganizer, KeyHash: hash(n)}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Session(t.Context(), hash(3)); !errors.Is(err, hall.ErrNone) {
		t.Errorf("eve's session after her new password: %v", err)
	}
	if _, err := s.Holder(t.Context(), hash(10)); !errors.Is(err, hall.ErrNone) {
		t.Errorf("eve's old key: %v", err)
	}
	if holder, err := s.Holder(t.Context(), hash(11)); err != nil || holder.User != "eve" {
		t.Errorf("eve's key: %+v, %v", holder, err)
	}
}
