// Package fault owns the errors that people and other nodes see: a code that
// programs branch on, a sentence that a person can act on, and the name of the
// field at fault where there is one.
//
// Codes cross the wire and are written to journals, so the list only grows; a
// code that this program does not know reads as Internal. The package never
// carries the cause's own text to a person: the cause stays in the chain for
// the log, the sentence is all that leaves the node (P8).
package fault

import (
	"errors"
	"net/http"
)

// Error is an answer to a person or a node: what happened and what to do.
// Field names the input at fault, in the words of the API, or is empty.
type Error struct {
	Code    Code
	Message string
	Field   string
	cause   error
}

// New returns an Error with a sentence in English; pages translate by Code.
func New(code Code, message string) Error {
	return Error{Code: code, Message: message}
}

// Wrap is New that keeps the cause for the log. A nil cause is allowed.
func Wrap(code Code, message string, cause error) Error {
	return Error{Code: code, Message: message, cause: cause}
}

// WithField returns a copy that names the input at fault.
func (e Error) WithField(name string) Error {
	e.Field = name
	return e
}

// Error gives the whole chain for the log; it never reaches a screen.
func (e Error) Error() string {
	text := string(e.Code) + ": " + e.Message
	if e.Field != "" {
		text += " (" + e.Field + ")"
	}
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

// Unwrap returns the cause, if any.
func (e Error) Unwrap() error { return e.cause }

// From turns any error into an Error that may be shown: the first Error in the
// chain, or Internal with a sentence that gives nothing away.
func From(err error) Error {
	var e Error
	if errors.As(err, &e) {
		if _, known := statuses[e.Code]; known {
			return e
		}
	}
	return Wrap(Internal, "Something went wrong. Please ask at the desk.", err)
}

// CodeOf returns the code of the first Error in the chain, "" for nil and
// Internal for every other error and for a code this program does not know.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	return From(err).Code
}

// Status returns the HTTP status that carries the code (RFC 9110 §15).
func Status(code Code) int {
	if status, ok := statuses[code]; ok {
		return status
	}
	return http.StatusInternalServerError
}
