package kiosk

import (
	"context"
	"reflect"
	"sync"
	"time"

	"hallpass/badge/spool"
	"hallpass/sync/record"
)

// lane is the one worker of one printer. It serves one badge to its end before
// the next: small printers take a single job at a time, and what waits in our
// queue can still be moved or voided without asking anybody. Badges that were
// voided on their way are taken back beside it.
type lane struct {
	Station
	p    *pool
	bell chan struct{} // rung when a badge may be waiting

	// Of the lane's own goroutine.
	flights  []flight
	after    time.Time // the printer was busy or full: not before
	verdicts map[record.BadgeID]verdict
	ahead    drawn         // the next badge, drawn while the printer works
	engine   time.Duration // what a badge takes here, smoothed; 0 unknown

	mu      sync.Mutex
	now     spool.Status   // the printer's last word
	asked   time.Time      // when
	since   time.Time      // in trouble since then
	drawing record.BadgeID // what is being drawn
	prints  []time.Time    // badges confirmed lately, for the forecast
	dpi     int            // of the labels it asked for last; 0: it takes pages
}

// flight is a badge that the printer may have, and since when.
type flight struct {
	Ticket
	since time.Time
}

// drawn is a job drawn ahead of its time. It is good for the registration that
// it was drawn from only.
type drawn struct {
	badge record.BadgeID
	from  record.Registration
	job   spool.Job
}

// verdict is what the printer said of a job in the end. It is remembered until
// it is kept: printers forget their jobs after a minute, full disks stay full.
type verdict struct {
	state  record.BadgeState
	reason string
}

// askIdle is how often a printer without work is asked how it is: the page
// must turn to "out of order" before the next visitor has typed a name.
const askIdle = 3 * time.Second

// again is the pause after "busy", "full" and a disk that takes nothing, in
// polls: sending costs two commits, and a full disk is not emptied by asking.
const again = 4

func newLane(p *pool, s Station) *lane {
	return &lane{
		Station: s, p: p, bell: make(chan struct{}, 1), verdicts: map[record.BadgeID]verdict{},
		now: spool.Status{State: "idle", Accepting: true}, // taken to be well until it says otherwise, at once
	}
}

func (l *lane) wake() {
	select {
	case l.bell <- struct{}{}:
	default:
	}
}

// run serves badges until ctx ends. Then it begins nothing, and goes on for the
// grace if the printer has a badge; else the badge stays where it is.
func (l *lane) run(ctx context.Context) {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(l.p.d.Grace, cancel) })
	defer stop()
	for work.Err() == nil {
		live, failed := l.follow(work)
		switch {
		case !live && ctx.Err() != nil:
			return
		case !live:
			sent, err := l.begin(work)
			if err != nil && work.Err() == nil {
				l.p.d.Log.Error("print badge", "printer", l.Name, "err", err)
			}
			live, failed = sent, failed || err != nil
		default:
			l.lookAhead(work)
		}
		until := ctx // without a badge in the printer there is nothing to finish
		if live {
			until = work
		}
		l.wait(until, l.pause(live, failed))
	}
}

// follow asks for every badge that the printer may have. It reports whether one
// of them is to come out still, and whether something went wrong.
func (l *lane) follow(ctx context.Context) (live, failed bool) {
	var left []flight
	for _, f := range l.flights {
		e, done, err := l.step(ctx, f)
		if err != nil && ctx.Err() == nil {
			failed = true
			l.p.d.Log.Error("follow badge", "badge", f.Badge, "printer", l.Name, "err", err)
		}
		if e.Badges != nil {
			l.p.d.announce(e)
		}
		if done {
			l.p.drop(f.Badge)
			l.p.wake() // what came after it may be another's to print
			continue
		}
		left = append(left, f)
		if b, err := e.find(f.Badge); err != nil || b.Badge.Now() != record.BadgeVoided {
			live = true
		}
	}
	l.flights = left
	return live, failed
}

