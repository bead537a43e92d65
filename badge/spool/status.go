package spool

import (
	"slices"
	"strings"
)

// Status is the printer's word on itself.
type Status struct {
	State string // "idle", "processing", "stopped" or "unreachable"
	// Reasons are why it does not print, or soon will not: keywords of the
	// table in reasonOf, or the printer's own without their severity; sorted.
	Reasons   []string
	Accepting bool   // whether it takes jobs
	Name      string // what the printer calls itself; empty if it was not reached
	Supplies  Supplies
	// Blind printers take jobs and never say what became of them: a Job stays
	// Processing after Submit until a person says that the badge is there.
	Blind bool
}

// Supplies is what a printer holds, as far as it says.
type Supplies struct {
	LabelsLeft int // on the roll; -1 if nobody knows
	// Printed is how many labels or sheets came out in the printer's life, by
	// its own count; -1 if it does not say.
	Printed int64
	// Media is what is loaded, in whole millimetres: "62x100" is 62 wide and
	// 100 long, "62" an endless roll 62 wide. Empty if nobody knows.
	Media string
}

// noSupplies is said by a printer that knows nothing of its supplies.
func noSupplies() Supplies { return Supplies{LabelsLeft: -1, Printed: -1} }

// unreachable is the Status that comes with an error.
func unreachable() Status {
	return Status{State: "unreachable", Supplies: noSupplies()}
}

// reasonOf makes one keyword of the many that printers have for one thing, so
// that "the cover is open" is the same sentence at every kiosk. Keywords and
// synonyms are those of the IANA registry of IPP (printer-state-reasons), and
// of CUPS for a printer that CUPS cannot reach.
var reasonOf = map[string]string{
	"door-open":                      "cover-open",
	"interlock-open":                 "cover-open",
	"input-media-supply-empty":       "media-empty",
	"input-media-supply-low":         "media-low",
	"media-mismatch":                 "media-needed", // wrong media
	"input-media-size-change":        "media-needed",
	"input-media-type-change":        "media-needed",
	"media-path-jam":                 "media-jam",
	"toner-low":                      "marker-supply-low",
	"toner-empty":                    "marker-supply-empty",
	"marker-ink-almost-empty":        "marker-supply-low",
	"marker-ink-empty":               "marker-supply-empty",
	"marker-supply-missing":          "marker-supply-empty",
	"marker-ribbon-almost-empty":     "marker-supply-low",
	"marker-ribbon-empty":            "marker-supply-empty",
	"output-almost-full":             "output-area-almost-full",
	"output-full":                    "output-area-full",
	"connecting-to-device":           "offline",
	"timed-out":                      "offline",
	"cups-waiting-for-job-completed": "", // CUPS speaks of its own work
	"cups-remote-pending":            "",
	"none":                           "",
}

// reasons strips the severity of RFC 8011 §5.4.12 ("media-empty-error"), so
// that printers which disagree on how bad it is agree on what it is, and makes
// one keyword of synonyms.
func reasons(keywords []string) []string {
	var out []string
	for _, k := range keywords {
		for _, suffix := range []string{"-error", "-warning", "-report"} {
			k = strings.TrimSuffix(k, suffix)
		}
		if same, ok := reasonOf[k]; ok {
			k = same
		}
		if k != "" {
			out = append(out, k)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
