package kiosk_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"hallpass/badge/spool"
	"hallpass/kiosk"
	"hallpass/sync/record"
)

// two is a desk with a printer of its own and a neighbour's, hardly patient.
func two(tb testing.TB, dir string) (f *fixture, own, neighbour *printer) {
	tb.Helper()
	own, neighbour = newPrinter(), newPrinter()
	f = openDesk(tb, dir, nil, plain{})
	f.Desk.Printers, f.Desk.Patience = pool(own, neighbour), time.Millisecond
	if err := f.Open(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { f.close(tb) })
	return f, own, neighbour
}

var paperOut = spool.Status{State: "processing", Accepting: true, Reasons: []string{"media-empty"}}

// A badge goes to the desk's own printer as long as that is well, however busy.
func TestPool_OwnPrinterFirst(t *testing.T) {
	f, own, neighbour := two(t, t.TempDir())
	f.run(t)
	for range 5 {
		e := f.register(t)
		done := f.await(t, e.Registration.ID, record.BadgeIssued)
		if p := f.Progress(done); p.Away || p.Place != "Desk 1" || done.Current().Printer != "printer-1" {
			t.Errorf("progress = %+v by %s, want Desk 1", p, done.Current().Printer)
		}
	}
	if len(own.printed) != 5 || len(neighbour.printed) != 0 {
		t.Errorf("printed %d and %d, want 5 and none", len(own.printed), len(neighbour.printed))
	}
}

// While the own printer is in trouble a badge that nobody has is printed next
// door, under its first issue; the visitor is told where.
func TestPool_WaitingBadgeGoesNextDoor(t *testing.T) {
	for name, spoil := range map[string]func(*printer){
		"PaperOut":    func(p *printer) { p.status = spool.Status{State: "stopped", Reasons: []string{"media-empty"}} },
		"Unreachable": func(p *printer) { p.ask = errGone },
		"NotSent": func(p *printer) {
			p.next = func(spool.Job) error {
				p.status.State = "stopped"
				return errors.Join(spool.ErrUnreachable, spool.ErrNotSent)
			}
		},
		"Refused": func(p *printer) { p.next = func(spool.Job) error { return spool.ErrRefused } },
	} {
		t.Run(name, func(t *testing.T) {
			f, own, neighbour := two(t, t.TempDir())
			own.set(func() { spoil(own) })
			f.run(t)
			done := f.await(t, f.register(t).Registration.ID, record.BadgeIssued)
			if p := f.Progress(done); !p.Away || p.Place != "Desk 2" || len(done.Badges) != 1 || neighbour.prints(done.Current().Job()) != 1 {
				t.Errorf("progress = %+v with %d issues, want the first issue at Desk 2", p, len(done.Badges))
			}
		})
	}
}

// P6: a badge that is stuck half way is taken back, its issue is voided, and
// another is printed next door.
func TestPool_StuckBadgeMoves(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*printer)
		why   string
	}{
		"PaperOut":    {func(p *printer) { p.status = paperOut }, "media-empty"},
		"Unreachable": {func(p *printer) { p.ask = errGone }, "unreachable"},
		"Aborted":     {func(p *printer) { p.jobs[only(p)] = spool.Aborted }, "aborted"},
		"Canceled":    {func(p *printer) { p.jobs[only(p)] = spool.Canceled }, "canceled"},
	} {
		t.Run(name, func(t *testing.T) {
			f, own, neighbour := two(t, t.TempDir())
			own.held = true
			f.run(t)
			e := f.register(t)
			f.await(t, e.Registration.ID, record.BadgePrinting)
			own.set(func() { c.spoil(own) })
			done := f.await(t, e.Registration.ID, record.BadgeIssued)
			first, last := done.Badges[0], done.Current()
			if len(done.Badges) != 2 || first.Now() != record.BadgeVoided || first.Reason.Value != c.why || neighbour.prints(last.Job()) != 1 {
				t.Fatalf("badges = %+v, want the first voided for %s and the second next door", done.Badges, c.why)
			}
			own.set(func() { own.ask, own.status, own.held = nil, spool.Status{State: "idle", Accepting: true}, false })
			poll(t, func() bool { open, err := f.Store.Open(t.Context()); return err == nil && len(open) == 0 },
				func() string { return "the voided badge is not taken back" })
			if own.prints(first.Job()) != 0 && name != "Unreachable" {
				t.Error("the voided badge came out after all")
			}
		})
	}
}

