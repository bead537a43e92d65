package fault

import "net/http"

// Code says what kind of fault it is. Codes are append-only: they stand in
// journals, in other nodes' programs and in the message catalogues.
type Code string

// The codes, by the moment at which they are met.
const (
	Internal    Code = "internal"
	Invalid     Code = "invalid"
	NotFound    Code = "not_found"
	Conflict    Code = "conflict"
	TooLarge    Code = "too_large"
	TooMany     Code = "too_many"
	Unavailable Code = "unavailable"
	StorageFull Code = "storage.full"

	AuthRequired Code = "auth.required"
	AuthDenied   Code = "auth.denied"
	PairingCode  Code = "pairing.code"
	NodeRevoked  Code = "node.revoked"

	CardNotPicture  Code = "card.not_picture"
	CardTooLarge    Code = "card.too_large"
	CardBlank       Code = "card.blank"
	CardBusy        Code = "card.busy"
	CardUnavailable Code = "card.unavailable"
	CardTimeout     Code = "card.timeout"
	CardLost        Code = "card.lost"

	ConsentRequired Code = "consent.required"
	Forgotten       Code = "registration.forgotten"

	PrinterUnreachable Code = "printer.unreachable"
	PrinterRefused     Code = "printer.refused"
	PrinterBusy        Code = "printer.busy"
	PrinterStopped     Code = "printer.stopped"
	SpoolFull          Code = "printer.spool_full"

	BadgeForged  Code = "badge.forged"
	BadgeForeign Code = "badge.foreign"
	BadgeVoided  Code = "badge.voided"
	BadgeUnknown Code = "badge.unknown"
	BadgeRevoked Code = "badge.revoked"
	BadgeExpired Code = "badge.expired"

	BadFrame    Code = "wire.bad_frame"
	BadProtocol Code = "wire.protocol"
	BadSequence Code = "wire.sequence"
	Forked      Code = "wire.history"
	UnknownFact Code = "fact.unknown"
	RefusedFact Code = "fact.refused"
)

// statuses doubles as the list of known codes.
var statuses = map[Code]int{
	Internal:    http.StatusInternalServerError,
	Invalid:     http.StatusUnprocessableEntity,
	NotFound:    http.StatusNotFound,
	Conflict:    http.StatusConflict,
	TooLarge:    http.StatusRequestEntityTooLarge,
	TooMany:     http.StatusTooManyRequests,
	Unavailable: http.StatusServiceUnavailable,
	StorageFull: http.StatusInsufficientStorage,

	AuthRequired: http.StatusUnauthorized,
	AuthDenied:   http.StatusForbidden,
	PairingCode:  http.StatusForbidden,
	NodeRevoked:  http.StatusForbidden,

	CardNotPicture:  http.StatusUnsupportedMediaType,
	CardTooLarge:    http.StatusRequestEntityTooLarge,
	CardBlank:       http.StatusUnprocessableEntity,
	CardBusy:        http.StatusServiceUnavailable,
	CardUnavailable: http.StatusServiceUnavailable,
	CardTimeout:     http.StatusGatewayTimeout,
	CardLost:        http.StatusBadGateway,

	ConsentRequired: http.StatusUnprocessableEntity,
	Forgotten:       http.StatusGone,

	PrinterUnreachable: http.StatusBadGateway,
	PrinterRefused:     http.StatusBadGateway,
	PrinterBusy:        http.StatusServiceUnavailable,
	PrinterStopped:     http.StatusServiceUnavailable,
	SpoolFull:          http.StatusInsufficientStorage,

	BadgeForged:  http.StatusUnprocessableEntity,
	BadgeForeign: http.StatusUnprocessableEntity,
	BadgeVoided:  http.StatusGone,
	BadgeUnknown: http.StatusNotFound,
	BadgeRevoked: http.StatusGone,
	BadgeExpired: http.StatusGone,

	BadFrame:    http.StatusBadRequest,
	BadProtocol: http.StatusUpgradeRequired,
	BadSequence: http.StatusConflict,
	Forked:      http.StatusConflict,
	UnknownFact: http.StatusUnprocessableEntity,
	RefusedFact: http.StatusUnprocessableEntity,
}

// Codes returns every known code, in no order; catalogues are tested by it.
func Codes() []Code {
	codes := make([]Code, 0, len(statuses))
	for code := range statuses {
		codes = append(codes, code)
	}
	return codes
}
