package spool

import (
	"context"
	"errors"
	"fmt"
)

var _ Printer = (*ippPrinter)(nil)

// found is a job as the printer knows it; id 0 means that it does not.
type found struct {
	id     uint32
	status JobStatus
}

// Submit asks for the job's name, and prints only if the printer has none.
func (p *ippPrinter) Submit(ctx context.Context, job Job) error {
	if err := job.checkPage(); err != nil {
		return err
	}
	select { // asking and sending is one step, or two callers would both send
	case p.sending <- struct{}{}:
		defer func() { <-p.sending }()
	case <-ctx.Done():
		return fmt.Errorf("print job %s: %w", job.Name, ctx.Err())
	}
	known, err := p.find(ctx, job.Name)
	if errors.Is(err, ErrUnreachable) {
		err = fmt.Errorf("%w: %w", ErrNotSent, err)
	}
	if err != nil {
		return fmt.Errorf("look for job %s: %w", job.Name, err)
	}
	if s := known.status.State; s != Unknown && s != Canceled && s != Aborted {
		return nil
	}
	m, err := p.ask(ctx, opPrintJob, []attr{
		{"job-name", []value{text(tagName, job.Name)}},
		{"ipp-attribute-fidelity", []value{boolean(false)}},
		{"document-format", []value{text(tagMIME, "application/pdf")}},
	}, job.PDF)
	switch {
	case err == nil:
		err = m.failure()
	case errors.Is(err, errMessage): // it has the job and said something: no refusal
		err = fmt.Errorf("%w: %v", ErrUnreachable, err) // %v: no longer ErrRefused
	}
	if err != nil {
		return fmt.Errorf("print job %s: %w", job.Name, err)
	}
	p.remember(job.Name, m.first(tagJob).number("job-id"))
	return nil
}

// Job tells the state of the newest job of that name.
func (p *ippPrinter) Job(ctx context.Context, name string) (JobStatus, error) {
	if err := checkName(name); err != nil {
		return JobStatus{State: Unknown}, err
	}
	j, err := p.find(ctx, name)
	if err != nil {
		return JobStatus{State: Unknown}, fmt.Errorf("ask for job %s: %w", name, err)
	}
	return j.status, nil
}

// Cancel sends Cancel-Job unless the job has ended.
func (p *ippPrinter) Cancel(ctx context.Context, name string) (JobStatus, error) {
	if err := checkName(name); err != nil {
		return JobStatus{State: Unknown}, err
	}
	j, err := p.find(ctx, name)
	if err != nil || j.id == 0 || j.status.ended() {
		return j.status, err
	}
	m, err := p.ask(ctx, opCancelJob, []attr{{"job-id", []value{integer(j.id)}}}, nil)
	if err == nil && m.code != statusNotPossible && m.code != statusNotFound {
		err = m.failure() // those two: it ended meanwhile, which the next question shows
	}
	if err != nil {
		return j.status, fmt.Errorf("cancel job %s: %w", name, err)
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
		m, err := p.ask(ctx, opGetJobAttributes, []attr{{"job-id", []value{integer(id)}}, jobAttributes()}, nil)
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
		m, err := p.ask(ctx, opGetJobs, []attr{
			{"limit", []value{integer(maxJobs)}},
			jobAttributes(),
			{"which-jobs", []value{text(tagKeyword, which)}},
		}, nil)
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