func only(p *printer) string {
	for job := range p.jobs {
		return job
	}
	return ""
}

// Without a printer that is well a badge stays where it is: somebody will load
// paper.
func TestPool_StaysWithoutABetterPrinter(t *testing.T) {
	f, own, neighbour := two(t, t.TempDir())
	own.held = true
	neighbour.status = spool.Status{State: "stopped", Reasons: []string{"cover-open"}}
	f.run(t)
	e := f.register(t)
	f.await(t, e.Registration.ID, record.BadgePrinting)
	own.set(func() { own.status = paperOut })
	poll(t, func() bool { return f.Progress(e).Reason == "media-empty" }, func() string { return "no reason" })
	own.set(func() { own.status, own.held = spool.Status{State: "idle", Accepting: true}, false })
	if done := f.await(t, e.Registration.ID, record.BadgeIssued); len(done.Badges) != 1 {
		t.Errorf("%d issues, want the first", len(done.Badges))
	}
}

// Which printer has a badge survives a restart: that one is asked, not the
// first; and one that was taken out of the pool cannot be asked, so its badge
// is printed anew.
func TestPool_AskedAgainAfterARestart(t *testing.T) {
	for name, removed := range map[string]bool{"StillThere": false, "Removed": true} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			own, neighbour := newPrinter(), newPrinter()
			own.ask, neighbour.held = errGone, true
			f := openDesk(t, dir, nil, plain{})
			f.Desk.Printers, f.Desk.Grace = pool(own, neighbour), 1
			if err := f.Open(); err != nil {
				t.Fatal(err)
			}
			f.run(t)
			id := f.register(t).Registration.ID
			f.await(t, id, record.BadgePrinting)
			f.close(t)
			own.set(func() { own.ask = nil })
			neighbour.set(func() {
				neighbour.held = false
				neighbour.next = func(spool.Job) error { return errors.New("sent again") }
			})
			f = openDesk(t, dir, nil, plain{})
			f.Desk.Printers = pool(own, neighbour)
			if removed {
				f.Desk.Printers = pool(own)
			}
			if err := f.Open(); err != nil {
				t.Fatal(err)
			}
			defer f.close(t)
			f.run(t)
			done := f.await(t, id, record.BadgeIssued)
			if now := done.Current(); removed != (now.Issue == 2) || removed != (now.Printer == "printer-1") {
				t.Errorf("issue %d by %s", now.Issue, now.Printer)
			}
		})
	}
}

// A printer that cannot tell makes a badge that a person is asked about: "yes"
// issues it, "no" voids it for another.
func TestPool_BlindPrinterAsksThePerson(t *testing.T) {
	f := open(t, t.TempDir(), newPrinter())
	f.Printer.held, f.Printer.status.Blind = true, true
	f.run(t)
	e := f.register(t)
	unknown := f.await(t, e.Registration.ID, record.BadgeUnknown)
	if got := unknown.Current().Reason.Value; got != "blind" {
		t.Errorf("reason = %q", got)
	}
	if _, err := f.Confirm(t.Context(), e.Registration.ID, false, kiosk.Visitor); err != nil {
		t.Fatal(err)
	}
	f.await(t, e.Registration.ID, record.BadgeUnknown)
	if _, err := f.Confirm(t.Context(), e.Registration.ID, true, kiosk.Staff); err != nil {
		t.Fatal(err)
	}
	done := f.await(t, e.Registration.ID, record.BadgeIssued)
	reasons := []string{done.Badges[0].Reason.Value, done.Badges[1].Reason.Value}
	if !slices.Equal(reasons, []string{"not-out", "seen-by-staff"}) {
		t.Errorf("reasons = %v", reasons)
	}
}

// Nobody prints for ever: a visitor gets two further badges, staff ten.
func TestReprint_IsLimited(t *testing.T) {
	f := open(t, t.TempDir(), newPrinter())
	f.run(t)
	e := f.register(t)
	got := map[kiosk.Who]int{}
	for _, who := range []kiosk.Who{kiosk.Visitor, kiosk.Staff} {
		for range 20 {
			f.await(t, e.Registration.ID, record.BadgeIssued)
			if _, err := f.Reprint(t.Context(), e.Registration.ID, kiosk.ReasonMisprint, who); err != nil {
				break
			}
			got[who]++
		}
	}
	if got[kiosk.Visitor] != 2 || got[kiosk.Staff] != 8 {
		t.Errorf("reprints = %v, want 2 by the visitor and 10 in all", got)
	}
}