// step does what is next for a badge and reports whether it needs no more here.
func (l *lane) step(ctx context.Context, f flight) (Entry, bool, error) {
	e, err := l.p.d.Store.Find(ctx, f.Registration)
	if err != nil {
		return Entry{}, false, err
	}
	b, err := e.find(f.Badge)
	if err != nil || b.Stage == "" {
		delete(l.verdicts, f.Badge)
		return e, true, err
	}
	if v, ok := l.verdicts[b.ID]; ok {
		e, err = l.settle(ctx, *b, v)
		return e, err == nil, err
	}
	if b.Badge.Now() == record.BadgeVoided {
		return l.takeBack(ctx, e, *b)
	}
	return l.ask(ctx, e, *b, f.since)
}

// begin sends the oldest badge that waits for this printer. It reports whether
// the printer may have it now.
func (l *lane) begin(ctx context.Context) (bool, error) {
	st := l.status()
	if l.due() {
		st = l.look(ctx)
	}
	if !ready(st) || l.p.d.Now().Before(l.after) {
		return false, nil
	}
	e, b, ok, err := l.p.next(ctx, l)
	if !ok {
		return false, err
	}
	return l.send(ctx, e, b)
}

// due reports whether the printer's last word is older than a poll.
func (l *lane) due() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.asked.IsZero() || l.p.d.Now().Sub(l.asked) >= l.p.d.Poll
}

// lookAhead draws the badge after the one that is printing.
func (l *lane) lookAhead(ctx context.Context) {
	e, b, ok, err := l.p.next(ctx, l)
	if err != nil || !ok {
		return
	}
	defer l.p.drop(b.ID) // only looked at
	if l.ahead.badge == b.ID && reflect.DeepEqual(l.ahead.from, e.Registration) {
		return
	}
	job, err := l.p.d.job(e, b, l.useDots)
	if err != nil {
		return // that is told when its turn comes
	}
	l.ahead = drawn{b.ID, e.Registration, job}
	if dpi := l.usedDots(); dpi > 0 {
		_, _ = job.Label(dpi)
	}
}

// useDots remembers the resolution that the printer wants its labels in.
func (l *lane) useDots(dpi int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dpi = dpi
}

func (l *lane) usedDots() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.dpi
}

// draw returns the badge's job, from memory if it was drawn ahead.
func (l *lane) draw(e Entry, b Badge) (spool.Job, error) {
	was := l.ahead
	l.ahead = drawn{}
	if was.badge == b.ID && reflect.DeepEqual(was.from, e.Registration) {
		return was.job, nil
	}
	l.show(b.ID)
	defer l.show("")
	l.p.d.announce(e)
	return l.p.d.job(e, b, l.useDots)
}

// show marks what is being drawn, for the screen.
func (l *lane) show(id record.BadgeID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.drawing = id
}

func (l *lane) draws(id record.BadgeID) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.drawing == id
}

// pause is how long to wait before the next question. While a badge is printed
// it is short when the badge is about to come out, so that the next one is in
// the printer before its rollers stop.
func (l *lane) pause(live, failed bool) time.Duration {
	poll := l.p.d.Poll
	switch {
	case failed:
		return again * poll
	case live:
		return l.pace(l.p.d.Now().Sub(l.flights[len(l.flights)-1].since))
	case len(l.flights) > 0 || l.p.waiting():
		return poll
	}
	return max(askIdle, poll)
}

// fine is how many questions near the end of a print take the place of one.
const fine = 25

func (l *lane) pace(elapsed time.Duration) time.Duration {
	poll, end := l.p.d.Poll, l.engine*9/10
	switch {
	case l.engine == 0:
		return poll / 5 // until it is known how long one takes
	case elapsed > 2*l.engine:
		return poll
	case elapsed < end:
		return min(poll, end-elapsed)
	}
	return poll / fine
}

// learn takes in how long a badge took.
func (l *lane) learn(took time.Duration) {
	if l.engine == 0 {
		l.engine = took
	}
	l.engine += (took - l.engine) / 4
}

// wait returns after a pause, or at once when the bell rings or ctx ends.
func (l *lane) wait(ctx context.Context, pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-l.bell:
	case <-ctx.Done():
	}
}
