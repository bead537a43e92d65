package showtest_test

import (
	"path/filepath"
	"testing"
)

type exported struct {
	File            string
	Changes, Unsent int
	Last            int `json:"last_seq"`
}

type imported struct{ Changes, New, Known, Quarantined, Erased, Lost int }

// export writes the kiosk's journal to a fresh file.
func (s *show) export(name string, more ...string) exported {
	s.tb.Helper()
	path := filepath.Join(s.dir, name)
	args := append([]string{"journal", "export", path, "-data", s.kioskData(), "-json"}, more...)
	return decode[exported](s.tb, run(s.tb, "kiosk", args...))
}

func (s *show) bring(file string) imported {
	s.tb.Helper()
	return decode[imported](s.tb, run(s.tb, "hall", "journal", "import", file, "-data", s.hallData(), "-json"))
}

// P11: the hall's cable is cut. The kiosk's journal goes by stick, from the
// running kiosk and from a stopped one, to a running hall and to a stopped one;
// everything counts once, and the kiosk that comes back has nothing to send.
func TestShow_JournalByFile(t *testing.T) {
	s := openShow(t)
	s.register(1)
	eventually(t, "the hall has it all", func() bool { return s.status().Unsent == 0 })
	away := s.hall
	away.Interrupt()
	for i := 2; i <= 4; i++ {
		s.issued(s.register(i).ID)
	}
	before := s.status()
	first := s.export("beside.journal")
	if first.Changes != before.LastSeq || first.Last != before.LastSeq || first.Unsent != before.Unsent || first.Unsent == 0 {
		t.Fatalf("beside the running kiosk: %+v, want all of %+v", first, before)
	}
	got := s.bring(first.File) // to the stopped hall
	if got.New != before.Unsent || got.Known != before.AckedSeq || got.Quarantined != 0 {
		t.Errorf("to the stopped hall: %+v, want %d new", got, before.Unsent)
	}
	s.issued(s.register(5).ID)
	type report struct {
		OK       bool
		Verified bool `json:"journal_verified"`
	}
	if found := decode[report](t, run(t, "kiosk", "check", "-data", s.kioskData(), "-json")); !found.OK || !found.Verified {
		t.Errorf("checked beside the running kiosk: %+v", found)
	}
	eventually(t, "the status says that the journal is verified", func() bool {
		proven := s.status().Journal.Verified
		return proven != nil && *proven
	})
	s.kiosk.Interrupt()
	rest := s.export("rest.journal", "-unsent")
	s.startHall()
	got = s.bring(rest.File) // to the running hall
	if got.New != rest.Last-first.Last || got.New == 0 || got.Quarantined != 0 {
		t.Errorf("to the running hall: %+v, want %d new", got, rest.Last-first.Last)
	}
	if again := s.bring(first.File); again.New != 0 || again.Known != first.Changes {
		t.Errorf("the first file again: %+v", again)
	}
	if stats := s.stats(); stats.Registrations != 5 || stats.Badges < 4 || stats.Quarantine != 0 {
		t.Errorf("the hall counts %+v, want 5 registrations", stats)
	}
	s.startKiosk()
	eventually(t, "the kiosk hears that the hall has read it all", func() bool { now := s.status(); return now.Hall == "up" && now.Unsent == 0 })
	if stats := s.stats(); stats.Registrations != 5 || stats.Badges != 5 {
		t.Errorf("with the kiosk back: %+v, want 5 registrations and badges", stats)
	}
}
