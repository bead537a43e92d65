package hall_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/hall/store"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// expo is a running hall on a real file with its link on a real socket.
type expo struct {
	*hall.Hall
	store  *store.Store
	url    string
	broken *atomic.Bool  // the disk keeps nothing
	slow   *sync.RWMutex // held: the disk stands still

	key     ed25519.PublicKey
	private ed25519.PrivateKey
	ctx     context.Context // ends with the hall
}

// disk is a store that can be full.
type disk struct {
	*store.Store
	broken *atomic.Bool
	slow   *sync.RWMutex
}

func (d disk) Append(ctx context.Context, batches []hall.Batch) ([]hall.Outcome, error) {
	if d.broken.Load() {
		return nil, errFull
	}
	d.slow.RLock()
	defer d.slow.RUnlock()
	return d.Store.Append(ctx, batches)
}

// start opens a hall; closing checks that its file is in order (P1, P4).
func start(t testing.TB, kiosks ...*halltest.Kiosk) *expo {
	t.Helper()
	return startAt(t, time.Now, kiosks...)
}

func startAt(t testing.TB, now func() time.Time, kiosks ...*halltest.Kiosk) *expo {
	t.Helper()
	s, err := store.Open(filepath.Join(t.TempDir(), "hall.db"))
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range kiosks {
		k.Pair(t, s)
	}
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	show, broken, slow := halltest.Show(), new(atomic.Bool), new(sync.RWMutex)
	h, err := hall.New(t.Context(), hall.Config{Store: disk{s, broken, slow}, Key: key, Show: &show, URL: "https://hall.example", Now: now})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	links := httptest.NewUnstartedServer(accept(ctx, h))
	links.Start()
	t.Cleanup(func() {
		stop()
		links.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
		report, err := s.Check(context.Background())
		if err != nil || !report.OK() {
			t.Errorf("check: %v, %+v", err, report)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &expo{Hall: h, store: s, url: "ws" + strings.TrimPrefix(links.URL, "http"), broken: broken, slow: slow, key: public, private: key, ctx: ctx}
}

// accept serves links until ctx ends.
func accept(ctx context.Context, h *hall.Hall) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		nonce := wire.NewNonce()
		conn, err := wire.Accept(w, r, http.Header{wire.NonceHeader: {nonce.String()}})
		if err != nil {
			return
		}
		_ = h.Serve(ctx, conn, nonce) // the other side's test sees what went wrong
	}
}

// linkTLS is the address of the same link over TLS.
func (e *expo) linkTLS(t testing.TB) string { return serveTLS(t, accept(e.ctx, e.Hall)) }

// dial connects a kiosk and hangs up at the end of the test.
func (e *expo) dial(t testing.TB, k *halltest.Kiosk) (*wire.Conn, wire.Welcome) {
	t.Helper()
	conn, welcome, err := k.Dial(t.Context(), e.url, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(1000, ""); err != nil {
			t.Log(err)
		}
	})
	return conn, welcome
}

// deliver sends a kiosk's whole journal over a connection of its own.
func (e *expo) deliver(t testing.TB, k *halltest.Kiosk) {
	t.Helper()
	conn, welcome := e.dial(t, k)
	if first := int(welcome.Read.Seq) + 1; first <= len(k.Changes) {
		if err := k.Send(t.Context(), conn, first, len(k.Changes)); err != nil {
			t.Fatal(err)
		}
	}
}

// device pairs a phone of an exhibitor.
func (e *expo) device(t testing.TB, id record.ExhibitorID) hall.Principal {
	t.Helper()
	in, err := e.InviteDevice(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	_, key, err := e.PairDevice(t.Context(), hall.Caller{Address: "192.0.2.7"}, in.Code, "phone")
	if err != nil {
		t.Fatal(err)
	}
	p, err := e.ByKey(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// eventually polls until the condition holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("not in ten seconds: %s", what)
		}
		<-time.After(2 * time.Millisecond)
	}
}

// P1, P3: what was acknowledged is in the state, however often it was sent.
func TestServe_KeepsEachFactOnce(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	r := k.Visitor(map[record.FieldName]string{"name": "Ida Example", "mobile": "13800000000"})
	b, _ := k.Badge(r, 1, record.BadgeIssued)
	k.Say(r, b)
	conn, welcome := h.dial(t, k)
	if welcome.Read.Seq != 0 || welcome.Show != "lamps-2027" {
		t.Errorf("welcome = %+v, want a first meeting", welcome)
	}
	for range 3 {
		if err := k.Send(t.Context(), conn, 1, 2); err != nil {
			t.Fatal(err)
		}
	}
	s := h.Stats()
	if s.Registrations != 1 || s.Persons != 1 || s.Badges != 1 || s.Quarantine != 0 {
		t.Errorf("stats = %+v, want one of each", s)
	}
	if got, err := h.store.Registration(t.Context(), r.ID); err != nil || got.Field("name") != "Ida Example" {
		t.Errorf("registration = %v, %v", got.ID, err)
	}
}

func TestServe_GapIsRefusedAndResumed(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	for range 5 {
		k.Say(k.Visitor(map[record.FieldName]string{"name": "Ida Example"}))
	}
	conn, _ := h.dial(t, k)
	if err := k.Send(t.Context(), conn, 1, 2); err != nil {
		t.Fatal(err)
	}
	err := k.Send(t.Context(), conn, 4, 5)
	var refused halltest.Refused
	if !errors.As(err, &refused) || refused.Bye.Code != "wire.sequence" {
		t.Fatalf("a gap gives %v, want a goodbye with wire.sequence", err)
	}
	conn, welcome := h.dial(t, k)
	if welcome.Read.Seq != 2 {
		t.Errorf("resume after %d, want 2", welcome.Read.Seq)
	}
	if err := k.Send(t.Context(), conn, 3, 5); err != nil {
		t.Fatal(err)
	}
	if got := h.Stats().Registrations; got != 5 {
		t.Errorf("registrations = %d, want 5", got)
	}
}
