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
//	reserved ──▶ rendering ──▶ sent ──▶ printing ──▶ issued
//	   ▲  ▲                     │          │   │
//	   │  └── surely not there ─┘          │   └────▶ unknown ──▶ issued, on a person's word
//	   └── tried again ── failed ◀─────────┘
//
//	any of them ──▶ voided, by a newer issue or on a person's word
//
// Each state is durable before the act that it announces; rendering alone is
// not written, because nothing has left the desk then. "Sent" means that a
// printer may have the issue, "printing" that it said so; which printer is kept
// with the badge. After a crash that printer is asked by job name (badge id and
// issue) before anything is sent. Every change is a Step of its badge, kept in
// the same transaction: the log that explains each end state.
//
// What goes wrong after a printer took a job may have left half a badge, or a
// whole one. So the issue is voided, and what is printed next is another: no
// issue is ever printed twice and no person has two live badges. A job that the
// printer has lost is printed anew by itself once; the second time, and always
// where a printer cannot tell, the badge is unknown and a person says whether it
// came out.
//
// # The pool
//
// The desk's own printer comes first. While it is in trouble (out of paper,
// stopped, unreachable) a waiting badge goes to the next one that is well, and
// one that is stuck in it follows after Patience: it is taken back as far as the
// printer can be reached, its issue is voided, and the visitor is told where the
// new one comes out. Without a printer that is well it stays. A printer that was
// out of reach is asked for its voided jobs as soon as it is back. Several desks
// may share printers: jobs have names of their own, and a busy printer is asked
// again. While a badge prints the next one is drawn, and the questions come
// closer as its end does.
//
// # People
//
// Visitors act on their own badge, with the key of the registration that their
// screen holds, for a quarter of an hour and for two further badges; staff, with
// their code, on any, for ten. Reasons are codes from a list. Staff find people
// of this desk by what they have in hand (Search), see the badges that do not come
// by themselves (NeedsHelp), and say when a roll was put in (NewRoll).
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
