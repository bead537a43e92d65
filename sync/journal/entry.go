package journal

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"hallpass/sync/record"
)

const (
	layout   = 1 // the first byte of every value
	whole    = 0
	erased   = 1
	saltSize = 16
	fixed    = 2 + 2*sha256.Size + 8 + 4 // bytes before the first length
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func key(seq uint64) []byte { return binary.BigEndian.AppendUint64(nil, seq) }

// start is chain_0.
func start(node record.NodeID, epoch record.Epoch) [sha256.Size]byte {
	return sha256.Sum256([]byte("hallpass journal v1" + string(node) + string(epoch)))
}

func link(chain, digest [sha256.Size]byte) [sha256.Size]byte {
	var both [2 * sha256.Size]byte
	copy(both[:], chain[:])
	copy(both[sha256.Size:], digest[:])
	return sha256.Sum256(both[:])
}

// appendWhen writes the part that header and value share: stamp and kind.
func appendWhen(b []byte, c record.Change) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(c.Stamp.Wall))
	b = binary.BigEndian.AppendUint32(b, c.Stamp.Counter)
	b = appendText(b, string(c.Stamp.Node))
	return appendText(b, string(c.Kind))
}

func appendText(b []byte, s string) []byte {
	b = binary.BigEndian.AppendUint16(b, uint16(len(s)))
	return append(b, s...)
}

func encode(c record.Change) []byte {
	return AppendEntry(make([]byte, 0, fixed+4+len(c.Stamp.Node)+len(c.Kind)+saltSize+len(c.Payload)+4), c)
}

// AppendEntry writes a change behind b as the value that the bucket has of it.
// Node, epoch and number are not in it.
func AppendEntry(b []byte, c record.Change) []byte {
	at, state := len(b), byte(whole)
	if c.Erased() {
		state = erased
	}
	b = append(b, layout, state)
	b = append(b, c.Digest[:]...)
	b = append(b, c.Chain[:]...)
	b = appendWhen(b, c)
	if state == whole {
		b = append(b, c.Salt...)
		b = append(b, c.Payload...)
	}
	return binary.BigEndian.AppendUint32(b, crc32.Checksum(b[at:], castagnoli))
}

// ParseEntry reads what AppendEntry wrote of a journal's change of that number.
// It copies; ErrDamaged, with what is wrong, if the bytes are no entry.
func ParseEntry(node record.NodeID, epoch record.Epoch, seq uint64, value []byte) (record.Change, error) {
	return (&Journal{node: node, epoch: epoch}).decode(seq, value)
}

// decode returns a copy of the entry; ErrDamaged, with what is wrong, if the
// bytes are not one.
func (j *Journal) decode(seq uint64, value []byte) (record.Change, error) {
	c := record.Change{Node: j.node, Epoch: j.epoch, Seq: seq}
	if len(value) < fixed+4+4 {
		return c, fmt.Errorf("%w: %d bytes are too few", ErrDamaged, len(value))
	}
	body, sum := value[:len(value)-4], binary.BigEndian.Uint32(value[len(value)-4:])
	if crc32.Checksum(body, castagnoli) != sum {
		return c, fmt.Errorf("%w: wrong checksum", ErrDamaged)
	}
	if body[0] != layout || body[1] > erased {
		return c, fmt.Errorf("%w: layout %d.%d is unknown", ErrDamaged, body[0], body[1])
	}
	copy(c.Digest[:], body[2:])
	copy(c.Chain[:], body[34:])
	c.Stamp.Wall = int64(binary.BigEndian.Uint64(body[66:]))
	c.Stamp.Counter = binary.BigEndian.Uint32(body[74:])
	node, rest, ok := cutText(body[fixed:])
	kind, rest, fine := cutText(rest)
	c.Stamp.Node, c.Kind = record.NodeID(node), record.Kind(kind)
	isWhole := body[1] == whole
	if !ok || !fine || isWhole && len(rest) < saltSize || !isWhole && len(rest) > 0 {
		return c, fmt.Errorf("%w: its parts do not add up", ErrDamaged)
	}
	if isWhole {
		c.Salt = append([]byte{}, rest[:saltSize]...)
		c.Payload = append([]byte{}, rest[saltSize:]...)
	}
	return c, nil
}

func cutText(b []byte) (text string, rest []byte, ok bool) {
	if len(b) < 2 {
		return "", nil, false
	}
	n := int(binary.BigEndian.Uint16(b))
	if len(b) < 2+n {
		return "", nil, false
	}
	return string(b[2 : 2+n]), b[2+n:], true
}
