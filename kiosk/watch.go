package kiosk

import (
	"context"
	"sync"
	"sync/atomic"

	"hallpass/sync/record"
)

// Progress is how far a visitor's badge is, as the screen shows it.
type Progress struct {
	State   record.BadgeState
	Reason  string // why it waits, failed or was voided: a keyword, or empty
	Printer string // idle, processing, stopped, unreachable or none
	Place   string // where the printer is that has the badge or will have it
	Away    bool   // it is not the desk's own printer: the visitor must go there
	Issue   uint16 // 1, unless an earlier badge was voided
}

// Final reports whether nothing more will happen unless a person asks for it.
func (p Progress) Final() bool {
	switch p.State {
	case record.BadgeIssued, record.BadgeFailed, record.BadgeVoided, record.BadgeUnknown:
		return true
	}
	return false
}

// room is how many changes a watcher may be behind. A badge has a few states
// and a printer a few troubles; a watcher with 16 unread has gone away.
const room = 16

// watchers holds who watches which registration.
type watchers struct {
	dropped *atomic.Uint64

	mu     sync.Mutex
	closed bool                                                 // guarded by mu
	all    map[record.RegistrationID]map[chan Progress]Progress // to the last one sent; guarded by mu
	press  map[chan struct{}]bool                               // who watches the printers; guarded by mu
}

func (w *watchers) init(dropped *atomic.Uint64) {
	w.dropped = dropped
	w.all = map[record.RegistrationID]map[chan Progress]Progress{}
	w.press = map[chan struct{}]bool{}
}

func (w *watchers) addPress() chan struct{} {
	out := make(chan struct{}, 1)
	out <- struct{}{} // as it is now
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		close(out)
		return out
	}
	w.press[out] = true
	return out
}

func (w *watchers) dropPress(out chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.press[out] {
		delete(w.press, out)
		close(out)
	}
}

func (w *watchers) tellPress() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for out := range w.press {
		select {
		case out <- struct{}{}:
		default:
		}
	}
}

func (w *watchers) add(id record.RegistrationID) chan Progress {
	out := make(chan Progress, room)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		close(out)
		return out
	}
	if w.all[id] == nil {
		w.all[id] = map[chan Progress]Progress{}
	}
	w.all[id][out] = Progress{}
	return out
}

// drop ends a watcher; again is harmless.
func (w *watchers) drop(id record.RegistrationID, out chan Progress) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.end(id, out)
}

// end closes one channel; the caller holds mu.
func (w *watchers) end(id record.RegistrationID, out chan Progress) {
	if _, ok := w.all[id][out]; !ok {
		return
	}
	delete(w.all[id], out)
	if len(w.all[id]) == 0 {
		delete(w.all, id)
	}
	close(out)
}

// tell sends news to everyone who watches id; who is too far behind is dropped
// and asks again.
func (w *watchers) tell(id record.RegistrationID, p Progress) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for out, last := range w.all[id] {
		if p == last {
			continue
		}
		select {
		case out <- p:
			w.all[id][out] = p
		default:
			w.end(id, out)
			w.dropped.Add(1)
		}
	}
}

// watched lists the registrations that somebody watches.
func (w *watchers) watched() []record.RegistrationID {
	w.mu.Lock()
	defer w.mu.Unlock()
	ids := make([]record.RegistrationID, 0, len(w.all))
	for id := range w.all {
		ids = append(ids, id)
	}
	return ids
}

func (w *watchers) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	for id, outs := range w.all {
		for out := range outs {
			w.end(id, out)
		}
	}
	for out := range w.press {
		delete(w.press, out)
		close(out)
	}
}

// Watch gives the progress of a visitor's badge, first as it is now, then at
// each change. The channel is closed when ctx ends, when the desk stops, and
// when the reader falls far behind. fault.NotFound if there is no such entry.
func (d *Desk) Watch(ctx context.Context, id record.RegistrationID) (<-chan Progress, error) {
	out := d.watch.add(id)
	entry, err := d.Store.Find(ctx, id)
	if err != nil {
		d.watch.drop(id, out)
		return nil, err
	}
	d.announce(entry)
	context.AfterFunc(ctx, func() { d.watch.drop(id, out) })
	return out, nil
}

// Progress is how far the entry's newest badge is.
func (d *Desk) Progress(e Entry) Progress {
	b := e.Current()
	p := Progress{State: b.Now(), Reason: b.Reason.Value, Printer: "none", Issue: b.Issue}
	l := d.pool.of(e, b)
	if l != nil {
		p.Printer, p.Place, p.Away = l.standing().State, l.Place, l != d.pool.lanes[0]
	}
	switch {
	case p.Final():
	case l == nil:
		p.Reason = "no-printer"
	default:
		p.Reason = l.trouble()
		if p.State == record.BadgeReserved && l.draws(b.ID) {
			p.State = record.BadgeRendering
		}
	}
	return p
}

func (d *Desk) announce(e Entry) { d.watch.tell(e.Registration.ID, d.Progress(e)) }

// Heard shows at once what the hall has told: whoever watches the desk is rung, and
// a badge that is watched and was voided is said to be. Call it after the store
// has taken the hall's news.
func (d *Desk) Heard(ctx context.Context) {
	d.watch.tellPress()
	for _, id := range d.watch.watched() {
		if e, err := d.Store.Find(ctx, id); err == nil { // else whoever watches asks again
			d.announce(e)
		}
	}
}

// WatchPress rings at once, when a printer gets into trouble or out of it, and when
// the hall has news, until ctx ends or the desk stops, which closes the channel. One
// ring may stand for several changes.
func (d *Desk) WatchPress(ctx context.Context) <-chan struct{} {
	out := d.watch.addPress()
	context.AfterFunc(ctx, func() { d.watch.dropPress(out) })
	return out
}
