package hall

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hallpass/badge/token"
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// Scan is what a booth's phone sends: Token from the QR code, or Code as typed.
type Scan struct {
	Token    string
	Code     string
	At       time.Time // by the phone's clock; zero for now
	Rating   uint8
	Notes    string
	ClientID string // chosen by the phone; a repeat is the same lead
}

// Limits of a lead.
const (
	maxClientID = 64
	maxNotes    = 1000           // characters, as package record has it
	maxAhead    = 36 * time.Hour // of a scan: our clock may be a day behind, and a phone's ahead
)

// TakeLead keeps a meeting of the principal's device with a badge and returns
// it as the exhibitor may see it. Fresh is false if the phone has sent it before;
// then the first one counts and is returned as it is. It answers badge.forged,
// badge.foreign, badge.voided, badge.unknown, and fault.Invalid with a field.
func (h *Hall) TakeLead(ctx context.Context, p Principal, scan Scan) (card Card, fresh bool, err error) {
	if err := p.May(ActTakeLeads); err != nil {
		return Card{}, false, err
	}
	if scan, err = h.checked(scan); err != nil {
		return Card{}, false, err
	}
	ctx = Together(ctx)
	if old, err := h.store.LeadByClient(ctx, p.Device, scan.ClientID); err == nil {
		card, err = h.card(ctx, old)
		return card, false, err
	} else if !errors.Is(err, ErrNone) {
		return Card{}, false, fmt.Errorf("take lead: %w", err)
	}
	badge, err := h.scanned(ctx, scan)
	if err != nil {
		return Card{}, false, err
	}
	stamp := h.clock.Tick()
	lead := record.Lead{
		ID: record.NewID[record.LeadID](h.now()), Show: h.showID(), Exhibitor: p.Exhibitor, Device: p.Device,
		ClientID: scan.ClientID, Badge: badge, At: scan.At, Created: stamp,
		Rating: record.Register[uint8]{Value: scan.Rating, At: stamp},
		Notes:  record.Register[string]{Value: scan.Notes, At: stamp},
	}
	if _, err := h.ingest.keep(ctx, Batch{Own: []Own{{Fact: lead, Stamp: stamp, Once: true}}}); err != nil {
		return Card{}, false, err
	}
	// Another request with the same client id may have been first.
	kept, err := h.store.LeadByClient(ctx, p.Device, scan.ClientID)
	if err != nil {
		return Card{}, false, fmt.Errorf("take lead: %w", err)
	}
	card, err = h.card(ctx, kept)
	return card, kept.ID == lead.ID, err
}

// checked fills in what a scan may leave out and refuses what it must not hold.
func (h *Hall) checked(s Scan) (Scan, error) {
	now := h.now()
	if s.At.IsZero() {
		s.At = now
	}
	s.At = s.At.UTC().Truncate(time.Millisecond)
	if s.ClientID == "" {
		s.ClientID = record.NewID[string](now)
	}
	switch {
	case len(s.ClientID) > maxClientID:
		return s, invalid("client_id", "The client id has at most 64 characters.")
	case s.At.After(now.Add(maxAhead)) || s.At.Year() < 2020:
		return s, invalid("at", "The time of the scan cannot be right. Set the phone's clock.")
	}
	return s, checkWords(s.Rating, s.Notes)
}

func checkWords(rating uint8, notes string) error {
	if rating > record.MaxRating {
		return invalid("rating", "The rating is 0 to 3.")
	}
	if len(notes) > 4*maxNotes || len([]rune(notes)) > maxNotes {
		return invalid("notes", "The notes have at most 1000 characters.")
	}
	return nil
}

func invalid(field, message string) error {
	return fault.New(fault.Invalid, message).WithField(field)
}

