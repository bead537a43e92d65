package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"hallpass/kiosk"
	"hallpass/sync/record"
)

type registerForm struct {
	Fields   map[record.FieldName]string      `json:"fields"`
	Category record.CategoryID                `json:"category"`
	Answers  map[record.QuestionID]answerForm `json:"answers"`
	Consents map[record.ConsentID]bool        `json:"consents"`
	Source   record.Source                    `json:"source"`
	Card     string                           `json:"card"`
}

// answerForm is a list of option ids, or a text.
type answerForm record.Answer

func (a *answerForm) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, &a.Picks); err == nil {
		return nil
	}
	return json.Unmarshal(data, &a.Text)
}

func (f registerForm) form() kiosk.Form {
	answers := make(map[record.QuestionID]record.Answer, len(f.Answers))
	for id, a := range f.Answers {
		answers[id] = record.Answer(a)
	}
	return kiosk.Form{Fields: f.Fields, Category: f.Category, Answers: answers, Consents: f.Consents, Source: f.Source, Card: f.Card}
}

type registeredForm struct {
	ID        record.RegistrationID `json:"id"`
	ShortCode string                `json:"short_code"`
	Token     string                `json:"token"`
	Badge     badgeForm             `json:"badge"`
}

type badgeForm struct {
	ID        record.BadgeID    `json:"id"`
	Issue     uint16            `json:"issue"`
	State     record.BadgeState `json:"state"`
	Reason    string            `json:"reason"`
	Printer   string            `json:"printer"`
	ShortCode string            `json:"short_code"`
}

func (s *Server) badge(e kiosk.Entry) badgeForm {
	b, p := e.Current(), s.Desk.Progress(e)
	return badgeForm{b.ID, b.Issue, p.State, p.Reason, p.Printer, b.ShortCode}
}

// register answers 201 after the commit. A repeat gets the same body with 200:
// the first issue as it was reserved; how far it is since then is GET's answer.
func (s *Server) register(w http.ResponseWriter, r *http.Request) error {
	var form registerForm
	if err := receive(w, r, &form); err != nil {
		return err
	}
	e, fresh, err := s.Desk.Register(r.Context(), r.Header.Get("Idempotency-Key"), form.form())
	if err != nil {
		return err
	}
	b := e.Badges[0]
	status := http.StatusOK
	if fresh {
		status = http.StatusCreated
	}
	w.Header().Set("Location", "/api/v1/registrations/"+string(e.Registration.ID))
	send(w, status, registeredForm{
		ID: e.Registration.ID, ShortCode: b.ShortCode, Token: b.Token,
		Badge: badgeForm{ID: b.ID, Issue: b.Issue, State: record.BadgeReserved, ShortCode: b.ShortCode},
	})
	return nil
}

type entryForm struct {
	ID       record.RegistrationID       `json:"id"`
	Created  string                      `json:"created"`
	Category record.CategoryID           `json:"category"`
	Fields   map[record.FieldName]string `json:"fields"`
	Badge    badgeForm                   `json:"badge"`
}

func (s *Server) entry(e kiosk.Entry) entryForm {
	fields := make(map[record.FieldName]string, len(e.Registration.Fields))
	for name, field := range e.Registration.Fields {
		fields[name] = field.Value
	}
	return entryForm{
		ID: e.Registration.ID, Created: e.Registration.Created.Time().Format(time.RFC3339),
		Category: e.Registration.Category.Value, Fields: fields, Badge: s.badge(e),
	}
}

// registration finds by id or by short code.
func (s *Server) registration(w http.ResponseWriter, r *http.Request) error {
	e, err := s.Desk.Find(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	send(w, http.StatusOK, s.entry(e))
	return nil
}

func (s *Server) reprint(w http.ResponseWriter, r *http.Request) error {
	var form struct {
		Reason string `json:"reason"`
	}
	if err := receive(w, r, &form); err != nil {
		return err
	}
	e, err := s.Desk.Reprint(r.Context(), record.RegistrationID(r.PathValue("id")), form.Reason)
	if err != nil {
		return err
	}
	send(w, http.StatusOK, s.entry(e))
	return nil
}

// heartbeat keeps a quiet stream open and finds readers that are gone.
const heartbeat = 15 * time.Second

type progressForm struct {
	State   record.BadgeState `json:"state"`
	Reason  string            `json:"reason"`
	Printer string            `json:"printer"`
}

// events streams a badge's progress (WHATWG HTML §9.2) until it is final.
func (s *Server) events(w http.ResponseWriter, r *http.Request) error {
	news, err := s.Desk.Watch(r.Context(), record.RegistrationID(r.PathValue("id")))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/event-stream")
	stream := http.NewResponseController(w)
	_ = stream.SetReadDeadline(time.Time{}) // the body was read; the stream lives long
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		text := ": still here\n\n"
		var final bool
		select {
		case p, ok := <-news:
			if !ok {
				return nil // too slow, or the kiosk stops: the page asks again
			}
			data, err := json.Marshal(progressForm(p))
			if err != nil {
				panic(fmt.Sprintf("web: %v", err)) // three strings always marshal
			}
			text, final = "event: badge\ndata: "+string(data)+"\n\n", p.Final()
		case <-beat.C:
		}
		_ = stream.SetWriteDeadline(time.Now().Add(heartbeat))
		if _, err := w.Write([]byte(text)); err != nil || stream.Flush() != nil || final {
			return nil // gone, or done
		}
	}
}
