package web

import (
	"net/http"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/record"
)

type crossingForm struct {
	Token     string           `json:"token"`
	ShortCode string           `json:"short_code"`
	At        time.Time        `json:"at"`
	Direction record.Direction `json:"direction"`
	ClientID  string           `json:"client_id"`
}

// admissionForm is a green or a red light; code and message are empty with a
// green one.
type admissionForm struct {
	ID        record.PassageID `json:"id"`
	Gate      record.GateID    `json:"gate"`
	Direction record.Direction `json:"direction"`
	At        time.Time        `json:"at"`
	Allowed   bool             `json:"allowed"`
	Code      fault.Code       `json:"code"`
	Message   string           `json:"message"`
	Badge     badgeForm        `json:"badge"`
}

func admissionFrom(a hall.Admission) admissionForm {
	form := admissionForm{
		ID: a.ID, Gate: a.Gate, Direction: a.Direction, At: a.At.UTC(), Allowed: a.Allowed(),
		Code: a.Refused.Code, Message: a.Refused.Message,
		Badge: badgeForm{ShortCode: a.ShortCode, Category: a.Category, CategoryName: a.Name},
	}
	if form.Badge.CategoryName == nil {
		form.Badge.CategoryName = record.Text{}
	}
	return form
}

// admit answers 201 with the verdict, also a red one: it was recorded. The same
// scan again is answered 200 with the first verdict.
func (a *API) admit(w http.ResponseWriter, r *http.Request) error {
	p, err := a.may(r, hall.ActAdmit)
	if err != nil {
		return err
	}
	form, err := read[crossingForm](r)
	if err != nil {
		return err
	}
	found, fresh, err := a.hall.Admit(r.Context(), p, hall.Crossing{
		Token: form.Token, Code: form.ShortCode, Direction: form.Direction, At: form.At, ClientID: form.ClientID,
	})
	if err != nil {
		return err
	}
	status := http.StatusOK
	if fresh {
		status = http.StatusCreated
	}
	reply(w, status, admissionFrom(found))
	return nil
}
