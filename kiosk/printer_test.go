package kiosk_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"hallpass/badge/spool"
)

// printer is a printer whose faults the test chooses. Like a real one it holds
// a job until it prints, and remembers how each ended.
type printer struct {
	mu      sync.Mutex
	jobs    map[string]spool.JobState
	printed map[string]int
	status  spool.Status
	next    func(spool.Job) error // what Submit answers, nil for yes
	ask     error                 // what every question answers, if set
	held    bool                  // jobs stay in processing
	asked   int                   // how many questions it was asked
}

func newPrinter() *printer {
	return &printer{jobs: map[string]spool.JobState{}, printed: map[string]int{}, status: spool.Status{State: "idle", Accepting: true}}
}

func (p *printer) Submit(_ context.Context, job spool.Job) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ask != nil {
		return p.ask
	}
	switch p.jobs[job.Name] {
	case "", spool.Canceled, spool.Aborted:
	default:
		return nil
	}
	if p.next != nil {
		if err := p.next(job); err != nil {
			return err
		}
	}
	p.jobs[job.Name] = spool.Processing
	return nil
}

func (p *printer) Job(_ context.Context, name string) (spool.JobStatus, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	if p.ask != nil {
		return spool.JobStatus{State: spool.Unknown}, p.ask
	}
	if p.jobs[name] == spool.Processing && !p.held {
		p.jobs[name] = spool.Completed
		p.printed[name]++
	}
	if state, ok := p.jobs[name]; ok {
		return spool.JobStatus{State: state}, nil
	}
	return spool.JobStatus{State: spool.Unknown}, nil
}

func (p *printer) Cancel(ctx context.Context, name string) (spool.JobStatus, error) {
	p.mu.Lock()
	if p.ask == nil && p.jobs[name] == spool.Processing {
		p.jobs[name] = spool.Canceled
	}
	p.mu.Unlock()
	return p.Job(ctx, name)
}

func (p *printer) Status(context.Context) (spool.Status, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	if p.ask != nil {
		return spool.Status{State: "unreachable"}, p.ask
	}
	return p.status, nil
}

// end ends the jobs under way.
func (p *printer) end(state spool.JobState) {
	p.set(func() {
		for name, now := range p.jobs {
			if now == spool.Processing {
				p.jobs[name] = state
			}
		}
	})
}

// set changes the printer under its lock.
func (p *printer) set(fn func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fn()
}

func (p *printer) job(name string) spool.JobState {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.jobs[name]
}

// await polls until the printer has a job in a state.
func (p *printer) await(tb testing.TB, name string, state spool.JobState) {
	tb.Helper()
	poll(tb, func() bool { return p.job(name) == state }, func() string {
		return "job is " + string(p.job(name)) + ", want " + string(state)
	})
}

// prints returns how often a job came out.
func (p *printer) prints(name string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.printed[name]
}

var errGone = errors.Join(spool.ErrUnreachable, errors.New("no route to host"))
