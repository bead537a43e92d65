package labelsim

import (
	"net"
	"strings"
	"time"
)

// serve talks to one peer after the other until the listener is closed.
func (p *Printer) serve(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		if !p.on {
			p.mu.Unlock()
			_ = conn.Close()
			return
		}
		p.conn = conn
		trap := p.trap
		p.mu.Unlock()
		p.converse(conn.(*net.TCPConn), trap)
		_ = conn.Close()
	}
}

// converse takes what a peer sends until it hangs up or the trap snaps.
func (p *Printer) converse(conn *net.TCPConn, trap Trap) {
	if trap.HalfClose {
		_ = conn.CloseWrite()
	}
	taken, labels := 0, p.labelsTaken()
	answer := func(b []byte) {
		if trap.LoseAnswer && p.labelsTaken() > labels {
			hangUp(conn)
			return
		}
		switch {
		case trap.Nonsense:
			b = []byte("HTTP/1.1 400 Bad Request\r\nServer: coffee\r\n\r\n<html>what?</html>")
		case trap.Flood > 0:
			b = []byte(strings.Repeat("all work and no play\r\n", trap.Flood/22))
		}
		if trap.Slow > 0 {
			<-time.After(trap.Slow)
		}
		_ = conn.SetWriteDeadline(time.Now().Add(10 * time.Second))
		_, _ = conn.Write(b)
	}
	for chunk := make([]byte, 2048); ; {
		n, err := conn.Read(chunk)
		if trap.DieAfter > 0 && taken+n >= trap.DieAfter {
			p.dialog.take(chunk[:trap.DieAfter-taken], func([]byte) {})
			hangUp(conn)
			return
		}
		taken += n
		p.dialog.take(chunk[:n], answer)
		if err != nil {
			return
		}
	}
}

// hangUp ends a connection without a word: the peer sees it reset.
func hangUp(conn *net.TCPConn) {
	_ = conn.SetLinger(0)
	_ = conn.Close()
}

func (p *Printer) labelsTaken() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.queue) + len(p.out)
	if p.at != nil {
		n++
	}
	return n
}
