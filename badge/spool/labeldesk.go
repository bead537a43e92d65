package spool

import (
	"context"
	"fmt"
	"time"
)

// settleWaits is how many waits a printer may lie still with a label that it
// has taken and not counted: it draws it.
const settleWaits = 5

// labelDesk is what the kinds of label printers share: an address, the jobs
// sent there, and the turn, without which neither is touched.
type labelDesk struct {
	labelPlace
	jobs *sentJobs
	turn chan struct{} // holds one token during a conversation: many printers have room for one
}

func newLabelDesk(at labelPlace) labelDesk {
	return labelDesk{labelPlace: at, turn: make(chan struct{}, 1)}
}

// open reads what is kept of the printer.
func (d *labelDesk) open(dir, kind string) (err error) {
	if d.jobs, err = keepJobs(dir, kind, d.host); err == nil && d.jobs.roll.Labels == 0 {
		d.jobs.roll.Labels = d.roll
	}
	return err
}

// enter waits for the printer's turn; leave gives it back.
func (d *labelDesk) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case d.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (d *labelDesk) leave() { <-d.turn }

// ended returns how a job ended, if it did.
func (d *labelDesk) ended(ctx context.Context, name string) (JobStatus, bool) {
	if d.enter(ctx) != nil {
		return JobStatus{}, false
	}
	defer d.leave()
	j := d.jobs.find(name)
	if j == nil || j.State == "" {
		return JobStatus{}, false
	}
	return JobStatus{State: j.State}, true
}

// doubt notes that the printer did not answer: it may have been off meanwhile,
// and a label may lie in it halfway.
func (d *labelDesk) doubt() {
	for _, j := range d.jobs.open() {
		j.Doubt = true
	}
}

// update brings every open job up to what the printer said: what was seen now
// may be gone when somebody asks.
func (d *labelDesk) update(r reading) {
	for _, j := range d.jobs.open() {
		d.judged(j, r)
	}
	if d.jobs.roll.follow(r) {
		_ = d.jobs.save() // followed again after a restart if it cannot be kept
	}
}

// judged judges a job and, when it ended, keeps that.
func (d *labelDesk) judged(j *sentJob, r reading) JobStatus {
	was := j.State
	s := j.judge(r, time.Now(), settleWaits*d.wait)
	if j.State != was {
		if j.State == Completed && j.Meter == "" {
			d.jobs.roll.Used += j.Need
		}
		_ = d.jobs.save() // judged again after a restart if it cannot be kept
	}
	return s
}

func notSent(err error) error { return fmt.Errorf("%w: %w", ErrNotSent, err) }
