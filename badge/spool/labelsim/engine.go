package labelsim

import (
	"context"
	"log/slog"
	"slices"
	"time"
)

// engine is the part that moves paper. Guarded by the printer's mu.
type engine struct {
	queue    []Label // drawn, waiting
	at       *Label  // on its way
	faults   []string
	tear     bool // the next label stops halfway
	takeOff  bool // a label at the peeler must be taken before the next
	out      []Label
	halves   int
	left     int   // labels on the roll, −1: no end
	count    int64 // labels ever
	millis   int64 // length ever, in mm
	perLabel int64
	ql       bool
	phase    byte              // of a QL: 0 receiving, 1 printing
	notes    map[string]string // of a ZPL printer: what lies in its RAM
}

func (e *engine) init(c Config) {
	e.left, e.perLabel, e.ql, e.notes = c.Roll, int64(c.Length), c.QL, map[string]string{}
	e.count, e.millis = 313, 31300
	if c.Roll == 0 {
		e.left = -1
	}
}

// cut is what a power cut leaves.
func (e *engine) cut() {
	if e.at != nil {
		e.halves++
	}
	e.queue, e.at, e.notes, e.phase = nil, nil, map[string]string{}, 0
}

// blocked tells whether a fault keeps the paper from moving.
func (e *engine) blocked() bool {
	return slices.ContainsFunc(e.faults, func(f string) bool { return f != "media-low" }) || e.left == 0
}

// reasons are the faults as they are shown.
func (e *engine) reasons() []string {
	out := slices.Clone(e.faults)
	if e.left == 0 {
		out = append(out, "media-empty")
	}
	return out
}

func (p *Printer) ring() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// work prints what waits, one label after the other.
func (p *Printer) work(ctx context.Context) {
	for {
		p.mu.Lock()
		begun := p.begin()
		p.mu.Unlock()
		if !begun {
			select {
			case <-p.wake:
				continue
			case <-ctx.Done():
				return
			}
		}
		select {
		case <-time.After(p.c.Pace):
		case <-ctx.Done():
			return
		}
		p.mu.Lock()
		n, l, done := p.finish()
		p.mu.Unlock()
		if done && p.c.Dir != "" {
			if err := p.keep(n, l); err != nil {
				slog.Warn("keep a printed label", "err", err)
			}
		}
	}
}

// begin takes the next label, or the one that a fault held up.
func (p *Printer) begin() bool {
	if p.blocked() || !p.on || p.at == nil && len(p.queue) == 0 {
		return false
	}
	if p.at == nil {
		p.at, p.queue = &p.queue[0], p.queue[1:]
		p.phase = 1
		p.tell(6)
	}
	return true
}

// finish ends the label on its way. A fault that came meanwhile leaves it
// halfway: ZPL printers print it anew when the fault is mended (^JZ), a QL has
// forgotten it ("if an error occurs, all data read is cleared").
func (p *Printer) finish() (int, Label, bool) {
	if p.at == nil {
		return 0, Label{}, false // cut off
	}
	if p.tear {
		p.tear = false
		p.faults = append(p.faults, "media-empty")
	}
	if p.blocked() {
		p.halves++
		if p.ql {
			p.at, p.queue, p.phase = nil, nil, 0
			p.tell(2)
		}
		return 0, Label{}, false
	}
	l := *p.at
	p.at, p.phase = nil, 0
	p.out = append(p.out, l)
	p.count++
	p.millis += p.perLabel
	if p.left > 0 {
		p.left--
	}
	if p.takeOff {
		p.faults = append(p.faults, "output-area-full")
	}
	p.tell(1)
	p.tell(6)
	return len(p.out), l, true
}

// Raise makes the printer show these faults and no other: media-empty,
// media-low, media-jam, cover-open, marker-supply-empty, paused,
// spool-area-full, fuser-over-temp, fuser-under-temp, output-area-full.
func (p *Printer) Raise(faults ...string) {
	p.mu.Lock()
	p.faults = slices.Clone(faults)
	if p.left == 0 && len(faults) == 0 {
		p.left = p.c.Roll // a new roll
	}
	if p.blocked() {
		p.tell(2)
	}
	p.mu.Unlock()
	p.ring()
}

// TearNext makes the next label stop halfway with the paper out.
func (p *Printer) TearNext() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tear = true
}

// Peel makes every label wait at the peeler until Raise() takes it.
func (p *Printer) Peel() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.takeOff = true
}

// Load puts in another roll: its width and, unless it is endless, the length of
// its labels in mm.
func (p *Printer) Load(width, length int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.c.Width, p.c.Length, p.c.Endless = width, length, length == 0
}

// enqueue takes a drawn label; the caller holds mu.
func (p *Printer) enqueue(l Label) {
	p.queue = append(p.queue, l)
	p.ring()
}
