package hall_test

import (
	"testing"

	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// told is a kiosk's tally with n cards of everything.
func told(n uint64) record.Tally {
	return record.Tally{
		Fields: map[record.FieldName]record.FieldTally{
			"name": {Sure: record.Outcomes{Accepted: 10 * n, Corrected: n}, Doubtful: record.Outcomes{Accepted: n, Corrected: 2 * n, Emptied: n}, Typed: n},
		},
		Confusions: map[record.Confusion]uint64{{Read: '已', Meant: '己'}: n},
	}
}

// Two kiosks' counts add up; what one says later takes the place of what it
// said before (P3), and stays while it is away.
func TestReading_AddsUpWhatKiosksTell(t *testing.T) {
	a, b := halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027")
	h := start(t, a, b)
	left, _ := h.dial(t, a)
	right, _ := h.dial(t, b)
	learn(t, h, true)
	for _, n := range []uint64{3, 3, 5} {
		if err := left.Send(t.Context(), wire.Status{Tally: told(n)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := right.Send(t.Context(), wire.Status{Tally: told(20)}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "both are heard", func() bool { return h.Stats().Reading.Equal(told(25)) })
	if got := h.Stats().Reading; got.Kiosks != 2 || !got.Learn {
		t.Errorf("reading = %+v, want two kiosks of a show that learns", got)
	}
	if err := right.Close(1000, ""); err != nil {
		t.Log(err)
	}
	eventually(t, "one is away", func() bool { return h.Load().Links == 1 })
	if got := h.Stats().Reading; !got.Equal(told(25)) {
		t.Errorf("with one away: %+v", got)
	}
	learn(t, h, false)
	if got := h.Stats().Reading; got.Learn || got.Kiosks != 0 || !got.Empty() {
		t.Errorf("switched off: %+v, want nothing", got)
	}
}

func learn(t *testing.T, h *expo, on bool) {
	t.Helper()
	show := h.Show()
	show.Learn = on
	if err := h.Revise(t.Context(), show); err != nil {
		t.Fatal(err)
	}
}

// P8, P9: what no kiosk of ours would tell does not reach the dashboard, and
// does not end the connection either.
func TestReading_TakesOnlyWhatIsPlausible(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	learn(t, h, true)
	conn, _ := h.dial(t, k)
	tally := told(3)
	tally.Fields["Ada Quay, Harbor Ltd"] = record.FieldTally{Typed: 1}
	for _, c := range []record.Confusion{{Read: -7, Meant: 'a'}, {Read: 'a', Meant: 0x202e}, {Read: 0x110000, Meant: 'b'}, {Read: ' ', Meant: 'c'}} {
		tally.Confusions[c] = 9
	}
	if err := conn.Send(t.Context(), wire.Status{Version: "1", Tally: tally}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the status is heard", func() bool { return h.Stats().Kiosks[0].Version == "1" })
	if got := h.Stats().Reading; !got.Equal(told(3)) {
		t.Errorf("reading = %+v, want %+v", got.Tally, told(3))
	}
	for i := range rune(4000) {
		tally.Confusions[record.Confusion{Read: '一' + i, Meant: '二'}] = 9
	}
	if err := conn.Send(t.Context(), wire.Status{Version: "2", Tally: tally}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the next is heard", func() bool { return h.Stats().Kiosks[0].Version == "2" })
	if got := len(h.Stats().Reading.Confusions); got > 100 {
		t.Errorf("%d confusions of one kiosk, want 100 at most", got)
	}
}

// A kiosk from before there was counting says nothing of it.
func TestReading_OlderKiosk(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	learn(t, h, true)
	conn, _ := h.dial(t, k)
	if err := conn.Send(t.Context(), wire.Status{Version: "0.1"}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the status is heard", func() bool { return h.Stats().Kiosks[0].Version == "0.1" })
	if got := h.Stats().Reading; !got.Learn || got.Kiosks != 0 || !got.Empty() {
		t.Errorf("reading = %+v, want none told yet", got)
	}
}
