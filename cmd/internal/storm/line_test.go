package storm_test

import (
	"net"
	"sync"
	"testing"
	"time"
)

// line is the network between kiosks and hall: it passes bytes on until told
// otherwise.
type line struct {
	to     string
	listen net.Listener
	open   sync.WaitGroup

	mu    sync.Mutex // guards all below
	held  chan struct{}
	conns map[net.Conn]*wire
}

// wire is one connection's orders.
type wire struct {
	left   int  // bytes up to a cut; −1 for none
	silent bool // bytes vanish, nothing is closed
}

func openLine(t *testing.T, to string) *line {
	t.Helper()
	listen, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &line{to: to, listen: listen, conns: map[net.Conn]*wire{}}
	l.open.Go(l.accept)
	t.Cleanup(func() {
		_ = listen.Close()
		l.hold(false)
		l.each(func(c net.Conn, _ *wire) { _ = c.Close() })
		l.open.Wait()
	})
	return l
}

func (l *line) address() string { return l.listen.Addr().String() }

func (l *line) accept() {
	for {
		from, err := l.listen.Accept()
		if err != nil {
			return
		}
		to, err := net.DialTimeout("tcp", l.to, 5*time.Second)
		if err != nil {
			_ = from.Close()
			continue
		}
		w := &wire{left: -1}
		l.mu.Lock()
		l.conns[from] = w
		l.mu.Unlock()
		var both sync.WaitGroup
		both.Go(func() { l.pass(to, from, w) })
		both.Go(func() { l.pass(from, to, w) })
		l.open.Go(func() {
			both.Wait()
			l.mu.Lock()
			delete(l.conns, from)
			l.mu.Unlock()
		})
	}
}

// pass copies one direction, as far as the orders let it.
func (l *line) pass(to, from net.Conn, w *wire) {
	defer func() { _, _ = to.Close(), from.Close() }()
	buf := make([]byte, 4096)
	for {
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		l.mu.Lock()
		held, silent, cut := l.held, w.silent, false
		if w.left >= 0 && !silent {
			if cut = n >= w.left; cut {
				n = w.left
			}
			w.left -= n
		}
		l.mu.Unlock()
		if held != nil {
			<-held
		}
		if silent {
			continue
		}
		if _, err := to.Write(buf[:n]); err != nil || cut {
			return
		}
	}
}

func (l *line) each(do func(net.Conn, *wire)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c, w := range l.conns {
		do(c, w)
	}
}

// cut ends every connection after so many more bytes, in the midst of a frame.
func (l *line) cut(bytes int) { l.each(func(_ net.Conn, w *wire) { w.left = bytes }) }

// silence lets every connection stand open and carries nothing any more.
func (l *line) silence() { l.each(func(_ net.Conn, w *wire) { w.silent = true }) }

// hold keeps everything back until it is let go, in order.
func (l *line) hold(on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case on && l.held == nil:
		l.held = make(chan struct{})
	case !on && l.held != nil:
		close(l.held)
		l.held = nil
	}
}
