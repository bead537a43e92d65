package web

import (
	"net/http"
	"time"

	"hallpass/sync/record"
)

type statusForm struct {
	Node      string        `json:"node"`
	Epoch     string        `json:"epoch"`
	LastSeq   uint64        `json:"last_seq"`
	AckedSeq  uint64        `json:"acked_seq"`
	Unsent    uint64        `json:"unsent"`
	Hall      string        `json:"hall"`
	Printer   printerForm   `json:"printer"`
	Version   string        `json:"version"`
	Reader    string        `json:"reader"`
	Show      record.ShowID `json:"show"`
	LastBadge *string       `json:"last_badge"`
}

type printerForm struct {
	Name    string   `json:"name,omitempty"`
	State   string   `json:"state"`
	Reasons []string `json:"reasons"`
	Jobs    int      `json:"jobs"`
}

func (s *Server) status(w http.ResponseWriter, r *http.Request) error {
	node, err := s.Node(r.Context())
	if err != nil {
		return err
	}
	press, err := s.Desk.Press(r.Context())
	if err != nil {
		return err
	}
	form := statusForm{
		Node: node.Node, Epoch: node.Epoch, LastSeq: node.LastSeq, AckedSeq: node.AckedSeq,
		Unsent: node.LastSeq - min(node.AckedSeq, node.LastSeq), Hall: node.Hall,
		Printer: printerForm{press.Name, press.State, list(press.Reasons), press.Jobs},
		Version: s.Version, Reader: s.Reader, Show: s.Desk.Store.Show().ID,
	}
	if !node.LastBadge.IsZero() {
		at := node.LastBadge.Format(time.RFC3339)
		form.LastBadge = &at
	}
	send(w, http.StatusOK, form)
	return nil
}

// list is never null in JSON.
func list[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}

type showForm struct {
	ID          record.ShowID  `json:"id"`
	Edition     string         `json:"edition"`
	Name        record.Text    `json:"name"`
	Accent      string         `json:"accent"`
	Languages   []string       `json:"languages"`
	Timezone    string         `json:"timezone"`
	IdleSeconds int            `json:"idle_seconds"`
	Categories  []categoryForm `json:"categories"`
	Questions   []questionForm `json:"questions"`
	Consents    []consentForm  `json:"consents"`
	Fields      []ruleForm     `json:"fields"`
	OCR         bool           `json:"ocr"`
}

type categoryForm struct {
	ID     record.CategoryID `json:"id"`
	Name   record.Text       `json:"name"`
	Colour string            `json:"colour"`
	Self   bool              `json:"self"`
}

type questionForm struct {
	ID         record.QuestionID   `json:"id"`
	Text       record.Text         `json:"text"`
	Kind       record.QuestionKind `json:"kind"`
	Options    []optionForm        `json:"options"`
	Required   bool                `json:"required"`
	Categories []record.CategoryID `json:"categories"`
}

type optionForm struct {
	ID   string      `json:"id"`
	Text record.Text `json:"text"`
}

type consentForm struct {
	ID        record.ConsentID   `json:"id"`
	Version   uint32             `json:"version"`
	Text      record.Text        `json:"text"`
	Required  bool               `json:"required"`
	Discloses []record.FieldName `json:"discloses"`
}

type ruleForm struct {
	Name     record.FieldName `json:"name"`
	Required bool             `json:"required"`
}

// show is what the page needs of the show; exhibitors and gates stay out.
func (s *Server) show(w http.ResponseWriter, _ *http.Request) error {
	show := s.Desk.Store.Show()
	form := showForm{
		ID: show.ID, Edition: show.Edition, Name: show.Name, Accent: show.Accent, Languages: list(show.Languages),
		Timezone: show.Timezone, IdleSeconds: int(show.Idle / time.Second), OCR: s.Desk.Reader != nil,
		Categories: convert(show.Categories, func(c record.Category) categoryForm { return categoryForm(c) }),
		Fields:     convert(show.Fields, func(f record.FieldRule) ruleForm { return ruleForm(f) }),
		Questions: convert(show.Questions, func(q record.Question) questionForm {
			return questionForm{
				ID: q.ID, Text: q.Text, Kind: q.Kind, Required: q.Required, Categories: list(q.Categories),
				Options: convert(q.Options, func(o record.Option) optionForm { return optionForm(o) }),
			}
		}),
		Consents: convert(show.Consents, func(c record.ConsentText) consentForm {
			return consentForm{c.ID, c.Version, c.Text, c.Required, list(c.Discloses)}
		}),
	}
	send(w, http.StatusOK, form)
	return nil
}

func convert[A, B any](in []A, to func(A) B) []B {
	out := make([]B, len(in))
	for i, a := range in {
		out[i] = to(a)
	}
	return out
}
