package spool_test

import (
	"context"
	"errors"
	"image"
	"image/color"
	"strings"
	"testing"
	"time"

	"hallpass/badge/spool"
	"hallpass/badge/spool/labelsim"
	"hallpass/badge/spool/spooltest"
)

// openLabels opens a simulated printer; more is what its address says besides.
func openLabels(t testing.TB, v *labelsim.Printer, dir, more string) spool.Printer {
	t.Helper()
	uri := v.URI()
	if more != "" && !strings.Contains(uri, "?") {
		more = "?" + strings.TrimPrefix(more, "&")
	}
	p, err := spool.Open(uri+more, spool.KeepIn(dir))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// bothKinds runs a test over a ZPL and a QL printer that tell everything.
func bothKinds(t *testing.T, pace time.Duration, test func(t *testing.T, v *labelsim.Printer)) {
	for name, c := range map[string]labelsim.Config{"zpl": {Pace: pace}, "ql": {QL: true, Pace: pace}} {
		t.Run(name, func(t *testing.T) { t.Parallel(); test(t, startLabels(t, c)) })
	}
}

// end waits until a job has ended, whatever the printer says meanwhile.
func end(t *testing.T, p spool.Printer, name string) spool.JobState {
	t.Helper()
	for range 2000 {
		s, err := p.Job(t.Context(), name)
		if err == nil && s.State != spool.Processing && s.State != spool.Stopped {
			return s.State
		}
		<-time.After(100 * time.Millisecond)
	}
	t.Fatalf("job %s did not end", name)
	return ""
}

// Whatever the network does while a badge is sent: it is never said to be
// printed if it is not, and never comes out twice under one name.
func TestLabels_P6_BadNetworkWhileSending(t *testing.T) {
	t.Parallel()
	for name, trap := range map[string]labelsim.Trap{
		"DiesAtOnce":     {DieAfter: 1},
		"DiesInTheLabel": {DieAfter: 900},
		"DiesAtTheEnd":   {DieAfter: 2300},
		"LosesTheAnswer": {LoseAnswer: true},
		"Slow":           {Slow: 3 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			bothKinds(t, 0, func(t *testing.T, v *labelsim.Printer) {
				p := openLabels(t, v, t.TempDir(), "&wait=1s")
				spooltest.UntilStatus(t, p, "an answer", func(spool.Status) bool { return true })
				v.Spoil(trap)
				err := p.Submit(t.Context(), spooltest.Job("b-1"))
				v.Spoil(labelsim.Trap{})
				if errors.Is(err, spool.ErrNotSent) {
					if s := end(t, p, "b-1"); s != spool.Aborted && s != spool.Unknown || len(v.Labels()) > 0 {
						t.Fatalf("not sent, and yet %s, %d labels", s, len(v.Labels()))
					}
					spooltest.Submit(t, p, spooltest.Job("b-1"))
				}
				state := end(t, p, "b-1")
				if state == spool.Aborted {
					spooltest.Submit(t, p, spooltest.Job("b-1"))
					state = end(t, p, "b-1")
				}
				if state == spool.Completed && len(v.Labels()) != 1 || len(v.Labels()) > 1 {
					t.Fatalf("Submit = %v, then %s, %d labels", err, state, len(v.Labels()))
				}
				if state == spool.Unknown && name == "LosesTheAnswer" {
					t.Fatal("a lost answer was not found again")
				}
				if err := p.Submit(t.Context(), spooltest.Job("b-1")); state != spool.Completed && err != nil && !errors.Is(err, spool.ErrBusy) {
					t.Fatal(err)
				}
				if end(t, p, "b-1"); len(v.Labels()) > 1 {
					t.Fatal("came out twice")
				}
			})
		})
	}
}

