package hall

import (
	"sync"
	"time"
)

// minutesShown is how much of the past the arrivals curve covers.
const minutesShown = 60

// Stats is the live picture of the show. PerMinute is the last hour, oldest
// first, counted by when things happened, not by when they arrived here. OnSite
// is whom today's gates let in and not out again.
type Stats struct {
	Registrations, Persons, Badges int
	Passages, Leads, OnSite        int
	PerMinute                      []Minute
	Kiosks                         []Kiosk
	Quarantine, Discarded          int
	Conflicts                      int
	Reading                        Reading
	Voids                          Voids
	At                             time.Time
}

// Minute is what happened within one minute.
type Minute struct {
	At                   time.Time
	Registrations, Leads int
}

// views are the live numbers, moved on by the effects of each commit. Of the
// minutes they hold the last two hours.
type views struct {
	mu      sync.Mutex // guards all below
	figures Figures
}

func (v *views) apply(effects []Effect, now time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.figures.Count(effects)
	v.forget(now)
}

// oldest is before which the curve never shows anything; a later fact may take
// a minute of the second hour away.
func oldest(now time.Time) time.Time { return now.Add(-2 * minutesShown * time.Minute) }

// forget drops the minutes that will not be shown any more. A minute beyond a
// day from now is a broken clock's.
func (v *views) forget(now time.Time) {
	if len(v.figures.Minutes) < 4*minutesShown {
		return
	}
	least, most := minuteOf(oldest(now)), minuteOf(now)+24*60
	for key := range v.figures.Minutes {
		if key < least || key > most {
			delete(v.figures.Minutes, key)
		}
	}
}

// stats returns everything but the kiosks; zone is where the show is.
func (v *views) stats(now time.Time, zone *time.Location) Stats {
	v.mu.Lock()
	defer v.mu.Unlock()
	f := v.figures
	s := Stats{
		Registrations: f.Registrations, Persons: f.Persons, Badges: f.Badges,
		Passages: f.Passages, Leads: f.Leads, OnSite: f.OnSite[Day(now, zone)], Quarantine: f.Quarantine, Discarded: f.Discarded, Conflicts: f.Conflicts, At: now.UTC(),
		PerMinute: make([]Minute, minutesShown),
	}
	first := minuteOf(now) - minutesShown + 1
	for i := range s.PerMinute {
		key := first + int64(i)
		t := f.Minutes[key]
		s.PerMinute[i] = Minute{At: time.Unix(key*60, 0).UTC(), Registrations: t.Registrations, Leads: t.Leads}
	}
	return s
}
