package record

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/oklog/ulid/v2"
)

// The ids of things that are easily confused have types of their own. Those
// made by NewID are 26 characters of Crockford base32 that sort by time
// (github.com/ulid/spec); the others are short names chosen in the show file.
type (
	NodeID         string // a kiosk or a hall: made at pairing
	Epoch          string // one life of a node's disk: made with the data file
	ShowID         string // one event, such as "lumen-2027"
	RegistrationID string
	BadgeID        string // one printed issue
	LeadID         string
	PassageID      string // made by PassageIDOf
	DeviceID       string // a paired booth phone or gate reader
	ExhibitorID    string
	GateID         string
	CategoryID     string
	QuestionID     string
	ConsentID      string
	FieldName      string // as in a card's fields: name, company, mobile, …
)

// NewID returns a fresh id whose first 48 bits are now in milliseconds and whose
// other 80 are random, so that later ids sort later and none is guessed.
func NewID[T ~string](now time.Time) T {
	return T(ulid.MustNew(ulid.Timestamp(now), rand.Reader).String())
}

// FixedID returns the id that the same texts always give, for what is made from
// a list: one without a time, so that it sorts before all others.
func FixedID[T ~string](of ...string) T {
	h := sha256.New()
	for _, text := range of {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(text))))
		h.Write([]byte(text))
	}
	var id ulid.ULID
	copy(id[6:], h.Sum(nil))
	return T(id.String())
}

// Bytes returns the 16 bytes of a badge id, the form in which the token carries
// it; an error if the id was not made by NewID or is written in small letters,
// because a badge has one id.
func (id BadgeID) Bytes() ([16]byte, error) {
	return bytesOf("badge id", string(id))
}

// BadgeIDFrom is the inverse of BadgeID.Bytes.
func BadgeIDFrom(b [16]byte) BadgeID { return BadgeID(ulid.ULID(b).String()) }

// Bytes returns the 16 bytes of a registration's id, the form in which lists of
// who has registered carry it; an error if the id was not made by NewID.
func (id RegistrationID) Bytes() ([16]byte, error) { return bytesOf("registration id", string(id)) }

// RegistrationIDFrom is the inverse of RegistrationID.Bytes.
func RegistrationIDFrom(b [16]byte) RegistrationID { return RegistrationID(ulid.ULID(b).String()) }

// Bytes returns the 16 bytes of a node's id, the form in which certificates of
// keys carry it; an error if the id was not made by NewID.
func (id NodeID) Bytes() ([16]byte, error) { return bytesOf("node id", string(id)) }

// NodeIDFrom is the inverse of NodeID.Bytes.
func NodeIDFrom(b [16]byte) NodeID { return NodeID(ulid.ULID(b).String()) }

func bytesOf(what, id string) ([16]byte, error) {
	parsed, err := ulid.ParseStrict(id)
	if err == nil && parsed.String() != id {
		err = ulid.ErrInvalidCharacters
	}
	if err != nil {
		return [16]byte{}, fmt.Errorf("%s: %w", what, err)
	}
	return parsed, nil
}
