package store

import (
	"context"
	"sync"
	"time"

	bolterr "go.etcd.io/bbolt/errors"

	"hallpass/sync/hall"
	"hallpass/sync/hall/store/intake"
)

// limits bound what is acknowledged and not yet in the file, and the steps in
// which it gets there.
type limits struct {
	held, bytes int // changes on their way, and their bytes in the log
	group       int // changes in a frame of the log, which is applied in one transaction
	changes     int // in a transaction
	few         int // in a transaction while somebody waits who writes
}

// What is held is what a reader waits for at most and what a start after a crash
// has to repeat, about a second each, and it stands in memory. A large
// transaction costs less a change, a small one lets whoever has something to
// write go on; who reads waits for all of it anyway.
var usual = limits{held: 32_768, bytes: 48 << 20, group: 2_048, changes: 16_384, few: 1_024}

// flow is the way of facts into the file. What simply continues a kiosk's
// journal is logged, by one goroutine, and acknowledged; another applies it
// later, in the order of the log. All else is a task of that other one.
type flow struct {
	limits limits
	at     func(string) // told the labelled moments of a fact's way; tests die there

	mu        sync.Mutex // guards all below
	tails     map[string]*tail
	pending   *pending // of the groups
	loaded    uint64   // counts what makes a look at the end of a journal void
	next      *group   // gathers; never nil
	queue     []*group // full ones before it
	flight    *group   // being logged
	backlog   []*group // logged and not in the file, oldest first
	tasks     []*task  // wait for their turn
	readers   []reader // wait for what was acknowledged before they came
	held      int      // changes in the groups
	bytes     int      // of them
	logged    uint64   // the last frame that is safe
	told      uint64   // the last that is in the file, and told of
	inherited uint64   // the last that an earlier life has logged
	broken    bool     // the log failed: all goes by tasks until the file holds everything
	mended    uint64   // what the log must be told before its next frame; 0 for nothing
	closed    bool
	trouble   error         // why the file could not be written lately
	moved     chan struct{} // closed, and made anew, when the file has come closer or met trouble

	toLog, toApply chan struct{} // there is something to do; hold one
	begun          chan struct{} // closed when the file may be changed, see OpenServing
	commits, syncs uint64

	queued, synced, woken hall.Delays // of a batch: before its write begins, until that is safe, until its caller goes on
}

// group is what becomes one frame.
type group struct {
	number  uint64
	parts   []part
	bodies  [][]byte // until it is logged
	size    int      // changes
	bytes   int
	careful bool // apply it change by change, one of them is in the way
	err     error
	begun   time.Time     // when its write did; read it after done, as safe
	saved   time.Time     // when it was on the disk
	done    chan struct{} // closed when it is safe or has failed
}

// part is one batch and where its journal ended before.
type part struct {
	batch  hall.Batch
	tail   *tail
	before end
	logged *intake.Batch // of an earlier life, to be read into batch; else nil
	aside  int           // entries that went to quarantine when it was last applied
}

// task is a batch that needs a transaction to be judged.
type task struct {
	batch   hall.Batch
	spoken  mentions
	after   uint64 // the frame that must be in the file before; 0 for none
	tail    *tail  // nil for the hall's own facts
	outcome hall.Outcome
	err     error
	done    chan struct{}
}

type reader struct {
	target uint64
	done   chan struct{}
}

func newFlow(applied uint64, at func(string)) *flow {
	if at == nil {
		at = func(string) {}
	}
	return &flow{
		limits: usual, at: at,
		tails: map[string]*tail{}, pending: newPending(), next: newGroup(applied + 1), logged: applied, told: applied, moved: make(chan struct{}),
		toLog: make(chan struct{}, 1), toApply: make(chan struct{}, 1), begun: make(chan struct{}),
	}
}

func newGroup(number uint64) *group { return &group{number: number, done: make(chan struct{})} }

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// errClosed is answered after Close.
var errClosed = bolterr.ErrDatabaseNotOpen

// Append implements hall.Log. A batch that simply continues its journal is
// logged together with others; the rest share transactions.
func (s *Store) Append(ctx context.Context, batches []hall.Batch) ([]hall.Outcome, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	waits := make([]wait, len(batches))
	var failed error
	for i, batch := range batches {
		since := time.Now()
		if waits[i], failed = s.hand(ctx, batch); failed != nil {
			waits = waits[:i]
			break
		}
		waits[i].since = since
	}
	outcomes := make([]hall.Outcome, len(waits))
	for i := range waits { // also if one failed: what was handed over is under way
		var err error
		if outcomes[i], err = s.await(waits[i]); err != nil && failed == nil {
			failed = err
		}
	}
	if failed != nil {
		return nil, failed
	}
	return outcomes, nil
}

// wait is a batch under way: in a group, or a task.
type wait struct {
	since   time.Time
	group   *group
	place   int // in the group
	batch   hall.Batch
	outcome hall.Outcome
	task    *task
}

