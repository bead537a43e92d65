// Package stranger holds the protocol's specification to its word: a second
// kiosk, written from the text of package sync alone, with none of our code but
// the hall it talks to. It holds tests only.
package stranger_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"hallpass/cmd/internal/process"
)

// programs is the folder with the built hall; TestMain fills it.
var programs string

func TestMain(m *testing.M) { os.Exit(process.Main(m, &programs, "hall")) }

// hall is a real hall in a process of its own.
type hall struct {
	*process.Process
	t                         *testing.T
	program, data, tls, plain string
	organizer                 string // the key of one
}

func openHall(t *testing.T) *hall {
	t.Helper()
	h := &hall{t: t, program: filepath.Join(programs, "hall"), data: filepath.Join(t.TempDir(), "data"), tls: process.FreeAddress(t), plain: process.FreeAddress(t)}
	h.Process = process.New(t, "hall", h.program, "run", "-data", h.data, "-listen", h.tls, "-loopback", h.plain,
		"-show", filepath.Join("..", "..", "..", "assets", "show", "show.json"))
	h.start()
	var made struct{ Key string }
	h.run(&made, "user", "-name", "organizer")
	h.organizer = made.Key
	return h
}

func (h *hall) start() {
	h.t.Helper()
	if err := h.Start(); err != nil {
		h.t.Fatal(err)
	}
}

func (h *hall) run(out any, command string, args ...string) {
	h.t.Helper()
	text, err := exec.Command(h.program, append([]string{command, "-data", h.data, "-json"}, args...)...).Output()
	if err == nil {
		err = json.Unmarshal(text, out)
	}
	if err != nil {
		h.t.Fatalf("hall %s: %v", command, err)
	}
}

// counts waits until the organizer sees so many registrations and badges.
func (h *hall) counts(registrations, badges int) {
	h.t.Helper()
	var got struct{ Registrations, Badges int }
	for end := time.Now().Add(time.Minute); ; {
		req, _ := http.NewRequestWithContext(h.t.Context(), "GET", "http://"+h.plain+"/api/v1/stats", nil)
		req.Header.Set("Authorization", "Bearer "+h.organizer)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			h.t.Fatal(err)
		}
		err = json.NewDecoder(resp.Body).Decode(&got)
		_ = resp.Body.Close()
		if err == nil && got.Registrations == registrations && got.Badges == badges {
			return
		}
		if time.Now().After(end) {
			h.t.Fatalf("the hall counts %+v, %v; want %d registrations, %d badges", got, err, registrations, badges)
		}
		<-time.After(50 * time.Millisecond)
	}
}

// visitor records a made-up registration and its badge as issued.
func (k *kiosk) visitor(i int) {
	stamp := []any{uint64(time.Now().UnixMilli()), uint64(i), k.node}
	said := func(v string) fields { return fields{1: v, 2: stamp} }
	id, badge := fmt.Sprintf("01JD00000000000000000R%04d", i), fmt.Sprintf("01JD00000000000000000B%04d", i)
	k.record(stamp, "registration", fields{
		1: id, 2: k.show, 3: k.node, 4: stamp, 5: "typed", 6: said("trade"),
		7: fields{"name": said(fmt.Sprintf("Visitor %d", i)), "email": said(fmt.Sprintf("visitor%d@example.org", i))},
		9: fields{"privacy": fields{1: true, 2: 1, 3: stamp}},
	})
	k.record(stamp, "badge", fields{
		1: badge, 2: id, 3: k.show, 4: k.node, 5: 1, 6: "trade", 7: fmt.Sprintf("7KQ4M2X%03d", i), 8: said("issued"),
	})
}

// P1, P3: what a kiosk of somebody else's says is kept once, whatever is sent
// twice and whoever is killed.
func TestStranger_P3_SpeaksWithTheHall(t *testing.T) {
	h := openHall(t)
	var code struct{ Code string }
	h.run(&code, "pair", "-kiosk", "Stranger")
	k := newKiosk(t, h.tls, "01JD0000000000000000000EK1")
	k.pair(code.Code, "Stranger")

	k.hello(1)
	w := k.hear(welcome)
	if read := w[uint64(6)].([]any); read[1] != uint64(0) {
		t.Fatalf("the hall has read %v of a new journal", read)
	}
	k.visitor(1)
	k.visitor(2)
	k.deliver(1, 4)
	h.counts(2, 2)
	k.send(status, fields{1: 4, 2: 4, 3: 0, 4: "idle", 6: "stranger 1", 7: 9000, 8: int(time.Now().UnixMilli())})
	k.deliver(1, 4) // as if the Ack had been lost
	h.counts(2, 2)

	h.Kill()
	h.start()
	k.visitor(3)
	k.hello(1)
	if read := k.hear(welcome)[uint64(6)].([]any); read[0] != k.epoch || read[1] != uint64(4) {
		t.Fatalf("the hall has read %v, want what it acknowledged", read)
	}
	k.deliver(3, 6) // the first two once more
	h.counts(3, 3)
	if k.heardOfKind["show"] == 0 || k.heardOfKind["key"] == 0 {
		t.Errorf("the hall told %v, not the show and our key", k.heardOfKind)
	}
}

// P9: what the hall cannot use it keeps aside and acknowledges; what breaks the
// rules ends the connection with its code, and nothing else.
func TestStranger_P9_Refusals(t *testing.T) {
	h := openHall(t)
	var code struct{ Code string }
	h.run(&code, "pair", "-kiosk", "Stranger")
	k := newKiosk(t, h.tls, "01JD0000000000000000000EK2")
	k.pair(code.Code, "Stranger")

	k.hello(7)
	if got := k.hear(bye)[uint64(1)]; got != "wire.protocol" {
		t.Errorf("protocol 7 ends with %v", got)
	}
	k.hello(1)
	k.hear(welcome)
	stamp := []any{uint64(time.Now().UnixMilli()), uint64(0), k.node}
	k.record(stamp, "moon.phase", fields{1: "waxing"})
	k.visitor(1)
	k.deliver(1, 3) // the unknown kind holds up nothing
	h.counts(1, 1)

	k.visitor(2)
	k.visitor(3)
	k.send(batch, fields{1: 6, 2: []any{k.journal[5], k.journal[6]}}) // 4 and 5 are left out
	if got := k.hear(bye)[uint64(1)]; got != "wire.sequence" {
		t.Errorf("a gap ends with %v", got)
	}
	k.hello(1)
	k.hear(welcome)
	k.deliver(4, 7)
	h.counts(3, 3)

	k.visitor(4)
	k.hello(1)
	k.hear(welcome)
	k.journal[7][8] = bytes.Repeat([]byte{2}, 32)
	k.send(batch, fields{1: 8, 2: []any{k.journal[7]}})
	if got := k.hear(bye)[uint64(1)]; got != "wire.history" && got != "wire.bad_frame" {
		t.Errorf("a digest that does not hold ends with %v", got)
	}
	h.counts(3, 3)

	other := newKiosk(t, h.tls, "01JD0000000000000000000EK3")
	other.node, other.show, other.pinned = k.node, k.show, k.pinned // but not its key
	other.hello(1)
	if got := other.hear(bye)[uint64(1)]; got != "auth.denied" {
		t.Errorf("another's key ends with %v", got)
	}
}
