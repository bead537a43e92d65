package kiosk_test

import (
	"errors"
	"path/filepath"
	"testing"

	"hallpass/badge/spool"
	"hallpass/kiosk"
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

func TestPrint_BadgeInHand(t *testing.T) { // P6
	f := open(t, t.TempDir(), newPrinter())
	f.run(t)
	e := f.register(t)
	done := f.await(t, e.Registration.ID, record.BadgeIssued)
	if got := f.Printer.prints(done.Current().Job()); got != 1 {
		t.Errorf("printed %d times, want 1", got)
	}
	open, err := f.Store.Open(t.Context())
	if err != nil || len(open) != 0 {
		t.Errorf("still open: %v, %v", open, err)
	}
}

func TestPrint_WithoutPrinterBadgeWaits(t *testing.T) {
	f := open(t, t.TempDir(), nil)
	f.run(t)
	e := f.register(t)
	want := kiosk.Progress{State: record.BadgeReserved, Reason: "no-printer", Printer: "none", Issue: 1}
	if got := f.Progress(e); got != want {
		t.Errorf("progress = %+v, want %+v", got, want)
	}
}

// The job waits with the printer's own reason on the screen, and comes out
// when the reason is gone.
func TestPrint_WaitsAndSaysWhy(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*printer)
		want  kiosk.Progress
	}{
		{"Unreachable", func(p *printer) { p.ask = errGone }, kiosk.Progress{State: record.BadgeReserved, Reason: "unreachable", Printer: "unreachable", Place: "Desk 1", Issue: 1}},
		{"StoppedBefore", func(p *printer) { p.status = spool.Status{State: "stopped", Reasons: []string{"cover-open"}} }, kiosk.Progress{State: record.BadgeReserved, Reason: "cover-open", Printer: "stopped", Place: "Desk 1", Issue: 1}},
		{"PaperOutWhilePrinting", func(p *printer) {
			p.held = true
			p.status = spool.Status{State: "processing", Accepting: true, Reasons: []string{"media-empty"}}
		}, kiosk.Progress{State: record.BadgePrinting, Reason: "media-empty", Printer: "stopped", Place: "Desk 1", Issue: 1}},
		{"SpoolFull", func(p *printer) {
			p.next = func(spool.Job) error { return spool.ErrSpoolFull }
			p.status.Reasons = []string{"spool-area-full"}
		}, kiosk.Progress{State: record.BadgeReserved, Reason: "spool-area-full", Printer: "stopped", Place: "Desk 1", Issue: 1}},
		{"Busy", func(p *printer) { p.next = func(spool.Job) error { return spool.ErrBusy } }, kiosk.Progress{State: record.BadgeReserved, Printer: "idle", Place: "Desk 1", Issue: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := open(t, t.TempDir(), newPrinter())
			f.Printer.set(func() { tt.spoil(f.Printer) })
			e := f.register(t)
			news, err := f.Watch(t.Context(), e.Registration.ID)
			if err != nil {
				t.Fatal(err)
			}
			f.run(t)
			for got := range news {
				if got == tt.want {
					break
				}
			}
			f.Printer.set(func() {
				f.Printer.held, f.Printer.ask, f.Printer.next = false, nil, nil
				f.Printer.status = spool.Status{State: "idle", Accepting: true}
			})
			last := kiosk.Progress{}
			for last = range news {
				if last.Final() {
					break
				}
			}
			if last.State != record.BadgeIssued || last.Reason != "" {
				t.Errorf("in the end %+v, want issued", last)
			}
		})
	}
}

// A job that the printer ended may have left half a badge with a code that
// reads: its issue is voided at once, and what a person asks for is another.
func TestPrint_HalfPrintedIssueIsVoided(t *testing.T) { // P6
	for name, state := range map[string]spool.JobState{"canceled": spool.Canceled, "aborted": spool.Aborted} {
		t.Run(name, func(t *testing.T) {
			f := open(t, t.TempDir(), newPrinter())
			f.Printer.held = true
			f.run(t)
			e := f.register(t)
			job := e.Current().Job()
			f.Printer.await(t, job, spool.Processing)
			f.Printer.set(func() { f.Printer.jobs[job] = state })
			failed := f.await(t, e.Registration.ID, record.BadgeFailed)
			if got := failed.Badges[0]; got.Now() != record.BadgeVoided || got.Reason.Value != name || failed.Current().Reason.Value != name {
				t.Errorf("badges = %+v, want the first voided and the second failed as %s", failed.Badges, name)
			}
			f.Printer.set(func() { f.Printer.held = false })
			if _, err := f.Reprint(t.Context(), e.Registration.ID, "", kiosk.Visitor); err != nil {
				t.Fatal(err)
			}
			done := f.await(t, e.Registration.ID, record.BadgeIssued)
			if len(done.Badges) != 2 || f.Printer.prints(job) != 0 || f.Printer.prints(done.Current().Job()) != 1 {
				t.Errorf("issues %d, first printed %d times, want 2 and 0", len(done.Badges), f.Printer.prints(job))
			}
		})
	}
}

func TestPrint_RefusedByThePrinter(t *testing.T) {
	f := open(t, t.TempDir(), newPrinter())
	f.Printer.next = func(spool.Job) error { return spool.ErrRefused }
	f.run(t)
	e := f.register(t)
	failed := f.await(t, e.Registration.ID, record.BadgeFailed)
	if got := failed.Current().Reason.Value; got != "printer-refused" {
		t.Errorf("reason = %q, want printer-refused", got)
	}
}

