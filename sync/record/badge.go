package record

import (
	"cmp"

	"hallpass/sync/fault"
)

// BadgeState says how far one printed issue has come. Printing itself is the
// kiosk's own business; only what others must know is a fact.
type BadgeState string

// The states of a badge (P6). Voided is the end and wins always.
const (
	BadgeReserved BadgeState = "reserved" // the code exists, the paper does not
	BadgeIssued   BadgeState = "issued"   // confirmed: by the printer, or by a person where it cannot tell
	BadgeFailed   BadgeState = "failed"   // not printed; may be tried again
	BadgeVoided   BadgeState = "voided"
	BadgeUnknown  BadgeState = "unknown" // it may be out; a person is to say so
)

// Steps between reserved and issued, which never leave the kiosk.
const (
	BadgeRendering BadgeState = "rendering" // being drawn; nobody has it
	BadgeSent      BadgeState = "sent"      // the printer may have it
	BadgePrinting  BadgeState = "printing"  // the printer has said that it has it
)

// Badge is one printed issue of one registration. Issue counts from 1; a newer
// issue voids the older.
type Badge struct {
	ID           BadgeID
	Registration RegistrationID
	Show         ShowID
	Node         NodeID
	Issue        uint16
	Category     CategoryID
	ShortCode    string // 10 characters, see package token
	State        Register[BadgeState]
	Reason       Register[string] // why failed or voided: a code, never a name
	Voided       Stamp            // not zero: refused from then on
}

// MergeBadges joins two versions of one issue; both must have the same ID.
func MergeBadges(a, b Badge) Badge {
	out := a
	if badgeOrigin(b, a) < 0 {
		out = b
	}
	out.State = a.State.Join(b.State)
	out.Reason = a.Reason.Join(b.Reason)
	out.Voided = later(a.Voided, b.Voided)
	return out
}

// badgeOrigin orders the parts that never change, so that a faulty node's
// second version cannot make two halls differ.
func badgeOrigin(a, b Badge) int {
	return cmp.Or(
		cmp.Compare(a.Registration, b.Registration),
		cmp.Compare(a.Show, b.Show),
		cmp.Compare(a.Node, b.Node),
		cmp.Compare(a.Issue, b.Issue),
		cmp.Compare(a.Category, b.Category),
		cmp.Compare(a.ShortCode, b.ShortCode),
	)
}

// Now returns the state that counts: voided wins over whatever came later.
func (b Badge) Now() BadgeState {
	if !b.Voided.IsZero() {
		return BadgeVoided
	}
	return b.State.Value
}

// Kind is KindBadge.
func (Badge) Kind() Kind { return KindBadge }

// Validate refuses a badge that belongs to nobody or has no number.
func (b Badge) Validate() error {
	if _, err := b.ID.Bytes(); err != nil {
		return refused("id", "The badge has no usable id.")
	}
	switch {
	case b.Registration == "":
		return refused("registration", "The badge belongs to no registration.")
	case b.Show == "":
		return refused("show", "The badge names no show.")
	case b.Issue == 0:
		return refused("issue", "The badge has no issue number.")
	case !fits(b.ShortCode) || !fits(b.Reason.Value):
		return refused("short_code", "The text is too long or not text.")
	}
	return nil
}

func refused(field, message string) error {
	return fault.New(fault.RefusedFact, message).WithField(field)
}
