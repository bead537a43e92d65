package web

import (
	"net/http"
	"sync"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// known says whether somebody has registered with a form's mobile number or
// e-mail address; never who, nor with which of the two.
func (s *Server) known(w http.ResponseWriter, r *http.Request) error {
	var form registerForm
	if err := receive(w, r, &form); err != nil {
		return err
	}
	known, err := s.Desk.Known(r.Context(), form.form())
	if err != nil {
		return err
	}
	send(w, http.StatusOK, map[string]bool{"known": known})
	return nil
}

type expectedForm struct {
	Code     string                      `json:"code"` // in its normal form, for the registration
	Category record.CategoryID           `json:"category"`
	Fields   map[record.FieldName]string `json:"fields"`
	Answers  map[record.QuestionID]any   `json:"answers"`
}

// expected gives what is known in advance of the visitor who brings a code, as
// far as the show asks for it. The code comes in the body, because addresses are
// logged (P8).
func (s *Server) expected(w http.ResponseWriter, r *http.Request) error {
	var form struct {
		Code string `json:"code"`
	}
	if err := receive(w, r, &form); err != nil {
		return err
	}
	if err := s.codes.enter(time.Now()); err != nil {
		return err
	}
	known, err := s.Desk.Expected(r.Context(), form.Code)
	if fault.CodeOf(err) == fault.NotFound {
		s.codes.failed(time.Now())
	}
	if err != nil {
		return err
	}
	show := s.Desk.Store.Show()
	out := expectedForm{
		Code: known.Code, Category: known.Category.Value,
		Fields: map[record.FieldName]string{}, Answers: map[record.QuestionID]any{},
	}
	for _, rule := range show.Fields {
		if text := known.Field(rule.Name); text != "" {
			out.Fields[rule.Name] = text
		}
	}
	for _, q := range show.Questions {
		if a, ok := known.Answers[q.ID]; ok && a.Text != "" {
			out.Answers[q.ID] = a.Text
		} else if ok {
			out.Answers[q.ID] = list(a.Picks)
		}
	}
	send(w, http.StatusOK, out)
	return nil
}

// codeDoor slows down whoever tries codes: each opens somebody's form (P7).
type codeDoor struct {
	mu    sync.Mutex
	wrong []time.Time // guarded by mu
}

const mostWrong = 10 // codes in wrongSpan

func (d *codeDoor) enter(now time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for len(d.wrong) > 0 && now.Sub(d.wrong[0]) > wrongSpan {
		d.wrong = d.wrong[1:]
	}
	if len(d.wrong) >= mostWrong {
		return fault.New(fault.TooMany, "Too many wrong codes. Wait a minute, or ask at the desk.")
	}
	return nil
}

func (d *codeDoor) failed(now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wrong = append(d.wrong, now)
}
