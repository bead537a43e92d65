package kiosk_test

import (
	"context"
	"os"
	"testing"

	"pgregory.net/rapid"

	"hallpass/badge/spool"
	"hallpass/kiosk"
	"hallpass/sync/record"
)

// show is one kiosk under a random history.
type show struct {
	*rapid.T
	tb      testing.TB
	dir     string
	printer *printer
	desk    *fixture
	ids     []record.RegistrationID
}

// P6, over random histories of visitors, reprints, printer troubles and
// restarts: no issue comes out twice, nobody has two live badges, and when the
// printer is well again everybody has a badge or a failure that may be tried
// again.
func TestModel_BadgeInHand(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "show")
		if err != nil {
			t.Fatal(err)
		}
		s := &show{T: rt, tb: t, dir: dir, printer: newPrinter()}
		s.start()
		defer func() { s.desk.close(t) }()
		for range rapid.IntRange(1, 25).Draw(rt, "length") {
			s.act()
			s.invariant()
		}
		s.heal()
	})
}

func (s *show) start() {
	s.desk = openDesk(s.tb, s.dir, s.printer, plain{})
	s.desk.Grace = 1
	s.desk.run(s.tb)
}

func (s *show) act() {
	p := s.printer
	switch rapid.SampledFrom([]string{
		"register", "register", "work", "work", "reprint", "hold", "release", "vanish", "return",
		"forget", "abort", "cancel", "busy", "refuse", "take", "restart",
	}).Draw(s.T, "act") {
	case "register":
		s.ids = append(s.ids, s.desk.register(s.tb).Registration.ID)
	case "work":
		s.work()
	case "reprint":
		if len(s.ids) > 0 {
			_, _ = s.desk.Reprint(context.Background(), rapid.SampledFrom(s.ids).Draw(s.T, "whose"), "lost", kiosk.Staff)
		}
	case "hold":
		p.set(func() { p.held = true })
	case "release":
		p.set(func() { p.held = false })
	case "vanish":
		p.set(func() { p.ask = errGone })
	case "return":
		p.set(func() { p.ask = nil })
	case "forget": // switched off and on
		p.set(func() { clear(p.jobs) })
	case "abort":
		p.end(spool.Aborted)
	case "cancel":
		p.end(spool.Canceled)
	case "busy":
		p.set(func() { p.next = func(spool.Job) error { return spool.ErrBusy } })
	case "refuse":
		p.set(func() { p.next = func(spool.Job) error { return spool.ErrRefused } })
	case "take":
		p.set(func() { p.next = nil })
	case "restart":
		s.desk.close(s.tb)
		s.start()
	}
}

// work lets the desk ask the printer a few times.
func (s *show) work() {
	asked := func() int { s.printer.mu.Lock(); defer s.printer.mu.Unlock(); return s.printer.asked }
	until := asked() + 4
	open, err := s.desk.Store.Open(context.Background())
	if err != nil {
		s.tb.Fatal(err)
	}
	if len(open) > 0 {
		poll(s.tb, func() bool {
			open, err := s.desk.Store.Open(context.Background())
			return err != nil || len(open) == 0 || asked() >= until
		}, func() string { return "the desk asks its printer nothing" })
	}
}

func (s *show) invariant() {
	s.printer.mu.Lock()
	defer s.printer.mu.Unlock()
	for job, times := range s.printer.printed {
		if times > 1 {
			s.tb.Fatalf("job %s came out %d times", job, times)
		}
	}
}

// heal repairs the printer and looks at everybody's badge.
func (s *show) heal() {
	p := s.printer
	p.set(func() { p.held, p.ask, p.next = false, nil, nil })
	poll(s.tb, func() bool {
		open, err := s.desk.Store.Open(context.Background())
		return err == nil && len(open) == 0
	}, func() string { return "badges stay open with a healthy printer" })
	s.invariant()
	for _, id := range s.ids {
		e, err := s.desk.Find(context.Background(), string(id))
		if err != nil {
			s.tb.Fatal(err)
		}
		s.person(e)
	}
}

func (s *show) person(e kiosk.Entry) {
	live := 0
	for i, b := range e.Badges {
		if int(b.Issue) != i+1 {
			s.tb.Fatalf("issue %d stands in place %d", b.Issue, i+1)
		}
		if b.Now() != record.BadgeVoided {
			live++
		}
	}
	now := e.Current()
	out := s.printer.prints(now.Job())
	if live != 1 || now.Now() == record.BadgeIssued != (out == 1) && now.Now() != record.BadgeUnknown {
		s.tb.Fatalf("%d live badges, the newest is %s (%s) and came out %d times", live, now.Now(), now.Reason.Value, out)
	}
}
