package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"hallpass/badge/spool/virtual"
	"hallpass/cmd/internal/process"
)

// dieAt names the step at which a kiosk of these tests ends itself as a power
// cut would; see Desk.At for where steps are told. No program has it.
const dieAt = "KIOSK_TEST_DIE_AT"

func die(step string) {
	if step == os.Getenv(dieAt) {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}

// machine is a printer that can be killed and started again where it was, and
// the network in front of it.
type machine struct {
	dir  string
	net  *network
	mu   sync.Mutex
	now  *virtual.Printer // nil while it is off; guarded by mu
	port int
}

func newMachine(tb testing.TB) *machine {
	tb.Helper()
	m := &machine{dir: tb.TempDir()}
	p, err := virtual.Start(tb.Context(), m.dir, 0)
	if err != nil {
		tb.Fatal(err)
	}
	m.now = p
	if _, err := fmt.Sscanf(p.URI(), "ipp://127.0.0.1:%d/", &m.port); err != nil {
		tb.Fatal(err)
	}
	m.net = newNetwork(tb, fmt.Sprintf("127.0.0.1:%d", m.port))
	tb.Cleanup(func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.now != nil {
			_ = m.now.Close()
		}
	})
	return m
}

// uri is its address through the network.
func (m *machine) uri() string { return "ipp://" + m.net.address() + "/ipp/print" }

// powerCut ends the printer and starts it again, with nothing remembered.
func (m *machine) powerCut(ctx context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.now != nil {
		m.now.Kill()
		_ = m.now.Close()
		m.now = nil
	}
	var err error
	for range 50 { // its port may take a moment to be free
		if m.now, err = virtual.Start(ctx, m.dir, m.port); err == nil || ctx.Err() != nil {
			return err
		}
	}
	return err
}

func (m *machine) raise(faults ...string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now.Raise(faults...)
}

// papers counts what came out, by job.
func (m *machine) papers() (map[string]int, error) {
	files, err := filepath.Glob(filepath.Join(m.dir, "badges", "*.pdf"))
	out := map[string]int{}
	for _, f := range files {
		job, _, _ := strings.Cut(filepath.Base(f), ".") // JOB.pdf, and JOB.2.pdf if printed again
		out[job]++
	}
	return out, err
}

// network passes connections on to one address, until it is cut.
type network struct {
	to     string
	listen net.Listener
	mu     sync.Mutex
	open   map[net.Conn]bool // guarded by mu
	down   bool              // guarded by mu: refuses
	all    sync.WaitGroup
}

func newNetwork(tb testing.TB, to string) *network {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	n := &network{to: to, listen: l, open: map[net.Conn]bool{}}
	n.all.Go(n.accept)
	tb.Cleanup(func() {
		_ = l.Close()
		n.cut(true)
		n.all.Wait()
	})
	return n
}

func (n *network) address() string { return n.listen.Addr().String() }

func (n *network) accept() {
	for {
		c, err := n.listen.Accept()
		if err != nil {
			return
		}
		n.all.Go(func() { n.pass(c) })
	}
}

func (n *network) pass(c net.Conn) {
	defer func() { _ = c.Close() }()
	if !n.keep(c) {
		return
	}
	defer n.forget(c)
	far, err := net.Dial("tcp", n.to)
	if err != nil {
		return
	}
	defer func() { _ = far.Close() }()
	if !n.keep(far) {
		return
	}
	defer n.forget(far)
	done := make(chan struct{}, 2)
	for _, way := range [][2]net.Conn{{c, far}, {far, c}} {
		go func() {
			_, _ = io.Copy(way[0], way[1])
			_ = way[0].(*net.TCPConn).CloseWrite()
			done <- struct{}{}
		}()
	}
	<-done
	<-done
}

func (n *network) keep(c net.Conn) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.down {
		n.open[c] = true
	}
	return !n.down
}

func (n *network) forget(c net.Conn) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.open, c)
}

// cut breaks every connection in the middle of whatever it carries, and
// refuses others while it stays down.
func (n *network) cut(down bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.down = down
	for c := range n.open {
		_ = c.(*net.TCPConn).SetLinger(0) // a reset, not a goodbye
		_ = c.Close()
	}
}

// mortal is a kiosk that is killed and started again on the same data and
// address.
type mortal struct {
	*process.Process
	url string
}

func newMortal(tb testing.TB, args ...string) *mortal {
	tb.Helper()
	address := process.FreeAddress(tb)
	args = append([]string{"run", "-listen", address, "-readers", "0", "-staff-code", staffCode}, args...)
	return &mortal{process.New(tb, "kiosk", os.Args[0], args...), "http://" + address}
}

const staffCode = "4711-chaos"

// start runs the kiosk until it is ready, or dead at the step if one is given.
func (k *mortal) start(step string) error {
	err := k.Start(asKiosk+"=1", dieAt+"="+step)
	if step != "" && errors.Is(err, process.ErrEnded) {
		return nil // it met its step while it took up what it had
	}
	return err
}

// pause is a wait that ends with ctx.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
