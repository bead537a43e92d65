package hall_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"hallpass/sync/fault"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

func wantBye(t *testing.T, what string, err error, code fault.Code) {
	t.Helper()
	var refused halltest.Refused
	if !errors.As(err, &refused) || refused.Bye.Code != string(code) || refused.Bye.Message == "" {
		t.Errorf("%s: %v, want a goodbye with %s", what, err, code)
	}
}

func TestServe_RefusesWhoIsNotPaired(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	_, _, err := halltest.NewKiosk("lamps-2027").Dial(t.Context(), h.url, nil)
	wantBye(t, "stranger", err, fault.AuthDenied)
	thief := halltest.NewKiosk("lamps-2027")
	thief.Node = k.Node
	_, _, err = thief.Dial(t.Context(), h.url, nil)
	wantBye(t, "another key", err, fault.AuthDenied)
	lost := halltest.NewKiosk("chairs-2027")
	lost.Node, lost.Key = k.Node, k.Key
	_, _, err = lost.Dial(t.Context(), h.url, nil)
	wantBye(t, "another show", err, fault.RefusedFact)
	old, _, err := wire.Dial(t.Context(), h.url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := old.Send(t.Context(), wire.Hello{Protocol: 99, Node: k.Node}); err != nil {
		t.Fatal(err)
	}
	frame, err := old.Receive(t.Context())
	if bye, ok := frame.(wire.Bye); !ok || bye.Code != string(fault.BadProtocol) {
		t.Errorf("another protocol: %v, %v", frame, err)
	}
	if err := old.Close(1000, ""); err != nil {
		t.Log(err)
	}
}

// P9: a broken frame ends its own connection and nothing else.
func TestServe_BrokenFrameHurtsNobodyElse(t *testing.T) {
	good, bad := halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027")
	h := start(t, good, bad)
	conn, _ := h.dial(t, good)
	for name, junk := range map[string][]byte{"Noise": {0xFF, 0x00, 0x13}, "Empty": {}, "Huge": make([]byte, wire.MaxFrame+1)} {
		ws, response, err := websocket.DefaultDialer.DialContext(t.Context(), h.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		if response.Header.Get(wire.NonceHeader) == "" {
			t.Error("no nonce")
		}
		_ = ws.WriteMessage(websocket.BinaryMessage, junk) // the hall may have hung up half way
		_ = ws.SetReadDeadline(time.Now().Add(5 * time.Second))
		for err == nil {
			_, _, err = ws.ReadMessage()
		}
		var timeout interface{ Timeout() bool }
		if errors.As(err, &timeout) && timeout.Timeout() {
			t.Errorf("%s: the connection stays open", name)
		}
		_ = ws.Close()
	}
	good.Say(good.Visitor(ida))
	if err := good.Send(t.Context(), conn, 1, 1); err != nil {
		t.Errorf("the neighbour: %v", err)
	}
}

// P9: a fact that cannot be read or cannot be true goes to quarantine as it
// came; the rest goes on.
func TestServe_RefusedFactsGoToQuarantine(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	foreign := halltest.NewKiosk("chairs-2027").Visitor(ida)
	nameless := k.Visitor(nil)
	nameless.ID = record.RegistrationID(strings.Repeat("x", 200))
	never := k.Visitor(nil)
	never.Created.Wall = 1 << 60
	k.SayBytes("moon.phase", []byte("full"))
	k.SayBytes(record.KindRegistration, []byte("no CBOR"))
	k.SayBytes(record.KindBadge, nil)
	k.Say(foreign, nameless, never)
	show := halltest.Show()
	k.Say(show)
	k.Say(k.Visitor(ida))
	h.deliver(t, k)
	if s := h.Stats(); s.Registrations != 1 || s.Quarantine != 7 {
		t.Errorf("registrations %d, quarantine %d, want 1 and 7", s.Registrations, s.Quarantine)
	}
	list, _, err := h.store.Quarantine(t.Context(), 0, 100)
	if err != nil || len(list) != 7 {
		t.Fatalf("%d in quarantine, %v", len(list), err)
	}
	if q := list[0]; string(q.Payload) != "full" || q.Code != string(fault.UnknownFact) || q.Seq != 1 || q.Node != k.Node || q.Reason == "" {
		t.Errorf("the unknown fact is kept as %+v", q)
	}
	for _, q := range list[1:] {
		if q.Code != string(fault.RefusedFact) || strings.Contains(q.Reason, "Ida") {
			t.Errorf("entry %d: %s %q", q.Seq, q.Code, q.Reason)
		}
	}
}

// A batch of somebody else's changes is no batch.
func TestServe_BatchMustBeTheKiosksOwn(t *testing.T) {
	k, other := halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027")
	h := start(t, k, other)
	other.Say(other.Visitor(ida))
	for name, frame := range map[string]wire.Frame{
		"OfAnother": wire.Batch{First: 1, Changes: other.Changes}, "Empty": wire.Batch{First: 1}, "Welcome": wire.Welcome{}, "AckOfNothing": wire.Ack{Seq: 77},
	} {
		conn, _ := h.dial(t, k)
		if err := conn.Send(t.Context(), frame); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		for err := error(nil); err == nil; {
			_, err = conn.Receive(ctx) // the hall's show, a goodbye, the end
		}
		if ctx.Err() != nil {
			t.Errorf("%s: the connection stays open", name)
		}
		cancel()
	}
	if got := h.Stats().Registrations; got != 0 {
		t.Errorf("registrations = %d, want none", got)
	}
}

func TestServe_NewDiskIsANewJournal(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	k.Say(k.Visitor(ida), k.Visitor(nil))
	h.deliver(t, k)
	k.NewDisk()
	k.Say(k.Visitor(nil))
	conn, welcome := h.dial(t, k)
	if welcome.Read.Seq != 0 || welcome.Read.Epoch != k.Epoch {
		t.Errorf("welcome says %+v, want the new epoch from 0", welcome.Read)
	}
	if err := k.Send(t.Context(), conn, 1, 1); err != nil {
		t.Fatal(err)
	}
	if got := h.Stats().Registrations; got != 3 {
		t.Errorf("registrations = %d, want those of both disks", got)
	}
}

// A kiosk whose disk was copied back has less than we kept: everything is read
// again, and what it did since is not passed over.
func TestServe_ShorterJournalIsReadAgain(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	k.Say(k.Visitor(ida), k.Visitor(nil))
	backup := *k
	k.Say(k.Visitor(nil))
	h.deliver(t, k)
	conn, welcome := h.dial(t, &backup)
	if welcome.Read.Seq != 0 {
		t.Errorf("resume after %d, want from 0", welcome.Read.Seq)
	}
	if err := backup.Send(t.Context(), conn, 1, 2); err != nil {
		t.Fatal(err)
	}
	backup.Say(backup.Visitor(nil))
	wantBye(t, "another history", backup.Send(t.Context(), conn, 3, 3), fault.Forked)
	conn, welcome = h.dial(t, &backup) // it does not begin a new life, as an older program
	if welcome.Read.Seq != 3 {
		t.Errorf("resume after %d, want 3: the first history is not in doubt", welcome.Read.Seq)
	}
	wantBye(t, "another history, again", backup.Send(t.Context(), conn, 3, 3), fault.Forked)
	h.deliver(t, &backup)
	if s := h.Stats(); s.Registrations != 3 || s.Quarantine != 1 {
		t.Errorf("registrations %d, quarantine %d, want 3 and 1", s.Registrations, s.Quarantine)
	}
}

// The hall's journal goes to the kiosk at once, and from where it had read.
func TestServe_ShowReachesKiosks(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	conn, welcome := h.dial(t, k)
	if name := receiveShow(t, conn, 1).Name["en"]; name != "Lamps 2027" || welcome.Last.Seq != 2 {
		t.Errorf("first show = %q, last %d", name, welcome.Last.Seq)
	}
	show := h.Show()
	show.Name = record.Text{"en": "Lamps, renamed"}
	if err := h.Revise(t.Context(), show); err != nil {
		t.Fatal(err)
	}
	if name := receiveShow(t, conn, 3).Name["en"]; name != "Lamps, renamed" {
		t.Errorf("second show = %q", name)
	}
	show.ID = "chairs-2027"
	wantCode(t, "another show", h.Revise(t.Context(), show), fault.Conflict)
}

func receiveShow(t *testing.T, conn *wire.Conn, seq uint64) record.Show {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	frame, err := conn.Receive(ctx)
	batch, ok := frame.(wire.Batch)
	if err != nil || !ok || len(batch.Changes) > 2 || batch.First != seq { // the certificate of the kiosk's key may follow
		t.Fatalf("received %+v, %v, want a batch from %d", frame, err, seq)
	}
	fact, err := wire.Decode(batch.Changes[0].Kind, batch.Changes[0].Payload)
	show, ok := fact.(record.Show)
	if err != nil || !ok {
		t.Fatalf("decode: %v", err)
	}
	if err := conn.Send(t.Context(), wire.Ack{Seq: seq + uint64(len(batch.Changes)) - 1}); err != nil {
		t.Fatal(err)
	}
	return show
}

func TestServe_NewerConnectionReplacesOlder(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	older, _ := h.dial(t, k)
	k.Say(k.Visitor(ida))
	if err := k.Send(t.Context(), older, 1, 1); err != nil {
		t.Fatal(err)
	}
	newer, _ := h.dial(t, k)
	k.Say(k.Visitor(nil))
	if err := k.Send(t.Context(), newer, 2, 2); err != nil {
		t.Fatal(err)
	}
	wantBye(t, "the older", k.Send(t.Context(), older, 2, 2), fault.Conflict)
	if s := h.Stats(); len(s.Kiosks) != 1 || !s.Kiosks[0].Up {
		t.Errorf("kiosks = %+v, want one that is up", s.Kiosks)
	}
}

func TestStats_KioskFleet(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	if s := h.Stats(); len(s.Kiosks) != 1 || s.Kiosks[0].Up || !s.Kiosks[0].Seen.IsZero() {
		t.Errorf("before it calls: %+v", s.Kiosks)
	}
	conn, _ := h.dial(t, k)
	ahead := time.Now().Add(90 * time.Second).UnixMilli()
	err := conn.Send(t.Context(), wire.Status{LastSeq: 7, Printer: "stopped", Reasons: []string{"media-empty"}, Version: "2", DiskFreeMB: 5, Now: ahead, Aside: 3})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the status shows", func() bool { return h.Stats().Kiosks[0].Printer == "stopped" })
	got := h.Stats().Kiosks[0]
	if !got.Up || got.Unsent != 7 || got.Version != "2" || got.Reasons[0] != "media-empty" || got.Aside != 3 || got.Skew < 85*time.Second {
		t.Errorf("kiosk = %+v", got)
	}
	if err := conn.Close(1000, ""); err != nil {
		t.Log(err)
	}
	eventually(t, "the kiosk is down", func() bool { return !h.Stats().Kiosks[0].Up })
}

// At the end the hall tells its kiosks that it goes, and takes nothing more.
// A faulty kiosk cannot have every dashboard carry a megabyte five times a second.
func TestStats_ReasonsAreFew(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	e := start(t, k)
	conn, _ := e.dial(t, k)
	status := wire.Status{Printer: "stopped", Reasons: slices.Repeat([]string{strings.Repeat("x", 255)}, 4000), Version: "9.9"}
	status.Reasons[0] = "media-empty"
	if err := conn.Send(t.Context(), status); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the status is heard", func() bool { return e.Stats().Kiosks[0].Version == "9.9" })
	if got := e.Stats().Kiosks[0].Reasons; len(got) > 32 || got[0] != "media-empty" {
		t.Errorf("%d reasons from %q on, want the first 32 at most", len(got), got[0])
	}
}

func TestHangup_GoingAway(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	conn, _ := h.dial(t, k)
	var err error
	pictures, stop := h.Live()
	defer stop()
	h.Hangup()
	for open := true; open; {
		_, open = <-pictures
	}
	for err == nil {
		_, err = conn.Receive(t.Context())
	}
	if !errors.Is(err, wire.ErrClosed) {
		t.Errorf("the kiosk hears %v, want a close in good order", err)
	}
	if _, _, err := k.Dial(t.Context(), h.url, nil); err == nil {
		t.Error("a kiosk got in after the hangup")
	}
}

// Revisions of a large show do not fit one frame: a kiosk that comes late gets
// them one after the other.
func TestServe_LargeShowsInSeveralFrames(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	show := h.Show()
	for i := range 3000 {
		id := record.ExhibitorID(fmt.Sprint("exhibitor-", i))
		show.Exhibitors = append(show.Exhibitors, record.Exhibitor{ID: id, Name: record.Text{"en": strings.Repeat("Lamps ", 40)}})
	}
	for range 6 {
		show.Edition += "I"
		if err := h.Revise(t.Context(), show); err != nil {
			t.Fatal(err)
		}
	}
	conn, welcome := h.dial(t, k)
	for read := uint64(0); read < welcome.Last.Seq; {
		frame, err := conn.Receive(t.Context())
		batch, ok := frame.(wire.Batch)
		if err != nil || !ok || batch.First != read+1 {
			t.Fatalf("after %d: %T from %d, %v", read, frame, batch.First, err)
		}
		read += uint64(len(batch.Changes))
		if err := conn.Send(t.Context(), wire.Ack{Seq: read}); err != nil {
			t.Fatal(err)
		}
	}
}
