package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
	"sync"
	"time"

	"hallpass/kiosk"
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

type badgeForm struct {
	ID        record.BadgeID    `json:"id"`
	Issue     uint16            `json:"issue"`
	State     record.BadgeState `json:"state"`
	Reason    string            `json:"reason"`
	Printer   string            `json:"printer"`
	Place     string            `json:"place"`
	Away      bool              `json:"away"`
	ShortCode string            `json:"short_code"`
}

func (s *Server) badge(e kiosk.Entry) badgeForm {
	b, p := e.Current(), s.Desk.Progress(e)
	return badgeForm{b.ID, b.Issue, p.State, p.Reason, p.Printer, p.Place, p.Away, b.ShortCode}
}

// staffDoor lets the desk's staff in by their code, and slows down who tries.
type staffDoor struct {
	mu    sync.Mutex
	wrong []time.Time // guarded by mu
}

const (
	wrongCodes = 5 // in
	wrongSpan  = time.Minute
)

// enter refuses a code that is not the desk's.
func (d *staffDoor) enter(code, given string, now time.Time) error {
	if code == "" {
		return fault.New(fault.AuthDenied, "This kiosk has no staff code. Start it with -staff-code.").WithField("staff-code")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for len(d.wrong) > 0 && now.Sub(d.wrong[0]) > wrongSpan {
		d.wrong = d.wrong[1:]
	}
	if len(d.wrong) >= wrongCodes {
		return fault.New(fault.TooMany, "Too many wrong staff codes. Wait a minute.")
	}
	want, got := sha256.Sum256([]byte(code)), sha256.Sum256([]byte(given))
	if subtle.ConstantTimeCompare(want[:], got[:]) == 1 {
		return nil
	}
	d.wrong = append(d.wrong, now)
	return fault.New(fault.AuthDenied, "This is not the staff code.")
}

// who says who asks for something about a registration: staff, with
// "Authorization: Bearer" and their code, or the visitor of the screen that
// registered it, with the Idempotency-Key that only that screen knows.
func (s *Server) who(r *http.Request) (kiosk.Who, record.RegistrationID, error) {
	id := record.RegistrationID(r.PathValue("id"))
	if _, ok := bearer(r); ok {
		return kiosk.Staff, id, s.staff(r)
	}
	return kiosk.Visitor, id, s.Desk.Session(r.Context(), id, r.Header.Get("Idempotency-Key"))
}

// act answers with the entry after fn, which one asked who may.
func (s *Server) act(w http.ResponseWriter, r *http.Request, form any, fn func(record.RegistrationID, kiosk.Who) (kiosk.Entry, error)) error {
	who, id, err := s.who(r)
	if err != nil {
		return err
	}
	if err := receive(w, r, form); err != nil {
		return err
	}
	e, err := fn(id, who)
	if err != nil {
		return err
	}
	send(w, http.StatusOK, s.entry(e))
	return nil
}

// reprint prints a failed badge again, or another in place of one.
func (s *Server) reprint(w http.ResponseWriter, r *http.Request) error {
	var form struct {
		Reason string `json:"reason"`
	}
	return s.act(w, r, &form, func(id record.RegistrationID, who kiosk.Who) (kiosk.Entry, error) {
		return s.Desk.Reprint(r.Context(), id, form.Reason, who)
	})
}

// confirm takes a person's word on whether a badge came out.
func (s *Server) confirm(w http.ResponseWriter, r *http.Request) error {
	var form struct {
		Out *bool `json:"out"`
	}
	return s.act(w, r, &form, func(id record.RegistrationID, who kiosk.Who) (kiosk.Entry, error) {
		if form.Out == nil {
			return kiosk.Entry{}, fault.New(fault.Invalid, "Say whether the badge came out.").WithField("out")
		}
		return s.Desk.Confirm(r.Context(), id, *form.Out, who)
	})
}

// void makes a badge worthless at once.
func (s *Server) void(w http.ResponseWriter, r *http.Request) error {
	var form struct {
		Reason string `json:"reason"`
	}
	return s.act(w, r, &form, func(id record.RegistrationID, who kiosk.Who) (kiosk.Entry, error) {
		return s.Desk.Void(r.Context(), id, form.Reason, who)
	})
}

// correct changes what a badge says.
func (s *Server) correct(w http.ResponseWriter, r *http.Request) error {
	var form registerForm
	return s.act(w, r, &form, func(id record.RegistrationID, who kiosk.Who) (kiosk.Entry, error) {
		return s.Desk.Correct(r.Context(), id, form.form(), who)
	})
}

// bearer is the code that a request carries.
func bearer(r *http.Request) (string, bool) {
	return strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
}

// staff refuses a request without the staff's code.
func (s *Server) staff(r *http.Request) error {
	code, _ := bearer(r)
	return s.door.enter(s.StaffCode, code, time.Now())
}

type stepForm struct {
	At      string            `json:"at"`
	Badge   record.BadgeID    `json:"badge"`
	Issue   uint16            `json:"issue"`
	State   record.BadgeState `json:"state"`
	Printer string            `json:"printer"`
	Reason  string            `json:"reason"`
}

// steps is the log of a registration's badges, for staff: how each issue came
// to where it is.
func (s *Server) steps(w http.ResponseWriter, r *http.Request) error {
	who, id, err := s.who(r)
	if err != nil {
		return err
	}
	if who != kiosk.Staff {
		return fault.New(fault.AuthDenied, "Please ask at the desk.")
	}
	e, err := s.Desk.Find(r.Context(), string(id))
	if err != nil {
		return err
	}
	send(w, http.StatusOK, map[string]any{"id": e.Registration.ID, "steps": stepsOf(e)})
	return nil
}

// stepsOf is what happened to all issues, the first first.
func stepsOf(e kiosk.Entry) []stepForm {
	out := []stepForm{}
	for _, b := range e.Badges {
		for _, st := range b.Steps {
			out = append(out, stepForm{st.At.Format(time.RFC3339Nano), b.ID, b.Issue, st.State, st.Printer, st.Reason})
		}
	}
	return out
}
