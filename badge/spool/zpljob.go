package spool

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"image"
	"strconv"
	"strings"
	"time"

	"hallpass/badge/spool/zpl"
)

// Submit sends the labels of a job, unless the printer had them before.
func (p *zplPrinter) Submit(ctx context.Context, job Job) error {
	if err := checkName(job.Name); err != nil {
		return err
	}
	if job.Label == nil {
		_, err := draw(job, 0)
		return err
	}
	l, end, err := p.begin(ctx)
	if err != nil {
		return fmt.Errorf("print job %s: %w", job.Name, notSent(err))
	}
	defer end()
	if err := p.submit(l, job); err != nil {
		return fmt.Errorf("print job %s: %w", job.Name, err)
	}
	return nil
}

func (p *zplPrinter) submit(l *line, job Job) error {
	before := reading{printer: p.knows.model}
	if !p.knows.blind() {
		var err error
		if before, err = p.ready(l); err != nil {
			p.lost(l.ctx)
			return notSent(err)
		}
	}
	j, err := p.recall(l, job.Name)
	if err != nil {
		return notSent(err)
	}
	if j != nil && j.State != Aborted && j.State != Canceled {
		return nil
	}
	if before.busy || len(before.faults) > 0 {
		return fmt.Errorf("%w: %s", ErrBusy, strings.Join(append(before.faults, "nothing was sent"), ", "))
	}
	labels, err := p.labels(job)
	if err != nil {
		return err
	}
	return p.hand(l, job.Name, labels, before)
}

// ready asks how the printer is. A format that began to arrive long ago and
// never ended would swallow ours: it is struck.
func (p *zplPrinter) ready(l *line) (reading, error) {
	r, rep, err := p.ask(l)
	if err != nil {
		return r, err
	}
	p.update(r)
	if p.wrongRoll(rep) {
		r.faults = reasons(append(r.faults, "media-needed"))
	}
	switch h := rep.Host; {
	case h == nil || !h.Partial:
		p.knows.half = time.Time{}
	case p.knows.half.IsZero():
		p.knows.half = time.Now()
	case time.Since(p.knows.half) > p.wait:
		p.knows.half = time.Time{}
		if _, err := l.send([]byte(zpl.CancelPartial)); err != nil {
			return r, err
		}
		r, _, err = p.ask(l)
	}
	return r, err
}

// labels draws the job for this printer.
func (p *zplPrinter) labels(job Job) ([]*image.Paletted, error) {
	dpi := map[int]int{6: 152, 8: 203, 12: 300, 24: 600}[p.knows.perMM]
	sides, err := draw(job, dpi)
	if err != nil {
		return nil, err
	}
	for _, s := range sides {
		if err := fits(s, float64(dpi)/25.4, p.media, p.head); err != nil {
			return nil, err
		}
	}
	return sides, nil
}

// hand gives the labels to the printer: what the odometer says is kept first,
// then they go out, and then the printer is asked whether it has them. What it
// answers behind the labels it answers after having taken them.
func (p *zplPrinter) hand(l *line, name string, labels []*image.Paletted, before reading) error {
	j := &sentJob{Name: name, At: time.Now(), Printer: before.printer, Meter: before.meter, Base: before.count, Need: p.need(labels)}
	var data []byte
	if old := p.jobs.last(); old != nil && old.State != "" && j.Meter == "labels" {
		data = append(data, zpl.DropNote(noteName(old.Name))...)
	}
	for _, s := range labels {
		data = append(data, zpl.Label(s, name, p.coding)...)
	}
	if j.Meter == "labels" {
		data = append(data, zpl.StoreNote(noteName(name), noteOf(j))...)
	}
	if err := p.jobs.add(j); err != nil {
		j.State = Aborted
		return notSent(err)
	}
	n, err := l.send(data)
	switch {
	case err != nil && n < len(data)-len(noteOf(j))-64 && len(labels) == 1: // its end is still here
		j.State = Aborted
		return notSent(err)
	case err != nil:
		p.lost(l.ctx)
		return err
	case p.knows.blind():
		return nil
	}
	after, _, err := p.ask(l)
	if err != nil {
		p.lost(l.ctx)
		return err
	}
	j.Taken = !after.part
	p.judged(j, after)
	return p.jobs.save()
}

