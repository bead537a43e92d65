package spool_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hallpass/badge/spool"
	"hallpass/badge/spool/spooltest"
	"hallpass/badge/spool/virtual"
)

// These run against CUPS' ippeveprinter.

func submit(t *testing.T, p spool.Printer, name string) {
	t.Helper()
	if err := p.Submit(t.Context(), spool.Job{Name: name, PDF: page}); err != nil {
		t.Fatal(err)
	}
}

func raise(t testing.TB, v *virtual.Printer, keywords ...string) {
	t.Helper()
	if err := v.Raise(keywords...); err != nil {
		t.Fatal(err)
	}
}

func TestIPP_P6_PaperOutThenIn(t *testing.T) {
	for _, fault := range []string{"media-empty", "cover-open", "media-jam"} {
		t.Run(fault, func(t *testing.T) {
			v := startPrinter(t)
			p := open(t, v.URI())
			raise(t, v, fault)
			submit(t, p, "b-1")
			spooltest.Poll(t, "the printer to say "+fault, func() bool {
				s, err := p.Status(t.Context())
				return err == nil && slices.Contains(s.Reasons, fault)
			})
			if s, err := p.Job(t.Context(), "b-1"); err != nil || s.State == spool.Completed {
				t.Fatalf("Job = %+v, %v while %s; want not completed", s, err, fault)
			}
			raise(t, v)
			spooltest.Until(t, p, "b-1", spool.Completed)
			if s, err := p.Status(t.Context()); err != nil || len(s.Reasons) != 0 {
				t.Fatalf("Status = %+v, %v; want no reasons left", s, err)
			}
			if got := len(pdfs(t, v.Badges())); got != 1 {
				t.Fatalf("printed %d, want 1", got)
			}
		})
	}
}

func TestIPP_BusyWithAnotherBadge(t *testing.T) {
	v := startPrinter(t)
	p := open(t, v.URI())
	raise(t, v, "hold")
	submit(t, p, "first-1")
	spooltest.Until(t, p, "first-1", spool.Processing)
	if err := p.Submit(t.Context(), spool.Job{Name: "second-1", PDF: page}); !errors.Is(err, spool.ErrBusy) {
		t.Fatalf("Submit = %v, want ErrBusy", err)
	}
	if s, err := p.Job(t.Context(), "second-1"); err != nil || s.State != spool.Unknown {
		t.Fatalf("Job = %+v, %v; want unknown", s, err)
	}
	raise(t, v)
	spooltest.Until(t, p, "first-1", spool.Completed)
	submit(t, p, "second-1")
	spooltest.Until(t, p, "second-1", spool.Completed)
}

func TestIPP_P6_AbortedJobMayBeSentAgain(t *testing.T) {
	v := startPrinter(t)
	p := open(t, v.URI())
	raise(t, v, "abort")
	submit(t, p, "b-1")
	spooltest.Until(t, p, "b-1", spool.Aborted)
	raise(t, v)
	submit(t, p, "b-1")
	spooltest.Until(t, p, "b-1", spool.Completed)
	if got := len(pdfs(t, v.Badges())); got != 1 {
		t.Fatalf("printed %d, want 1", got)
	}
}

func TestIPP_P6_CanceledJobNeverComesOut(t *testing.T) {
	v := startPrinter(t)
	p := open(t, v.URI())
	raise(t, v, "media-empty")
	submit(t, p, "b-1")
	spooltest.Until(t, p, "b-1", spool.Processing)
	if _, err := p.Cancel(t.Context(), "b-1"); err != nil {
		t.Fatal(err)
	}
	spooltest.Until(t, p, "b-1", spool.Canceled, spool.Aborted)
	raise(t, v)
	submit(t, p, "b-2")
	spooltest.Until(t, p, "b-2", spool.Completed)
	if got := pdfs(t, v.Badges()); len(got) != 1 || filepath.Base(got[0]) != "b-2.pdf" {
		t.Fatalf("printed %v, want only b-2", got)
	}
}

// The printer is switched off while a badge is in it, comes back with nothing
// remembered, and gives its first job the number that ours had.
func TestIPP_P6_PowerCutWhilePrinting(t *testing.T) {
	dir := t.TempDir()
	v, err := virtual.Start(t.Context(), dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	p := open(t, v.URI())
	raise(t, v, "hold")
	submit(t, p, "b-1")
	spooltest.Until(t, p, "b-1", spool.Processing)
	v.Kill()

	if _, err := p.Job(t.Context(), "b-1"); !errors.Is(err, spool.ErrUnreachable) {
		t.Fatalf("Job = %v, want ErrUnreachable", err)
	}
	s, err := p.Status(t.Context())
	if s.State != "unreachable" || !errors.Is(err, spool.ErrUnreachable) || !strings.Contains(err.Error(), v.URI()) {
		t.Fatalf("Status = %+v, %v; want unreachable, with the address", s, err)
	}
	if err := p.Submit(t.Context(), spool.Job{Name: "b-1", PDF: page}); !errors.Is(err, spool.ErrUnreachable) {
		t.Fatalf("Submit = %v, want ErrUnreachable", err)
	}

	raise(t, v)
	again, err := virtual.Start(t.Context(), dir, port(t, v))
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	submit(t, p, "other-1")
	spooltest.Until(t, p, "other-1", spool.Completed)
	if s, err := p.Job(t.Context(), "b-1"); err != nil || s.State != spool.Unknown {
		t.Fatalf("Job = %+v, %v; want unknown, not the state of another job", s, err)
	}
	submit(t, p, "b-1")
	spooltest.Until(t, p, "b-1", spool.Completed)
	if got := len(pdfs(t, again.Badges())); got != 2 {
		t.Fatalf("printed %d, want 2: the other badge and ours once", got)
	}
}

// A kiosk that was restarted knows no job numbers, only names.
func TestIPP_P6_RestartedKioskAsksByName(t *testing.T) {
	v := startPrinter(t)
	submit(t, open(t, v.URI()), "b-1")
	after := open(t, v.URI())
	spooltest.Until(t, after, "b-1", spool.Completed)
	submit(t, open(t, v.URI()), "b-1")
	if got := len(pdfs(t, v.Badges())); got != 1 {
		t.Fatalf("printed %d, want 1", got)
	}
}

func port(t testing.TB, v *virtual.Printer) int {
	t.Helper()
	_, rest, _ := strings.Cut(v.URI(), "127.0.0.1:")
	n, err := strconv.Atoi(strings.SplitN(rest, "/", 2)[0])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func BenchmarkSubmit(b *testing.B) {
	v := startPrinter(b)
	p := open(b, v.URI())
	for n := 0; b.Loop(); n++ {
		name := "bench-" + strconv.Itoa(n)
		if err := p.Submit(b.Context(), spool.Job{Name: name, PDF: page}); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		spooltest.Until(b, p, name, spool.Completed)
		b.StartTimer()
	}
}
