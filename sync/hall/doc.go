// Package hall owns what the hall knows and may do: it takes in the facts of
// the kiosks, keeps the leads of the exhibitors, counts persons and numbers for
// the organizer, and decides who may see what.
//
// # Taking facts in
//
// Every kiosk's connection decodes and judges its own batches, then hands them to
// the Log, which brings together all that come at the same time, without a timer,
// and answers when they are safe: a copy of each change in its node's journal and
// with the journal's end the cursor. Only then are the batches acknowledged (P1,
// P3). The merged state follows; whoever reads it waits for what was acknowledged
// before. A change that cannot be read
// or cannot be true is kept as it came, put in quarantine with the reason, and
// acknowledged, so that one bad fact never blocks the rest (P9). A gap is
// answered with fault.BadSequence and the kiosk starts again from our cursor.
//
// # State and views
//
// State is derived: merging in any order ends the same (P4). A newer issue of a
// badge voids the older; whether the void or the badge arrives first does not
// matter. The store keeps the persons and the numbers (Figures) with the facts
// that change them, so that a hall opens at once however much it holds; the live
// numbers are a copy in memory, moved on by what the Log says it has committed,
// never by what was asked of it; so they also hold when several halls share one
// log.
//
// What kiosks say of themselves, printers, disks and what was counted of cards,
// is neither fact nor state: the latest word of each counts, and after a start
// each says it again.
//
// # Who may see what
//
// rights.go is the one place that decides. An exhibitor reaches the leads of its
// own devices and, of each, the fields that record.Show.Disclosed names (P7).
//
// The package knows no disk format, no HTTP and no printer. It keeps personal
// data out of its log lines and errors (P8). It fails with faults: a person or
// a node gets a code and a sentence, the log gets the chain.
package hall