// need is how far the odometer goes for the labels: one each, or two thirds of
// their length, because it counts whole units.
func (p *zplPrinter) need(labels []*image.Paletted) int64 {
	perUnit := perUnit[p.knows.meter]
	if perUnit == 0 {
		return int64(len(labels))
	}
	var mm float64
	for _, s := range labels {
		mm += float64(s.Rect.Dy()) / float64(p.knows.perMM)
	}
	return max(1, int64(mm/perUnit*2/3))
}

// Job tells what became of a job by the printer's queue and odometer.
func (p *zplPrinter) Job(ctx context.Context, name string) (JobStatus, error) {
	return p.follow(ctx, name, false)
}

// Cancel makes the printer forget what it has not begun to print. The queue
// holds no label but ours: none is sent into a queue that is not empty.
func (p *zplPrinter) Cancel(ctx context.Context, name string) (JobStatus, error) {
	return p.follow(ctx, name, true)
}

func (p *zplPrinter) follow(ctx context.Context, name string, revoke bool) (JobStatus, error) {
	unknown := JobStatus{State: Unknown}
	if err := errors.Join(checkName(name), ctx.Err()); err != nil {
		return unknown, err
	}
	if s, ok := p.ended(ctx, name); ok {
		return s, nil
	}
	l, end, err := p.begin(ctx)
	if err != nil {
		return unknown, fmt.Errorf("ask for job %s: %w", name, err)
	}
	defer end()
	j, err := p.recall(l, name)
	if err != nil || j == nil {
		return unknown, err
	}
	if p.knows.blind() {
		return JobStatus{State: Processing}, nil
	}
	r, _, err := p.ask(l)
	if err == nil && revoke && r.busy {
		j.Revoked = true
		_, err = l.send([]byte(zpl.CancelAll))
		if err == nil {
			r, _, err = p.ask(l)
		}
	}
	if err != nil {
		p.lost(ctx)
		return unknown, fmt.Errorf("ask for job %s: %w", name, err)
	}
	if !j.Taken && j.State == "" && !r.busy {
		if j.Taken, err = p.noted(l, j); err != nil {
			return unknown, err
		}
	}
	return p.judged(j, r), nil
}

// noteName is where the note about a job lies: 40 bits of its name, so that
// kiosks that share a printer do not overwrite each other's.
func noteName(job string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(job))
	s := strings.ToUpper(strconv.FormatUint(h.Sum64()>>24|1<<39, 36))
	return s[:min(len(s), 8)]
}

func noteOf(j *sentJob) string { return fmt.Sprintf("%s %d %d %s", j.Name, j.Base, j.Need, j.Printer) }

// noted tells whether the printer has the note that follows the labels of a job.
func (p *zplPrinter) noted(l *line, j *sentJob) (bool, error) {
	if p.knows.meter != "labels" {
		return false, nil
	}
	note, err := p.note(l, j.Name)
	return note == noteOf(j), err
}

// note reads the note that the printer holds of a job, "" if it has none.
func (p *zplPrinter) note(l *line, job string) (string, error) {
	name := noteName(job)
	heard, err := l.ask(zpl.AskNotes, p.wait, func(heard []byte) bool { all, _ := zpl.Listed(heard, name); return all })
	if errors.Is(err, errSilent) {
		return "", nil
	}
	if _, there := zpl.Listed(heard, name); err != nil || !there {
		return "", err
	}
	heard, err = l.ask(zpl.AskNote(name), p.wait, zpl.Ended)
	if err != nil && !errors.Is(err, errSilent) {
		return "", err
	}
	return zpl.Parse(heard).Note, nil
}

// recall finds a job among those sent. A kiosk that keeps nothing on disk asks
// for the note that the printer holds of it; nil if nobody knows it.
func (p *zplPrinter) recall(l *line, name string) (*sentJob, error) {
	if j := p.jobs.find(name); j != nil || p.knows.meter != "labels" || p.jobs.path != "" {
		return j, nil
	}
	note, err := p.note(l, name)
	j := &sentJob{At: time.Now(), Meter: "labels", Taken: true, Doubt: true}
	if n, _ := fmt.Sscanf(note, "%s %d %d %s", &j.Name, &j.Base, &j.Need, &j.Printer); n != 4 || j.Name != name {
		return nil, err
	}
	return j, p.jobs.add(j)
}
