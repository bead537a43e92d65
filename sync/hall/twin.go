package hall

import (
	"slices"
	"time"

	"hallpass/sync/record"
)

const (
	// twinWithin is for how long two kiosks are told of after the last sign of
	// both. A kiosk calls again within seconds.
	twinWithin = 10 * time.Minute
	// twinReturns is how often a kiosk must go back to an epoch that it had left:
	// once it does so when its disk is put back to an earlier image, and then
	// begins another.
	twinReturns = 2
	mostLeft    = 16 // epochs that are kept in mind
)

// lives are the epochs that a node has called with. A kiosk leaves an epoch for
// good; two that run from one disk go back and forth.
type lives struct {
	now     record.Epoch   // empty before the first
	left    []record.Epoch // the latest last
	returns []time.Time    // the latest twinReturns of them, to one that was left
}

// enter notes that the node called in an epoch, and reports whether that shows
// for the first time that there are two.
func (l *lives) enter(epoch record.Epoch, now time.Time) (news bool) {
	if epoch == l.now {
		return false
	}
	before := l.two(now)
	if slices.Contains(l.left, epoch) {
		l.returns = append(l.returns, now)
		l.returns = l.returns[max(0, len(l.returns)-twinReturns):]
	}
	if l.now != "" && !slices.Contains(l.left, l.now) {
		l.left = append(l.left, l.now)
		l.left = l.left[max(0, len(l.left)-mostLeft):]
	}
	l.now = epoch
	return !before && l.two(now)
}

// two reports whether two kiosks run from one disk, as far as they have said
// lately.
func (l *lives) two(now time.Time) bool {
	return len(l.returns) == twinReturns && now.Sub(l.returns[0]) < twinWithin
}
