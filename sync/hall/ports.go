package hall

import (
	"context"
	"errors"
	"slices"
	"time"

	"hallpass/sync/record"
)

// Log keeps the journals of all nodes and gives their facts one order. The
// embedded one is package store; package halltest holds what each must satisfy.
type Log interface {
	// Append keeps the batches, of one journal in the order given, and returns
	// when they are safe from a power cut. Any number of callers share what that
	// costs. Identity is (node, epoch, sequence): what is kept already counts
	// once. Outcomes stand in the order of the batches; one batch's fault is in
	// its Outcome, err means that not all were kept. Ctx ends a wait for room, not
	// what has begun.
	Append(ctx context.Context, batches []Batch) ([]Outcome, error)
	// Settle returns once all that was kept before is seen by every read of the
	// State and was told to the observers. Reads of what kiosks' facts change wait
	// for it by themselves, with Await.
	Settle(ctx context.Context)
	// Flow tells how busy the log is.
	Flow() Flow
	// Cursor tells how far the node's journal of that epoch is kept.
	Cursor(ctx context.Context, node record.NodeID, epoch record.Epoch) (uint64, error)
	// Changes returns at most limit changes of one journal after a sequence number.
	Changes(ctx context.Context, node record.NodeID, epoch record.Epoch, after uint64, limit int) ([]record.Change, error)
	// Watch has observe called with every commit's effects, in commit order,
	// from one goroutine at a time. To be called before the first Append.
	Watch(observe func([]Effect))
}

// Flow is what a Log has done since it was opened.
type Flow struct {
	Commits uint64  // transactions
	Syncs   uint64  // of what is safe before it is in a transaction
	Waiting int     // changes that are safe and not in the state yet
	Stages  []Stage // of an Append, in their order; empty if the log does not know
}

// Batch is what one writer wants kept: consecutive changes of one node's
// journal, or facts that the hall records itself.
type Batch struct {
	Node    record.NodeID
	Epoch   record.Epoch
	Entries []Entry // of Node and Epoch, sequence numbers without gaps
	Own     []Own   // the hall's own; Node and Epoch are empty
	Judged  bool    // the answer waits until the state has it, so that Quarantined is all there is
}

// Entry is one change and what the hall made of it: Fact, or Refused if it
// belongs in quarantine. Intact says that its content was found to be what its
// digest says, so that a Log need not look again; what else is true of it, that
// it continues the journal, only the Log can tell.
type Entry struct {
	Change  record.Change
	Fact    record.Fact
	Refused error
	Intact  bool
}

// Own is a fact that the hall records: in the journal that kiosks read if
// Announce is set, else in the hall's private journal.
type Own struct {
	Fact     record.Fact
	Stamp    record.Stamp
	Announce bool
	Once     bool   // dropped if it is known: a lead by device and client id, a passage by id, all else if it says nothing new
	Payload  []byte // Fact as it came, with what a later program may have added; nil: to be encoded
}

// Outcome is what became of one batch.
type Outcome struct {
	Last        uint64 // the end of the node's journal now
	Fresh       int    // entries that were not known before
	Quarantined int    // entries that went to quarantine, and were not there before; 0 for what is only safe yet, see Batch.Judged
	Err         error  // fault.BadSequence: from Last on, please
}

// Effect is one change of the state. Exactly one pointer is set, or a number
// counts, or Told is. Old is the version before, the zero value if there was none.
type Effect struct {
	Registration *Changed[record.Registration]
	Badge        *Changed[record.Badge]
	Lead         *Changed[record.Lead]
	Passage      *Changed[record.Passage]
	Show         *record.Show
	Key          *Changed[record.Key]
	Revocation   *Changed[record.Revocation]
	Live         int           // by how much the number of people with a valid printed badge changed
	Persons      int           // and the number of persons
	OnSite       map[int64]int // and of people inside, by Day
	Quarantined  int           // and what waits in quarantine
	Node         record.NodeID // whose change that is
	Bytes        int           // by how many bytes of payload
	Discarded    int           // and what was discarded there
	Conflicts    int           // and what is in conflict
	Told         bool          // the journal that kiosks read has grown
}

