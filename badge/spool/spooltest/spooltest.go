// Package spooltest is the conformance suite that every kind of printer
// passes: what a caller of spool.Printer may rely on, whoever prints. It owns
// the promises of the interface, not those of one protocol: a printer's own
// tests stand beside it. It fails by failing the test it was given.
package spooltest

import (
	"fmt"
	"image"
	"image/color"
	"slices"
	"testing"
	"time"

	"hallpass/badge/spool"
)

// Rig is a real or simulated printer with the hands of somebody who stands at
// it. Each part of the suite gets one of its own.
type Rig struct {
	// Open returns the printer as a kiosk that has just started knows it.
	Open func(testing.TB) spool.Printer
	// Printed counts the badges that came out so far.
	Printed func(testing.TB) int
	// Raise makes the printer show these of Faults and Warnings and no other;
	// nil if it has none.
	Raise func(t testing.TB, reasons ...string)
	// Media is what lies in it, as Supplies says it; "" if it does not know.
	Media string
}

// Kind tells what a kind of printer can do. Its zero value is a printer that
// tells everything and never has a fault.
type Kind struct {
	Start func(testing.TB) Rig
	// Faults keep it from printing, Warnings do not; both in words of
	// Status.Reasons.
	Faults, Warnings []string
	// Blind: see spool.Status. Forgets: a kiosk that has started anew does not
	// find the jobs it sent before.
	Blind, Forgets bool
}

// Run runs the suite over one kind of printer, its parts at the same time.
func Run(t *testing.T, k Kind) {
	for name, part := range map[string]func(*testing.T, Kind){
		"Prints":                        prints,
		"P6_SentTwicePrintsOnce":        sentTwice,
		"P6_RestartedKioskAsksByName":   restarted,
		"P6_TwoKiosksShareIt":           shared,
		"P9_UnknownJob":                 unknownJob,
		"P9_BadName":                    badName,
		"P9_NothingToPrint":             nothing,
		"CancelTooLate":                 cancelLate,
		"P6_CallerGivesUpBeforeSending": givenUp,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); part(t, k) })
	}
	for _, fault := range k.Faults {
		t.Run("P6_Waits_"+fault, func(t *testing.T) { t.Parallel(); waits(t, k, fault) })
	}
	for _, warning := range k.Warnings {
		t.Run("PrintsAllTheSame_"+warning, func(t *testing.T) { t.Parallel(); warns(t, k, warning) })
	}
}

// Job returns a badge to print: a page of 86 × 54 mm and a label with a cross
// on it, 62 × 100 mm.
func Job(name string) spool.Job {
	return spool.Job{Name: name, PDF: slices.Clone(page), Label: label}
}

// page is the smallest thing that every PDF reader takes for a page.
var page = []byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n" +
	"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
	"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 243.78 153.07]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")

func label(dpi int) ([]*image.Paletted, error) {
	dots := func(mm int) int { return (mm*dpi*10 + 127) / 254 }
	p := image.NewPaletted(image.Rect(0, 0, dots(62), dots(100)), color.Palette{color.White, color.Black})
	for y := range p.Rect.Dy() {
		p.SetColorIndex(p.Rect.Dx()/2, y, 1)
	}
	for x := range p.Rect.Dx() {
		p.SetColorIndex(x, p.Rect.Dy()/2, 1)
	}
	return []*image.Paletted{p}, nil
}

// Submit sends a job until it is taken, as a kiosk does while a printer is
// busy with another's.
func Submit(t testing.TB, p spool.Printer, job spool.Job) {
	t.Helper()
	var err error
	if !await(func() bool { err = p.Submit(t.Context(), job); return !busy(err) }) {
		t.Fatalf("Submit = %v for a minute", err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Until waits until a job's state is one of those wanted; one that has ended
// otherwise will not come to it.
func Until(t testing.TB, p spool.Printer, name string, want ...spool.JobState) spool.JobStatus {
	t.Helper()
	var s spool.JobStatus
	var err error
	end := []spool.JobState{spool.Completed, spool.Canceled, spool.Aborted}
	await(func() bool {
		s, err = p.Job(t.Context(), name)
		return err == nil && (slices.Contains(want, s.State) || slices.Contains(end, s.State))
	})
	if err != nil || !slices.Contains(want, s.State) {
		t.Fatalf("Job(%q) = %+v, %v; want %v", name, s, err, want)
	}
	return s
}

// UntilStatus waits until what the printer says of itself is ok.
func UntilStatus(t testing.TB, p spool.Printer, what string, ok func(spool.Status) bool) spool.Status {
	t.Helper()
	var s spool.Status
	var err error
	if !await(func() bool { s, err = p.Status(t.Context()); return err == nil && ok(s) }) {
		t.Fatalf("Status = %+v, %v for a minute; want %s", s, err, what)
	}
	return s
}

// Poll waits until ok.
func Poll(t testing.TB, what string, ok func() bool) {
	t.Helper()
	if !await(ok) {
		t.Fatalf("waited a minute for %s", what)
	}
}

// await counts its turns, not the time: a test that was stopped for a while
// has not waited.
func await(ok func() bool) bool {
	for range 6000 {
		if ok() {
			return true
		}
		<-time.After(10 * time.Millisecond)
	}
	return false
}

func name(part string, n int) string { return fmt.Sprintf("%s-%d", part, n) }
