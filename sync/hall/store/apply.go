package store

import (
	"errors"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
)

// patience is how long the file is left alone after it could not be written;
// the disk is full or fails.
const patience = 250 * time.Millisecond

// applier applies groups and tasks until stop is closed, and then what is left,
// if the file takes it.
func (s *Store) applier(stop <-chan struct{}) {
	retry := time.NewTimer(patience)
	defer retry.Stop()
	select {
	case <-s.flow.begun:
		s.prepareWriting()
	case <-stop:
	}
	var took time.Duration // by the last transaction
	var ended time.Time
	var logged uint64 // then
	for {
		groups := false // while in trouble, groups wait: they are safe
		select {
		case <-s.flow.toApply:
			s.rest(ended.Add(min(restParts*took, mostRest)), logged, stop)
			s.gather(min(max(lingerParts*took, leastLinger), mostLinger), stop)
		case <-retry.C:
			groups = true
		case <-stop:
			for s.pass(true) {
			}
			return
		}
		began := time.Now()
		if s.pass(groups) {
			signal(s.flow.toApply)
		}
		ended, logged = time.Now(), s.flow.loggedNow()
		took = ended.Sub(began)
		if s.flow.inTrouble() {
			retry.Reset(patience)
		}
	}
}

// taken is what one transaction does.
type taken struct {
	groups, size int
	tasks        []*task
	number       uint64 // of the last frame that the file then holds
}

// blocked is the part of a group that cannot be applied.
type blocked struct {
	group       *group
	part, entry int
	err         error
}

// Error is the cause's.
func (b *blocked) Error() string { return b.err.Error() }

// Unwrap returns the cause.
func (b *blocked) Unwrap() error { return b.err }

// errTask means that a task is to blame.
type errTask struct{ error }

// Unwrap returns the cause.
func (e errTask) Unwrap() error { return e.error }

// pass runs one transaction and reports whether there may be more to do.
func (s *Store) pass(groups bool) bool {
	f := s.flow
	f.mu.Lock()
	idle := len(f.tasks) == 0 && (len(f.backlog) == 0 || f.trouble != nil && !groups) && !(f.broken && f.flight == nil)
	f.mu.Unlock()
	if idle {
		return false
	}
	var t taken
	err := s.transact("append", func(w *writer) error {
		t = taken{}
		return s.fill(w, &t, groups)
	})
	return s.finish(t, err)
}

// fill does in one transaction what waits, tasks first, and what comes meanwhile.
func (s *Store) fill(w *writer, t *taken, groups bool) error {
	for {
		tasks, g := s.pick(t, groups)
		for _, task := range tasks {
			w.mentions = task.spoken
			var err error
			if task.outcome, err = w.batch(task.batch); err != nil {
				return errTask{err}
			}
		}
		w.mentions = mentions{}
		if g == nil && len(tasks) == 0 {
			s.flow.at("apply")
			return w.tx.Bucket(bucketMeta).Put(keyApplied, number(t.number))
		}
		if g != nil {
			if err := w.group(g); err != nil {
				return err
			}
		}
	}
}

// pick chooses what comes next in a transaction.
func (s *Store) pick(t *taken, groups bool) (tasks []*task, g *group) {
	f := s.flow
	f.mu.Lock()
	defer f.mu.Unlock()
	if t.number == 0 {
		t.number = f.told
	}
	limit := f.limits.changes
	if len(t.tasks) > 0 || len(f.tasks) > 0 || s.hurry.Load() > 0 {
		limit = f.limits.few
	}
	least := f.outstanding(t.groups)
	rest := f.tasks[:0:0]
	for _, task := range f.tasks {
		if task.after < least && len(t.tasks) < f.limits.few {
			tasks, t.tasks = append(tasks, task), append(t.tasks, task)
		} else {
			rest = append(rest, task)
		}
	}
	f.tasks = rest
	if t.groups < len(f.backlog) && t.size < limit && (t.size < f.limits.few || !f.awaited(t.number)) && (f.trouble == nil || groups) {
		g = f.backlog[t.groups]
		t.groups, t.size, t.number = t.groups+1, t.size+g.size, g.number
	}
	if f.broken && f.outstanding(t.groups) == f.next.number {
		t.number = f.next.number - 1 // whatever the log has of it
	}
	return tasks, g
}

// awaited reports whether somebody reads as soon as the file holds the frames up
// to that number. The caller holds mu.
func (f *flow) awaited(number uint64) bool {
	return len(f.readers) > 0 && f.readers[0].target <= number
}

