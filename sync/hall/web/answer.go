package web

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
)

// handler answers one request, or fails with what the asker is told.
type handler func(w http.ResponseWriter, r *http.Request) error

// Limits of one request. Streams set their own deadlines.
const (
	maxBody    = 64 << 10 // a form is 2 kB
	answerTime = 30 * time.Second
)

func (a *API) handle(f handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		deadline := time.Now().Add(answerTime)
		control := http.NewResponseController(w)
		// Only a recorder of a test has no deadlines; a real connection has.
		_ = errors.Join(control.SetReadDeadline(deadline), control.SetWriteDeadline(deadline))
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		w.Header().Set("Cache-Control", "no-store")
		if err := f(w, r); err != nil {
			a.refuse(w, r, err)
		}
	})
}

// refuse answers with the fault. Ours go to the log with their chain.
func (a *API) refuse(w http.ResponseWriter, r *http.Request, err error) {
	f := fault.From(err)
	status := fault.Status(f.Code)
	if status >= http.StatusInternalServerError && r.Context().Err() == nil {
		a.log.Error("request failed", "route", r.Pattern, "err", err)
	}
	if f.Code == fault.TooMany {
		w.Header().Set("Retry-After", "60")
	}
	reply(w, status, faultForm{Code: string(f.Code), Message: f.Message, Field: f.Field})
}

type faultForm struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Field   string `json:"field"`
}

// reply writes v as JSON. A reader that has gone away is nobody's fault.
func reply(w http.ResponseWriter, status int, v any) {
	data, err := json.Marshal(v)
	if err != nil { // our own forms always marshal
		panic(err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(data, '\n'))
}

// read decodes the body; keys of a later page are passed over.
func read[F any](r *http.Request) (form F, err error) {
	dec := json.NewDecoder(r.Body)
	err = dec.Decode(&form)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return form, fault.New(fault.TooLarge, "The request is larger than 64 kB.")
	case err != nil:
		return form, fault.Wrap(fault.Invalid, "The request is not the JSON expected here.", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return form, fault.New(fault.Invalid, "The request goes on after its JSON.")
	}
	return form, nil
}

// Pages of a listing.
const (
	defaultLimit = 100
	maxLimit     = 1000
)

// page reads ?after=CURSOR&limit=N. A cursor is what an answer's "next" held.
func page(r *http.Request) (after uint64, limit int, err error) {
	limit = defaultLimit
	if text := r.URL.Query().Get("after"); text != "" {
		if after, err = strconv.ParseUint(text, 10, 63); err != nil {
			return 0, 0, fault.New(fault.Invalid, `"after" is what "next" of the page before said.`).WithField("after")
		}
	}
	if text := r.URL.Query().Get("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > maxLimit {
			return 0, 0, fault.New(fault.Invalid, `"limit" is 1 to 1000.`).WithField("limit")
		}
	}
	return after, limit, nil
}

// cursor is the next page's "after"; empty at the very start of an empty list.
func cursor(next uint64) string {
	if next == 0 {
		return ""
	}
	return strconv.FormatUint(next, 10)
}

// caller is who asks; all connections of one address count together, and all
// addresses of one IPv6 network (RFC 4291 §2.5.4), which a single host may have.
func caller(r *http.Request) hall.Caller {
	from := hall.Caller{Address: r.RemoteAddr, TLS: r.TLS != nil}
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return from
	}
	address := at.Addr().Unmap().WithZone("")
	if network, err := address.Prefix(64); err == nil { // IPv4 has no such prefix
		address = network.Addr()
	}
	from.Address = address.String()
	return from
}

func unknown(http.ResponseWriter, *http.Request) error {
	return fault.New(fault.NotFound, "There is no such address here.")
}

func (a *API) health(w http.ResponseWriter, r *http.Request) error {
	if err := a.hall.Health(r.Context()); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := io.WriteString(w, "ok\n")
	return err
}
