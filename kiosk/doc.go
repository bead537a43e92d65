// Package kiosk owns the rules of one registration desk: what a form must hold
// to become a registration, how a badge comes from "reserved" to "in the
// visitor's hand", how long a card's picture is remembered, and who is told.
//
// It refuses to know how anything is kept, drawn or shown: the Ledger is a
// file in package store, the Printer a spool, the Reader an OCR engine, the
// screen package web. It works with no hall (P2).
//
// # A badge's way (P6)
//
//	reserved ──▶ printing ──▶ issued
//	   ▲            │  │
//	   └── retry ── failed     any of them ──▶ voided, by a newer issue
//
// Each state is durable before the act that it announces. "Printing" means
// "the printer may have it" and is known to this kiosk alone; it is set before
// the job is handed over, so after a crash the printer is asked by job name
// (badge id and issue) before anything is sent. A job that the printer does
// not know, although it may have had it, may also have come out: its issue is
// voided and a new one printed, once; the second time a person decides. So no
// issue is ever printed twice and no person has two live badges. A printer out
// of paper, stopped or unreachable makes the badge wait; the printer's reason
// is shown meanwhile.
//
// # Learning
//
// Where the show allows it, what a visitor made of what was read is counted as
// the registration is kept (P1): per field, and per pair of characters. The two
// texts are compared in memory and only counts leave learn.go (P8).
//
// # Failure
//
// Every error that a visitor can do something about is a fault with a code and
// the field at fault; all others read as fault.Internal. No error, log line or
// event carries a name, a field's text or a token (P8).
package kiosk
