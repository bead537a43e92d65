package record

import (
	"cmp"
	"time"
)

// Lead is one exhibitor's meeting with one badge. Who the badge belongs to is
// looked up when the lead is shown, so that a later correction, a withdrawn
// consent and an erasure reach every exhibitor.
type Lead struct {
	ID        LeadID
	Show      ShowID
	Exhibitor ExhibitorID
	Device    DeviceID
	ClientID  string // chosen by the device; a repeat is the same lead
	Badge     BadgeID
	At        time.Time // when the badge was scanned, by the device's clock
	Created   Stamp
	Rating    Register[uint8] // 0 none, 1 cold, 2 warm, 3 hot
	Notes     Register[string]
}

// MaxRating is the highest rating of a lead.
const MaxRating = 3

// MergeLeads joins two versions of one lead; both must have the same ID.
func MergeLeads(a, b Lead) Lead {
	out := a
	if leadOrigin(b, a) < 0 {
		out = b
	}
	out.Created = earlier(a.Created, b.Created)
	out.Rating = a.Rating.Join(b.Rating)
	out.Notes = a.Notes.Join(b.Notes)
	return out
}

func leadOrigin(a, b Lead) int {
	return cmp.Or(
		a.Created.Compare(b.Created),
		a.At.Compare(b.At),
		cmp.Compare(a.Show, b.Show),
		cmp.Compare(a.Exhibitor, b.Exhibitor),
		cmp.Compare(a.Device, b.Device),
		cmp.Compare(a.ClientID, b.ClientID),
		cmp.Compare(a.Badge, b.Badge),
	)
}

// Kind is KindLead.
func (Lead) Kind() Kind { return KindLead }

// Validate refuses a lead that nobody made or that met nobody.
func (l Lead) Validate() error {
	switch {
	case l.ID == "":
		return refused("id", "The lead has no id.")
	case l.Exhibitor == "":
		return refused("exhibitor", "The lead belongs to no exhibitor.")
	case l.Badge == "":
		return refused("badge", "The lead names no badge.")
	case l.At.IsZero():
		return refused("at", "The lead has no time.")
	case l.Rating.Value > MaxRating:
		return refused("rating", "The rating is 0 to 3.")
	case !fits(l.Notes.Value) || !fits(l.ClientID):
		return refused("notes", "The notes are too long or not text.")
	}
	return nil
}
