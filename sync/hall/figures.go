package hall

import (
	"time"

	"hallpass/sync/record"
)

// Figures are the numbers of a show as its facts give them, or by how much they
// change. The store keeps them in the transaction that changes them, so that a
// hall opens with the right ones at once, and the hall moves its copy on by the
// same effects.
type Figures struct {
	Registrations, Persons, Badges int
	Leads, Passages                int
	Quarantine, Discarded          int
	Conflicts                      int
	OnSite                         map[int64]int     // whom a day's gates let in and not out again, by Day
	Minutes                        map[int64]Traffic // by minutes since 1970, by when things happened
	Latest                         record.Stamp      // the last that the hall wrote under
}

// Traffic is what happened within one minute; In and Out are people let through
// a gate.
type Traffic struct{ Registrations, Leads, In, Out int }

func (t *Traffic) add(by Traffic) {
	t.Registrations += by.Registrations
	t.Leads += by.Leads
	t.In += by.In
	t.Out += by.Out
}

// Day is the number of the day, since 1970, on which something happened for
// those who were there.
func Day(at time.Time, zone *time.Location) int64 {
	year, month, day := at.In(zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60)
}

// Add adds what other figures say; what comes to nothing is left out.
func (f *Figures) Add(by Figures) {
	f.Registrations += by.Registrations
	f.Persons += by.Persons
	f.Badges += by.Badges
	f.Leads += by.Leads
	f.Passages += by.Passages
	f.Quarantine += by.Quarantine
	f.Discarded += by.Discarded
	f.Conflicts += by.Conflicts
	if by.Latest.Compare(f.Latest) > 0 {
		f.Latest = by.Latest
	}
	f.inside(by.OnSite)
	for minute, t := range by.Minutes {
		f.minute(minute, t)
	}
}

// Count adds what the effects of a commit change.
func (f *Figures) Count(effects []Effect) {
	for _, e := range effects {
		f.Badges += e.Live
		f.Persons += e.Persons
		f.Quarantine += e.Quarantined
		f.Discarded += e.Discarded
		f.Conflicts += e.Conflicts
		f.inside(e.OnSite)
		if c := e.Registration; c != nil {
			f.registration(c.Old, -1, !c.Fresh)
			f.registration(c.New, +1, !c.Gone)
		}
		if c := e.Lead; c != nil {
			f.lead(c.Old, -1, !c.Fresh)
			f.lead(c.New, +1, !c.Gone)
		}
		if c := e.Passage; c != nil {
			f.passage(c.Old, -1, !c.Fresh)
			f.passage(c.New, +1, !c.Gone)
		}
	}
}

func (f *Figures) registration(r record.Registration, n int, is bool) {
	if is && !r.Awaited {
		f.Registrations += n
		f.minute(minuteOf(r.Created.Time()), Traffic{Registrations: n})
	}
}

func (f *Figures) lead(l record.Lead, n int, is bool) {
	if is {
		f.Leads += n
		f.minute(minuteOf(l.At), Traffic{Leads: n})
	}
}

func (f *Figures) passage(p record.Passage, n int, is bool) {
	switch {
	case !is:
		return
	case p.Allowed() && p.Direction == record.DirectionIn:
		f.minute(minuteOf(p.At), Traffic{In: n})
	case p.Allowed():
		f.minute(minuteOf(p.At), Traffic{Out: n})
	}
	f.Passages += n
}

func minuteOf(at time.Time) int64 { return at.Unix() / 60 }

func (f *Figures) minute(key int64, by Traffic) {
	if f.Minutes == nil {
		f.Minutes = map[int64]Traffic{}
	}
	t := f.Minutes[key]
	if t.add(by); t == (Traffic{}) {
		delete(f.Minutes, key)
		return
	}
	f.Minutes[key] = t
}

func (f *Figures) inside(by map[int64]int) {
	for day, n := range by {
		if f.OnSite == nil {
			f.OnSite = map[int64]int{}
		}
		if f.OnSite[day] += n; f.OnSite[day] == 0 {
			delete(f.OnSite, day)
		}
	}
}
