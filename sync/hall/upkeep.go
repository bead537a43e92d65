package hall

import (
	"context"
	"time"

	"hallpass/sync/fault"
)

// Upkeep says when the hall writes its data file anew by itself, without what
// nobody needs any more. It goes on meanwhile; commits wait for some milliseconds
// at the end. The zero value is for every hall: whenever a third of the file's
// size is to be gained and nobody is busy.
type Upkeep struct {
	Off   bool
	At    *time.Duration // since midnight at the show: only in the hour from then on, busy or not; nil at any time that is quiet
	Every time.Duration  // how often it looks; 10 minutes if 0
	Least int64          // bytes to gain at least; 16 MB if 0
}

const (
	lookEvery   = 10 * time.Minute
	leastGain   = 16 << 20
	quietChange = 1.0 // facts a second on the average since the last look
	// A file may be this many times as large as its data: less is not worth the
	// writing, for half-full pages fill again.
	loose, looseAtNight = 1.3, 1.1
)

// upkeep looks after the file until ctx ends.
func (h *Hall) upkeep(ctx context.Context, u Upkeep) {
	if u.Off {
		return
	}
	if u.Every == 0 {
		u.Every = lookEvery
	}
	if u.Least == 0 {
		u.Least = leastGain
	}
	look := time.NewTicker(u.Every)
	defer look.Stop()
	for before := h.ingest.changes.Load(); ; {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
		now := h.ingest.changes.Load()
		pace := float64(now-before) / u.Every.Seconds()
		before = now
		size, free, err := h.store.Loose(ctx)
		if err != nil || !u.due(h.now().In(h.zone()), pace, size, free) {
			continue
		}
		if _, err := h.Compact(ctx); err != nil && ctx.Err() == nil && fault.CodeOf(err) != fault.Conflict {
			h.log.Warn("data file not compacted", "err", err)
		}
	}
}

// due decides by the time at the show, the facts a second and the bytes of the
// file and of those in it that are free.
func (u Upkeep) due(now time.Time, pace float64, size, free int64) bool {
	most := loose
	switch {
	case u.At != nil:
		year, month, day := now.Date()
		since := now.Sub(time.Date(year, month, day, 0, 0, 0, 0, now.Location()).Add(*u.At))
		if since < 0 || since >= time.Hour {
			return false
		}
		most = looseAtNight
	case pace > quietChange:
		return false
	}
	return free >= u.Least && float64(size) > most*float64(size-free)
}
