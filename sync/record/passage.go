package record

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"time"

	"github.com/oklog/ulid/v2"
)

// Direction says which way a person goes through a gate.
type Direction string

// The directions.
const (
	DirectionIn  Direction = "in"
	DirectionOut Direction = "out"
)

// Passage is one scan at a gate. It never changes: what was decided at the gate
// was done.
type Passage struct {
	ID        PassageID
	Show      ShowID
	Gate      GateID
	Device    DeviceID  // who scanned
	Badge     BadgeID   // empty if what was scanned names none
	Issue     uint16    // as the badge's code says; 0 if it does not
	Direction Direction // asked for; of a refused passage nobody went through
	At        time.Time // when it was scanned, by the device's clock, in milliseconds
	Reason    string    // why refused: a fault's code, never a name; empty if allowed
}

// PassageIDOf is the id of a passage: 48 bits of its time in milliseconds, then
// 80 bits of SHA-256 over the device (with its length first, 2 bytes) and the id
// that the device chose. So a repeat of a device's scan is the same passage
// wherever it arrives (P3), and ids sort by the true time.
func PassageIDOf(at time.Time, device DeviceID, clientID string) PassageID {
	said := append(binary.BigEndian.AppendUint16(nil, uint16(len(device))), device...)
	sum := sha256.Sum256(append(said, clientID...))
	var id ulid.ULID
	_ = id.SetTime(uint64(at.UnixMilli()) & ulid.MaxTime()) // it cannot be beyond its bits
	copy(id[6:], sum[:])
	return PassageID(id.String())
}

// Bytes returns the 16 bytes of a passage's id, which sort as the id does; an
// error if it is none.
func (id PassageID) Bytes() ([16]byte, error) { return bytesOf("passage id", string(id)) }

// PassageIDFrom is the inverse of PassageID.Bytes.
func PassageIDFrom(b [16]byte) PassageID { return PassageID(ulid.ULID(b).String()) }

// Allowed reports whether the person was let through.
func (p Passage) Allowed() bool { return p.Reason == "" }

// MergePassages joins two versions of one passage, which only a faulty node or
// two halls that judged at once make: an allowed one counts before a refused.
func MergePassages(a, b Passage) Passage {
	if passageOrder(a, b) <= 0 {
		return a
	}
	return b
}

func passageOrder(a, b Passage) int {
	return cmp.Or(
		cmp.Compare(a.Reason, b.Reason),
		a.At.Compare(b.At),
		cmp.Compare(a.Show, b.Show),
		cmp.Compare(a.Gate, b.Gate),
		cmp.Compare(a.Device, b.Device),
		cmp.Compare(a.Badge, b.Badge),
		cmp.Compare(a.Issue, b.Issue),
		cmp.Compare(a.Direction, b.Direction),
	)
}

// Kind is KindPassage.
func (Passage) Kind() Kind { return KindPassage }

// maxReason is in bytes: fault codes have up to 20.
const maxReason = 64

// Validate refuses a passage of nobody that was allowed, or that is not kept
// under its own time.
func (p Passage) Validate() error {
	id, err := p.ID.Bytes()
	switch {
	case err != nil:
		return refused("id", "The passage has no usable id.")
	case p.Show == "":
		return refused("show", "The passage names no show.")
	case p.Gate == "":
		return refused("gate", "The passage names no gate.")
	case p.Direction != DirectionIn && p.Direction != DirectionOut:
		return refused("direction", "The passage goes neither in nor out.")
	case p.Badge == "" && p.Allowed():
		return refused("badge", "The passage was allowed without a badge.")
	case ulid.ULID(id).Time() != uint64(p.At.UnixMilli()) || !p.At.Equal(p.At.Truncate(time.Millisecond)):
		return refused("at", "The passage's id is not of its time.")
	case len(p.Reason) > maxReason || !fits(p.Reason):
		return refused("reason", "The reason is too long or not text.")
	}
	if _, err := p.Badge.Bytes(); p.Badge != "" && err != nil {
		return refused("badge", "The passage's badge has no usable id.")
	}
	return nil
}
