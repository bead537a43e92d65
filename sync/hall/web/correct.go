package web

import (
	"encoding/json"
	"net/http"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/record"
)

// correctionForm says what is right of a registration; what is left out stays.
type correctionForm struct {
	Category record.CategoryID                     `json:"category"`
	Fields   map[record.FieldName]string           `json:"fields"`
	Answers  map[record.QuestionID]json.RawMessage `json:"answers"` // a text or a list of options
}

func (a *API) registration(w http.ResponseWriter, r *http.Request) error {
	p, err := a.may(r, hall.ActSeeVisitors)
	if err != nil {
		return err
	}
	v, err := a.hall.Visitor(r.Context(), p, record.RegistrationID(r.PathValue("id")))
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, visitorFrom(v))
	return nil
}

func (a *API) correct(w http.ResponseWriter, r *http.Request) error {
	p, err := a.may(r, hall.ActCorrect)
	if err != nil {
		return err
	}
	form, err := read[correctionForm](r)
	if err != nil {
		return err
	}
	c := hall.Correction{Category: form.Category, Fields: form.Fields, Answers: map[record.QuestionID]record.Answer{}}
	for id, value := range form.Answers {
		var answer record.Answer
		if json.Unmarshal(value, &answer.Text) != nil && json.Unmarshal(value, &answer.Picks) != nil {
			return fault.New(fault.Invalid, "An answer is a text or a list of options.").WithField(string(id))
		}
		c.Answers[id] = answer
	}
	v, err := a.hall.Correct(r.Context(), p, record.RegistrationID(r.PathValue("id")), c)
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, visitorFrom(v))
	return nil
}
