package spooltest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"hallpass/badge/spool"
)

func busy(err error) bool { return errors.Is(err, spool.ErrBusy) }

// came waits until n badges came out and, of printers that tell, until they
// say so of the named job.
func (k Kind) came(t testing.TB, r Rig, p spool.Printer, job string, n int) {
	t.Helper()
	if k.Blind {
		Until(t, p, job, spool.Processing)
	} else {
		Until(t, p, job, spool.Completed)
	}
	Poll(t, name("badges out", n), func() bool { return r.Printed(t) >= n })
	if got := r.Printed(t); got != n {
		t.Fatalf("%d badges came out, want %d", got, n)
	}
}

func prints(t *testing.T, k Kind) {
	r := k.Start(t)
	p := r.Open(t)
	s, err := p.Status(t.Context())
	if err != nil || s.State != "idle" || !s.Accepting || len(s.Reasons) != 0 || s.Name == "" {
		t.Fatalf("Status = %+v, %v; want idle, accepting, named, no reasons", s, err)
	}
	if s.Blind != k.Blind || s.Supplies.Media != r.Media || s.Supplies.LabelsLeft < -1 {
		t.Fatalf("Status = %+v; want blind %v, media %q", s, k.Blind, r.Media)
	}
	Submit(t, p, Job("7KQ4M2XPTC-1"))
	k.came(t, r, p, "7KQ4M2XPTC-1", 1)
}

