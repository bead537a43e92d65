package hall

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"hallpass/badge/token"
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// Crossing is what a gate's reader sends: Token from the QR code, or Code as
// typed.
type Crossing struct {
	Token     string
	Code      string
	Direction record.Direction
	At        time.Time // by the reader's clock; zero for now
	ClientID  string    // chosen by the reader; a repeat with the same At is the same passage
}

// Admission is a passage as the gate's staff may see it: whether it is allowed
// and why not, and of the badge what is printed large on it; no person (P7).
type Admission struct {
	record.Passage
	Refused   fault.Error // the zero value if it is allowed
	ShortCode string
	Category  record.CategoryID // empty until the badge has reached the hall
	Name      record.Text       // of the category
}

// InviteGate makes a code for a reader at a gate, named by its id or by its name
// in any language; fault.NotFound if the show has no such gate.
func (h *Hall) InviteGate(ctx context.Context, name string) (Invitation, error) {
	gate, ok := h.gate(name)
	if !ok {
		var known []string
		for _, g := range h.Show().Gates {
			known = append(known, string(g.ID))
		}
		return Invitation{}, fault.New(fault.NotFound, fmt.Sprintf("The show has no gate %q; it has: %s.", name, strings.Join(known, ", "))).WithField("gate")
	}
	return h.invite(ctx, Code{Gate: gate.ID})
}

func (h *Hall) gate(name string) (record.Gate, bool) {
	gates := h.Show().Gates
	i := slices.IndexFunc(gates, func(g record.Gate) bool { return string(g.ID) == name })
	for at := 0; i < 0 && at < len(gates); at++ {
		for _, text := range gates[at].Name {
			if strings.EqualFold(text, name) {
				i = at
			}
		}
	}
	if i < 0 {
		return record.Gate{}, false
	}
	return gates[i], true
}

// Admit judges a badge at the principal's gate and records the passage, allowed
// or refused; what is refused is no error. Fresh is false if the reader has sent
// it before: then the first verdict stands. It answers fault.Invalid with a
// field, fault.Conflict for a short code that two badges share, and
// fault.NotFound if the show has given up the gate.
func (h *Hall) Admit(ctx context.Context, p Principal, c Crossing) (a Admission, fresh bool, err error) {
	if err := p.May(ActAdmit); err != nil {
		return Admission{}, false, err
	}
	if c, err = h.plausible(p, c); err != nil {
		return Admission{}, false, err
	}
	ctx = Together(ctx)
	id := record.PassageIDOf(c.At, p.Device, c.ClientID)
	if old, err := h.store.Passage(ctx, id); err == nil {
		a, err = h.admission(ctx, old)
		return a, false, err
	} else if !errors.Is(err, ErrNone) {
		return Admission{}, false, fmt.Errorf("admit: %w", err)
	}
	passage := record.Passage{ID: id, Show: h.showID(), Gate: p.Gate, Device: p.Device, Direction: c.Direction, At: c.At}
	if err := h.weigh(ctx, c, &passage); err != nil {
		return Admission{}, false, err
	}
	own := Own{Fact: passage, Stamp: h.clock.Tick(), Once: true}
	if _, err := h.ingest.keep(ctx, Batch{Own: []Own{own}}); err != nil {
		return Admission{}, false, err
	}
	// Another request with the same client id may have been first.
	kept, err := h.store.Passage(ctx, id)
	if err != nil {
		return Admission{}, false, fmt.Errorf("admit: %w", err)
	}
	a, err = h.admission(ctx, kept)
	return a, true, err
}

// plausible fills in what a crossing may leave out and refuses what it must not
// hold.
func (h *Hall) plausible(p Principal, c Crossing) (Crossing, error) {
	now := h.now()
	gate, ok := h.gate(string(p.Gate))
	switch {
	case !ok:
		return c, fault.New(fault.NotFound, "The show has no such gate any more. Pair the reader again.").WithField("gate")
	case c.Token == "" && c.Code == "":
		return c, invalid("token", "Scan a badge or type its short code.")
	case c.Direction != record.DirectionIn && c.Direction != record.DirectionOut:
		return c, invalid("direction", `The direction is "in" or "out".`)
	case gate.Direction != "both" && gate.Direction != string(c.Direction):
		return c, invalid("direction", fmt.Sprintf("This gate leads %s only.", gate.Direction))
	case len(c.ClientID) > maxClientID:
		return c, invalid("client_id", "The client id has at most 64 characters.")
	case c.ClientID != "" && c.At.IsZero():
		return c, invalid("at", "A scan with a client id says when it was: a repeat is known by both.")
	case c.At.IsZero():
		c.At = now
	}
	if c.At.After(now.Add(maxAhead)) || c.At.Year() < 2020 {
		return c, invalid("at", "The time of the scan cannot be right. Set the reader's clock.")
	}
	c.At = c.At.UTC().Truncate(time.Millisecond)
	if c.ClientID == "" {
		c.ClientID = record.NewID[string](now)
	}
	return c, nil
}

// weigh writes the verdict into the passage, and whose badge it is if the code
// proves that.
func (h *Hall) weigh(ctx context.Context, c Crossing, passage *record.Passage) (err error) {
	if c.Token != "" {
		var claims token.Claims
		passage.Badge, claims, err = h.believe(ctx, c.Token, c.At)
		passage.Issue = claims.Issue
	} else {
		passage.Badge, err = h.byCode(ctx, c.Code)
	}
	if err == nil {
		return nil
	}
	code := fault.CodeOf(err)
	if _, verdict := refusals[code]; !verdict {
		return err
	}
	passage.Reason = string(code)
	return nil
}

// refusals are what a gate is told, by what the passage keeps.
var refusals = func() map[fault.Code]fault.Error {
	all := map[fault.Code]fault.Error{
		errVoided.Code:     errVoided,
		fault.BadgeUnknown: fault.New(fault.BadgeUnknown, "No badge with this code has reached the hall. Scan the badge instead."),
		fault.BadgeForged:  verdicts[token.Forged],
		fault.BadgeExpired: verdicts[token.Expired],
	}
	for _, reason := range []token.Reason{token.UnknownKey, token.Revoked} {
		all[verdicts[reason].Code] = verdicts[reason]
	}
	return all
}()

// admission puts together what the gate is shown.
func (h *Hall) admission(ctx context.Context, p record.Passage) (Admission, error) {
	a := Admission{Passage: p}
	if !p.Allowed() {
		code := fault.Code(p.Reason)
		if a.Refused = refusals[code]; a.Refused.Code == "" { // of a later program
			a.Refused = fault.New(code, "The badge was refused.")
		}
	}
	if id, err := p.Badge.Bytes(); err == nil {
		a.ShortCode = token.ShortCode(id)
	}
	badge, err := h.store.Badge(ctx, p.Badge)
	if errors.Is(err, ErrNone) {
		return a, nil
	}
	if err != nil {
		return Admission{}, fmt.Errorf("admit: %w", err)
	}
	a.Category = badge.Category
	a.Name = h.categoryName(badge.Category)
	return a, nil
}