// Changed is a version and the one before it.
type Changed[T any] struct {
	Old, New T
	Fresh    bool // there was none before
	Gone     bool // there is none any more; New is zero
}

// Arrives reports whether somebody has registered just now.
func Arrives(c Changed[record.Registration]) bool {
	return c.New.Counts() && (c.Fresh || !c.Old.Counts())
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
	// Figures are the numbers now, with the minutes since then.
	Figures(ctx context.Context, since time.Time) (Figures, error)
	// Persons names the person of each registration: by that person's least one.
	Persons(ctx context.Context, ids []record.RegistrationID) ([]record.RegistrationID, error)
	// Keys calls observe with the keys of badges and who is out of service, as if
	// they had just arrived.
	Keys(ctx context.Context, observe func([]Effect)) error
	// Replay calls observe with the whole state as if it had just arrived. It
	// takes as long as the state is large, and the file grows beside it.
	Replay(ctx context.Context, observe func([]Effect)) error
	// Quarantine lists what was refused and waits for a person, after a place, as
	// Registrations; Discarded what a person has discarded. Refusal is one of both.
	Quarantine(ctx context.Context, after uint64, limit int) ([]Refusal, uint64, error)
	Discarded(ctx context.Context, after uint64, limit int) ([]Refusal, uint64, error)
	Refusal(ctx context.Context, place uint64) (Refusal, error)
	// Sides tells who said what of a part of a registration without having seen
	// each other, one side if all is well; Conflict is ErrNone then.
	Sides(ctx context.Context, id record.RegistrationID, part record.Part) (Conflict, error)
	Conflict(ctx context.Context, id record.RegistrationID, part record.Part) (Conflict, error)
	// Conflicts lists what is open and Decisions what people have decided, the
	// latest first, from before a place on ("" for all); the place of the last is
	// returned.
	Conflicts(ctx context.Context, before string, limit int) ([]Conflict, string, error)
	Decisions(ctx context.Context, before string, limit int) ([]record.Decision, string, error)
	// Told is how far in the order of arrival kiosks were told who has registered.
	Told(ctx context.Context) (uint64, error)
	// Erasures lists all of them, with their receipts.
	Erasures(ctx context.Context) ([]Erasure, error)
	// Standing lists at most limit of the facts that every kiosk is to know now,
	// but for who has registered, after a place; next is empty after the last.
	Standing(ctx context.Context, after string, limit int) (facts []record.Fact, next string, err error)
	// Compact writes the file anew without what nobody needs any more, such as
	// the bytes of what was erased (P10), while everything else goes on. It fails
	// with fault.Conflict while another Compact runs.
	Compact(ctx context.Context) (Compacted, error)
	// Loose tells the size of the file and how much of it is free, in bytes.
	Loose(ctx context.Context) (size, free int64, err error)
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

// Refusal is a change in quarantine; Payload is as it came. Discarded is nil
// while it waits.
type Refusal struct {
	record.Refused
	Place     uint64
	Stamp     record.Stamp
	Kind      record.Kind
	Code      string
	Reason    string
	At        time.Time
	Payload   []byte
	Discarded *Discard
}

// Discard says who decided that a change does not count, and why.
type Discard struct {
	By  string
	At  time.Time
	Why string
}

// Conflict is what was said of one part of a registration by people who had not
// seen each other's word. The last side stands.
type Conflict struct {
	Registration record.Registration
	Part         record.Part
	Sides        []Side // oldest first
}

// Side is one version and who wrote it, as far as it was a person at the hall.
type Side struct {
	record.Version
	By string
}

// Open reports whether the sides say different things.
func (c Conflict) Open() bool {
	return slices.ContainsFunc(c.Sides, func(s Side) bool { return !s.Says(c.Sides[0].Version) })
}

// Compacted tells the sizes of a file, in bytes.
type Compacted struct{ Before, After int64 }

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
