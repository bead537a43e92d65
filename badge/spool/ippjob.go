package spool

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

var _ Printer = (*ippPrinter)(nil)

// found is a job as the printer knows it; id 0 means that it does not.
type found struct {
	id     uint32
	status JobStatus
}

// Job tells the state of the newest job of that name.
func (p *ippPrinter) Job(ctx context.Context, name string) (JobStatus, error) {
	unknown := JobStatus{State: Unknown}
	if err := checkName(name); err != nil {
		return unknown, err
	}
	t, err := p.learn(ctx)
	if err != nil {
		return unknown, fmt.Errorf("ask for job %s: %w", name, err)
	}
	j, err := p.find(ctx, name)
	if err != nil {
		return unknown, fmt.Errorf("ask for job %s: %w", name, err)
	}
	if t.blind && j.status.State == Completed {
		return JobStatus{State: Processing, Reasons: []string{"job-sent-unseen"}}, nil
	}
	return j.status, nil
}

// Cancel sends Cancel-Job unless the job has ended.
func (p *ippPrinter) Cancel(ctx context.Context, name string) (JobStatus, error) {
	if err := checkName(name); err != nil {
		return JobStatus{State: Unknown}, err
	}
	j, err := p.find(ctx, name)
	if err != nil {
		return j.status, fmt.Errorf("cancel job %s: %w", name, err)
	}
	if j.id != 0 && !j.status.ended() {
		var m message
		m, err = p.ask(ctx, question{op: opCancelJob, attrs: []attr{{"job-id", []value{integer(j.id)}}}})
		if err == nil && m.code != statusNotPossible && m.code != statusNotFound {
			err = m.failure() // those two: it ended meanwhile, which the next question shows
		}
		if err != nil {
			return j.status, fmt.Errorf("cancel job %s: %w", name, err)
		}
	}
	return p.Job(ctx, name)
}

func (s JobStatus) ended() bool {
	return s.State == Completed || s.State == Canceled || s.State == Aborted
}

// find asks by the remembered id first; the name is compared, because a
// printer that was switched off may count from 1 again.
func (p *ippPrinter) find(ctx context.Context, name string) (found, error) {
	p.mu.Lock()
	id := p.ids[name]
	p.mu.Unlock()
	if id != 0 {
		m, err := p.ask(ctx, question{op: opGetJobAttributes, attrs: []attr{{"job-id", []value{integer(id)}}, jobAttributes()}})
		if err != nil {
			return found{status: JobStatus{State: Unknown}}, err
		}
		if g := m.first(tagJob); m.failure() == nil && g.text("job-name") == name {
			return jobOf(g), nil
		}
	}
	return p.search(ctx, name)
}

// search looks among the waiting and then the ended jobs, newest id first.
func (p *ippPrinter) search(ctx context.Context, name string) (found, error) {
	best := found{status: JobStatus{State: Unknown}}
	for _, which := range []string{"not-completed", "completed"} {
		m, err := p.ask(ctx, question{op: opGetJobs, attrs: []attr{
			{"limit", []value{integer(maxJobs)}},
			jobAttributes(),
			{"which-jobs", []value{text(tagKeyword, which)}},
		}})
		if err == nil {
			err = m.failure()
		}
		if err != nil {
			return best, err
		}
		for _, g := range m.all(tagJob) {
			if j := jobOf(g); g.text("job-name") == name && j.id >= best.id {
				best = j
			}
		}
	}
	p.remember(name, best.id)
	return best, nil
}

func (p *ippPrinter) remember(name string, id uint32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.ids) >= maxJobs {
		clear(p.ids) // only a shortcut: the next question searches by name
	}
	delete(p.ids, name)
	if id != 0 {
		p.ids[name] = id
	}
}

func jobAttributes() attr {
	return wanted("job-id", "job-name", "job-state", "job-state-reasons")
}

// jobOf reads a job group; states are RFC 8011 §5.3.7, 4 is pending-held.
func jobOf(g group) found {
	states := map[uint32]JobState{3: Pending, 4: Pending, 5: Processing, 6: Stopped, 7: Canceled, 8: Aborted, 9: Completed}
	s, ok := states[g.number("job-state")]
	if !ok {
		s = Pending // a job is there, whatever the printer calls it
	}
	return found{g.number("job-id"), JobStatus{State: s, Reasons: reasons(g.texts("job-state-reasons"))}}
}

// incoming tells that a job waits for its document.
func (j found) incoming() bool {
	return j.status.State == Pending && slices.ContainsFunc(j.status.Reasons, func(r string) bool {
		return r == "job-incoming" || r == "job-data-insufficient"
	})
}

// unsent marks an error by which the document surely stayed here.
func unsent(err error) error {
	if errors.Is(err, ErrUnreachable) || errors.Is(err, errNotConnected) {
		return fmt.Errorf("%w: %w", ErrNotSent, err)
	}
	return err
}
