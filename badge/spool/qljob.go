package spool

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"net"
	"strings"
	"time"

	"hallpass/badge/spool/ql"
)

// Submit sends the labels of a job, unless the printer had them before.
func (p *qlPrinter) Submit(ctx context.Context, job Job) error {
	if err := checkName(job.Name); err != nil {
		return err
	}
	if job.Label == nil {
		_, err := draw(job, 0)
		return err
	}
	before, status, err := p.begin(ctx)
	if err != nil {
		return fmt.Errorf("print job %s: %w", job.Name, notSent(err))
	}
	defer p.leave()
	if j := p.jobs.find(job.Name); j != nil && j.State != Aborted && j.State != Canceled {
		return nil
	}
	if before.busy || len(before.faults) > 0 {
		return fmt.Errorf("print job %s: %w: %s", job.Name, ErrBusy, strings.Join(append(before.faults, "nothing was sent"), ", "))
	}
	labels, err := draw(job, ql.DPI)
	if err == nil {
		err = p.send(ctx, job.Name, labels, before, status.Media)
	}
	if err != nil {
		return fmt.Errorf("print job %s: %w", job.Name, err)
	}
	return nil
}

// send prints the labels on the roll that lies in the printer. If that is not
// the one they are drawn for, nothing is sent until somebody changed it.
func (p *qlPrinter) send(ctx context.Context, name string, labels []*image.Paletted, before reading, loaded ql.Media) error {
	want := p.drawnFor(labels[0])
	for _, label := range labels {
		if err := fits(label, ql.DPI/25.4, p.media, qlHead); err != nil {
			return err
		}
	}
	if loaded == (ql.Media{}) { // it does not say
		loaded = want
	}
	if loaded != want && loaded != (ql.Media{Width: want.Width}) { // an endless roll is cut to any length
		p.needs = want
		return fmt.Errorf("%w: media-needed: the badge is %s mm, the roll in the printer %s; put in the right one", ErrBusy, want, loaded)
	}
	p.needs = ql.Media{}
	data, err := ql.Raster(labels, loaded)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	l, err := dial(ctx, p.host, p.wait)
	if err != nil {
		p.lost(ctx)
		return notSent(err)
	}
	defer l.close()
	j := &sentJob{Name: name, At: time.Now(), Printer: before.printer, Meter: before.meter, Base: before.count, Need: int64(len(labels))}
	if err := p.jobs.add(j); err != nil {
		j.State = Aborted
		return notSent(err)
	}
	n, err := l.send(data)
	switch {
	case err != nil && n < len(data) && len(labels) == 1: // its print command is still here
		j.State = Aborted
		return notSent(err)
	case err != nil:
		p.lost(ctx)
		return err
	}
	return p.watch(l, j)
}

// drawnFor is the roll that a label is drawn for.
func (p *qlPrinter) drawnFor(label *image.Paletted) ql.Media {
	mm := func(dots int) int { return int(math.Round(float64(dots) * 25.4 / ql.DPI)) }
	if p.media.width > 0 {
		return ql.Media{Width: p.media.width, Length: p.media.length}
	}
	m := ql.Media{Width: mm(label.Rect.Dx()), Length: mm(label.Rect.Dy())}
	if !m.Known() {
		m.Length = 0
	}
	return m
}

// lookAgain is how often a printer is asked whether it has begun: a label takes
// it a second.
const lookAgain = 30 * time.Millisecond

// watch stays with a label until the printer has it for sure: it begins to
// print, or it has read to the end.
func (p *qlPrinter) watch(l *line, j *sentJob) error {
	switch p.says {
	case qlNothing:
		return nil
	case qlOnTheLine:
		return p.listen(l, j)
	}
	if c, ok := l.conn.(*net.TCPConn); ok {
		_ = c.CloseWrite()
	}
	for last := time.Now().Add(2 * p.wait); time.Now().Before(last) && !j.Taken && j.State == ""; {
		if err := l.until(min(p.wait/20, lookAgain)); err != nil {
			return err
		}
		if _, err := l.conn.Read(make([]byte, 64)); errors.Is(err, io.EOF) {
			j.Taken = true
		}
		r, _, err := p.look(l.ctx)
		if err != nil {
			p.lost(l.ctx)
			return nil // it was sent; what became of it is asked later
		}
		p.follow(j, r)
	}
	return p.jobs.save()
}

// follow judges a job; a printer that prints has taken it.
func (p *qlPrinter) follow(j *sentJob, r reading) JobStatus {
	if r.busy {
		j.Taken = true
	}
	return p.judged(j, r)
}

// listen reads what the printer says by itself while it prints, to the end:
// "printing completed" and then, ready for the next, "waiting to receive" (§5.1);
// an error in between leaves the label halfway (§5.2).
func (p *qlPrinter) listen(l *line, j *sentJob) error {
	var heard []byte
	completed := int64(0)
	for last := time.Now().Add(askWaits * p.wait); time.Now().Before(last); {
		if err := l.until(p.wait); err != nil {
			return err
		}
		chunk := make([]byte, 256)
		n, err := l.conn.Read(chunk)
		heard = append(heard, chunk[:n]...)
		for s, rest, ok := ql.Find(heard); ok; s, rest, ok = ql.Find(heard) {
			heard = rest
			switch {
			case s.Moment == ql.Completed:
				completed++
			case s.Moment == ql.Phase && !s.Printing && completed >= j.Need:
				j.end(Completed)
				p.jobs.roll.Used += j.Need
				return p.jobs.save()
			case len(qlFaults(s)) > 0:
				j.Taken, j.Doubt = true, true
				return p.jobs.save()
			}
		}
		if slow := (net.Error)(nil); err != nil && !(errors.As(err, &slow) && slow.Timeout()) || len(heard) > maxAnswer {
			break
		}
	}
	j.Doubt = true
	return p.jobs.save()
}

// Job tells what became of a job.
func (p *qlPrinter) Job(ctx context.Context, name string) (JobStatus, error) {
	unknown := JobStatus{State: Unknown}
	if err := errors.Join(checkName(name), ctx.Err()); err != nil {
		return unknown, err
	}
	if s, ok := p.ended(ctx, name); ok {
		return s, nil
	}
	r, _, err := p.begin(ctx)
	if err != nil {
		return unknown, fmt.Errorf("ask for job %s: %w", name, err)
	}
	defer p.leave()
	j := p.jobs.find(name)
	switch {
	case j == nil:
		return unknown, nil
	case p.says == qlNothing:
		return JobStatus{State: Processing}, nil
	}
	return p.follow(j, r), nil
}

// Cancel cannot take anything back: a QL has no command for it over a network,
// and prints at once what it gets. It tells how the job stands.
func (p *qlPrinter) Cancel(ctx context.Context, name string) (JobStatus, error) {
	return p.Job(ctx, name)
}