// hand starts a batch on its way.
func (s *Store) hand(ctx context.Context, b hall.Batch) (wait, error) {
	spoken, err := s.mentions(ctx, []hall.Batch{b})
	if err != nil {
		return wait{}, err
	}
	if len(b.Entries) == 0 {
		return wait{task: s.flow.add(&task{batch: b, spoken: spoken})}, nil
	}
	var body []byte
	if len(b.Own) == 0 && len(spoken.ids) == 0 && plain(b) {
		body = intake.Encode(b.Node, b.Epoch, b.Entries[0].Change.Seq, changes(b.Entries))
	}
	return s.join(ctx, b, spoken, body)
}

// await returns once the batch is durable, or why it is not.
func (s *Store) await(w wait) (hall.Outcome, error) {
	if w.group != nil {
		<-w.group.done
		if w.group.err == nil {
			s.flow.time(w)
			return s.judged(w), nil
		}
		again, err := s.join(context.Background(), w.batch, mentions{}, nil) // the log failed; perhaps the file does not
		if err != nil {
			return hall.Outcome{}, err
		}
		w.task = again.task
	}
	<-w.task.done
	return w.task.outcome, w.task.err
}

// judged is the outcome of a batch that is safe, once the file has it if that is
// asked for.
func (s *Store) judged(w wait) hall.Outcome {
	if !w.batch.Judged {
		return w.outcome
	}
	s.settle()
	s.flow.mu.Lock()
	defer s.flow.mu.Unlock()
	if s.flow.told >= w.group.number { // else the file cannot be written
		w.outcome.Quarantined = w.group.parts[w.place].aside
	}
	return w.outcome
}

// time counts how long each part of a batch's way took.
func (f *flow) time(w wait) {
	f.queued.Add(w.group.begun.Sub(w.since))
	f.synced.Add(w.group.saved.Sub(w.group.begun))
	f.woken.Add(time.Since(w.group.saved))
}

// add puts a task into the queue.
func (f *flow) add(t *task) *task {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.push(t)
	return t
}

func (f *flow) push(t *task) {
	t.done = make(chan struct{})
	if f.closed {
		t.err = errClosed
		close(t.done)
		return
	}
	f.tasks = append(f.tasks, t)
	signal(f.toApply)
}

// join puts a batch into the group that gathers, or makes it a task if it has no
// body, does not continue its journal, or the log is of no use. It waits for
// room.
func (s *Store) join(ctx context.Context, b hall.Batch, spoken mentions, body []byte) (wait, error) {
	f := s.flow
	for {
		t, err := s.tail(b.Node, b.Epoch)
		if err != nil {
			return wait{}, err
		}
		if t == nil {
			continue // it changed while we looked
		}
		w, moved, err := f.start(t, b, spoken, body)
		f.mu.Unlock()
		if moved == nil {
			return w, err
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return wait{}, ctx.Err()
		}
	}
}

// start is one try of join; it returns what to wait for if there is no room. The
// caller holds mu.
func (f *flow) start(t *tail, b hall.Batch, spoken mentions, body []byte) (w wait, moved chan struct{}, err error) {
	if body == nil || f.broken || t.tasks > 0 || !t.continues(b.Entries[0].Change) {
		return wait{task: f.detour(t, b, spoken)}, nil, nil
	}
	if moved, err = f.room(len(b.Entries), len(body)); moved != nil || err != nil {
		return w, moved, err
	}
	g := f.put(t, b, body)
	return wait{group: g, place: len(g.parts) - 1, batch: b, outcome: hall.Outcome{Last: t.end.seq, Fresh: len(b.Entries)}}, nil, nil
}

// room returns what to wait for if there is none. The caller holds mu.
func (f *flow) room(changes, bytes int) (moved chan struct{}, err error) {
	switch {
	case f.closed:
		return nil, errClosed
	case f.held == 0 || f.held+changes <= f.limits.held && f.bytes+bytes <= f.limits.bytes:
		return nil, nil
	case f.trouble != nil:
		return nil, f.trouble
	}
	return f.moved, nil
}

// put has the batch logged with the next group. The caller holds mu.
func (f *flow) put(t *tail, b hall.Batch, body []byte) *group {
	if f.next.size > 0 && f.next.size+len(b.Entries) > f.limits.group {
		f.queue = append(f.queue, f.next)
		f.next = newGroup(f.next.number + 1)
	}
	g := f.next
	g.parts, g.bodies = append(g.parts, part{batch: b, tail: t, before: t.end}), append(g.bodies, body)
	g.size, g.bytes = g.size+len(b.Entries), g.bytes+len(body)
	f.held, f.bytes = f.held+len(b.Entries), f.bytes+len(body)
	f.pending.add(b, 1)
	t.advance(b, g)
	signal(f.toLog)
	return g
}

// detour makes the batch a task, after all that was handed over before; until it
// is done the journal's batches are tasks as well. The caller holds mu.
func (f *flow) detour(t *tail, b hall.Batch, spoken mentions) *task {
	after := f.next.number - 1
	if f.next.size > 0 {
		after = f.next.number
	}
	t.tasks++
	out := &task{batch: b, spoken: spoken, after: after, tail: t}
	f.push(out)
	return out
}
