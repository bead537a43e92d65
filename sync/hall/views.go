package hall

import (
	"sync"
	"time"

	"hallpass/sync/record"
)

// minutesShown is how much of the past the arrivals curve covers.
const minutesShown = 60

// Stats is the live picture of the show. PerMinute is the last hour, oldest
// first, counted by when things happened, not by when they arrived here.
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

// views are the live numbers, moved on by the effects of each commit.
type views struct {
	mu            sync.Mutex // guards all below
	people        *people
	registrations int
	badges        int
	leads         int
	passages      int
	quarantine    int
	discarded     int
	conflicts     int
	minutes       map[int64]*tally // by minutes since 1970
}

type tally struct{ registrations, leads int }

func newViews(region string) *views {
	return &views{people: newPeople(region), minutes: map[int64]*tally{}}
}

func (v *views) apply(effects []Effect, now time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, e := range effects {
		v.badges += e.Live
		v.quarantine += e.Quarantined
		v.discarded += e.Discarded
		v.conflicts += e.Conflicts
		if e.Registration != nil {
			v.registration(*e.Registration)
		}
		if e.Passage != nil && e.Passage.Fresh {
			v.passages++
		}
		if e.Lead != nil {
			v.lead(*e.Lead)
		}
	}
	v.forget(now)
}

func (v *views) registration(c Changed[record.Registration]) {
	v.people.put(c.New)
	if c.Fresh {
		v.registrations++
	} else {
		v.minute(c.Old.Created.Time()).registrations--
	}
	v.minute(c.New.Created.Time()).registrations++
}

func (v *views) lead(c Changed[record.Lead]) {
	if !c.Fresh {
		v.leads--
		v.minute(c.Old.At).leads--
	}
	if !c.Gone {
		v.leads++
		v.minute(c.New.At).leads++
	}
}

func (v *views) minute(at time.Time) *tally {
	key := at.Unix() / 60
	t := v.minutes[key]
	if t == nil {
		t = &tally{}
		v.minutes[key] = t
	}
	return t
}

// forget drops the minutes that will not be shown any more. A minute beyond a
// day from now is a broken clock's.
func (v *views) forget(now time.Time) {
	if len(v.minutes) < 4*minutesShown {
		return
	}
	least, most := now.Unix()/60-2*minutesShown, now.Unix()/60+24*60
	for key := range v.minutes {
		if key < least || key > most {
			delete(v.minutes, key)
		}
	}
}

// stats returns everything but the kiosks.
func (v *views) stats(now time.Time) Stats {
	v.mu.Lock()
	defer v.mu.Unlock()
	s := Stats{
		Registrations: v.registrations, Persons: v.people.count, Badges: v.badges,
		Passages: v.passages, Leads: v.leads, Quarantine: v.quarantine, Discarded: v.discarded, Conflicts: v.conflicts, At: now.UTC(),
		PerMinute: make([]Minute, minutesShown),
	}
	first := now.Unix()/60 - minutesShown + 1
	for i := range s.PerMinute {
		key := first + int64(i)
		s.PerMinute[i].At = time.Unix(key*60, 0).UTC()
		if t := v.minutes[key]; t != nil {
			s.PerMinute[i].Registrations, s.PerMinute[i].Leads = t.registrations, t.leads
		}
	}
	return s
}

// personOf names the person whom a registration belongs to.
func (v *views) personOf(id record.RegistrationID) record.RegistrationID {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.people.id(id)
}
