package kiosk

import (
	"context"
	"slices"

	"hallpass/badge/spool"
)

// Press is what the desk says of its printer.
type Press struct {
	// State is idle, processing, stopped, unreachable, or none without a
	// printer. A printer with a reason that keeps it from printing is stopped,
	// whatever it calls itself.
	State   string
	Reasons []string // the printer's keywords, sorted, such as media-empty
	Name    string   // what it calls itself
	Jobs    int      // badges that still need it
}

// Press returns the printer's last word, at most a few seconds old.
func (d *Desk) Press(ctx context.Context) (Press, error) {
	st := d.press.state()
	open, err := d.Store.Open(ctx)
	return Press{State: st.State, Reasons: st.Reasons, Name: st.Name, Jobs: len(open)}, err
}

// blocking are the reasons that keep a printer from printing (RFC 8011
// §5.4.12), the most telling first.
var blocking = []string{
	"media-empty", "media-needed", "media-jam", "cover-open", "door-open", "interlock-open",
	"input-tray-missing", "output-tray-missing", "output-area-full", "marker-supply-empty", "toner-empty",
	"marker-waste-full", "marker-waste-receptacle-full", "spool-area-full", "fuser-over-temp", "paused", "shutdown", "timed-out",
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

// ask takes the printer's word and tells the screens if it is news.
func (p *press) ask(ctx context.Context) spool.Status {
	st, err := p.d.Printer.Status(ctx)
	if err != nil {
		st = spool.Status{State: "unreachable"}
	}
	if ctx.Err() != nil {
		return st // not the printer's fault
	}
	before := p.trouble()
	p.mu.Lock()
	p.now = st
	p.mu.Unlock()
	if trouble := p.trouble(); trouble != before {
		p.d.Log.Info("printer state changed", "trouble", trouble, "before", before)
		p.tellAll(ctx)
	}
	return st
}

// tellAll brings the printer's trouble to everyone who waits for a badge.
func (p *press) tellAll(ctx context.Context) {
	for _, id := range p.d.watch.watched() {
		if entry, err := p.d.Store.Find(ctx, id); err == nil {
			p.d.announce(entry)
		}
	}
}

// state is the printer's last word, with "stopped" for what cannot print.
func (p *press) state() spool.Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	st := p.now
	if block(st) != "" && st.State != "unreachable" {
		st.State = "stopped"
	}
	return st
}

// trouble is one keyword for why nothing is printed now, "" if all is well.
func (p *press) trouble() string {
	st := p.state()
	if reason := block(st); reason != "" {
		return reason
	}
	switch st.State {
	case "none":
		return "no-printer"
	case "stopped", "unreachable":
		return st.State
	}
	return ""
}
