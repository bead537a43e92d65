package link_test

import (
	"crypto/sha1"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"hallpass/sync/fault"
	"hallpass/sync/wire"
)

// cutter stands between kiosk and hall and cuts the first connections after so
// many bytes from the kiosk; later ones pass.
func cutter(t *testing.T, hall string, after []int64) (url string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var g sync.WaitGroup
	t.Cleanup(func() { _ = listener.Close(); g.Wait() })
	g.Go(func() {
		for n := 0; ; n++ {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", hall)
			if err != nil {
				_ = near.Close()
				continue
			}
			up := io.Reader(near)
			if n < len(after) {
				up = io.LimitReader(near, after[n])
			}
			cut := func() { _, _ = near.Close(), far.Close() }
			g.Go(func() { defer cut(); _, _ = io.Copy(far, up) })
			g.Go(func() { defer cut(); _, _ = io.Copy(near, far) })
		}
	})
	return "http://" + listener.Addr().String()
}

// P3: the link is cut in the upgrade, in the Hello, and in the midst of
// batches; nothing is lost, nothing counts twice.
func TestRun_CutMidFrame(t *testing.T) {
	k := newKiosk(t)
	h := newHall(t, k.public)
	k.add(2000)
	after := []int64{50, 400, 30_000, 123_457}
	k.run(cutter(t, h.address, after))
	eventually(t, "all acknowledged", func() bool { return k.Status().AckedSeq == 2000 })
	h.see(func() {
		for i, c := range h.kept["kiosk-1"] {
			if c.Seq != uint64(i+1) || !sameChange(c, k.changes[i]) {
				t.Fatalf("entry %d at the hall is %+v", i+1, c)
			}
		}
		if n := len(h.kept["kiosk-1"]); n != 2000 {
			t.Errorf("the hall has %d, want 2000", n)
		}
	})
	if n := k.logged.count("hall link"); n < len(after) {
		t.Errorf("%d lines about the link, want one for each of %d cuts at least:\n%s", n, len(after), k.logged)
	}
}

// P9: a broken frame from the hall, in raw bytes.
func TestRun_BrokenFrame(t *testing.T) {
	k := newKiosk(t)
	h := newHall(t, k.public)
	var broken atomic.Bool
	server := http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if broken.Swap(true) {
			h.link(t.Context(), w, r)
			return
		}
		babble(t, w, r)
	})}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var g sync.WaitGroup
	g.Go(func() { _ = server.Serve(listener) })
	t.Cleanup(func() { _ = server.Close(); g.Wait() })
	k.add(3)
	stop := k.run("http://" + listener.Addr().String())
	eventually(t, "three changes acknowledged on the next connection", func() bool { return k.Status().AckedSeq == 3 })
	stop()
	if n := k.logged.count("hall link down", "code="+string(fault.BadFrame)); n != 1 {
		t.Errorf("%d lines with %s, want 1:\n%s", n, fault.BadFrame, k.logged)
	}
}

// babble upgrades by hand (RFC 6455 §4.2.2) and sends one binary message of
// three bytes that are no frame.
func babble(t *testing.T, w http.ResponseWriter, r *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		t.Error(err)
		return
	}
	defer conn.Close()
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Accept: "+base64.StdEncoding.EncodeToString(sum[:])+"\r\n"+
		wire.NonceHeader+": "+wire.NewNonce().String()+"\r\n\r\n\x82\x03\xff\xfe\xfd")
	_, _ = io.Copy(io.Discard, conn) // until the kiosk closes
}
