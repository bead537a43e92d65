package hall_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// press turns frames into bytes, so that encoding them is not measured.
type press struct {
	conn *wire.Conn
	out  chan []byte
}

func newPress(b *testing.B) *press {
	p := &press{out: make(chan []byte, 1)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			return
		}
		for {
			_, data, err := ws.ReadMessage()
			if err != nil {
				_ = ws.Close()
				return
			}
			p.out <- data
		}
	}))
	b.Cleanup(server.Close)
	var err error
	if p.conn, _, err = wire.Dial(b.Context(), "ws"+strings.TrimPrefix(server.URL, "http"), nil); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = p.conn.Close(1000, "") })
	return p
}

func (p *press) bytes(b *testing.B, frame wire.Frame) []byte {
	b.Helper()
	if err := p.conn.Send(context.Background(), frame); err != nil {
		b.Fatal(err)
	}
	return <-p.out
}

// echo answers each message with itself: what the socket can do.
func echo(b *testing.B) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = ws.Close() }()
		for {
			kind, data, err := ws.ReadMessage()
			if err != nil || ws.WriteMessage(kind, data) != nil {
				return
			}
		}
	}))
	b.Cleanup(server.Close)
	return "ws" + strings.TrimPrefix(server.URL, "http")
}

// pump sends each connection's frames one by one, each after the answer to the
// one before, and returns how long all took.
func pump(b *testing.B, connections []*websocket.Conn, frames [][][]byte) time.Duration {
	b.Helper()
	began := time.Now()
	var wg sync.WaitGroup
	for i, ws := range connections {
		wg.Go(func() {
			for _, frame := range frames[i] {
				err := ws.WriteMessage(websocket.BinaryMessage, frame)
				if err == nil {
					_, _, err = ws.ReadMessage()
				}
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return time.Since(began)
}

func dialRaw(b *testing.B, url string) (*websocket.Conn, http.Header) {
	b.Helper()
	ws, response, err := websocket.DefaultDialer.DialContext(b.Context(), url, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = ws.Close() })
	return ws, response.Header
}

// BenchmarkIngest measures facts that are decoded, judged, journalled, merged,
// committed and acknowledged, from kiosks with one batch of 20 under way each,
// and beside it the bare echo of the same bytes over the same kind of socket.
func BenchmarkIngest(b *testing.B) {
	for _, kiosks := range []int{1, 16, 200} {
		b.Run(fmt.Sprintf("kiosks=%d", kiosks), func(b *testing.B) { ingest(b, kiosks) })
	}
}

func ingest(b *testing.B, kiosks int) {
	const size = 20
	b.StopTimer()
	rounds := max(1, (b.N+kiosks*size-1)/(kiosks*size))
	p := newPress(b)
	var guests []*halltest.Kiosk
	for range kiosks {
		guests = append(guests, halltest.NewKiosk("lamps-2027"))
	}
	h := start(b, guests...)
	frames := make([][][]byte, kiosks)
	var links, echoes []*websocket.Conn
	address := echo(b)
	for i, k := range guests {
		for range rounds {
			first := len(k.Changes)
			for range size / 2 {
				r := k.Visitor(map[record.FieldName]string{"name": "Ida Example", "company": "Fog Lamps", "mobile": fmt.Sprintf("+4477009%05d", len(k.Changes)), "email": fmt.Sprintf("v%d@lamps.example", len(k.Changes))})
				badge, _ := k.Badge(r, 1, record.BadgeIssued)
				k.Say(r, badge)
			}
			frames[i] = append(frames[i], p.bytes(b, wire.Batch{First: uint64(first + 1), Changes: k.Changes[first:]}))
		}
		ws, header := dialRaw(b, h.url)
		nonce, err := wire.ParseNonce(header.Get(wire.NonceHeader))
		if err != nil {
			b.Fatal(err)
		}
		hello := wire.Hello{Protocol: wire.Protocol, Node: k.Node, Epoch: k.Epoch, Proof: wire.ProveLink(k.Key, nonce, k.Node)}
		// A kiosk that has read the hall's journal: the hall says nothing but acks.
		self, err := h.store.Self(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		hello.Read = record.Cursor{Epoch: self.Epoch, Seq: 1}
		if err := ws.WriteMessage(websocket.BinaryMessage, p.bytes(b, hello)); err != nil {
			b.Fatal(err)
		}
		if _, _, err := ws.ReadMessage(); err != nil {
			b.Fatal(err)
		}
		links = append(links, ws)
		bare, _ := dialRaw(b, address)
		echoes = append(echoes, bare)
	}
	bare := pump(b, echoes, frames)
	b.ReportAllocs()
	b.StartTimer()
	took := pump(b, links, frames)
	b.StopTimer()
	facts := kiosks * rounds * size
	if got := h.Stats().Registrations; got != facts/2 {
		b.Fatalf("%d registrations kept, want %d", got, facts/2)
	}
	load := h.Load()
	b.ReportMetric(float64(facts)/took.Seconds(), "facts/s")
	b.ReportMetric(bare.Seconds()/took.Seconds(), "of-echo")
	b.ReportMetric(float64(load.Batches)/float64(load.Commits), "batches/commit")
}
