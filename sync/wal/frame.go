package wal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
)

// ErrForeign is answered by Frames for a log of another data file.
var ErrForeign = errors.New("it belongs to another data file, or to this one at another time")

const (
	header = 32
	align  = 8
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Identity says which data file a log belongs to; all zero before there is one.
type Identity [8]byte

// Magic are the first bytes of every frame of one kind of log.
type Magic [4]byte

// Frame is one entry of a log. Numbers begin at 1 and have no gaps.
type Frame struct {
	Number uint64
	Body   []byte
}

// Size is how many bytes of the log a frame with that body takes.
func Size(body []byte) int { return (header + len(body) + align - 1) / align * align }

// Append writes a frame behind b.
func (m Magic) Append(b []byte, who Identity, f Frame) []byte {
	at := len(b)
	b = append(b, m[:]...)
	b = append(b, 0, 0, 0, 0)
	b = binary.LittleEndian.AppendUint64(b, uint64(len(f.Body)))
	b = append(b, who[:]...)
	b = binary.LittleEndian.AppendUint64(b, f.Number)
	b = append(b, f.Body...)
	binary.LittleEndian.PutUint32(b[at+4:], crc32.Checksum(b[at+8:], castagnoli))
	for (len(b)-at)%align != 0 {
		b = append(b, 0)
	}
	return b
}

// parse reads the frame at the beginning of b, and false if there is no whole
// one. The body is a part of b.
func (m Magic) parse(b []byte) (f Frame, who Identity, size int, ok bool) {
	if len(b) < header || string(b[:len(m)]) != string(m[:]) {
		return f, who, 0, false
	}
	n := binary.LittleEndian.Uint64(b[8:])
	if n > uint64(len(b)-header) {
		return f, who, 0, false
	}
	end := header + int(n)
	if crc32.Checksum(b[8:end], castagnoli) != binary.LittleEndian.Uint32(b[4:]) {
		return f, who, 0, false
	}
	copy(who[:], b[16:])
	f = Frame{Number: binary.LittleEndian.Uint64(b[24:]), Body: b[header:end:end]}
	return f, who, min(Size(f.Body), len(b)), true
}

// Frames returns the whole frames from the beginning of a log on that follow
// each other, and where they end. Bodies are parts of b. It fails with
// ErrForeign if the first is another file's.
func (m Magic) Frames(b []byte, who Identity) (found []Frame, end int, err error) {
	for {
		f, other, size, ok := m.parse(b[end:])
		if !ok || len(found) > 0 && (other != who || f.Number != found[len(found)-1].Number+1) {
			return found, end, nil
		}
		if other != who {
			return nil, 0, ErrForeign
		}
		found = append(found, f)
		end += size
	}
}

// Stray finds a whole frame with a number beyond last in what stands behind the
// end of a log, where a power cut cannot have left one.
func (m Magic) Stray(b []byte, who Identity, last uint64) bool {
	for at := 0; at < len(b); at += align {
		next := bytes.Index(b[at:], m[:])
		if next < 0 {
			return false
		}
		at += (next + align - 1) / align * align
		if f, other, _, ok := m.parse(b[min(at, len(b)):]); ok && other == who && f.Number > last {
			return true
		}
	}
	return false
}