// What answers is no label printer, or says too much, or nothing more.
func TestLabels_P9_StrangeAnswers(t *testing.T) {
	t.Parallel()
	for name, trap := range map[string]labelsim.Trap{
		"Nonsense":  {Nonsense: true},
		"TenMB":     {Flood: 10 << 20},
		"HalfClose": {HalfClose: true},
	} {
		t.Run(name, func(t *testing.T) {
			v := startLabels(t, labelsim.Config{})
			v.Spoil(trap)
			p := openLabels(t, v, "", "&wait=20s")
			s, err := p.Status(t.Context())
			if err == nil || s.State != "unreachable" {
				t.Errorf("Status = %+v, %v; want an error", s, err)
			}
			if err := p.Submit(t.Context(), spooltest.Job("b-1")); !errors.Is(err, spool.ErrNotSent) {
				t.Errorf("Submit = %v, want ErrNotSent", err)
			}
			if len(v.Labels()) > 0 {
				t.Error("printed all the same")
			}
			v.Spoil(labelsim.Trap{}) // and well again
			spooltest.Submit(t, p, spooltest.Job("b-1"))
			spooltest.Until(t, p, "b-1", spool.Completed)
		})
	}
}

// Paper runs out under the head. A ZPL printer prints the label anew, a QL has
// forgotten it: that badge must never be printed again under its name.
func TestLabels_P6_PaperOutInTheLabel(t *testing.T) {
	t.Parallel()
	bothKinds(t, 20*time.Millisecond, func(t *testing.T, v *labelsim.Printer) {
		p := openLabels(t, v, t.TempDir(), "&wait=1s")
		v.TearNext()
		spooltest.Submit(t, p, spooltest.Job("b-1"))
		spooltest.UntilStatus(t, p, "media-empty", func(s spool.Status) bool { return strings.Contains(strings.Join(s.Reasons, " "), "media-empty") })
		if s, err := p.Job(t.Context(), "b-1"); err != nil || s.State != spool.Stopped || s.Reasons[0] != "media-empty" {
			t.Fatalf("Job = %+v, %v; want stopped, media-empty", s, err)
		}
		v.Raise()
		want := map[bool]spool.JobState{true: spool.Completed, false: spool.Unknown}[strings.HasPrefix(v.URI(), "zpl")]
		if got := end(t, p, "b-1"); got != want || v.Halves() != 1 {
			t.Fatalf("Job = %s, %d halves; want %s", got, v.Halves(), want)
		}
		if n := len(v.Labels()); (n == 1) != (want == spool.Completed) {
			t.Fatalf("%d labels", n)
		}
	})
}

// The power goes while a badge is printed: half of it may be out.
func TestLabels_P6_PowerCutInTheLabel(t *testing.T) {
	t.Parallel()
	bothKinds(t, time.Hour, func(t *testing.T, v *labelsim.Printer) {
		dir := t.TempDir()
		p := openLabels(t, v, dir, "&wait=1s")
		spooltest.Submit(t, p, spooltest.Job("b-1"))
		spooltest.UntilStatus(t, p, "work", func(s spool.Status) bool { return s.State == "processing" })
		v.PowerCut()
		if _, err := p.Job(t.Context(), "b-1"); !errors.Is(err, spool.ErrUnreachable) {
			t.Fatalf("Job = %v, want ErrUnreachable", err)
		}
		if s, err := p.Status(t.Context()); s.State != "unreachable" || !errors.Is(err, spool.ErrUnreachable) {
			t.Fatalf("Status = %+v, %v", s, err)
		}
		if err := p.Submit(t.Context(), spooltest.Job("b-2")); !errors.Is(err, spool.ErrNotSent) {
			t.Fatalf("Submit = %v, want ErrNotSent", err)
		}
		if err := v.PowerOn(); err != nil {
			t.Fatal(err)
		}
		if s := end(t, openLabels(t, v, dir, "&wait=1s"), "b-1"); s != spool.Unknown {
			t.Errorf("after a restart of both: %s, want unknown", s)
		}
		if s := end(t, p, "b-1"); s != spool.Unknown {
			t.Errorf("Job = %s, want unknown", s)
		}
	})
}

// The printer gets another address; under the new one it is still known what
// became of a badge, and the old one is dead.
func TestZPL_P6_AddressChanged(t *testing.T) {
	t.Parallel()
	v := startLabels(t, labelsim.Config{Pace: 50 * time.Millisecond})
	before := openLabels(t, v, "", "")
	spooltest.Submit(t, before, spooltest.Job("b-1"))
	if err := v.Move(); err != nil {
		t.Fatal(err)
	}
	spooltest.Poll(t, "the old address to die", func() bool {
		_, err := before.Job(t.Context(), "b-1")
		return errors.Is(err, spool.ErrUnreachable)
	})
	after := openLabels(t, v, "", "")
	spooltest.Submit(t, after, spooltest.Job("b-1"))
	spooltest.Until(t, after, "b-1", spool.Completed)
	if n := len(v.Labels()); n != 1 {
		t.Fatalf("%d labels, want 1", n)
	}
}

