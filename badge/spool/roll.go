package spool

import (
	"context"
	"fmt"
	"slices"
)

// Roller is a label printer that counts down its roll: Supplies.LabelsLeft.
type Roller interface {
	// NewRoll says that a roll of so many labels was put in just now. It holds
	// for those put in later too, which the printer notices when paper was out
	// and is in again. ErrUnreachable if the printer must be asked what its
	// odometer says and is not there.
	NewRoll(ctx context.Context, labels int) error
}

var (
	_ Roller = (*zplPrinter)(nil)
	_ Roller = (*qlPrinter)(nil)
)

// maxRoll is more labels than any roll has; an endless one of 62 mm has 300.
const maxRoll = 20_000

// roll is what is known of the roll in a printer. Its labels are counted by the
// printer's odometer, so that those of another kiosk count too; without one by
// what came out for this kiosk.
type roll struct {
	Labels int    `json:"labels"` // when it was put in; 0: nobody said
	Meter  string `json:"meter"`
	Base   int64  `json:"base"`
	Used   int64  `json:"used"`
	Out    bool   `json:"out"` // paper was out when last asked
}

// load begins a roll.
func (o *roll) load(labels int, r reading) {
	*o = roll{Labels: labels, Meter: r.meter, Base: r.count, Out: slices.Contains(r.faults, "media-empty")}
}

// follow notices a new roll, and tells whether there is news to keep.
func (o *roll) follow(r reading) bool {
	out := slices.Contains(r.faults, "media-empty")
	fresh := o.Out && !out || !r.part && (o.Meter != r.meter || r.count < o.Base)
	if o.Labels == 0 || r.part || !fresh && out == o.Out {
		return false
	}
	if fresh {
		o.load(o.Labels, r)
	}
	o.Out = out
	return true
}

// left is how many labels remain, −1 if nobody said how many there were; each
// is how far the odometer goes for one.
func (o *roll) left(r reading, each float64) int {
	used := float64(o.Used)
	if o.Meter != "" {
		used = float64(r.count-o.Base) / each
	}
	switch {
	case o.Labels == 0 || r.part:
		return -1
	case slices.Contains(r.faults, "media-empty"):
		return 0
	}
	return max(0, o.Labels-int(used+0.5))
}

// low warns before the last twentieth, and the last ten, are gone.
func (o *roll) low(left int) bool { return left >= 0 && left <= max(10, o.Labels/20) }

func checkRoll(labels int) error {
	if labels < 1 || labels > maxRoll {
		return fmt.Errorf("%w: a roll has 1 to %d labels, not %d", ErrRefused, maxRoll, labels)
	}
	return nil
}

// supplies fills in what is known of the roll and adds the warning.
func (d *labelDesk) supplies(s *Status, r reading, each float64) {
	s.Supplies.LabelsLeft = d.jobs.roll.left(r, each)
	if r.meter == "labels" && !r.part {
		s.Supplies.Printed = r.count
	}
	if d.jobs.roll.low(s.Supplies.LabelsLeft) {
		s.Reasons = reasons(append(s.Reasons, "media-low"))
	}
}

// NewRoll tells the printer's counter what was put in.
func (p *zplPrinter) NewRoll(ctx context.Context, labels int) error {
	if err := checkRoll(labels); err != nil {
		return err
	}
	l, end, err := p.begin(ctx)
	if err != nil {
		return fmt.Errorf("register a roll: %w", err)
	}
	defer end()
	r, _, err := p.ask(l)
	if err != nil {
		p.lost(ctx)
		return fmt.Errorf("register a roll: %w", err)
	}
	p.jobs.roll.load(labels, r)
	return p.jobs.save()
}

// NewRoll tells the printer's counter what was put in.
func (p *qlPrinter) NewRoll(ctx context.Context, labels int) error {
	if err := checkRoll(labels); err != nil {
		return err
	}
	r, _, err := p.begin(ctx)
	if err != nil {
		return fmt.Errorf("register a roll: %w", err)
	}
	defer p.leave()
	p.jobs.roll.load(labels, r)
	return p.jobs.save()
}
