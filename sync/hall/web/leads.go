package web

import (
	"net/http"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/record"
)

type scanForm struct {
	Token    string    `json:"token"`
	Code     string    `json:"code"`
	At       time.Time `json:"at"`
	Rating   int       `json:"rating"`
	Notes    string    `json:"notes"`
	ClientID string    `json:"client_id"`
}

type leadForm struct {
	ID       record.LeadID               `json:"id"`
	ClientID string                      `json:"client_id"`
	At       time.Time                   `json:"at"`
	Rating   uint8                       `json:"rating"`
	Notes    string                      `json:"notes"`
	Badge    badgeForm                   `json:"badge"`
	Ecard    map[record.FieldName]string `json:"ecard"`
	Withheld []record.FieldName          `json:"withheld"`
	Pending  bool                        `json:"pending,omitempty"`
	Voided   bool                        `json:"voided"`
}

type badgeForm struct {
	ShortCode    string            `json:"short_code"`
	Category     record.CategoryID `json:"category"`
	CategoryName record.Text       `json:"category_name"`
}

func leadFrom(c hall.Card) leadForm {
	form := leadForm{
		ID: c.Lead.ID, ClientID: c.Lead.ClientID, At: c.Lead.At.UTC(), Rating: c.Lead.Rating.Value, Notes: c.Lead.Notes.Value,
		Badge: badgeForm{ShortCode: c.ShortCode, Category: c.Category, CategoryName: c.Name},
		Ecard: c.Fields, Withheld: c.Withheld, Pending: c.Pending, Voided: c.Voided,
	}
	if form.Badge.CategoryName == nil {
		form.Badge.CategoryName = record.Text{}
	}
	if form.Withheld == nil {
		form.Withheld = []record.FieldName{}
	}
	return form
}

func (a *API) takeLead(w http.ResponseWriter, r *http.Request) error {
	p, err := a.may(r, hall.ActTakeLeads)
	if err != nil {
		return err
	}
	form, err := read[scanForm](r)
	if err != nil {
		return err
	}
	rating, err := ratingOf(form.Rating)
	if err != nil {
		return err
	}
	card, fresh, err := a.hall.TakeLead(r.Context(), p, hall.Scan{
		Token: form.Token, Code: form.Code, At: form.At, Rating: rating, Notes: form.Notes, ClientID: form.ClientID,
	})
	if err != nil {
		return err
	}
	status := http.StatusOK
	if fresh {
		status = http.StatusCreated
	}
	reply(w, status, leadFrom(card))
	return nil
}

func ratingOf(n int) (uint8, error) {
	if n < 0 || n > record.MaxRating {
		return 0, fault.New(fault.Invalid, "The rating is 0 to 3.").WithField("rating")
	}
	return uint8(n), nil
}

type amendForm struct {
	Rating *int    `json:"rating"`
	Notes  *string `json:"notes"`
}

func (a *API) amendLead(w http.ResponseWriter, r *http.Request) error {
	p, err := a.may(r, hall.ActTakeLeads)
	if err != nil {
		return err
	}
	form, err := read[amendForm](r)
	if err != nil {
		return err
	}
	change := hall.Amendment{Notes: form.Notes}
	if form.Rating != nil {
		rating, err := ratingOf(*form.Rating)
		if err != nil {
			return err
		}
		change.Rating = &rating
	}
	card, err := a.hall.AmendLead(r.Context(), p, record.LeadID(r.PathValue("id")), change)
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, leadFrom(card))
	return nil
}

func (a *API) leads(w http.ResponseWriter, r *http.Request) error {
	p, err := a.may(r, hall.ActTakeLeads)
	if err != nil {
		return err
	}
	after, limit, err := page(r)
	if err != nil {
		return err
	}
	cards, next, err := a.hall.Leads(r.Context(), p, after, limit)
	if err != nil {
		return err
	}
	list := make([]leadForm, len(cards))
	for i, card := range cards {
		list[i] = leadFrom(card)
	}
	reply(w, http.StatusOK, struct {
		Leads []leadForm `json:"leads"`
		Next  string     `json:"next"`
	}{list, cursor(next)})
	return nil
}