func TestReprint_VoidsTheOlderIssue(t *testing.T) { // P6: never two live badges
	f := open(t, t.TempDir(), newPrinter())
	f.run(t)
	e := f.register(t)
	f.await(t, e.Registration.ID, record.BadgeIssued)
	if _, err := f.Reprint(t.Context(), e.Registration.ID, "lost", kiosk.Staff); err != nil {
		t.Fatal(err)
	}
	done := f.await(t, e.Registration.ID, record.BadgeIssued)
	if len(done.Badges) != 2 || done.Badges[0].Now() != record.BadgeVoided || done.Badges[0].Reason.Value != "lost" {
		t.Fatalf("badges = %+v", done.Badges)
	}
	if done.Badges[1].Issue != 2 || done.Badges[1].ShortCode == done.Badges[0].ShortCode {
		t.Errorf("second issue = %+v", done.Badges[1])
	}
}

func TestReprint_TakesBackTheJobOnItsWay(t *testing.T) {
	f := open(t, t.TempDir(), newPrinter())
	f.Printer.held = true
	f.run(t)
	e := f.register(t)
	f.await(t, e.Registration.ID, record.BadgePrinting)
	if _, err := f.Reprint(t.Context(), e.Registration.ID, "damaged", kiosk.Staff); err != nil {
		t.Fatal(err)
	}
	f.Printer.await(t, e.Current().Job(), spool.Canceled)
	f.Printer.set(func() { f.Printer.held = false })
	f.await(t, e.Registration.ID, record.BadgeIssued)
}

func TestReprint_WaitingBadgeIsLeftAlone(t *testing.T) {
	f := open(t, t.TempDir(), nil)
	e := f.register(t)
	again, err := f.Reprint(t.Context(), e.Registration.ID, "impatient", kiosk.Staff)
	if err != nil || len(again.Badges) != 1 {
		t.Errorf("badges = %d, %v, want the one", len(again.Badges), err)
	}
}

func TestReprint_ReasonIsACode(t *testing.T) { // P8
	f := open(t, t.TempDir(), newPrinter())
	f.run(t)
	e := f.register(t)
	f.await(t, e.Registration.ID, record.BadgeIssued)
	_, err := f.Reprint(t.Context(), e.Registration.ID, "Lin Xiao lost it", kiosk.Staff)
	if got := fault.From(err); got.Code != fault.Invalid || got.Field != "reason" {
		t.Errorf("err = %v, want invalid reason", err)
	}
}

// A printer that was switched off forgets its jobs: the paper may be out, so
// the issue is voided and a new one printed; a second time a person decides.
func TestPrint_LostByThePrinter(t *testing.T) {
	f := open(t, t.TempDir(), newPrinter())
	f.Printer.held = true
	f.run(t)
	e := f.register(t)
	first := e.Current().Job()
	f.Printer.await(t, first, spool.Processing)
	f.Printer.set(func() { delete(f.Printer.jobs, first) })
	poll(t, func() bool {
		e, err := f.Find(t.Context(), string(e.Registration.ID))
		return err == nil && len(e.Badges) == 2 && f.Printer.job(e.Current().Job()) == spool.Processing
	}, func() string { return "no second issue" })
	f.Printer.set(func() { clear(f.Printer.jobs) })
	unknown := f.await(t, e.Registration.ID, record.BadgeUnknown)
	if got := unknown.Current(); got.Issue != 2 || got.Reason.Value != "unconfirmed" {
		t.Errorf("badge = issue %d, %q", got.Issue, got.Reason.Value)
	}
	f.Printer.set(func() { f.Printer.held = false })
	if _, err := f.Confirm(t.Context(), e.Registration.ID, false, kiosk.Visitor); err != nil {
		t.Fatal(err)
	}
	done := f.await(t, e.Registration.ID, record.BadgeIssued)
	if got := done.Current().Issue; got != 3 {
		t.Errorf("issue = %d, want 3: the second may be out", got)
	}
	if got := f.Printer.prints(first); got != 0 {
		t.Errorf("first issue printed %d times after it was lost", got)
	}
}

// After a stop in the middle the next run asks by name and sends nothing.
func TestPrint_TakenUpByTheNextRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	p := newPrinter()
	p.held = true
	var id record.RegistrationID
	t.Run("Before", func(t *testing.T) {
		f := open(t, dir, p)
		f.Desk.Grace = 1
		f.run(t)
		id = f.register(t).Registration.ID
		f.await(t, id, record.BadgePrinting)
	})
	p.set(func() {
		p.held = false
		p.next = func(spool.Job) error { return errors.New("sent again") }
	})
	f := open(t, dir, p)
	f.run(t)
	done := f.await(t, id, record.BadgeIssued)
	if got := p.prints(done.Current().Job()); got != 1 {
		t.Errorf("printed %d times, want 1", got)
	}
}

// P6: a job that surely never left the kiosk costs no issue, however often.
func TestPrint_NotSentKeepsItsIssue(t *testing.T) {
	f := open(t, t.TempDir(), newPrinter())
	tries := 0
	f.Printer.next = func(spool.Job) error {
		if tries++; tries <= 3 {
			return errors.Join(spool.ErrUnreachable, spool.ErrNotSent)
		}
		return nil
	}
	f.run(t)
	done := f.await(t, f.register(t).Registration.ID, record.BadgeIssued)
	if len(done.Badges) != 1 || f.Counts().Lost != 0 {
		t.Errorf("%d issues, %d lost, want the one", len(done.Badges), f.Counts().Lost)
	}
}