// outstanding is the least number that is neither in the file nor given up, when
// so many groups of the backlog are done. The caller holds mu.
func (f *flow) outstanding(done int) uint64 {
	switch {
	case done < len(f.backlog):
		return f.backlog[done].number
	case f.flight != nil:
		return f.flight.number
	case len(f.queue) > 0:
		return f.queue[0].number
	}
	return f.next.number
}

// group applies what was logged. Each change continues its journal, as was seen
// before it was logged, so an error is the file's.
func (w *writer) group(g *group) error {
	for i := range g.parts {
		p := &g.parts[i]
		p.read()
		p.aside = 0
		step := len(p.batch.Entries)
		if g.careful {
			step = 1
		}
		for at := 0; at < len(p.batch.Entries); at += step {
			b := p.batch
			b.Entries = b.Entries[at : at+step]
			out, err := w.entries(b)
			if err = errors.Join(err, out.Err); err != nil {
				return &blocked{g, i, at, err}
			}
			p.aside += out.Quarantined
		}
	}
	return nil
}

// finish tells everybody what became of a transaction.
func (s *Store) finish(t taken, err error) (more bool) {
	f := s.flow
	if err == nil {
		f.at("applied")
		s.log.Applied(t.number)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var block *blocked
	switch {
	case err == nil:
		f.done(t)
		f.mend(t.number)
	case errors.As(err, new(errTask)):
		f.answer(t.tasks, err) // the groups are still there
	case errors.As(err, &block) && block.aside():
		f.tasks = append(t.tasks, f.tasks...)
	default:
		f.trouble = err
		f.answer(t.tasks, err)
	}
	f.stir()
	return f.trouble == nil && (len(f.backlog) > 0 || len(f.tasks) > 0)
}

// mend lets the log be used again, if all that was handed over is in the file.
// The caller holds mu.
func (f *flow) mend(number uint64) {
	if f.broken && number == f.next.number-1 {
		f.broken, f.mended = false, number
	}
}

// aside marks what is in the way, so that it goes to quarantine instead of being
// merged; false if that was tried. What it is about is damaged in the file; the
// rest of the hall goes on.
func (b *blocked) aside() bool {
	if !b.group.careful {
		b.group.careful = true
		return true
	}
	entry := &b.group.parts[b.part].batch.Entries[b.entry]
	if entry.Refused != nil {
		return false
	}
	entry.Refused = fault.Wrap(fault.RefusedFact, "The data file is damaged where this belongs; run hall check.", b.err)
	return true
}

func (f *flow) inTrouble() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.trouble != nil
}

// done takes what is in the file out of the flow. The caller holds mu.
func (f *flow) done(t taken) {
	if t.groups > 0 || len(f.backlog) == 0 {
		f.trouble = nil
	}
	f.told = max(f.told, t.number)
	f.commits++
	for _, g := range f.backlog[:t.groups] {
		f.held, f.bytes = f.held-g.size, f.bytes-g.bytes
		for _, p := range g.parts {
			p.tail.groups--
			if g.number > f.inherited {
				f.pending.add(p.batch, -1)
			}
		}
	}
	clear(f.backlog[:t.groups])
	f.backlog = f.backlog[t.groups:]
	f.answer(t.tasks, nil)
}

// answer ends tasks. A journal that one of them was about may end elsewhere now.
// The caller holds mu.
func (f *flow) answer(tasks []*task, err error) {
	for _, t := range tasks {
		if t.err = err; err != nil {
			t.outcome = hall.Outcome{}
		}
		if t.tail != nil {
			if t.tail.tasks--; t.tail.idle() {
				f.forget(func(_ string, other *tail) bool { return other == t.tail })
			}
		}
		close(t.done)
	}
}

// stir wakes whoever waits for the file to come closer, or to fail. The caller
// holds mu.
func (f *flow) stir() {
	close(f.moved)
	f.moved = make(chan struct{})
	waiting := f.readers[:0]
	for _, r := range f.readers {
		if f.trouble != nil || r.target <= f.told {
			close(r.done)
		} else {
			waiting = append(waiting, r)
		}
	}
	f.readers = waiting
}

// run starts what works beside the callers.
func (s *Store) run() {
	s.stop.log, s.stop.apply = make(chan struct{}), make(chan struct{})
	s.running.Go(func() { s.logger(s.stop.log); close(s.stop.apply) })
	s.running.Go(func() { s.applier(s.stop.apply) })
}

// halt takes nothing in any more and ends what run has started.
func (s *Store) halt() error {
	f := s.flow
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	close(s.stop.log)
	s.running.Wait()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answer(f.tasks, errClosed)
	f.tasks = nil
	return errors.Join(f.trouble, s.log.Close())
}
