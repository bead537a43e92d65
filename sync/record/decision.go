package record

import (
	"cmp"
	"maps"
	"slices"
)

// Act says what a person at the hall has done.
type Act string

// The acts. The list is append-only.
const (
	ActCorrect Act = "correct" // said what is right of a registration
	ActChoose  Act = "choose"  // chose one side of a conflict
	ActRetry   Act = "retry"   // had what was in quarantine taken in
	ActDiscard Act = "discard" // decided that what is in quarantine does not count
	ActVoid    Act = "void"    // took a badge back
	ActErase   Act = "erase"   // had a visitor's data taken out everywhere
)

// Decision is what a person at the hall has decided, and who it was. What it
// changes of a registration is a fact of its own, whose stamps are Wrote.
type Decision struct {
	At           Stamp // its identity
	Show         ShowID
	By           string // the name of the sign-in
	Act          Act
	Registration RegistrationID   // of all but retry and discard
	Wrote        Stamp            // of correct and choose
	Seen         map[Part][]Stamp // by what was written: the versions that it settles, sorted
	Refused      Refused          // of retry and discard
	Reason       string           // of discard and void
}

// Refused names a change in quarantine. Its digest tells two histories of one
// number apart.
type Refused struct {
	Node   NodeID
	Epoch  Epoch
	Seq    uint64
	Digest [32]byte
}

// MergeDecisions joins two versions of one decision; both must have the same At.
// Only a faulty hall makes two.
func MergeDecisions(a, b Decision) Decision {
	out := a
	if decisionOrder(a, b) < 0 {
		out = b
	}
	out.Seen = nil
	for _, seen := range []map[Part][]Stamp{a.Seen, b.Seen} {
		for p, stamps := range seen {
			if out.Seen == nil {
				out.Seen = map[Part][]Stamp{}
			}
			out.Seen[p] = SortStamps(append(slices.Clone(out.Seen[p]), stamps...))
		}
	}
	return out
}

// SortStamps returns the stamps in order, each once.
func SortStamps(stamps []Stamp) []Stamp {
	return slices.Compact(slices.SortedFunc(slices.Values(stamps), Stamp.Compare))
}

func decisionOrder(a, b Decision) int {
	return cmp.Or(
		cmp.Compare(a.Show, b.Show),
		cmp.Compare(a.By, b.By),
		cmp.Compare(a.Act, b.Act),
		cmp.Compare(a.Registration, b.Registration),
		a.Wrote.Compare(b.Wrote),
		cmp.Compare(a.Refused.Node, b.Refused.Node),
		cmp.Compare(a.Refused.Epoch, b.Refused.Epoch),
		cmp.Compare(a.Refused.Seq, b.Refused.Seq),
		slices.Compare(a.Refused.Digest[:], b.Refused.Digest[:]),
		cmp.Compare(a.Reason, b.Reason),
	)
}

// Kind is KindDecision.
func (Decision) Kind() Kind { return KindDecision }

// Validate refuses a decision of nobody or about nothing.
func (d Decision) Validate() error {
	about := d.Registration != ""
	if d.Act == ActRetry || d.Act == ActDiscard {
		about = d.Refused.Node != "" && d.Refused.Seq > 0
	}
	switch {
	case d.At.IsZero():
		return refused("at", "The decision has no time.")
	case d.Show == "":
		return refused("show", "The decision names no show.")
	case d.By == "" || !fits(d.By):
		return refused("by", "The decision names nobody who made it.")
	case !about:
		return refused("registration", "The decision is about nothing.")
	case d.Act == ActDiscard && d.Reason == "" || !fits(d.Reason):
		return refused("reason", "Say why, in at most 1000 characters.")
	case len(d.Seen) > 2*maxEntries+1 || slices.ContainsFunc(slices.Collect(maps.Values(d.Seen)), tooMany):
		return refused("seen", "The decision settles more than there can be.")
	}
	return nil
}

func tooMany(stamps []Stamp) bool { return len(stamps) > MostVersions }
