package spool

import (
	"context"
	"errors"
	"fmt"
)

// Submit asks for the job's name, and prints only if the printer has none.
//
// A printer that can is given the job in two steps: Create-Job makes one with
// our name and no document, Send-Document fills it. An answer lost after the
// first leaves an empty job that prints nothing and is found by its name, and
// a job takes one document only, so nothing is ever printed twice, however
// late the printer works off what it was sent. Of a printer without the two,
// which does Print-Job alone, the same holds unless it is slower than our
// time-out and forgets.
func (p *ippPrinter) Submit(ctx context.Context, job Job) error {
	if err := job.checkPage(); err != nil {
		return err
	}
	select { // asking and sending is one step, or two callers would both send
	case p.sending <- struct{}{}:
		defer func() { <-p.sending }()
	case <-ctx.Done():
		return fmt.Errorf("print job %s: %w: %w", job.Name, ErrNotSent, ctx.Err())
	}
	t, err := p.learn(ctx)
	if err != nil {
		return fmt.Errorf("print job %s: %w", job.Name, unsent(err))
	}
	known, err := p.find(ctx, job.Name)
	if err != nil {
		return fmt.Errorf("look for job %s: %w", job.Name, unsent(err))
	}
	switch s := known.status.State; {
	case known.incoming():
		err = p.fill(ctx, known.id, job)
	case s != Unknown && s != Canceled && s != Aborted:
		return nil
	default:
		err = p.print(ctx, t, job)
	}
	if err != nil {
		return fmt.Errorf("print job %s: %w", job.Name, err)
	}
	return nil
}

func (p *ippPrinter) print(ctx context.Context, t traits, job Job) error {
	page := pageSize(job.PDF)
	if err := p.measure(t, page); err != nil {
		return err
	}
	named := []attr{
		{"job-name", []value{text(tagName, job.Name)}},
		{"ipp-attribute-fidelity", []value{boolean(false)}},
	}
	if !t.twoSteps {
		m, err := p.ask(ctx, question{opPrintJob, append(named, format()), p.template(page), job.PDF})
		if err == nil && m.code == statusAttributes {
			m, err = p.ask(ctx, question{opPrintJob, append(named, format()), nil, job.PDF})
		}
		if err = sent(m, err); err == nil {
			p.remember(job.Name, m.first(tagJob).number("job-id"))
		}
		return err
	}
	m, err := p.ask(ctx, question{op: opCreateJob, attrs: named, groups: p.template(page)})
	if err == nil && m.code == statusAttributes { // it knows no such size: then as it likes
		m, err = p.ask(ctx, question{op: opCreateJob, attrs: named})
	}
	if err == nil {
		err = m.failure()
	}
	id := m.first(tagJob).number("job-id")
	switch {
	case errors.Is(err, ErrBusy):
		p.sweep(ctx)
		return err
	case errors.Is(err, errMessage), err == nil && id == 0:
		err = fmt.Errorf("%w: it made a job and said something strange", ErrUnreachable)
		fallthrough
	case err != nil:
		p.doubt(job.Name, err)
		return unsent(err)
	}
	p.remember(job.Name, id)
	return p.fill(ctx, id, job)
}

// doubt remembers that a printer that gave no answer may make an empty job of
// that name later.
func (p *ippPrinter) doubt(name string, err error) {
	if errors.Is(err, errNotConnected) || errors.Is(err, ErrRefused) {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.doubts) >= maxJobs {
		clear(p.doubts) // the printer gives empty jobs up by itself, after minutes
	}
	p.doubts[name] = true
}

// sweep takes back the empty jobs that came of questions without an answer,
// because a printer that has room for one job is kept busy by them. That it
// fails shows when the job is sent again.
func (p *ippPrinter) sweep(ctx context.Context) {
	p.mu.Lock()
	none := len(p.doubts) == 0
	p.mu.Unlock()
	if none {
		return
	}
	m, err := p.ask(ctx, question{op: opGetJobs, attrs: []attr{{"limit", []value{integer(maxJobs)}}, jobAttributes()}})
	if err != nil {
		return
	}
	for _, g := range m.all(tagJob) {
		j, name := jobOf(g), g.text("job-name")
		p.mu.Lock()
		doubted := p.doubts[name]
		delete(p.doubts, name)
		p.mu.Unlock()
		if doubted && j.incoming() {
			_, _ = p.ask(ctx, question{op: opCancelJob, attrs: []attr{{"job-id", []value{integer(j.id)}}}})
		}
	}
}

// fill sends the document of a job. A job that takes none has it.
func (p *ippPrinter) fill(ctx context.Context, id uint32, job Job) error {
	m, err := p.ask(ctx, question{op: opSendDocument, attrs: []attr{
		{"job-id", []value{integer(id)}},
		format(),
		{"last-document", []value{boolean(true)}},
	}, document: job.PDF})
	if err == nil && (m.code == statusNotPossible || m.code == statusOneDocument) {
		j, err := p.find(ctx, job.Name)
		if err == nil && (j.status.State == Aborted || j.status.State == Canceled || j.id != id) {
			return fmt.Errorf("%w: %w: it gave the job up", ErrNotSent, ErrBusy)
		}
		return err
	}
	return sent(m, err)
}

// sent judges the answer to a document: whatever is not a clear no may have
// been printed.
func sent(m message, err error) error {
	switch {
	case err == nil:
		return m.failure()
	case errors.Is(err, errNotConnected):
		return unsent(err)
	case errors.Is(err, errMessage): // it has the job and said something: no refusal
		return fmt.Errorf("%w: %v", ErrUnreachable, err) // %v: no longer ErrRefused
	}
	return err
}

// measure refuses a badge for which no media is loaded, and remembers its
// size, so that Status says media-needed until there is.
func (p *ippPrinter) measure(t traits, page size) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wanted = page
	if t.has(p.size) && t.fit(page) {
		p.wanted = size{}
		return nil
	}
	need := page
	if p.size != need && p.size.x > 0 {
		need = p.size
	}
	return fmt.Errorf("%w: %w: wrong media: %v is loaded, %v needed", ErrNotSent, ErrBusy, t.loaded, need)
}

func format() attr { return attr{"document-format", []value{text(tagMIME, "application/pdf")}} }