func sentTwice(t *testing.T, k Kind) {
	r := k.Start(t)
	p := r.Open(t)
	var all sync.WaitGroup
	for range 8 { // all at once, as after a reconnect
		all.Go(func() {
			if err := p.Submit(t.Context(), Job("twice-1")); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	k.came(t, r, p, "twice-1", 1)
	if err := p.Submit(t.Context(), Job("twice-1")); err != nil {
		t.Fatal(err)
	}
	Submit(t, p, Job("after-1"))
	k.came(t, r, p, "after-1", 2)
}

func restarted(t *testing.T, k Kind) {
	r := k.Start(t)
	Submit(t, r.Open(t), Job("before-1"))
	Poll(t, "the badge", func() bool { return r.Printed(t) == 1 })
	p := r.Open(t)
	if k.Forgets {
		if s, err := p.Job(t.Context(), "before-1"); err != nil || s.State != spool.Unknown {
			t.Fatalf("Job = %+v, %v; want unknown, so that nobody takes it for printed", s, err)
		}
		return
	}
	k.came(t, r, p, "before-1", 1)
	Submit(t, p, Job("before-1"))
	Submit(t, p, Job("after-1"))
	k.came(t, r, p, "after-1", 2)
}

func shared(t *testing.T, k Kind) {
	r := k.Start(t)
	const each = 3
	var all sync.WaitGroup
	for _, kiosk := range []string{"east", "west"} {
		p := r.Open(t)
		all.Go(func() {
			for n := range each {
				job := name(kiosk, n)
				if !await(func() bool { return !busy(p.Submit(t.Context(), Job(job))) }) {
					t.Errorf("%s: busy for a minute", job)
				}
				if !await(func() bool {
					s, err := p.Job(t.Context(), job)
					return err == nil && (s.State == spool.Completed || k.Blind && s.State == spool.Processing)
				}) {
					t.Errorf("%s: not out after a minute", job)
				}
			}
		})
	}
	all.Wait()
	Poll(t, "the badges of both", func() bool { return r.Printed(t) >= 2*each })
	if got := r.Printed(t); got != 2*each {
		t.Fatalf("%d badges came out, want %d", got, 2*each)
	}
}

func unknownJob(t *testing.T, k Kind) {
	p := k.Start(t).Open(t)
	if s, err := p.Job(t.Context(), "never-sent"); err != nil || s.State != spool.Unknown {
		t.Fatalf("Job = %+v, %v; want unknown", s, err)
	}
	if s, err := p.Cancel(t.Context(), "never-sent"); err != nil || s.State != spool.Unknown {
		t.Fatalf("Cancel = %+v, %v; want unknown", s, err)
	}
}

func badName(t *testing.T, k Kind) {
	r := k.Start(t)
	p := r.Open(t)
	for _, name := range []string{"", ".hidden", "../up", "a/b", "a b", "张伟", "nul\x00", strings.Repeat("x", 101)} {
		job := Job(name)
		if err := p.Submit(t.Context(), job); !errors.Is(err, spool.ErrRefused) {
			t.Errorf("Submit(%q) = %v, want ErrRefused", name, err)
		}
		if _, err := p.Job(t.Context(), name); !errors.Is(err, spool.ErrRefused) {
			t.Errorf("Job(%q) = %v, want ErrRefused", name, err)
		}
		if _, err := p.Cancel(t.Context(), name); !errors.Is(err, spool.ErrRefused) {
			t.Errorf("Cancel(%q) = %v, want ErrRefused", name, err)
		}
	}
	if got := r.Printed(t); got != 0 {
		t.Errorf("%d badges came out, want none", got)
	}
}

func nothing(t *testing.T, k Kind) {
	p := k.Start(t).Open(t)
	if err := p.Submit(t.Context(), spool.Job{Name: "empty-1"}); !errors.Is(err, spool.ErrRefused) {
		t.Errorf("Submit = %v, want ErrRefused", err)
	}
	if s, err := p.Job(t.Context(), "empty-1"); err != nil || s.State != spool.Unknown {
		t.Errorf("Job = %+v, %v; want unknown", s, err)
	}
}

func cancelLate(t *testing.T, k Kind) {
	r := k.Start(t)
	p := r.Open(t)
	Submit(t, p, Job("late-1"))
	k.came(t, r, p, "late-1", 1)
	want := spool.Completed
	if k.Blind {
		want = spool.Processing
	}
	if s, err := p.Cancel(t.Context(), "late-1"); err != nil || s.State != want {
		t.Fatalf("Cancel = %+v, %v; want %s: it was too late", s, err, want)
	}
}

func givenUp(t *testing.T, k Kind) {
	r := k.Start(t)
	p := r.Open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.Submit(ctx, Job("given-up")); !errors.Is(err, context.Canceled) {
		t.Errorf("Submit = %v, want context.Canceled", err)
	}
	if _, err := p.Job(ctx, "given-up"); !errors.Is(err, context.Canceled) {
		t.Errorf("Job = %v, want context.Canceled", err)
	}
	if _, err := p.Status(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Status = %v, want context.Canceled", err)
	}
	if got := r.Printed(t); got != 0 {
		t.Errorf("%d badges came out, want none", got)
	}
}

// waits: a badge sent into a fault is not said to be printed before it is, and
// comes out once when the fault is mended. A printer may also refuse it as
// long as the fault lasts.
func waits(t *testing.T, k Kind, fault string) {
	r := k.Start(t)
	p := r.Open(t)
	r.Raise(t, fault)
	refused := busy(p.Submit(t.Context(), Job("b-1")))
	UntilStatus(t, p, fault, func(s spool.Status) bool { return slices.Contains(s.Reasons, fault) })
	if s, err := p.Job(t.Context(), "b-1"); err != nil || s.State == spool.Completed || r.Printed(t) != 0 {
		t.Fatalf("Job = %+v, %v, %d out while %s; want it waiting", s, err, r.Printed(t), fault)
	}
	r.Raise(t)
	if refused {
		Submit(t, p, Job("b-1"))
	}
	k.came(t, r, p, "b-1", 1)
	UntilStatus(t, p, "no reasons left", func(s spool.Status) bool { return len(s.Reasons) == 0 })
}

func warns(t *testing.T, k Kind, warning string) {
	r := k.Start(t)
	p := r.Open(t)
	r.Raise(t, warning)
	Submit(t, p, Job("b-1"))
	k.came(t, r, p, "b-1", 1)
	UntilStatus(t, p, warning, func(s spool.Status) bool { return slices.Contains(s.Reasons, warning) && s.Accepting })
	r.Raise(t)
	Submit(t, p, Job("b-2"))
	k.came(t, r, p, "b-2", 2)
	UntilStatus(t, p, "no reasons left", func(s spool.Status) bool { return len(s.Reasons) == 0 })
}
