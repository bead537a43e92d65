package redo

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

const (
	magic  = "HPW1"
	header = 32
	align  = 8
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// identity says which file a log belongs to; all zero before there is one.
type identity [8]byte

// frame is one entry of the log.
type frame struct {
	number uint64
	lines  []byte
}

func sizeOf(lines []byte) int { return (header + len(lines) + align - 1) / align * align }

// appendFrame writes a frame behind b.
func appendFrame(b []byte, who identity, f frame) []byte {
	at := len(b)
	b = append(b, magic...)
	b = append(b, 0, 0, 0, 0)
	b = binary.LittleEndian.AppendUint64(b, uint64(len(f.lines)))
	b = append(b, who[:]...)
	b = binary.LittleEndian.AppendUint64(b, f.number)
	b = append(b, f.lines...)
	binary.LittleEndian.PutUint32(b[at+4:], crc32.Checksum(b[at+8:], castagnoli))
	for (len(b)-at)%align != 0 {
		b = append(b, 0)
	}
	return b
}

// parseFrame reads the frame at the beginning of b, and false if there is no
// whole one. The lines are a part of b.
func parseFrame(b []byte) (f frame, who identity, size int, ok bool) {
	if len(b) < header || string(b[:len(magic)]) != magic {
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
	f = frame{number: binary.LittleEndian.Uint64(b[24:]), lines: b[header:end:end]}
	return f, who, min(sizeOf(f.lines), len(b)), true
}

// frames returns the whole frames from the beginning of a log on that follow
// each other, and where they end.
func frames(b []byte, who identity) (found []frame, end int, err error) {
	for {
		f, other, size, ok := parseFrame(b[end:])
		if !ok || len(found) > 0 && (other != who || f.number != found[len(found)-1].number+1) {
			return found, end, nil
		}
		if other != who {
			return nil, 0, ErrForeign
		}
		found = append(found, f)
		end += size
	}
}

// stray finds a whole frame with a number beyond last in what stands behind the
// end of a log, where a power cut cannot have left one.
func stray(b []byte, who identity, last uint64) bool {
	for at := 0; at < len(b); at += align {
		next := bytes.Index(b[at:], []byte(magic))
		if next < 0 {
			return false
		}
		at += (next + align - 1) / align * align
		if f, other, _, ok := parseFrame(b[min(at, len(b)):]); ok && other == who && f.number > last {
			return true
		}
	}
	return false
}
