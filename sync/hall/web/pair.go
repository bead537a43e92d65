package web

import (
	"context"
	"encoding/hex"
	"net/http"

	"hallpass/sync/record"
	"hallpass/sync/wire"
)

func (a *API) pairKiosk(w http.ResponseWriter, r *http.Request) error {
	request, err := read[wire.PairRequest](r)
	if err != nil {
		return err
	}
	answer, err := a.hall.PairKiosk(r.Context(), caller(r), request)
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, answer)
	return nil
}

type pairForm struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

type deviceForm struct {
	Device    record.DeviceID `json:"device"`
	Key       string          `json:"key"`
	Exhibitor *exhibitorForm  `json:"exhibitor,omitempty"` // of a phone
	Gate      *gateForm       `json:"gate,omitempty"`      // of a reader
}

type gateForm struct {
	ID        record.GateID `json:"id"`
	Name      record.Text   `json:"name"`
	Hall      string        `json:"hall"`
	Direction string        `json:"direction"` // in, out or both
}

type exhibitorForm struct {
	ID    record.ExhibitorID `json:"id"`
	Name  record.Text        `json:"name"`
	Hall  string             `json:"hall"`
	Booth string             `json:"booth"`
}

func (a *API) pairDevice(w http.ResponseWriter, r *http.Request) error {
	form, err := read[pairForm](r)
	if err != nil {
		return err
	}
	device, key, err := a.hall.PairDevice(r.Context(), caller(r), form.Code, form.Name)
	if err != nil {
		return err
	}
	answer := deviceForm{Device: device.ID, Key: key}
	if device.Gate != "" {
		answer.Gate = a.gate(device.Gate)
	} else {
		answer.Exhibitor = a.exhibitor(device.Exhibitor)
	}
	reply(w, http.StatusOK, answer)
	return nil
}

func (a *API) exhibitor(id record.ExhibitorID) *exhibitorForm {
	for _, e := range a.hall.Show().Exhibitors {
		if e.ID == id {
			return (*exhibitorForm)(&e)
		}
	}
	return &exhibitorForm{ID: id, Name: record.Text{}}
}

func (a *API) gate(id record.GateID) *gateForm {
	for _, g := range a.hall.Show().Gates {
		if g.ID == id {
			return (*gateForm)(&g)
		}
	}
	return &gateForm{ID: id, Name: record.Text{}}
}

// guest is a connection whose first frame tells who it is.
type guest struct {
	*wire.Conn
	met func()
}

func (g guest) Receive(ctx context.Context) (wire.Frame, error) {
	defer g.met()
	return g.Conn.Receive(ctx)
}

// link is a kiosk's websocket. Who calls is for the first frame to prove.
func (a *API) link(w http.ResponseWriter, r *http.Request) {
	met, err := a.hall.Expect(caller(r))
	if err != nil {
		a.refuse(w, r, err)
		return
	}
	defer met()
	nonce := wire.NewNonce()
	conn, err := wire.Accept(w, r, http.Header{wire.NonceHeader: {nonce.String()}})
	if err != nil {
		a.log.Debug("link refused", "err", err) // answered already
		return
	}
	_ = a.hall.Serve(r.Context(), guest{conn, met}, nonce) // it has told the kiosk and the log
}

// keysForm is all that it takes to tell genuine badges from others without
// asking, as package badge/token specifies; of what was said, none is secret.
type keysForm struct {
	Show       record.ShowID `json:"show"`
	Hall       string        `json:"hall"` // Ed25519 public key, hexadecimal
	Statements []string      `json:"statements"`
}

func (a *API) statements(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.principal(r); err != nil {
		return err
	}
	known := a.hall.Keys()
	reply(w, http.StatusOK, keysForm{known.Show, hex.EncodeToString(known.Hall), known.Statements()})
	return nil
}

type showForm struct {
	ID        record.ShowID `json:"id"`
	Edition   string        `json:"edition"`
	Name      record.Text   `json:"name"`
	Accent    string        `json:"accent"`
	Languages []string      `json:"languages"`
	Timezone  string        `json:"timezone"`
	Rehearsal bool          `json:"rehearsal"`
}

func (a *API) show(w http.ResponseWriter, _ *http.Request) error {
	s := a.hall.Show()
	reply(w, http.StatusOK, showForm{s.ID, s.Edition, s.Name, s.Accent, s.Languages, s.Timezone, s.Rehearsal})
	return nil
}
