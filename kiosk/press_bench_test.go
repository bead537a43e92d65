package kiosk_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"hallpass/badge/spool"
	"hallpass/badge/spool/labelsim"
	"hallpass/kiosk"
	"hallpass/sync/record"
)

// timed tells when jobs begin to be handed over, and how long that took.
type timed struct {
	spool.Printer
	sends chan [2]time.Time
}

func (p timed) Submit(ctx context.Context, job spool.Job) error {
	began := time.Now()
	err := p.Printer.Submit(ctx, job)
	p.sends <- [2]time.Time{began, time.Now()}
	return err
}

// benchDesk is a desk at a simulated label printer whose engine takes pace for
// a label; badges are drawn for real.
func benchDesk(b *testing.B, pace time.Duration) (f *fixture, engine *labelsim.Printer, sends chan [2]time.Time) {
	b.Helper()
	engine, err := labelsim.Start(labelsim.Config{Pace: pace, Width: 90, Length: 100})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = engine.Close() })
	p, err := spool.Open(engine.URI())
	if err != nil {
		b.Fatal(err)
	}
	sends = make(chan [2]time.Time, 100)
	f = openDesk(b, b.TempDir(), timed{p, sends}, realLayout(b, "label-90x100"))
	f.Poll = 0 // as in a hall
	if err := f.Open(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.close(b) })
	return f, engine, sends
}

// BenchmarkPress_Queue prints a queue of badges on an engine that takes 2 s for
// each, a quick label printer's time. busy-% is the engine's share of the time
// from when it has the first job to when the last badge is confirmed, the aim is
// 98; submit-% is what handing
// the jobs over takes of the engine's time, the aim is 2.
func BenchmarkPress_Queue(b *testing.B) {
	const pace, queue = 2 * time.Second, 6
	f, _, sends := benchDesk(b, pace)
	var busy, submit float64
	rounds := 0.0
	for b.Loop() {
		var last kiosk.Entry
		for range queue {
			last = f.register(b)
		}
		f.run(b)
		awaitIssued(b, f, last.Registration.ID)
		end := time.Now()
		f.stop()
		first := <-sends
		took := first[1].Sub(first[0])
		for range queue - 1 {
			next := <-sends
			took += next[1].Sub(next[0])
		}
		busy += 100 * float64(queue*pace) / float64(end.Sub(first[1]))
		submit += 100 * float64(took) / float64(queue*pace)
		rounds++
	}
	b.ReportMetric(busy/rounds, "busy-%")
	b.ReportMetric(submit/rounds, "submit-%")
}

func awaitIssued(b *testing.B, f *fixture, id record.RegistrationID) {
	b.Helper()
	news, err := f.Watch(b.Context(), id)
	if err != nil {
		b.Fatal(err)
	}
	var last kiosk.Progress
	for last = range news {
		if last.Final() {
			break
		}
	}
	if last.State != record.BadgeIssued {
		b.Fatalf("progress = %+v, want issued", last)
	}
}

// BenchmarkPress_FaultOnScreen raises faults at any moment of a print and says
// after how many of the desk's polls, at worst, the visitor's screen is told:
// polls; the aim is 1.2.
func BenchmarkPress_FaultOnScreen(b *testing.B) {
	f, engine, _ := benchDesk(b, time.Hour)
	f.run(b)
	e := f.register(b)
	f.await(b, e.Registration.ID, record.BadgePrinting)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	news, err := f.Watch(ctx, e.Registration.ID)
	if err != nil {
		b.Fatal(err)
	}
	worst := time.Duration(0)
	until := func(reason string) time.Duration {
		began := time.Now()
		for p := range news {
			if p.Reason == reason {
				break
			}
		}
		return time.Since(began)
	}
	for b.Loop() {
		<-time.After(rand.N(f.Poll)) // any moment between two questions
		engine.Raise("media-empty")
		worst = max(worst, until("media-empty"))
		engine.Raise()
		until("")
	}
	b.ReportMetric(float64(worst)/float64(f.Poll), "polls")
}
