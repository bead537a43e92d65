package spool

import (
	"testing"
	"time"
)

// The rules by which a label counts as printed (promise P6): only the odometer
// and an empty queue say yes, only an odometer that stood still says no.
func TestSentJob_P6_Verdicts(t *testing.T) {
	const settle = 10 * time.Second
	at := func(s int) time.Time { return time.Unix(int64(s), 0) }
	type seen struct {
		at int
		r  reading
	}
	ours := func(count int64) reading { return reading{printer: "P", meter: "labels", count: count} }
	busy := func(r reading) reading { r.busy = true; return r }
	fault := func(r reading) reading { r.faults = []string{"media-empty"}; return r }
	plain := reading{printer: "P"}
	counted := sentJob{Printer: "P", Meter: "labels", Base: 7, Need: 1, Taken: true}
	two, lost, doubted, revoked := counted, counted, counted, counted
	two.Need, lost.Taken, doubted.Doubt, revoked.Revoked = 2, false, true, true
	bare := sentJob{Printer: "P", Need: 1, Taken: true}
	for name, c := range map[string]struct {
		job   sentJob
		words []seen
		want  JobState
	}{
		"Counted":               {counted, []seen{{0, ours(8)}}, Completed},
		"CountedWhileBusy":      {counted, []seen{{0, busy(ours(8))}}, Processing},
		"CountedThenPaperOut":   {counted, []seen{{0, fault(ours(8))}}, Completed},
		"NotYet":                {counted, []seen{{0, ours(7)}, {9, ours(7)}}, Processing},
		"NeverMoved":            {counted, []seen{{0, ours(7)}, {10, ours(7)}}, Aborted},
		"NeverMovedAfterFault":  {counted, []seen{{0, fault(ours(7))}, {1, ours(7)}, {11, ours(7)}}, Unknown},
		"FaultStands":           {counted, []seen{{0, fault(busy(ours(7)))}, {60, fault(ours(7))}}, Stopped},
		"FaultMended":           {counted, []seen{{0, fault(busy(ours(7)))}, {60, busy(ours(7))}, {61, ours(8)}}, Completed},
		"CalmBrokenByWork":      {counted, []seen{{0, ours(7)}, {9, busy(ours(7))}, {12, ours(7)}}, Processing},
		"OneOfTwo":              {two, []seen{{0, ours(8)}, {10, ours(8)}}, Unknown},
		"BothOfTwo":             {two, []seen{{0, busy(ours(8))}, {1, ours(9)}}, Completed},
		"CountedButNotTaken":    {lost, []seen{{0, ours(8)}, {10, ours(8)}}, Unknown}, // another kiosk's label
		"NeitherTakenNorMoved":  {lost, []seen{{0, ours(7)}, {10, ours(7)}}, Aborted},
		"OtherPrinter":          {counted, []seen{{0, reading{printer: "Q", meter: "labels", count: 8}}}, Unknown},
		"OdometerReset":         {counted, []seen{{0, ours(3)}}, Unknown},
		"OdometerGone":          {counted, []seen{{0, plain}}, Unknown},
		"HalfAnAnswer":          {counted, []seen{{0, reading{part: true, faults: []string{"other"}}}}, Stopped},
		"DoubtedButCounted":     {doubted, []seen{{0, ours(8)}}, Completed},
		"DoubtedAndStill":       {doubted, []seen{{0, ours(7)}, {10, ours(7)}}, Unknown},
		"RevokedInTime":         {revoked, []seen{{0, ours(7)}, {10, ours(7)}}, Canceled},
		"RevokedTooLate":        {revoked, []seen{{0, ours(8)}}, Completed},
		"PlainSeenAndGone":      {bare, []seen{{0, busy(plain)}, {1, plain}}, Completed},
		"PlainNeverSeen":        {bare, []seen{{0, plain}, {10, plain}}, Unknown},
		"PlainSeenInFault":      {bare, []seen{{0, busy(plain)}, {1, fault(plain)}, {2, plain}, {12, plain}}, Unknown},
		"EndedStaysEnded":       {sentJob{State: Aborted, Printer: "P", Meter: "labels"}, []seen{{0, ours(9)}}, Aborted},
		"PlainNotTakenSeenGone": {sentJob{Printer: "P", Need: 1}, []seen{{0, busy(plain)}, {1, plain}, {11, plain}}, Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			var got JobStatus
			for _, w := range c.words {
				got = c.job.judge(w.r, at(w.at), settle)
			}
			if got.State != c.want || (got.State == Stopped) != (len(got.Reasons) > 0) {
				t.Errorf("judge = %+v, want %s", got, c.want)
			}
		})
	}
}