// scanned finds the badge that a scan names, if a lead may be made of it.
func (h *Hall) scanned(ctx context.Context, s Scan) (record.BadgeID, error) {
	switch {
	case s.Token != "":
		return h.byToken(ctx, s.Token, s.At)
	case s.Code != "":
		return h.byCode(ctx, s.Code)
	}
	return "", invalid("token", "Scan a badge or type its short code.")
}

var errVoided = fault.New(fault.BadgeVoided, "This badge was replaced or taken back. Ask to see the new one.")

// byCode finds a badge by what is printed under its QR code. Of two badges that
// share a code, the one that is valid is meant.
func (h *Hall) byCode(ctx context.Context, text string) (record.BadgeID, error) {
	code, err := token.ParseShortCode(text)
	if err != nil {
		return "", fault.Wrap(fault.BadgeUnknown, "No badge has this code. Check each character.", err).WithField("code")
	}
	badges, err := h.store.BadgesByCode(ctx, code)
	if err != nil {
		return "", fmt.Errorf("badge: %w", err)
	}
	var valid []Badge
	for _, b := range badges {
		switch {
		case b.Void():
		case h.keys.voids(b.Badge):
			err = verdicts[token.Revoked]
		default:
			valid = append(valid, b)
		}
	}
	switch {
	case len(valid) == 0 && err != nil:
		return "", err
	case len(badges) == 0:
		return "", fault.New(fault.BadgeUnknown, "No badge with this code has reached the hall yet. Scan the badge instead.").WithField("code")
	case len(valid) == 0:
		return "", errVoided
	case len(valid) > 1:
		return "", fault.New(fault.Conflict, "Two badges share this code. Scan the badge instead.").WithField("code")
	}
	return valid[0].ID, nil
}

// Amendment is what an exhibitor changes later; nil leaves as it is.
type Amendment struct {
	Rating *uint8
	Notes  *string
}

// AmendLead changes one of the exhibitor's own leads; fault.NotFound for
// anybody else's (P7).
func (h *Hall) AmendLead(ctx context.Context, p Principal, id record.LeadID, a Amendment) (Card, error) {
	if err := p.May(ActTakeLeads); err != nil {
		return Card{}, err
	}
	ctx = Together(ctx)
	lead, err := h.store.Lead(ctx, id)
	if errors.Is(err, ErrNone) || err == nil && lead.Exhibitor != p.Exhibitor {
		return Card{}, fault.New(fault.NotFound, "You have no such lead.")
	}
	if err != nil {
		return Card{}, fmt.Errorf("amend lead: %w", err)
	}
	h.clock.Observe(lead.Rating.At)
	h.clock.Observe(lead.Notes.At)
	stamp := h.clock.Tick()
	if a.Rating != nil {
		lead.Rating = record.Register[uint8]{Value: *a.Rating, At: stamp}
	}
	if a.Notes != nil {
		lead.Notes = record.Register[string]{Value: *a.Notes, At: stamp}
	}
	if err := checkWords(lead.Rating.Value, lead.Notes.Value); err != nil {
		return Card{}, err
	}
	if _, err := h.ingest.keep(ctx, Batch{Own: []Own{{Fact: lead, Stamp: stamp}}}); err != nil {
		return Card{}, err
	}
	return h.card(ctx, lead)
}

// Leads lists the exhibitor's own leads in the order of their arrival, after a
// place in it; next is the place of the last.
func (h *Hall) Leads(ctx context.Context, p Principal, after uint64, limit int) (cards []Card, next uint64, err error) {
	if err := p.May(ActTakeLeads); err != nil {
		return nil, 0, err
	}
	ctx = Together(ctx)
	leads, next, err := h.store.Leads(ctx, p.Exhibitor, after, limit)
	if err != nil {
		return nil, 0, fmt.Errorf("leads: %w", err)
	}
	cards = make([]Card, 0, len(leads))
	for _, lead := range leads {
		card, err := h.card(ctx, lead)
		if err != nil {
			return nil, 0, err
		}
		cards = append(cards, card)
	}
	return cards, next, nil
}
