package web

import (
	"encoding/json"
	"net/http"
	"time"

	"hallpass/sync/hall"
	"hallpass/sync/record"
)

type visitorForm struct {
	ID       record.RegistrationID            `json:"id"`
	Created  time.Time                        `json:"created"`
	Category record.CategoryID                `json:"category"`
	Fields   map[record.FieldName]string      `json:"fields"`
	Answers  map[record.QuestionID]answerForm `json:"answers"`
	Consents map[record.ConsentID]consentForm `json:"consents"`
	Source   record.Source                    `json:"source"`
	Node     record.NodeID                    `json:"node"`
	Person   record.RegistrationID            `json:"person"`
}

type consentForm struct {
	Given   bool   `json:"given"`
	Version uint32 `json:"version"`
}

// answerForm is a list of options or, for an open question, a text.
type answerForm record.Answer

// MarshalJSON implements json.Marshaler.
func (f answerForm) MarshalJSON() ([]byte, error) {
	if f.Text != "" || f.Picks == nil {
		return json.Marshal(f.Text)
	}
	return json.Marshal(f.Picks)
}

func visitorFrom(v hall.Visitor) visitorForm {
	form := visitorForm{
		ID: v.ID, Created: v.Created.Time(), Category: v.Category.Value, Source: v.Source, Node: v.Node, Person: v.Person,
		Fields: map[record.FieldName]string{}, Answers: map[record.QuestionID]answerForm{}, Consents: map[record.ConsentID]consentForm{},
	}
	for name, field := range v.Fields {
		form.Fields[name] = field.Value
	}
	for id, answer := range v.Answers {
		form.Answers[id] = answerForm(answer)
	}
	for id, consent := range v.Consents {
		form.Consents[id] = consentForm{consent.Given, consent.Version}
	}
	return form
}

func (a *API) registrations(w http.ResponseWriter, r *http.Request) error {
	p, err := a.may(r, hall.ActSeeVisitors)
	if err != nil {
		return err
	}
	after, limit, err := page(r)
	if err != nil {
		return err
	}
	visitors, next, err := a.hall.Visitors(r.Context(), p, after, limit)
	if err != nil {
		return err
	}
	list := make([]visitorForm, len(visitors))
	for i, v := range visitors {
		list[i] = visitorFrom(v)
	}
	reply(w, http.StatusOK, struct {
		Registrations []visitorForm `json:"registrations"`
		Next          string        `json:"next"`
	}{list, cursor(next)})
	return nil
}
