package web

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/record"
	"hallpass/sync/record/roster"
	"hallpass/sync/record/showfile"
)

// ImportRequest is a list of pre-registrations as the control socket takes it.
type ImportRequest struct {
	List     []byte            `json:"list"` // the file as it is
	Columns  map[string]string `json:"columns,omitempty"`
	Key      string            `json:"key,omitempty"`
	Category record.CategoryID `json:"category,omitempty"`
	DryRun   bool              `json:"dry_run,omitempty"`
}

const (
	maxList  = 512 << 20 // a million lines of some 300 bytes, in base64
	listTime = 30 * time.Minute
)

// large is handle for what takes long or is larger than a form.
func (a *API) large(f handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		deadline, control := time.Now().Add(listTime), http.NewResponseController(w)
		// Only an answer that is kept in memory has no deadlines.
		_ = errors.Join(control.SetReadDeadline(deadline), control.SetWriteDeadline(deadline))
		r.Body = http.MaxBytesReader(w, r.Body, maxList)
		if err := f(w, r); err != nil {
			a.refuse(w, r, err)
		}
	})
}

func (a *API) importList(w http.ResponseWriter, r *http.Request) error {
	order, err := read[ImportRequest](r)
	if err != nil {
		return err
	}
	report, err := a.hall.Preregister(r.Context(), bytes.NewReader(order.List), hall.ImportOrder{
		Options: roster.Options{Columns: order.Columns, Key: order.Key, Category: order.Category}, DryRun: order.DryRun,
	})
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, report)
	return nil
}

// setShow takes a show file.
func (a *API) setShow(w http.ResponseWriter, r *http.Request) error {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return fault.Wrap(fault.Invalid, "The request broke off.", err)
	}
	show, err := showfile.Parse(data)
	if err != nil {
		return err
	}
	if err := a.hall.Set(r.Context(), show); err != nil {
		return err
	}
	reply(w, http.StatusOK, map[string]record.ShowID{"id": show.ID})
	return nil
}

func (a *API) getShow(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	_, err := w.Write(append(showfile.Format(a.hall.Show()), '\n'))
	return err
}

// erase takes a visitor's data out, everywhere; 200 as soon as this hall has
// done so, with how far it has come elsewhere.
func (a *API) erase(w http.ResponseWriter, r *http.Request) error {
	p, err := a.may(r, hall.ActErase)
	if err != nil {
		return err
	}
	if err := a.hall.Erase(r.Context(), p, record.RegistrationID(r.PathValue("id"))); err != nil {
		return err
	}
	return a.erasures(w, r)
}

type erasureForm struct {
	Registration record.RegistrationID `json:"registration"`
	At           time.Time             `json:"at"`
	Done         []record.NodeID       `json:"done"`    // kiosks that hold nothing more
	Missing      []missingForm         `json:"missing"` // kiosks in service that have not said so
}

type missingForm struct {
	Node record.NodeID `json:"node"`
	Name string        `json:"name"`
}

// erasures lists all, or the one in the path.
func (a *API) erasures(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.may(r, hall.ActErase); err != nil {
		return err
	}
	list, err := a.hall.Erasures(r.Context())
	if err != nil {
		return err
	}
	forms := []erasureForm{}
	for _, e := range list {
		if id := r.PathValue("id"); id != "" && id != string(e.Registration) {
			continue
		}
		form := erasureForm{e.Registration, e.At.Time(), []record.NodeID{}, []missingForm{}}
		for _, done := range e.Done {
			form.Done = append(form.Done, done.Node)
		}
		for _, node := range e.Missing {
			form.Missing = append(form.Missing, missingForm{node.ID, node.Name})
		}
		forms = append(forms, form)
	}
	reply(w, http.StatusOK, struct {
		Erasures []erasureForm `json:"erasures"`
	}{forms})
	return nil
}
