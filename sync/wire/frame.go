package wire

import "hallpass/sync/record"

// Protocol is the latest version of the protocol that this program speaks, Least
// the earliest. A hall answers a Hello with which it has none in common with Bye.
const (
	Protocol = 1
	Least    = 1
)

// MaxFrame bounds one frame, in bytes.
const MaxFrame = 4 << 20

// MaxHello bounds the first frame that an accepted connection takes, in bytes:
// whoever sends it has not proved anything yet. A Hello is smaller than 2 kB;
// the rest is room for a later program's keys.
const MaxHello = 16 << 10

// Frame is one message of the protocol: Hello, Welcome, Batch, Ack, Status or
// Bye, as values, or one of them Prepared. Their texts take at most 255 bytes each.
type Frame interface{ frameType() frameType }

// Hello is the first frame of a connection, from the kiosk.
type Hello struct {
	Protocol uint // the latest that the kiosk speaks
	Node     record.NodeID
	Epoch    record.Epoch // of the kiosk's own journal
	Show     record.ShowID
	Version  string        // of the program, for people
	Last     record.Cursor // the end of the kiosk's journal
	Read     record.Cursor // how far the kiosk has read the hall's
	Proof    []byte        // see ProveLink
	Now      int64         // the kiosk's clock, milliseconds since 1970
	Least    uint          // the earliest protocol that the kiosk speaks; 0 if it speaks one
}

// Agree returns the latest protocol that a hall which speaks those from least to
// most has in common with the kiosk; false if there is none.
func (h Hello) Agree(least, most uint) (uint, bool) {
	first := h.Least
	if first == 0 {
		first = h.Protocol
	}
	both := min(h.Protocol, most)
	return both, both >= max(first, least)
}

// Welcome answers a Hello that the hall accepts.
type Welcome struct {
	Protocol uint // what both speak from now on
	Node     record.NodeID
	Epoch    record.Epoch // of the hall's own journal
	Show     record.ShowID
	Last     record.Cursor // the end of the hall's journal
	Read     record.Cursor // how far the hall has read the kiosk's: resume after it
	Now      int64         // the hall's clock, milliseconds since 1970
}

// Batch carries consecutive changes; First is the sequence number of the first.
type Batch struct {
	First   uint64
	Changes []record.Change
}

// Ack says that everything up to and including Seq is committed.
type Ack struct{ Seq uint64 }

// Status tells the hall how its kiosk is; no personal data.
type Status struct {
	LastSeq    uint64
	AckedSeq   uint64
	Unsent     uint64
	Printer    string   // idle, processing, stopped, unreachable
	Reasons    []string // IPP keywords such as media-empty
	Version    string
	DiskFreeMB uint64
	Now        int64        // the kiosk's clock, milliseconds since 1970
	Tally      record.Tally // of cards read here; empty unless the show learns
	Aside      uint64       // changes of the hall that the kiosk could not use
}

// Bye says why the sender closes the connection: a code of package fault and a
// sentence. With fault.NodeRevoked, Proof is the hall's revocation as package
// token writes it: a kiosk believes nothing less.
type Bye struct {
	Code    string
	Message string
	Proof   string
}

type frameType uint8

const (
	typeHello   frameType = 1
	typeWelcome frameType = 2
	typeBatch   frameType = 3
	typeAck     frameType = 4
	typeStatus  frameType = 5
	typeBye     frameType = 6
)

func (Hello) frameType() frameType   { return typeHello }
func (Welcome) frameType() frameType { return typeWelcome }
func (Batch) frameType() frameType   { return typeBatch }
func (Ack) frameType() frameType     { return typeAck }
func (Status) frameType() frameType  { return typeStatus }
func (Bye) frameType() frameType     { return typeBye }

// Prepared is a frame in its bytes, for who sends one to many. It is only ever
// sent; Receive gives the frame itself.
type Prepared struct {
	kind frameType
	data []byte
}

// Prepare encodes a frame as Send would, with the same errors.
func Prepare(frame Frame) (Prepared, error) {
	data, err := encodeFrame(frame)
	return Prepared{frame.frameType(), data}, err
}

func (p Prepared) frameType() frameType { return p.kind }
