package wire_test

import (
	"context"
	"testing"
	"time"

	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// However many connections send large frames, so many are in memory as there
// is room for; small ones pass by, and room comes back with the next Receive
// and with Close.
func TestRoom_BoundsLargeFrames(t *testing.T) {
	const places, connections = 2, 6
	room := wire.NewRoom(places)
	large := wire.Batch{First: 1, Changes: []record.Change{{Seq: 1, Payload: make([]byte, 1<<20)}}}
	got := make(chan *wire.Conn, connections)
	for range connections {
		kiosk, hall := pair(t)
		hall.Within(room)
		greet(t, kiosk, hall)
		go func() { _ = kiosk.Send(soon(t), large) }()
		go func() {
			if _, err := hall.Receive(soon(t)); err != nil {
				t.Errorf("Receive = %v", err)
			}
			got <- hall
		}()
	}
	var held []*wire.Conn
	for range places {
		held = append(held, <-got)
	}
	small, hall := pair(t)
	hall.Within(room)
	for range 20 { // small ones all the while
		greet(t, small, hall)
	}
	if extra := len(got); extra != 0 {
		t.Fatalf("%d large frames are in memory, want %d", extra+places, places)
	}
	for taken := places; taken < connections; taken++ {
		over, cancel := context.WithCancel(t.Context())
		if taken%2 == 0 {
			cancel()
			_, _ = held[0].Receive(over) // has done with the frame before
		}
		_ = held[0].Close(1000, "")
		cancel()
		held = append(held[1:], <-got)
	}
}

// Who waits for room is not stuck when its connection is to end.
func TestRoom_WaitingEndsWithTheConnection(t *testing.T) {
	room := wire.NewRoom(1)
	large := wire.Batch{First: 1, Changes: []record.Change{{Seq: 1, Payload: make([]byte, 1<<20)}}}
	first, holder := pair(t)
	holder.Within(room)
	greet(t, first, holder)
	go func() { _ = first.Send(soon(t), large) }()
	if _, err := holder.Receive(soon(t)); err != nil {
		t.Fatal(err)
	}
	for _, end := range []string{"Close", "Context"} {
		kiosk, hall := pair(t)
		hall.Within(room)
		greet(t, kiosk, hall)
		go func() { _ = kiosk.Send(soon(t), large) }()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		ended := make(chan error, 1)
		go func() { _, err := hall.Receive(ctx); ended <- err }()
		if end == "Close" {
			_ = hall.Close(1001, "")
		} else {
			cancel()
		}
		select {
		case err := <-ended:
			if err == nil {
				t.Errorf("%s: Receive has got a frame, want an error", end)
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("%s: Receive still waits", end)
		}
	}
}
