package link_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"hallpass/sync/record"
	"hallpass/sync/wire"
)

const (
	kioskID = record.NodeID("01KIOSK0000000000000000000")
	hallID  = record.NodeID("01HALL00000000000000000000")
	showID  = record.ShowID("lumen-2027")
)

// hall is the other end over real sockets: it keeps what it is sent and sends
// its own journal. A test may script a connection with serve.
type hall struct {
	t       testing.TB
	key     ed25519.PublicKey // the kiosk's
	address string

	mu      sync.Mutex
	epoch   record.Epoch
	kept    map[record.Epoch][]record.Change
	own     []record.Change
	claim   *record.Cursor // what Welcome says instead of the truth
	repeats int            // changes that came again
	hellos  []wire.Hello
	acks    []uint64 // of the hall's journal, by the kiosk
	status  []wire.Status
	serve   func(ctx context.Context, conn *wire.Conn, hello wire.Hello) error
	server  *http.Server
	cancel  context.CancelFunc
	conns   sync.WaitGroup
}

func newHall(t testing.TB, key ed25519.PublicKey) *hall {
	h := &hall{t: t, key: key, epoch: "hall-1", kept: map[record.Epoch][]record.Change{}}
	h.start("127.0.0.1:0")
	t.Cleanup(h.stop)
	return h
}

// start listens; with the address of before, it is the same hall again.
func (h *hall) start(address string) {
	h.t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		h.t.Fatal(err)
	}
	h.address = listener.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	h.cancel = cancel
	h.server = &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.conns.Add(1)
		defer h.conns.Done()
		h.link(ctx, w, r)
	})}
	h.conns.Add(1)
	go func(server *http.Server) {
		defer h.conns.Done()
		_ = server.Serve(listener)
	}(h.server)
}

// stop is a hall that is switched off.
func (h *hall) stop() {
	h.cancel()
	_ = h.server.Close()
	h.conns.Wait()
}

func (h *hall) url() string { return "http://" + h.address }

func (h *hall) link(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	nonce := wire.NewNonce()
	conn, err := wire.Accept(w, r, http.Header{wire.NonceHeader: {nonce.String()}})
	if err != nil {
		return
	}
	defer conn.Close(1001, "")
	frame, err := conn.Receive(ctx)
	if err != nil {
		return
	}
	hello, ok := frame.(wire.Hello)
	if !ok || !wire.LinkProven(h.key, nonce, hello) {
		h.t.Errorf("the kiosk begins with %#v, want a proven Hello", frame)
		return
	}
	h.mu.Lock()
	h.hellos = append(h.hellos, hello)
	serve := h.serve
	h.mu.Unlock()
	if serve == nil {
		serve = h.work
	}
	_ = serve(ctx, conn, hello)
}

// welcome tells the truth unless claim says otherwise, once.
func (h *hall) welcome(hello wire.Hello) wire.Welcome {
	h.mu.Lock()
	defer h.mu.Unlock()
	read := record.Cursor{Epoch: hello.Epoch, Seq: uint64(len(h.kept[hello.Epoch]))}
	if h.claim != nil {
		read, h.claim = *h.claim, nil
	}
	return wire.Welcome{
		Protocol: wire.Protocol, Node: hallID, Epoch: h.epoch, Show: showID,
		Last: record.Cursor{Epoch: h.epoch, Seq: uint64(len(h.own))}, Read: read, Now: time.Now().UnixMilli(),
	}
}

// work is a connection in good order.
func (h *hall) work(ctx context.Context, conn *wire.Conn, hello wire.Hello) error {
	if err := conn.Send(ctx, h.welcome(hello)); err != nil {
		return err
	}
	if err := h.tell(ctx, conn, hello.Read); err != nil {
		return err
	}
	for {
		frame, err := conn.Receive(ctx)
		if err != nil {
			return err
		}
		switch f := frame.(type) {
		case wire.Batch:
			h.keep(f)
			err = conn.Send(ctx, wire.Ack{Seq: f.Changes[len(f.Changes)-1].Seq})
		case wire.Ack:
			h.mu.Lock()
			h.acks = append(h.acks, f.Seq)
			h.mu.Unlock()
		case wire.Status:
			h.mu.Lock()
			h.status = append(h.status, f)
			h.mu.Unlock()
		default:
			err = errors.New("out of place")
		}
		if err != nil {
			return err
		}
	}
}

// tell sends the hall's journal from where the kiosk is.
func (h *hall) tell(ctx context.Context, conn *wire.Conn, read record.Cursor) error {
	h.mu.Lock()
	own := slices.Clone(h.own)
	if read.Epoch == h.epoch && read.Seq <= uint64(len(own)) {
		own = own[read.Seq:]
	}
	h.mu.Unlock()
	if len(own) == 0 {
		return nil
	}
	return conn.Send(ctx, wire.BatchOf(own))
}

// keep counts every change once and refuses a gap.
func (h *hall) keep(batch wire.Batch) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range batch.Changes {
		have := uint64(len(h.kept[c.Epoch]))
		switch {
		case c.Seq <= have:
			h.repeats++
		case c.Seq == have+1:
			h.kept[c.Epoch] = append(h.kept[c.Epoch], c)
		default:
			h.t.Errorf("the kiosk skipped from %d to %d", have, c.Seq)
		}
	}
}

func (h *hall) count(epoch record.Epoch) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.kept[epoch])
}

// see gives a test what the hall knows, under its lock.
func (h *hall) see(look func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	look()
}
