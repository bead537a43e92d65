package record

// Kind names what a Change says. Kinds are append-only strings: they stand in
// journals; a node that does not know one keeps the change in quarantine.
type Kind string

// The kinds of facts.
const (
	KindRegistration Kind = "registration"
	KindBadge        Kind = "badge"
	KindLead         Kind = "lead"
	KindShow         Kind = "show"
	KindKey          Kind = "key"
	KindRevocation   Kind = "revocation"
	KindVoid         Kind = "void"
	KindErasure      Kind = "erasure"
	KindErased       Kind = "erased"
	KindRegistered   Kind = "registered"
	KindDecision     Kind = "decision"
	KindPassage      Kind = "passage"
)

// Fact is what a Change carries: Registration, Badge, Lead, Show, Key,
// Revocation, Void, Erasure, Erased, Registered, Decision or Passage.
type Fact interface {
	Kind() Kind
	// Validate answers fault.RefusedFact with the field if the fact cannot be
	// true whatever else is known.
	Validate() error
}

// Cursor is a place in a node's journal: the last sequence number read or
// written in that life of its disk; Seq 0 is before the first.
type Cursor struct {
	Epoch Epoch
	Seq   uint64
}

// Change is one entry of a node's journal.
//
// Digest is SHA-256 over salt, header and payload; Chain is SHA-256 over the
// previous entry's Chain and this Digest (package journal has the exact bytes).
// An erased change has lost Salt and Payload and keeps the rest, so that the
// chain still verifies and the content cannot be guessed back.
type Change struct {
	Node    NodeID
	Epoch   Epoch
	Seq     uint64 // from 1, without gaps
	Stamp   Stamp
	Kind    Kind
	Payload []byte // the encoded fact, kept byte for byte; nil once erased
	Salt    []byte // 16 random bytes; nil once erased
	Digest  [32]byte
	Chain   [32]byte
}

// Erased reports whether the content was taken out.
func (c Change) Erased() bool { return c.Salt == nil }
