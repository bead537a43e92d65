package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"path/filepath"
	"testing"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
)

// While the file is behind, whose key it is waits for nothing, the reads of one
// question wait once, and a later question waits for what was acknowledged since.
func TestView_WaitsOnceForAQuestion(t *testing.T) {
	s, gate := held(t, filepath.Join(t.TempDir(), "hall.db"))
	defer sound(t, s)
	k, asked := halltest.NewKiosk("lamps-2027"), hall.Together(t.Context())
	key := sha256.Sum256([]byte("key"))
	if err := s.PutUser(t.Context(), hall.User{Name: "desk", KeyHash: key}); err != nil {
		t.Fatal(err)
	}
	keep(t, s, say(k, 2))
	if n := seen(t, s, asked); n != 2 {
		t.Errorf("the first read sees %d registrations, want 2", n)
	}
	gate.close()
	keep(t, s, say(k, 3))
	if n := seen(t, s, asked); n != 2 {
		t.Errorf("a later read of the question sees %d registrations, want 2 at once", n)
	}
	if who, err := s.Holder(t.Context(), key); err != nil || who.User != "desk" {
		t.Errorf("the key is %+v's, %v", who, err)
	}
	if _, err := s.Session(t.Context(), key); !errors.Is(err, hall.ErrNone) {
		t.Errorf("a session that is none: %v", err)
	}
	next := make(chan int)
	go func() { next <- seen(t, s, hall.Together(t.Context())) }()
	<-gate.shut
	gate.open()
	if n := <-next; n != 5 {
		t.Errorf("the next question sees %d registrations, want 5", n)
	}
}

func seen(t *testing.T, s *Store, ctx context.Context) int {
	list, _, err := s.Registrations(ctx, 0, 100)
	if err != nil {
		t.Error(err)
	}
	return len(list)
}
