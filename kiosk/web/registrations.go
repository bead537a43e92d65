package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"net/http"
	"net/url"
	"strings"
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
	Code     string                           `json:"code"`
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
	return kiosk.Form{Fields: f.Fields, Category: f.Category, Answers: answers, Consents: f.Consents, Source: f.Source, Card: f.Card, Code: f.Code}
}

type registeredForm struct {
	ID        record.RegistrationID `json:"id"`
	ShortCode string                `json:"short_code"`
	Token     string                `json:"token"`
	Badge     badgeForm             `json:"badge"`
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

// previewDPI is fine enough for the largest screen: an A6 badge has 600 dots
// across.
const previewDPI = 145

// missingHeader is what no font has, percent-encoded, one after the other.
const missingHeader = "Hallpass-Missing"

// preview draws the badge that a form would give, as PNG; nothing is kept.
func (s *Server) preview(w http.ResponseWriter, r *http.Request) error {
	var form registerForm
	if err := receive(w, r, &form); err != nil {
		return err
	}
	proof, err := s.Desk.Preview(form.form(), previewDPI)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, proof.Front); err != nil {
		return fmt.Errorf("encode preview: %w", err)
	}
	w.Header().Set("Content-Type", "image/png")
	if len(proof.Missing) > 0 {
		w.Header().Set(missingHeader, url.PathEscape(strings.Join(proof.Missing, " ")))
	}
	_, _ = w.Write(out.Bytes()) // a reader that went away is no news
	return nil
}

// heartbeat keeps a quiet stream open and finds readers that are gone.
const heartbeat = 15 * time.Second

type progressForm struct {
	State   record.BadgeState `json:"state"`
	Reason  string            `json:"reason"`
	Printer string            `json:"printer"`
	Place   string            `json:"place"`
	Away    bool              `json:"away"`
	Issue   uint16            `json:"issue"`
}

// events streams a badge's progress (WHATWG HTML §9.2) until it is final.
func (s *Server) events(w http.ResponseWriter, r *http.Request) error {
	news, err := s.Desk.Watch(r.Context(), record.RegistrationID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return stream(w, news, func(p kiosk.Progress) (event, error) {
		return event{"badge", progressForm(p), p.Final()}, nil
	})
}

// event is one message of a stream; after the last it ends.
type event struct {
	name string
	form any
	last bool
}

// stream sends what news bring until they end, the reader is gone, or the last
// event is sent.
func stream[N any](w http.ResponseWriter, news <-chan N, form func(N) (event, error)) error {
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	_ = out.SetReadDeadline(time.Time{}) // the body was read; the stream lives long
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		text, last := ": still here\n\n", false
		select {
		case n, ok := <-news:
			if !ok {
				return nil // too slow, or the kiosk stops: the page asks again
			}
			e, err := form(n)
			if err != nil {
				return nil // what was sent stands; the page asks again
			}
			data, err := json.Marshal(e.form)
			if err != nil {
				panic(fmt.Sprintf("web: %v", err)) // strings and numbers always marshal
			}
			text, last = "event: "+e.name+"\ndata: "+string(data)+"\n\n", e.last
		case <-beat.C:
		}
		_ = out.SetWriteDeadline(time.Now().Add(heartbeat))
		if _, err := w.Write([]byte(text)); err != nil || out.Flush() != nil || last {
			return nil // gone, or done
		}
	}
}
