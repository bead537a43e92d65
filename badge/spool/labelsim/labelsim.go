// Package labelsim runs simulated label printers over TCP, for tests,
// rehearsals and a first look: one that speaks ZPL II, after Zebra's
// "Programming Guide for ZPL II, ZBI 2, Set-Get-Do, Mirror, WML", and one that
// takes raster like a Brother QL-820NWB, after Brother's "Raster Command
// Reference QL-800/810W/820NWB", and tells its status over SNMP, as Brother's
// command FAQ says.
//
// They read what they get for real: every label is drawn as the head would
// burn it and kept as a picture, labels are counted, and the printer answers
// from what it is doing. It shares no code with the programs that print.
//
// A person or a test stands at the printer: Raise opens its cover or takes its
// paper, TearAt makes the next label stop halfway, PowerCut and PowerOn do what
// they say, Trap spoils its network. As many real ones, it talks to one peer at
// a time; the next waits.
package labelsim

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Answers is how much a printer tells.
type Answers int

// From a present-day Zebra to a print server that swallows.
const (
	Everything Answers = iota // ZPL: ~HS, ~HQES, label counter, notes; QL: SNMP with its page counter
	Length                    // ZPL without SGD: ~HQOD counts inches
	HostOnly                  // ZPL: ~HS and ~HI; QL: SNMP without the counter
	OnTheLine                 // QL: no SNMP, the status block on the printing connection
	Nothing                   // it takes all and says nothing
)

// Config is a printer. The zero value is a ZPL printer of 300 dpi.
type Config struct {
	QL      bool // Brother QL raster, else ZPL
	Answers Answers
	DPI     int           // 203 or 300; 0 is 300
	Width   int           // of the roll, mm; 0 is 62
	Endless bool          // an endless roll, else labels of Length
	Length  int           // of a label, mm; 0 is 100
	Roll    int           // labels on the roll; 0: it never ends
	Pace    time.Duration // what a label takes
	Dir     string        // where the labels are kept as PNG too; "" nowhere
	Listen  string        // address; "" is a free port on loopback

	// MuteInFault: ~HS is not answered while the printer has a fault, which the
	// guide allows.
	MuteInFault bool
}

// Label is one that came out, as its black and white dots.
type Label struct {
	Name    string // of the job, from ^FX; "" on a QL
	Picture *image.Paletted
}

// Trap is what is wrong with the network, from the next connection on.
type Trap struct {
	DieAfter   int           // hangs up hard when so many bytes of a connection were taken
	LoseAnswer bool          // takes a label and hangs up instead of answering behind it
	Nonsense   bool          // every answer is a web page
	HalfClose  bool          // says that it will say nothing more, and goes on listening
	Flood      int           // every answer is so many bytes
	Slow       time.Duration // every answer comes so late
}

// Printer is a running simulated printer. Its methods may be called at any time.
type Printer struct {
	c      Config
	dialog interface {
		take(b []byte, answer func([]byte))
		reset()
	}

	stop  context.CancelFunc
	ended sync.WaitGroup
	wake  chan struct{} // the engine has something to do

	mu      sync.Mutex // guards all below
	on      bool
	address string
	listen  net.Listener
	snmp    net.PacketConn
	conn    net.Conn
	trap    Trap
	engine
}

// Start runs a printer until Close.
func Start(c Config) (*Printer, error) {
	if c.DPI == 0 {
		c.DPI = 300
	}
	if c.Width == 0 {
		c.Width = 62
	}
	if c.Length == 0 {
		c.Length = 100
	}
	if c.Listen == "" {
		c.Listen = "127.0.0.1:0"
	}
	ctx, stop := context.WithCancel(context.Background())
	p := &Printer{c: c, stop: stop, wake: make(chan struct{}, 1), address: c.Listen}
	p.engine.init(c)
	if c.QL {
		p.dialog = &qlDialog{p: p}
	} else {
		p.dialog = &zplDialog{p: p}
	}
	p.ended.Go(func() { p.work(ctx) })
	if err := p.PowerOn(); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// Close ends the printer and waits for it.
func (p *Printer) Close() error {
	p.stop()
	p.PowerCut()
	p.ended.Wait()
	return nil
}

// URI is the printer's address, as spool.Open takes it.
func (p *Printer) URI() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.c.QL {
		return "zpl://" + p.address
	}
	uri := "ql://" + p.address
	if p.c.Answers <= HostOnly {
		_, port, _ := net.SplitHostPort(p.snmp.LocalAddr().String())
		return uri + "?snmp=" + port
	}
	return uri + "?snmp=off"
}

// PowerOn switches the printer on, at the address that it had.
func (p *Printer) PowerOn() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.on {
		return nil
	}
	l, err := net.Listen("tcp", p.address)
	if err != nil {
		return fmt.Errorf("simulated printer: %w", err)
	}
	p.on, p.listen, p.address = true, l, l.Addr().String()
	if p.c.QL && p.c.Answers <= HostOnly {
		if err := p.listenSNMP(); err != nil {
			return errors.Join(err, l.Close())
		}
	}
	p.ended.Go(func() { p.serve(l) })
	return nil
}

// PowerCut switches it off at once: what waited is gone, a label on its way
// stays halfway.
func (p *Printer) PowerCut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.on {
		return
	}
	p.on = false
	_ = p.listen.Close()
	if p.snmp != nil {
		_ = p.snmp.Close()
	}
	if p.conn != nil {
		_ = p.conn.Close()
	}
	p.engine.cut()
	p.dialog.reset()
}

// Move gives the printer another address, as a network does over night. What
// it has in it stays.
func (p *Printer) Move() error {
	p.mu.Lock()
	_ = p.listen.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err == nil {
		p.listen, p.address = l, l.Addr().String()
		p.ended.Go(func() { p.serve(l) })
	}
	p.mu.Unlock()
	return err
}

// Spoil sets what is wrong with the network; the zero Trap mends it.
func (p *Printer) Spoil(t Trap) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.trap = t
}

// Labels are those that came out whole, oldest first.
func (p *Printer) Labels() []Label {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Label(nil), p.out...)
}

// Halves counts the labels that came out in part.
func (p *Printer) Halves() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.halves
}

// keep writes a label as PNG.
func (p *Printer) keep(n int, l Label) error {
	name := fmt.Sprintf("%05d", n)
	if l.Name != "" {
		name += "-" + filepath.Base(l.Name)
	}
	f, err := os.Create(filepath.Join(p.c.Dir, name+".png"))
	if err != nil {
		return err
	}
	return errors.Join(png.Encode(f, l.Picture), f.Close())
}
