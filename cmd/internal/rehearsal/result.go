package rehearsal

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"text/tabwriter"
	"time"
)

// Result is the account of one rehearsal, as "expo rehearse -json" prints it.
type Result struct {
	Sent       uint64  `json:"facts_sent"`
	Acked      uint64  `json:"facts_acked"`
	Stored     uint64  `json:"facts_stored"`
	Lost       uint64  `json:"lost"`
	Duplicates uint64  `json:"duplicates"`
	PerSecond  float64 `json:"facts_per_second"`
	Ack        Times   `json:"ack_ms"`
	Echo       float64 `json:"raw_echo_per_second"` // facts a second of the same frames sent to and fro, 0 if not measured
	OfEcho     float64 `json:"ratio_to_echo"`
	HallMB     float64 `json:"hall_rss_mb"` // at most, 10^6 bytes
	Connected  int     `json:"connections"` // at most, as the hall's socket counts

	More Details `json:"-"`
}

// Times are milliseconds.
type Times struct {
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

// Details are what the table says besides.
type Details struct {
	Visitors, Leads, Passages uint64
	Saved                     Times // from a visitor's time to the kiosk's commit
	Scanned                   Times // of Ack what booths and gates wait
	Surges                    int   // outages that the kiosks came back from, without a rate
	Working                   time.Duration
	Late                      uint64 // visitors whose time came and who were not registered any more
	Refused                   uint64 // leads and passages that the hall refused for good
	Retries                   uint64
	Faults                    map[string]int // what was done to the parts, with -faults
	Pictures                  uint64         // that the watching screens got
	Problems                  []string       // what does not fit together, in sentences; no personal data
}

// Clean reports whether every fact is where it should be.
func (r Result) Clean() bool {
	return r.Lost == 0 && r.Duplicates == 0 && r.Stored == r.Sent && r.Acked == r.Sent && r.More.Refused == 0 && len(r.More.Problems) == 0
}

// finish rounds what people and programs read.
func (r *Result) finish() {
	for _, f := range []*float64{&r.PerSecond, &r.Echo, &r.HallMB} {
		*f = math.Round(*f*10) / 10
	}
	if r.Echo > 0 {
		r.OfEcho = math.Round(1000*r.PerSecond/r.Echo) / 1000
	}
}

// JSON writes one object on one line.
func (r Result) JSON(w io.Writer) error { return json.NewEncoder(w).Encode(r) }

// Table writes the account for people.
func (r Result) Table(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	row := func(what, format string, args ...any) {
		fmt.Fprintf(w, "  %s\t%s\n", what, fmt.Sprintf(format, args...))
	}
	m := r.More
	row("facts sent / acked / stored", "%d / %d / %d", r.Sent, r.Acked, r.Stored)
	row("lost / duplicates", "%d / %d", r.Lost, r.Duplicates)
	row("visitors, leads, passages", "%d, %d, %d", m.Visitors, m.Leads, m.Passages)
	row("facts a second", "%.0f over %s%s", r.PerSecond, m.Working.Round(time.Millisecond), surges(m.Surges))
	if m.Surges == 0 {
		row("saved at the kiosk, ms", "%s", m.Saved)
	}
	row("acknowledged by the hall, ms", "%s", r.Ack)
	if m.Leads+m.Passages > 0 {
		row("of it leads and passages, ms", "%s", m.Scanned)
	}
	if r.Echo > 0 {
		row("bare echo of the same frames", "%.0f facts a second; the hall has %.2f of it", r.Echo, r.OfEcho)
	}
	row("hall, at most", "%.0f MB resident, %d connections", r.HallMB, r.Connected)
	row("pictures on watching screens", "%d", m.Pictures)
	if m.Late+m.Refused+m.Retries > 0 {
		row("late / refused / sent again", "%d / %d / %d", m.Late, m.Refused, m.Retries)
	}
	for what, n := range sorted(m.Faults) {
		row(what, "%d times", n)
	}
	for _, p := range m.Problems {
		row("NOT IN ORDER", "%s", p)
	}
	return w.Flush()
}

func surges(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" in %d surges", n)
}

// String gives the four figures.
func (t Times) String() string {
	return fmt.Sprintf("p50 %.1f, p95 %.1f, p99 %.1f, at most %.1f", t.P50, t.P95, t.P99, t.Max)
}
