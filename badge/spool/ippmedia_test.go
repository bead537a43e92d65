package spool_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hallpass/badge/spool"
	"hallpass/badge/spool/spooltest"
	"hallpass/badge/spool/virtual"
)

func load(t testing.TB, v *virtual.Printer, width, length, sheets int) {
	t.Helper()
	if err := v.Load(t.Context(), width, length, sheets); err != nil {
		t.Fatal(err)
	}
}

// pageOf is a badge of that many millimetres.
func pageOf(name string, width, length float64) spool.Job {
	job := spooltest.Job(name)
	job.PDF = []byte(strings.Replace(string(job.PDF), "243.78 153.07",
		fmt.Sprintf("%.2f %.2f", width*72/25.4, length*72/25.4), 1))
	return job
}

func needsMedia(s spool.Status) bool { return slices.Contains(s.Reasons, "media-needed") }

func TestIPP_P6_BadgeLargerThanWhatIsLoaded(t *testing.T) {
	v := startPrinter(t)
	load(t, v, 62, 29, 100)
	p := open(t, v.URI())
	if s, err := p.Status(t.Context()); err != nil || s.Supplies.Media != "62x29" || s.Supplies.LabelsLeft != 100 || needsMedia(s) {
		t.Fatalf("Status = %+v, %v; want 100 of 62x29, nothing needed", s, err)
	}
	job := pageOf("b-1", 62, 100)
	if err := p.Submit(t.Context(), job); !errors.Is(err, spool.ErrBusy) || !strings.Contains(err.Error(), "62x100") {
		t.Fatalf("Submit = %v, want ErrBusy with what is needed", err)
	}
	s, err := p.Status(t.Context())
	if err != nil || s.State != "stopped" || !needsMedia(s) {
		t.Fatalf("Status = %+v, %v; want stopped, media-needed", s, err)
	}
	load(t, v, 62, 100, 50)
	if s, err := p.Status(t.Context()); err != nil || s.State != "idle" || needsMedia(s) {
		t.Fatalf("Status = %+v, %v; want idle: the right roll is in", s, err)
	}
	spooltest.Submit(t, p, job)
	spooltest.Until(t, p, "b-1", spool.Completed)
	if got := len(pdfs(t, v.Badges())); got != 1 {
		t.Fatalf("printed %d, want 1", got)
	}
}

// Office paper has room for a badge, and still is the wrong paper when the
// address says which one is right.
func TestIPP_P6_OtherMediaThanAskedFor(t *testing.T) {
	v := startPrinter(t)
	load(t, v, 210, 297, -1)
	p := open(t, v.URI()+"?media=105x148")
	for name, c := range map[string]struct {
		width, length int
		needs         bool
	}{"Office": {210, 297, true}, "Right": {105, 148, false}, "Turned": {148, 105, false}, "Cut": {104, 149, false}, "Small": {86, 54, true}} {
		load(t, v, c.width, c.length, -1)
		if s, err := p.Status(t.Context()); err != nil || needsMedia(s) != c.needs || s.Supplies.LabelsLeft != -1 {
			t.Errorf("%s: Status = %+v, %v; want media needed %v", name, s, err, c.needs)
		}
		if !c.needs {
			spooltest.Submit(t, p, pageOf(name, 105, 148))
		} else if err := p.Submit(t.Context(), pageOf(name, 105, 148)); !errors.Is(err, spool.ErrNotSent) {
			t.Errorf("%s: Submit = %v, want ErrNotSent", name, err)
		}
	}
}

func TestIPP_TrayRunsLow(t *testing.T) {
	v := startPrinter(t)
	p := open(t, v.URI())
	for _, c := range []struct {
		sheets int
		want   string
	}{{0, "media-empty"}, {5, "media-low"}} {
		load(t, v, 86, 54, c.sheets)
		s, err := p.Status(t.Context())
		if err != nil || s.Supplies.LabelsLeft != c.sheets || !slices.Contains(s.Reasons, c.want) {
			t.Errorf("Status = %+v, %v; want %d left, %s", s, err, c.sheets, c.want)
		}
	}
}
