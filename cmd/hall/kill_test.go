package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"hallpass/cmd/internal/process"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/hall/store"
	"hallpass/sync/link"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// guest is a kiosk paired with a hall that is killed again and again.
type guest struct {
	*halltest.Kiosk
	paired link.Paired
	acked  int // what this kiosk was told is kept
}

func invite(t testing.TB, data, url, name string) *guest {
	t.Helper()
	in := must[code](t, "pair", "-data", data, "-kiosk", name)
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	paired, err := link.Pair(t.Context(), url, in.Code, name, key)
	if err != nil {
		t.Fatal(err)
	}
	k := halltest.NewKiosk(paired.Show)
	k.Node, k.Key = paired.Node, key
	k.NewDisk()
	return &guest{Kiosk: k, paired: paired}
}

// send registers visitors until the connection breaks, and notes what was
// acknowledged. It answers an error if the hall has forgotten anything.
func (g *guest) send(ctx context.Context, acked chan<- struct{}) error {
	address := "wss" + strings.TrimPrefix(g.paired.URL, "https") + "/api/v1/link"
	conn, welcome, err := g.Dial(ctx, address, link.PinnedTLS(g.paired.Fingerprint))
	if err != nil {
		return nil // killed before it could answer
	}
	defer func() { _ = conn.Close(1000, "") }()
	if welcome.Read.Seq < uint64(g.acked) {
		return fmt.Errorf("the hall kept %d of %d acknowledged", welcome.Read.Seq, g.acked)
	}
	g.acked = int(welcome.Read.Seq)
	for {
		for len(g.Changes) < g.acked+5 {
			r := g.Visitor(map[record.FieldName]string{"mobile": fmt.Sprintf("+4477009%05d", len(g.Changes))})
			b, _ := g.Badge(r, 1, record.BadgeIssued)
			g.Say(r, b)
		}
		if g.Send(ctx, conn, g.acked+1, len(g.Changes)) != nil {
			return nil
		}
		g.acked = len(g.Changes)
		select {
		case acked <- struct{}{}:
		case <-ctx.Done():
			return nil
		}
	}
}

// P1, P3: a hall that is killed between batches has lost nothing that it
// acknowledged and counts nothing twice.
func TestRun_KillLosesNothingAcked(t *testing.T) {
	const kiosks, acksARound = 4, 15
	rounds := *kills
	data, listen := filepath.Join(t.TempDir(), "hall"), process.FreeAddress(t)
	hall := spawn(t, "-data", data, "-listen", listen)
	var guests []*guest
	for i := range kiosks {
		guests = append(guests, invite(t, data, hall.URL(), fmt.Sprint("Entrance ", i)))
	}
	for round := range rounds {
		if round > 0 {
			hall = spawn(t, "-data", data, "-listen", listen)
		}
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		acked := make(chan struct{})
		var wg sync.WaitGroup
		for _, g := range guests {
			wg.Go(func() {
				if err := g.send(ctx, acked); err != nil {
					t.Error(err)
				}
			})
		}
		for range acksARound + round%6 {
			select {
			case <-acked:
			case <-ctx.Done():
				t.Fatal("no acknowledgements within a minute")
			}
		}
		hall.Kill()
		stop()
		wg.Wait()
	}
	if report := must[checked](t, "check", "-data", data); !report.OK {
		t.Fatalf("after %d kills: %+v", rounds, report)
	}
	hall = spawn(t, "-data", data, "-listen", listen)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	for _, g := range guests {
		deliverRest(ctx, t, g)
	}
	if report := must[checked](t, "check", "-data", data); !report.OK {
		t.Errorf("at the end: %+v", report)
	}
	hall.Interrupt()
	holds(t, data, guests)
	t.Logf("%d kills, %d kiosks: 0 facts lost, 0 twice", rounds, kiosks)
}

// holds compares the hall's file with what the kiosks said: each journal to its
// end, each visitor once.
func holds(t *testing.T, data string, guests []*guest) {
	t.Helper()
	s, err := store.Open(filepath.Join(data, dataFile))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	visitors := 0
	for _, g := range guests {
		last, err := s.Cursor(t.Context(), g.Node, g.Epoch)
		for _, c := range g.Changes {
			if c.Kind == record.KindRegistration {
				visitors++
			}
		}
		if err != nil || last != uint64(len(g.Changes)) {
			t.Errorf("the hall keeps %d of %d, %v", last, len(g.Changes), err)
		}
	}
	list, _, err := s.Registrations(t.Context(), 0, visitors+1)
	if err != nil || len(list) != visitors {
		t.Errorf("the hall lists %d visitors of %d, %v", len(list), visitors, err)
	}
}

func deliverRest(ctx context.Context, t *testing.T, g *guest) {
	t.Helper()
	address := "wss" + strings.TrimPrefix(g.paired.URL, "https") + "/api/v1/link"
	conn, welcome, err := g.Dial(ctx, address, link.PinnedTLS(g.paired.Fingerprint))
	if err != nil {
		t.Fatal(err)
	}
	if welcome.Read.Seq < uint64(g.acked) {
		t.Errorf("the hall kept %d of %d acknowledged", welcome.Read.Seq, g.acked)
	}
	if first := int(welcome.Read.Seq) + 1; first <= len(g.Changes) {
		if err := g.Send(ctx, conn, first, len(g.Changes)); err != nil {
			t.Fatal(err)
		}
	}
	if err := conn.Close(1000, ""); err != nil {
		t.Log(err)
	}
}

// A hall that is told to end says so to its kiosks and ends well.
func TestRun_InterruptClosesLinks(t *testing.T) {
	data := filepath.Join(t.TempDir(), "hall")
	hall := spawn(t, "-data", data, "-listen", process.FreeAddress(t))
	g := invite(t, data, hall.URL(), "Entrance")
	conn, _, err := g.Dial(t.Context(), "wss"+strings.TrimPrefix(hall.URL(), "https")+"/api/v1/link", link.PinnedTLS(g.paired.Fingerprint))
	if err != nil {
		t.Fatal(err)
	}
	closed := make(chan error, 1)
	go func() {
		for {
			if _, err := conn.Receive(t.Context()); err != nil {
				closed <- err
				return
			}
		}
	}()
	hall.Interrupt()
	if err := <-closed; !errors.Is(err, wire.ErrClosed) {
		t.Errorf("the kiosk hears %v, want a close in good order", err)
	}
	if err := conn.Close(1000, ""); err != nil {
		t.Log(err)
	}
}
