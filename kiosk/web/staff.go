package web

import (
	"encoding/json"
	"net/http"
	"strconv"

	"hallpass/kiosk"
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// How much one screen shows.
const (
	maxHits  = 12
	maxNeeds = 8
)

// overviewForm is what desk staff see first: which badges need them, the
// printers, and what is not yet at the hall.
type overviewForm struct {
	Status  statusForm  `json:"status"`
	Sync    syncForm    `json:"sync"`
	Needs   []staffForm `json:"needs"`
	Reasons []string    `json:"reasons"` // that staff may give for another badge
}

// syncForm is how far the hall is; hall_since and acked_at are null where that
// is not known.
type syncForm struct {
	Hall      string  `json:"hall"`
	HallSince *string `json:"hall_since"`
	Unsent    uint64  `json:"unsent"`
	AckedAt   *string `json:"acked_at"`
	SkewMS    int64   `json:"skew_ms"` // the hall's clock minus ours
}

// staffForm is a registration as staff see it, with all that a correction must
// send back.
type staffForm struct {
	entryForm
	Source   record.Source                    `json:"source"`
	Answers  map[record.QuestionID]answerForm `json:"answers"`
	Consents map[record.ConsentID]bool        `json:"consents"`
	Asked    int                              `json:"asked"` // issues that people had replaced
	Left     int                              `json:"left"`  // how many more staff may
	Steps    []stepForm                       `json:"steps"`
}

func (s *Server) staffEntry(e kiosk.Entry) staffForm {
	form := staffForm{
		entryForm: s.entry(e), Source: e.Registration.Source, Steps: stepsOf(e),
		Answers: map[record.QuestionID]answerForm{}, Consents: map[record.ConsentID]bool{},
	}
	form.Asked, form.Left = e.Reprints(kiosk.Staff)
	for id, a := range e.Registration.Answers {
		form.Answers[id] = answerForm(a)
	}
	for id, c := range e.Registration.Consents {
		form.Consents[id] = c.Given
	}
	return form
}

func (s *Server) staffEntries(all []kiosk.Entry) []staffForm {
	out := []staffForm{}
	for _, e := range all {
		out = append(out, s.staffEntry(e))
	}
	return out
}

// overview is the staff's first screen.
func (s *Server) overview(w http.ResponseWriter, r *http.Request) error {
	if err := s.staff(r); err != nil {
		return err
	}
	node, err := s.Node(r.Context())
	if err != nil {
		return err
	}
	status, err := s.standing(r.Context())
	if err != nil {
		return err
	}
	needs, err := s.Desk.NeedsHelp(r.Context(), maxNeeds)
	if err != nil {
		return err
	}
	send(w, http.StatusOK, overviewForm{
		Status: status, Needs: s.staffEntries(needs), Reasons: kiosk.Staff.Reasons(),
		Sync: syncForm{node.Hall, moment(node.HallSince), status.Unsent, moment(node.AckedAt), node.Skew.Milliseconds()},
	})
	return nil
}

// codeForm is what a badge's QR code is worth, and whose issue it is.
type codeForm struct {
	Reason   string `json:"reason"` // a token.Reason; empty: it counts, as far as this kiosk knows
	Issue    uint16 `json:"issue"`
	Category string `json:"category"`
	Doubtful bool   `json:"doubtful"`
}

type hitsForm struct {
	Found []staffForm `json:"found"`
	Code  *codeForm   `json:"code"` // null: the text was no QR code
}

// search finds a person for staff. The text is in the body: a name has no
// business in an address (P8).
func (s *Server) search(w http.ResponseWriter, r *http.Request) error {
	if err := s.staff(r); err != nil {
		return err
	}
	var form struct {
		Text string `json:"text"`
	}
	if err := receive(w, r, &form); err != nil {
		return err
	}
	found, judged, err := s.Desk.Search(r.Context(), form.Text, maxHits)
	if err != nil {
		return err
	}
	out := hitsForm{Found: s.staffEntries(found)}
	if judged != nil {
		out.Code = &codeForm{string(judged.Reason), judged.Claims.Issue, judged.Claims.Category, judged.Doubtful}
	}
	send(w, http.StatusOK, out)
	return nil
}

// person is one registration for staff.
func (s *Server) person(w http.ResponseWriter, r *http.Request) error {
	if err := s.staff(r); err != nil {
		return err
	}
	e, err := s.Desk.Find(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	send(w, http.StatusOK, s.staffEntry(e))
	return nil
}

// roll notes what was put into a printer of the pool, by its place in the
// status.
func (s *Server) roll(w http.ResponseWriter, r *http.Request) error {
	if err := s.staff(r); err != nil {
		return err
	}
	var form struct {
		Labels int `json:"labels"`
	}
	if err := receive(w, r, &form); err != nil {
		return err
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		return fault.New(fault.NotFound, "The kiosk has no such printer.")
	}
	if err := s.Desk.NewRoll(r.Context(), n, form.Labels); err != nil {
		return err
	}
	return s.status(w, r)
}

// MarshalJSON is the form that registerForm reads.
func (a answerForm) MarshalJSON() ([]byte, error) {
	if len(a.Picks) > 0 {
		return json.Marshal(a.Picks)
	}
	return json.Marshal(a.Text)
}