// A badge that waits in a stopped printer is taken back and never comes out.
func TestZPL_P6_CanceledNeverComesOut(t *testing.T) {
	t.Parallel()
	v := startLabels(t, labelsim.Config{Pace: 30 * time.Millisecond})
	p := openLabels(t, v, "", "&wait=1s")
	v.TearNext()
	spooltest.Submit(t, p, spooltest.Job("b-1"))
	spooltest.UntilStatus(t, p, "paper out", func(s spool.Status) bool { return s.State == "stopped" })
	if _, err := p.Cancel(t.Context(), "b-1"); err != nil {
		t.Fatal(err)
	}
	v.Raise()
	if s := end(t, p, "b-1"); s != spool.Canceled || len(v.Labels()) != 0 {
		t.Fatalf("Job = %s, %d labels; want canceled, none", s, len(v.Labels()))
	}
	spooltest.Submit(t, p, spooltest.Job("b-2"))
	spooltest.Until(t, p, "b-2", spool.Completed)
}

// A printer that keeps silent while it has a fault is stopped, not blind.
func TestZPL_SilentInFault(t *testing.T) {
	t.Parallel()
	v := startLabels(t, labelsim.Config{MuteInFault: true, Answers: labelsim.HostOnly})
	p := openLabels(t, v, "", "&wait=1s")
	spooltest.UntilStatus(t, p, "idle", func(s spool.Status) bool { return s.State == "idle" && !s.Blind })
	v.Raise("cover-open")
	s, err := p.Status(t.Context())
	if err != nil || s.State != "stopped" || s.Accepting || s.Blind || strings.Join(s.Reasons, " ") != "other" {
		t.Fatalf("Status = %+v, %v; want stopped, other", s, err)
	}
	if err := p.Submit(t.Context(), spooltest.Job("b-1")); !errors.Is(err, spool.ErrBusy) {
		t.Fatalf("Submit = %v, want ErrBusy", err)
	}
	v.Raise()
	spooltest.UntilStatus(t, p, "idle", func(s spool.Status) bool { return s.State == "idle" })
}

// pictures returns a job with these pictures.
func pictures(name string, sides ...*image.Paletted) spool.Job {
	return spool.Job{Name: name, Label: func(int) ([]*image.Paletted, error) { return sides, nil }}
}

func white(w, h int) *image.Paletted {
	return image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.White, color.Black})
}

func TestLabels_P9_PicturesThatNobodyCanPrint(t *testing.T) {
	t.Parallel()
	bothKinds(t, 0, func(t *testing.T, v *labelsim.Printer) {
		p := openLabels(t, v, "", "&media=62x100")
		for want, job := range map[string]spool.Job{
			"label is empty":         pictures("b-1", white(0, 0)),
			"has no label":           pictures("b-2"),
			"mm wide":                pictures("b-3", white(5000, 1181)),
			"roll 62 mm":             pictures("b-4", white(1063, 1181)),
			"mm long":                pictures("b-5", white(732, 3000)),
			"out of ink":             {Name: "b-6", Label: func(int) ([]*image.Paletted, error) { return nil, errors.New("out of ink") }},
			"prints labels only":     {Name: "b-7", PDF: page},
			"label is empty, second": pictures("b-8", white(732, 1181), nil),
		} {
			err := p.Submit(t.Context(), job)
			want, _, _ = strings.Cut(want, ",")
			if !errors.Is(err, spool.ErrRefused) || want != "roll 62 mm" && !strings.Contains(err.Error(), want) {
				t.Errorf("Submit(%s) = %v, want ErrRefused, %s", job.Name, err, want)
			}
		}
		if n := len(v.Labels()); n != 0 {
			t.Errorf("%d labels came out", n)
		}
	})
}

func TestLabels_CallerGivesUpWhileItWaits(t *testing.T) {
	t.Parallel()
	v := startLabels(t, labelsim.Config{})
	v.Spoil(labelsim.Trap{Slow: time.Hour / 60 / 60 * 2})
	p := openLabels(t, v, "", "&wait=60s")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := p.Status(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("Status = %v, want that the caller gave up", err)
	}
}
