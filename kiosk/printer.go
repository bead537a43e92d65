package kiosk

import (
	"context"
	"slices"
	"time"

	"hallpass/badge/spool"
)

// Press is what the desk says of its printers.
type Press struct {
	// State is that of the printer that the next badge would go to: idle,
	// processing, stopped, unreachable, or none without a printer. A printer
	// with a reason that keeps it from printing is stopped, whatever it calls
	// itself.
	State   string
	Reasons []string // of the desk's own printer: its keywords, sorted, such as media-empty
	Name    string   // what the desk's own printer calls itself
	Jobs    int      // badges that still need a printer
	Pool    []Machine
}

// Machine is one printer of the pool.
type Machine struct {
	Place   string
	State   string // as in Press
	Reasons []string
	Name    string
	Blind   bool   // it cannot tell whether a badge came out
	Media   string // what is loaded, "62x100" or empty
	// LabelsLeft is how many badges are in it, -1 if it does not say; Empty is
	// when the last comes out at the pace of the last half hour, zero if it is
	// not known or nothing was printed.
	LabelsLeft int
	Empty      time.Time
	Counts     bool // its labels can be counted: NewRoll
}

// Press returns the printers' last word, at most a few seconds old.
func (d *Desk) Press(ctx context.Context) (Press, error) {
	open, err := d.Store.Open(ctx)
	out := Press{State: "none", Jobs: len(open)}
	for i, l := range d.pool.lanes {
		m := l.machine()
		out.Pool = append(out.Pool, m)
		if i == 0 {
			out.State, out.Reasons, out.Name = m.State, m.Reasons, m.Name
		}
	}
	if l := d.pool.best(Entry{}, Badge{}); l != nil {
		out.State = l.standing().State
	}
	return out, err
}

// machine is the printer as people are told of it.
func (l *lane) machine() Machine {
	st := l.standing()
	_, counts := l.Printer.(spool.Roller)
	return Machine{
		Counts: counts, Place: l.Place, State: st.State, Reasons: st.Reasons, Name: st.Name,
		Blind: st.Blind, Media: st.Supplies.Media, LabelsLeft: left(st), Empty: l.empty(),
	}
}

// blocking are the reasons that keep a printer from printing (RFC 8011
// §5.4.12), the most telling first.
var blocking = []string{
	"media-empty", "media-needed", "media-jam", "cover-open", "input-tray-missing", "output-tray-missing",
	"output-area-full", "marker-supply-empty", "marker-waste-full", "marker-waste-receptacle-full", "spool-area-full",
	"fuser-over-temp", "paused", "shutdown", "offline", "certificate-changed",
}

// block returns the first reason that keeps the printer from printing, or "".
func block(st spool.Status) string {
	for _, reason := range blocking {
		if slices.Contains(st.Reasons, reason) {
			return reason
		}
	}
	return ""
}

// ready reports whether a badge may be handed over. A printer that reports a
// reason but takes jobs gets it: some clear the reason only by printing.
func ready(st spool.Status) bool {
	return st.Accepting && (st.State == "idle" || st.State == "processing")
}

// askLimit is how long one question to a printer may take. A black hole in the
// network must not hide a fault for longer.
const askLimit = 3 * time.Second

// look takes the printer's word and tells the screens if it is news.
func (l *lane) look(ctx context.Context) spool.Status {
	limited, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	st, err := l.Printer.Status(limited)
	if err != nil {
		st = spool.Status{State: "unreachable"}
	}
	if ctx.Err() != nil {
		return st // not the printer's fault
	}
	now := l.p.d.Now()
	before := l.trouble()
	l.mu.Lock()
	l.now, l.asked = st, now
	l.mu.Unlock()
	if trouble := l.trouble(); trouble != before {
		l.mu.Lock()
		l.since = now
		l.mu.Unlock()
		l.p.d.Log.Info("printer state changed", "printer", l.Name, "trouble", trouble, "before", before)
		l.p.wake() // badges may go elsewhere now, or come here again
		l.p.tellAll(ctx)
		l.p.d.watch.tellPress()
	}
	return st
}

// heard says that the printer has just answered well: it need not be asked how
// it is before it gets the next badge.
func (l *lane) heard() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked = l.p.d.Now()
}

// status is the printer's last word.
func (l *lane) status() spool.Status {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now
}

func (l *lane) blind() bool { return l.status().Blind }

// standing is the printer's last word, with "stopped" for what cannot print.
func (l *lane) standing() spool.Status {
	st := l.status()
	if block(st) != "" && st.State != "unreachable" {
		st.State = "stopped"
	}
	return st
}

// trouble is one keyword for why nothing is printed here, "" if all is well.
func (l *lane) trouble() string {
	st := l.standing()
	if reason := block(st); reason != "" {
		return reason
	}
	if st.State == "stopped" || st.State == "unreachable" {
		return st.State
	}
	return ""
}

// troubled is the trouble and since when.
func (l *lane) troubled() (string, time.Time) {
	why := l.trouble()
	l.mu.Lock()
	defer l.mu.Unlock()
	return why, l.since
}

// pacing is over how long the pace of printing is taken for the forecast.
const pacing = 30 * time.Minute

// printed counts a badge for the forecast.
func (l *lane) printed(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.prints = slices.DeleteFunc(l.prints, func(at time.Time) bool { return now.Sub(at) > pacing })
	l.prints = append(l.prints, now)
}

// empty is when the roll or tray will be empty at the present pace.
func (l *lane) empty() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, n := l.p.d.Now(), 0
	first := now
	for _, at := range l.prints {
		if now.Sub(at) <= pacing {
			n++
			first = earlier(first, at)
		}
	}
	if n < 2 || left(l.now) < 0 {
		return time.Time{}
	}
	each := now.Sub(first) / time.Duration(n)
	return now.Add(each * time.Duration(left(l.now))).Truncate(time.Minute)
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// left is what the printer says of its labels, -1 for nothing.
func left(st spool.Status) int {
	if st.Name == "" { // not reached
		return -1
	}
	return st.Supplies.LabelsLeft
}
