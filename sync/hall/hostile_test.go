package hall_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// heap is what is in use after a collection, in bytes.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Kiosks that send and never wait for an answer fill their own connections
// while the disk stands still, not the hall's memory; once it goes on, all that
// they sent is kept, in order (P1).
func TestServe_SlowDiskFillsNoMemory(t *testing.T) {
	const kiosks, batches, each = 8, 40, 128 << 10 // bytes; 40 MB are to come
	guests := make([]*halltest.Kiosk, kiosks)
	for i := range guests {
		guests[i] = halltest.NewKiosk("lamps-2027")
	}
	h := start(t, guests...)
	links := make([]*wire.Conn, kiosks)
	for i, k := range guests {
		links[i], _ = h.dial(t, k)
		k.Say(k.Visitor(ida))
		if err := k.Send(t.Context(), links[i], 1, 1); err != nil { // takes what the hall has to say as well
			t.Fatal(err)
		}
	}
	payload := make([]byte, each)
	h.slow.Lock()
	before := heap()
	var g sync.WaitGroup
	sent := make(chan struct{}, kiosks*batches)
	for i, k := range guests {
		g.Go(func() {
			for range batches {
				c := k.SayBytes("moon.phase", payload) // all share one payload
				if err := links[i].Send(t.Context(), wire.Batch{First: c.Seq, Changes: []record.Change{c}}); err != nil {
					return // it has stood still for ten seconds: a kiosk calls again
				}
				sent <- struct{}{}
			}
		})
		g.Go(func() {
			for acked := uint64(0); acked < 1+batches; {
				frame, err := links[i].Receive(t.Context())
				if err != nil {
					return
				}
				if ack, ok := frame.(wire.Ack); ok {
					acked = ack.Seq
				}
			}
		})
	}
	for stuck := false; !stuck; { // until nobody gets rid of a batch for a while
		select {
		case <-sent:
		case <-time.After(500 * time.Millisecond):
			stuck = true
		}
	}
	// One batch of each in the hall, one being sent, and buffers on the way.
	if grown := heap() - before; grown > kiosks*each*8 {
		t.Errorf("the heap has grown by %d kB while the disk stood still, want at most %d", grown>>10, kiosks*each*8>>10)
	}
	h.slow.Unlock()
	g.Wait()
	for _, k := range guests { // whoever was cut off sends the rest
		for len(k.Changes) < 1+batches {
			k.SayBytes("moon.phase", payload)
		}
		conn, welcome := h.dial(t, k)
		for first := int(welcome.Read.Seq) + 1; first <= len(k.Changes); first += 8 {
			if err := k.Send(t.Context(), conn, first, min(first+7, len(k.Changes))); err != nil {
				t.Fatal(err)
			}
		}
	}
	if s := h.Stats(); s.Quarantine != kiosks*batches {
		t.Errorf("%d kept, want %d", s.Quarantine, kiosks*batches)
	}
}

// One that does not read, one that sends garbage, one that connects in a loop,
// one that never acknowledges and one that sends the largest batches there are,
// all at once: a neighbour's facts are acknowledged as ever.
func TestServe_HostileNeighboursHurtNobody(t *testing.T) {
	good, deaf, mute, greedy := halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027")
	h := start(t, good, deaf, mute, greedy)
	conn, _ := h.dial(t, good)
	ctx, stop := context.WithCancel(t.Context())
	var g sync.WaitGroup
	for _, attack := range []func(){
		func() { h.neverReads(ctx, t, deaf) },
		func() { h.garbage(ctx) },
		func() { h.knocks(ctx) },
		func() { h.neverAcknowledges(ctx, t, mute) },
		func() { h.largest(ctx, t, greedy) },
	} {
		g.Go(attack)
	}
	for i := range 30 {
		good.Say(good.Visitor(ida))
		soon, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		if err := good.Send(soon, conn, i+1, i+1); err != nil {
			t.Errorf("fact %d: %v", i+1, err)
		}
		cancel()
	}
	stop()
	g.Wait()
	if got := h.Stats().Registrations; got < 30 {
		t.Errorf("registrations = %d, want the neighbour's 30", got)
	}
}

// neverReads sends batches without ever taking an answer.
func (e *expo) neverReads(ctx context.Context, t *testing.T, k *halltest.Kiosk) {
	conn, _, err := k.Dial(ctx, e.url, nil)
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = conn.Close(1000, "") }()
	for range 10_000 {
		c := k.SayBytes("moon.phase", nil)
		if conn.Send(ctx, wire.Batch{First: c.Seq, Changes: []record.Change{c}}) != nil {
			return
		}
	}
}

// garbage sends what is no frame as fast as connections can be made.
func (e *expo) garbage(ctx context.Context) {
	noise := make([]byte, 32<<10)
	rand.Read(noise)
	for ctx.Err() == nil {
		ws, _, err := websocket.DefaultDialer.DialContext(ctx, e.url, nil)
		if err != nil {
			continue
		}
		for ctx.Err() == nil && ws.WriteMessage(websocket.BinaryMessage, noise) == nil {
		}
		_ = ws.Close()
	}
}

// knocks opens connections and says nothing on them.
func (e *expo) knocks(ctx context.Context) {
	var open []net.Conn
	for range 400 {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", strings.TrimPrefix(e.url, "ws://"))
		if err != nil {
			break
		}
		_, _ = fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: hall\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
		open = append(open, conn)
	}
	<-ctx.Done()
	for _, conn := range open {
		_ = conn.Close()
	}
}

// neverAcknowledges takes the hall's journal and does not say so.
func (e *expo) neverAcknowledges(ctx context.Context, t *testing.T, k *halltest.Kiosk) {
	conn, _, err := k.Dial(ctx, e.url, nil)
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = conn.Close(1000, "") }()
	for err == nil {
		_, err = conn.Receive(ctx)
	}
}

// largest sends batches of as many changes as a frame may hold.
func (e *expo) largest(ctx context.Context, t *testing.T, k *halltest.Kiosk) {
	conn, _, err := k.Dial(ctx, e.url, nil)
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = conn.Close(1000, "") }()
	for range 3 {
		first := len(k.Changes)
		r := k.Visitor(ida)
		for range 4096 {
			k.Say(r)
		}
		if k.Send(ctx, conn, first+1, first+4096) != nil {
			return
		}
	}
}
