package web

import (
	"net/http"
	"strconv"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/record"
)

// refusalForm is a change in quarantine: whose it is and why it was refused,
// never what it says (P8).
type refusalForm struct {
	ID        string        `json:"id"`
	Node      record.NodeID `json:"node"`
	Kiosk     string        `json:"kiosk"`
	Epoch     record.Epoch  `json:"epoch"`
	Seq       uint64        `json:"seq"`
	Kind      record.Kind   `json:"kind"`
	Code      string        `json:"code"`
	Reason    string        `json:"reason"`
	At        time.Time     `json:"at"` // when it was refused
	Bytes     int           `json:"bytes"`
	Discarded *discardForm  `json:"discarded"` // null while it waits
}

type discardForm struct {
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}

func (a *API) quarantine(w http.ResponseWriter, r *http.Request) error {
	p, err := a.may(r, hall.ActDecide)
	if err != nil {
		return err
	}
	state := r.URL.Query().Get("state")
	if state != "" && state != "waiting" && state != "discarded" {
		return fault.New(fault.Invalid, `"state" is waiting or discarded.`).WithField("state")
	}
	after, limit, err := page(r)
	if err != nil {
		return err
	}
	list, next, err := a.hall.Quarantine(r.Context(), p, state == "discarded", after, limit)
	if err != nil {
		return err
	}
	forms := make([]refusalForm, len(list))
	for i, q := range list {
		forms[i] = refusalForm{
			ID: strconv.FormatUint(q.Place, 10), Node: q.Node, Kiosk: a.hall.NodeName(q.Node), Epoch: q.Epoch, Seq: q.Seq,
			Kind: q.Kind, Code: q.Code, Reason: q.Reason, At: q.At, Bytes: len(q.Payload),
		}
		if d := q.Discarded; d != nil {
			forms[i].Discarded = &discardForm{d.By, d.At, d.Why}
		}
	}
	reply(w, http.StatusOK, struct {
		Quarantine []refusalForm `json:"quarantine"`
		Next       string        `json:"next"`
	}{forms, cursor(next)})
	return nil
}

// retriedForm tells how many were taken in and how many are refused as before.
type retriedForm struct {
	Taken int `json:"taken"`
	Left  int `json:"left"`
}

func (a *API) retry(w http.ResponseWriter, r *http.Request) error {
	p, at, err := a.refusal(r)
	if err != nil {
		return err
	}
	if err := a.hall.Retry(r.Context(), p, at); err != nil {
		return err
	}
	reply(w, http.StatusOK, retriedForm{Taken: 1})
	return nil
}

func (a *API) retryAll(w http.ResponseWriter, r *http.Request) error {
	p, err := a.may(r, hall.ActDecide)
	if err != nil {
		return err
	}
	taken, left, err := a.hall.RetryAll(r.Context(), p)
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, retriedForm{taken, left})
	return nil
}

func (a *API) discard(w http.ResponseWriter, r *http.Request) error {
	p, at, err := a.refusal(r)
	if err != nil {
		return err
	}
	form, err := read[struct {
		Reason string `json:"reason"`
	}](r)
	if err != nil {
		return err
	}
	if err := a.hall.Discard(r.Context(), p, at, form.Reason); err != nil {
		return err
	}
	reply(w, http.StatusOK, struct{}{})
	return nil
}

// refusal is who asks for which change in quarantine.
func (a *API) refusal(r *http.Request) (hall.Principal, uint64, error) {
	p, err := a.may(r, hall.ActDecide)
	if err != nil {
		return p, 0, err
	}
	at, err := strconv.ParseUint(r.PathValue("id"), 10, 64)
	if err != nil {
		return p, 0, fault.New(fault.NotFound, "Nothing stands there in quarantine.")
	}
	return p, at, nil
}
