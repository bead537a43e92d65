package kiosk_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"hallpass/badge/spool"
	"hallpass/badge/spool/virtual"
	"hallpass/kiosk"
	"hallpass/sync/record"
)

// withPrinter is a desk at a printer that is real to it.
func withPrinter(tb testing.TB, uri string) *fixture {
	tb.Helper()
	p, err := spool.Open(uri)
	if err != nil {
		tb.Fatal(err)
	}
	f := openDesk(tb, tb.TempDir(), p, plain{})
	tb.Cleanup(func() { f.close(tb) })
	f.run(tb)
	return f
}

// CUPS' ippeveprinter runs out of paper in the middle: the visitor is told,
// the desk's state says stopped, and loading paper is all that is needed. A
// job that the printer aborts is a failure that may be tried again.
func TestRealPrinter_PaperOutAndAbort(t *testing.T) {
	printer, err := virtual.Start(t.Context(), t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := printer.Close(); err != nil {
			t.Error(err)
		}
	}()
	f := withPrinter(t, printer.URI())
	raise := func(faults ...string) {
		if err := printer.Raise(faults...); err != nil {
			t.Fatal(err)
		}
	}
	raise("media-empty-error")
	e := f.register(t)
	news, err := f.Watch(t.Context(), e.Registration.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := kiosk.Progress{State: record.BadgePrinting, Reason: "media-empty", Printer: "stopped", Place: "Desk 1", Issue: 1}
	for got := range news {
		if got == want {
			break
		}
		if got.Final() {
			t.Fatalf("progress %+v without paper", got)
		}
	}
	press, err := f.Press(t.Context())
	if err != nil || press.State != "stopped" || !slices.Contains(press.Reasons, "media-empty") || press.Jobs != 1 {
		t.Errorf("press = %+v, %v", press, err)
	}
	raise()
	f.await(t, e.Registration.ID, record.BadgeIssued)
	raise("abort")
	e = f.register(t)
	failed := f.await(t, e.Registration.ID, record.BadgeFailed)
	if got := failed.Current().Reason.Value; got != "aborted" {
		t.Errorf("reason = %q, want aborted", got)
	}
	raise()
	if _, err := f.Reprint(t.Context(), e.Registration.ID, "", kiosk.Visitor); err != nil {
		t.Fatal(err)
	}
	done := f.await(t, e.Registration.ID, record.BadgeIssued)
	if papers := glob(t, printer.Badges()); len(papers) != 2 || done.Current().Issue != 2 {
		t.Errorf("papers %v, issue %d, want two papers, the second of a second issue", papers, done.Current().Issue)
	}
}

// A full spool folder keeps the badge waiting with its reason; nothing else
// stops, and moving files away is all that is needed (P9).
func TestFolder_Full(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "badges")
	f := withPrinter(t, "folder:"+dir+"?files=1")
	f.await(t, f.register(t).Registration.ID, record.BadgeIssued)
	e := f.register(t)
	poll(t, func() bool { return f.Progress(e).Reason == "spool-area-full" }, func() string {
		return fmt.Sprintf("progress is %+v", f.Progress(e))
	})
	f.register(t) // others still register
	for _, paper := range glob(t, dir) {
		if err := os.Remove(paper); err != nil {
			t.Fatal(err)
		}
	}
	f.await(t, e.Registration.ID, record.BadgeIssued)
}

func glob(tb testing.TB, dir string) []string {
	tb.Helper()
	papers, err := filepath.Glob(filepath.Join(dir, "*.pdf"))
	if err != nil {
		tb.Fatal(err)
	}
	return papers
}
