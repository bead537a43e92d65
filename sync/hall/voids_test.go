package hall_test

import (
	"testing"
	"time"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// P5: the dashboard says for how long what is voided may be unknown somewhere.
func TestStats_WorstCaseOfAVoid_P5(t *testing.T) {
	clock := &clock{at: time.Now()}
	k, away := halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027")
	h := startAt(t, clock.Now, k, away)
	name := func(k *halltest.Kiosk) string { return k.Paired().Name }
	want := func(when string, window time.Duration, kiosk string, behind int) {
		t.Helper()
		var got hall.Voids
		eventually(t, when, func() bool {
			got = h.Stats().Voids
			return got.Window == window && got.Kiosk == kiosk && got.Behind == behind
		})
	}
	clock.add(time.Hour)
	if got := h.Stats().Voids; got.Window != time.Hour || got.Behind != 2 {
		t.Errorf("nobody has called: %+v, want an hour and both", got)
	}
	for _, kiosk := range []*halltest.Kiosk{k, away} {
		conn, _ := h.dial(t, kiosk)
		listen(t, conn, kiosk == away)
	}
	want("both have all", 25*time.Second, "", 0)
	clock.add(10 * time.Minute)
	// The one says that it is there; the other is connected and takes nothing.
	show := h.Show()
	show.Name = record.Text{"en": "Lamps, renamed"}
	if err := h.Revise(t.Context(), show); err != nil {
		t.Fatal(err)
	}
	want("one does not take what it is told", 10*time.Minute, name(away), 1)
	if _, err := h.Revoke(t.Context(), hall.RevokeOrder{Kiosk: string(away.Node)}); err != nil {
		t.Fatal(err)
	}
	want("that one is out of service", 25*time.Second, "", 0)
}

// listen takes what the hall says as a kiosk does; one that is deaf stops after
// the first batch.
func listen(t *testing.T, conn *wire.Conn, deaf bool) {
	t.Helper()
	took := make(chan struct{}, 100)
	go func() {
		for {
			frame, err := conn.Receive(t.Context())
			if err != nil {
				return
			}
			batch, ok := frame.(wire.Batch)
			if !ok {
				continue
			}
			if deaf && len(took) > 0 {
				continue
			}
			if conn.Send(t.Context(), wire.Ack{Seq: batch.First + uint64(len(batch.Changes)) - 1}) != nil {
				return
			}
			took <- struct{}{}
		}
	}()
}
