package link_test

import (
	"slices"
	"sync/atomic"
	"testing"

	"hallpass/sync/record"
	"hallpass/sync/wire"
)

func TestRun_TellsItsStatus(t *testing.T) {
	k := newKiosk(t)
	h := newHall(t, k.public)
	reason := make(chan []string, 1)
	reason <- nil
	var cards atomic.Uint64
	k.Report = func() wire.Status {
		r := <-reason
		reason <- r
		s := wire.Status{Printer: "idle", Reasons: r, DiskFreeMB: 20_000, LastSeq: 99, Version: "overwritten"}
		if n := cards.Load(); n > 0 {
			s.Tally.Fields = map[record.FieldName]record.FieldTally{"name": {Sure: record.Outcomes{Accepted: n}}}
		}
		return s
	}
	k.add(2)
	k.run(h.url())
	last := func() (s wire.Status) {
		h.see(func() {
			if n := len(h.status); n > 0 {
				s = h.status[n-1]
			}
		})
		return s
	}
	eventually(t, "a status with both changes", func() bool { return last().AckedSeq == 2 })
	if s := last(); s.LastSeq != 2 || s.Unsent != 0 || s.Printer != "idle" || s.Version != "test" || s.DiskFreeMB != 20_000 || s.Now == 0 {
		t.Errorf("status = %+v", s)
	}
	<-reason
	reason <- []string{"media-empty"}
	eventually(t, "the empty printer told", func() bool { return slices.Equal(last().Reasons, []string{"media-empty"}) })
	cards.Store(7)
	eventually(t, "the tally told", func() bool { return last().Tally.Fields["name"].Sure.Accepted == 7 })
}
