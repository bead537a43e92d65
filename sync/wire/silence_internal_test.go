package wire

import (
	"context"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
)

// one is a listener with one connection.
type one struct {
	conns chan net.Conn
	done  chan struct{}
}

func (l *one) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}
func (l *one) Close() error   { close(l.done); return nil }
func (l *one) Addr() net.Addr { return &net.TCPAddr{} }

// pipe returns both ends over a pipe in memory, on which the clock of synctest
// can run; a socket would hold it.
func pipe(t *testing.T) (kiosk, hall *websocket.Conn, end func()) {
	near, far := net.Pipe()
	l := &one{conns: make(chan net.Conn, 1), done: make(chan struct{})}
	l.conns <- far
	halls := make(chan *websocket.Conn, 1)
	server := http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			t.Error(err)
		}
		halls <- ws
	})}
	served := make(chan struct{})
	go func() { defer close(served); _ = server.Serve(l) }()
	dialer := websocket.Dialer{NetDialContext: func(context.Context, string, string) (net.Conn, error) { return near, nil }}
	kiosk, _, err := dialer.Dial("ws://hall.example/", nil)
	if err != nil {
		t.Fatal(err)
	}
	hall = <-halls
	return kiosk, hall, func() {
		_, _ = near.Close(), far.Close()
		_ = server.Close()
		<-served
	}
}

// A cable that was pulled says nothing: the link must notice by itself.
func TestReceive_SilentPeer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ws, _, end := pipe(t)
		defer end()
		c := newConn(ws)
		began := time.Now()
		frame, err := c.Receive(t.Context())
		if took := time.Since(began); err == nil || took != readWait {
			t.Errorf("Receive = %v, %v after %s, want an error after %s", frame, err, took, readWait)
		}
		_ = c.Close(1000, "")
	})
}

// A quiet night is no silence: pings keep the link for hours. Only one end pings
// here, because a pipe without a buffer stands still when both do.
func TestReceive_IdlePeerStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far, end := pipe(t)
		defer end()
		c := newConn(near)
		go func() { _, _, _ = far.NextReader() }() // answers pings
		got := make(chan error, 1)
		go func() { _, err := c.Receive(t.Context()); got <- err }()
		<-time.After(12 * time.Hour)
		if err := far.WriteMessage(websocket.BinaryMessage, []byte{0x82, 0x04, 0xa1, 0x01, 0x05}); err != nil {
			t.Errorf("write after 12 quiet hours = %v", err)
		}
		if err := <-got; err != nil {
			t.Errorf("Receive after 12 quiet hours = %v", err)
		}
		_ = c.Close(1000, "")
	})
}
