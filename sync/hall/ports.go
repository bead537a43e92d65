package hall

import (
	"context"
	"errors"
	"time"

	"hallpass/sync/record"
)

// Log keeps the journals of all nodes and gives their facts one order. The
// embedded one is package store; package halltest holds what each must satisfy.
type Log interface {
	// Append keeps the batches, in the order given, and returns when they are
	// safe from a power cut. Identity is (node, epoch, sequence): what is kept
	// already counts once. Outcomes stand in the order of the batches; one
	// batch's fault is in its Outcome, err means that none was kept.
	Append(ctx context.Context, batches []Batch) ([]Outcome, error)
	// Cursor tells how far the node's journal of that epoch is kept.
	Cursor(ctx context.Context, node record.NodeID, epoch record.Epoch) (uint64, error)
	// Changes returns at most limit changes of one journal after a sequence number.
	Changes(ctx context.Context, node record.NodeID, epoch record.Epoch, after uint64, limit int) ([]record.Change, error)
	// Watch has observe called with every commit's effects, in commit order,
	// from one goroutine at a time. To be called before the first Append.
	Watch(observe func([]Effect))
}

// Batch is what one writer wants kept: consecutive changes of one node's
// journal, or facts that the hall records itself.
type Batch struct {
	Node    record.NodeID
	Epoch   record.Epoch
	Entries []Entry // of Node and Epoch, sequence numbers without gaps
	Own     []Own   // the hall's own; Node and Epoch are empty
}

// Entry is one change and what the hall made of it: Fact, or Refused if it
// belongs in quarantine.
type Entry struct {
	Change  record.Change
	Fact    record.Fact
	Refused error
}

// Own is a fact that the hall records: in the journal that kiosks read if
// Announce is set, else in the hall's private journal.
type Own struct {
	Fact     record.Fact
	Stamp    record.Stamp
	Announce bool
	Once     bool // a lead that is dropped if its device and client id are known, a passage if its id is
}

// Outcome is what became of one batch.
type Outcome struct {
	Last uint64 // the end of the node's journal now
	Err  error  // fault.BadSequence: from Last on, please
}

// Effect is one change of the state. Exactly one pointer is set, or Quarantined
// counts. Old is the version before, the zero value if there was none.
type Effect struct {
	Registration *Changed[record.Registration]
	Badge        *Changed[record.Badge]
	Lead         *Changed[record.Lead]
	Passage      *Changed[record.Passage]
	Show         *record.Show
	Key          *Changed[record.Key]
	Revocation   *Changed[record.Revocation]
	Live         int // by how much the number of people with a valid printed badge changed
	Quarantined  int
}

// Changed is a version and the one before it.
type Changed[T any] struct {
	Old, New T
	Fresh    bool // there was none before
	Gone     bool // there is none any more; New is zero
}

// ErrNone is returned by a store for what it does not have.
var ErrNone = errors.New("hall: no such thing in the store")

// ErrUsed is returned by a store for a pairing code that was redeemed before.
var ErrUsed = errors.New("hall: the code was used")

// State is what the facts have become. Single things fail with ErrNone.
type State interface {
	Self(ctx context.Context) (Self, error)
	Show(ctx context.Context) (record.Show, error)
	Registration(ctx context.Context, id record.RegistrationID) (record.Registration, error)
	// Registrations in the order of their arrival, after a place in it; the
	// place of the last is returned.
	Registrations(ctx context.Context, after uint64, limit int) ([]record.Registration, uint64, error)
	Badge(ctx context.Context, id record.BadgeID) (Badge, error)
	BadgesByCode(ctx context.Context, shortCode string) ([]Badge, error)
	Lead(ctx context.Context, id record.LeadID) (record.Lead, error)
	LeadByClient(ctx context.Context, device record.DeviceID, clientID string) (record.Lead, error)
	// Leads of one exhibitor in the order of their arrival, as Registrations.
	Leads(ctx context.Context, exhibitor record.ExhibitorID, after uint64, limit int) ([]record.Lead, uint64, error)
	Passage(ctx context.Context, id record.PassageID) (record.Passage, error)
	// Passages of one gate, or of all if none is named, in the order of their
	// true time, after one of them.
	Passages(ctx context.Context, gate record.GateID, after record.PassageID, limit int) ([]record.Passage, error)
	// Replay calls observe with the whole state as if it had just arrived.
	Replay(ctx context.Context, observe func([]Effect)) error
	// Quarantine lists what was refused, after a place, as Registrations.
	Quarantine(ctx context.Context, after uint64, limit int) ([]Refusal, uint64, error)
	// Check verifies every journal and that the state is what they say.
	Check(ctx context.Context) (Report, error)
}

// Badge is one issue; Superseded if the registration has a newer one.
type Badge struct {
	record.Badge
	Superseded bool
}

// Void reports whether the issue must be refused.
func (b Badge) Void() bool { return b.Superseded || b.Now() == record.BadgeVoided }

// Self is who this hall is: made with the data file.
type Self struct {
	Hall  record.NodeID // whose journal kiosks read
	Desk  record.NodeID // whose journal holds what booths and gates did
	Epoch record.Epoch  // of both
}

// Refusal is a change in quarantine; Payload is as it came.
type Refusal struct {
	Node    record.NodeID
	Epoch   record.Epoch
	Seq     uint64
	Kind    record.Kind
	Code    string
	Reason  string
	At      time.Time
	Payload []byte
}

// Report is what a check found. Problems are sentences without personal data.
type Report struct {
	Facts    uint64
	Verified bool // every journal's chain holds
	Problems []string
}

// OK reports whether nothing is wrong.
func (r Report) OK() bool { return r.Verified && len(r.Problems) == 0 }

// Store is everything that the hall keeps on disk.
type Store interface {
	Log
	State
	Nodes
	Accounts
}
