package hall

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"hallpass/badge/token"
	"hallpass/sync/record"
)

// Card is a lead with the visitor's e-card, as far as the visitor and the show
// allow it to be seen (P7).
type Card struct {
	Lead      record.Lead
	ShortCode string
	Category  record.CategoryID // empty until the badge has reached the hall
	Name      record.Text       // of the category
	Fields    map[record.FieldName]string
	Withheld  []record.FieldName // filled in, but not to be seen
	Pending   bool               // the registration has not reached the hall yet
	Voided    bool               // the badge was voided, before or after the scan
}

// FormattedCode is the short code as it is printed, "7KQ4M-2XPTC".
func (c Card) FormattedCode() string { return token.FormatShort(c.ShortCode) }

// card puts together what is known now, so that corrections, withdrawn consents
// and erasures show at once.
func (h *Hall) card(ctx context.Context, lead record.Lead) (Card, error) {
	card := Card{Lead: lead, Pending: true, Fields: map[record.FieldName]string{}}
	if id, err := lead.Badge.Bytes(); err == nil {
		card.ShortCode = token.ShortCode(id)
	}
	badge, err := h.store.Badge(ctx, lead.Badge)
	if errors.Is(err, ErrNone) {
		return card, nil
	}
	if err != nil {
		return Card{}, fmt.Errorf("card: %w", err)
	}
	card.Category, card.Voided = badge.Category, badge.Void()
	if badge.ShortCode != "" {
		card.ShortCode = badge.ShortCode
	}
	card.Name = h.categoryName(card.Category)
	r, err := h.store.Registration(ctx, badge.Registration)
	if errors.Is(err, ErrNone) {
		return card, nil
	}
	if err != nil {
		return Card{}, fmt.Errorf("card: %w", err)
	}
	card.Pending = false
	card.disclose(h.Show(), r)
	return card, nil
}

// categoryName is nil for a category that the show does not have any more.
func (h *Hall) categoryName(id record.CategoryID) record.Text {
	for _, c := range h.Show().Categories {
		if c.ID == id {
			return c.Name
		}
	}
	return nil
}

// disclose sorts the filled-in fields into seen and withheld.
func (c *Card) disclose(show record.Show, r record.Registration) {
	allowed := show.Disclosed(r)
	for name, field := range r.Fields {
		switch {
		case field.Value == "":
		case slices.Contains(allowed, name):
			c.Fields[name] = field.Value
		default:
			c.Withheld = append(c.Withheld, name)
		}
	}
	slices.Sort(c.Withheld)
}
