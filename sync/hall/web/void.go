package web

import (
	"cmp"
	"net/http"
	"time"

	"hallpass/sync/hall"
	"hallpass/sync/record"
)

// VoidRequest names a badge by its id, its short code or what its QR code holds.
type VoidRequest struct {
	Badge  string `json:"badge"`
	Reason string `json:"reason"`
}

// VoidReply is a badge that is worth nothing.
type VoidReply struct {
	Badge        record.BadgeID        `json:"badge"`
	Registration record.RegistrationID `json:"registration"`
	Issue        uint16                `json:"issue"`
	ShortCode    string                `json:"short_code"`
	State        record.BadgeState     `json:"state"`
	Reason       string                `json:"reason"` // empty: a newer issue took its place
	At           *time.Time            `json:"at"`     // null likewise
	Fresh        bool                  `json:"fresh"`  // false: it was void before
}

// void takes the badge in the body: what a QR code holds has no business in an
// address (P8).
func (a *API) void(w http.ResponseWriter, r *http.Request) error {
	return a.voided(w, r, "")
}

// voidBadge takes the badge of the path, by its id or short code.
func (a *API) voidBadge(w http.ResponseWriter, r *http.Request) error {
	return a.voided(w, r, r.PathValue("id"))
}

func (a *API) voided(w http.ResponseWriter, r *http.Request, named string) error {
	p, err := a.may(r, hall.ActCorrect)
	if err != nil {
		return err
	}
	form, err := read[VoidRequest](r)
	if err != nil {
		return err
	}
	done, err := a.hall.Void(r.Context(), p, hall.VoidOrder{Badge: cmp.Or(named, form.Badge), Reason: form.Reason})
	if err != nil {
		return err
	}
	out := VoidReply{
		Badge: done.ID, Registration: done.Registration, Issue: done.Issue, ShortCode: done.ShortCode,
		State: record.BadgeVoided, Fresh: done.Fresh,
	}
	if !done.Voided.IsZero() {
		at := done.Voided.Time()
		out.At, out.Reason = &at, done.Reason.Value
	}
	reply(w, http.StatusOK, out)
	return nil
}
