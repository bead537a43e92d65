package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"hallpass/sync/fault"
)

// bodyTime is how long a request's body may take; it comes over loopback.
const bodyTime = 30 * time.Second

// answer turns a handler's error into the JSON of a fault and logs it once.
func (s *Server) answer(h func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Not every connection has deadlines (a test's recorder has none).
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTime))
		if err := h(w, r); err != nil {
			s.refuse(w, r, err)
		}
	})
}

type faultForm struct {
	Code    fault.Code `json:"code"`
	Message string     `json:"message"`
	Field   string     `json:"field"`
}

// refuse answers with a fault. Only what is nobody's mistake is logged above
// Debug; the path's pattern is logged, because a path holds ids.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	f := fault.From(err)
	switch {
	case errors.Is(err, context.Canceled):
		s.Log.Debug("request given up", "route", r.Pattern)
	case f.Code == fault.Internal, f.Code == fault.StorageFull:
		s.Log.Error("request failed", "route", r.Pattern, "err", err)
	default:
		s.Log.Debug("request refused", "route", r.Pattern, "code", f.Code, "field", f.Field)
	}
	send(w, fault.Status(f.Code), faultForm{f.Code, f.Message, f.Field})
}

// send writes JSON. A reader that went away is no news.
func send(w http.ResponseWriter, status int, body any) {
	data, err := json.Marshal(body)
	if err != nil { // forms of strings and numbers always marshal
		panic(err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(append(data, '\n'))
}

// maxForm bounds a form; the longest we know takes 4 kB.
const maxForm = 256 << 10

// receive reads a JSON body; an empty one leaves v as it is.
func receive(w http.ResponseWriter, r *http.Request, v any) error {
	data, err := body(w, r, maxForm, fault.New(fault.TooLarge, "The form is too large."))
	if err != nil || len(data) == 0 {
		return err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fault.Wrap(fault.Invalid, "The form cannot be read.", err)
	}
	return nil
}

// body reads at most limit bytes; more is answered with tooLarge.
func body(w http.ResponseWriter, r *http.Request, limit int64, tooLarge error) ([]byte, error) {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over):
		return nil, tooLarge
	case err != nil:
		return nil, fault.Wrap(fault.Invalid, "The request broke off.", err)
	}
	return data, nil
}
