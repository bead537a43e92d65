package wire

import (
	"bytes"
	"encoding/binary"
	"math"
	"unicode/utf8"
)

// scan reads CBOR as our own encoder writes it: shortest heads, keys in order,
// nothing indefinite, nothing null. It is the short way for what fills the
// hall's time, batches and the facts in them. At anything else, were it only a
// key of a later program, it gives up: whoever uses it then asks the library,
// whose answer is the one that counts. It accepts nothing that the library
// would refuse or read differently (FuzzScan).
type scan struct {
	data []byte
	at   int
	lost bool // for good
}

// The major types of RFC 8949 section 3.1.
const (
	majorUint  = 0
	majorInt   = 1
	majorBytes = 2
	majorText  = 3
	majorArray = 4
	majorMap   = 5
)

// done reports whether everything was read and understood.
func (s *scan) done() bool { return !s.lost && s.at == len(s.data) }

func (s *scan) lose() { s.lost, s.at = true, len(s.data) }

// head reads the next item's argument if it is of that major type.
func (s *scan) head(major byte) uint64 {
	if s.at >= len(s.data) || s.data[s.at]>>5 != major {
		s.lose()
		return 0
	}
	info, rest := s.data[s.at]&31, s.data[s.at+1:]
	if info < 24 {
		s.at++
		return uint64(info)
	}
	if info > 27 || len(rest) < 1<<(info-24) {
		s.lose()
		return 0
	}
	var n, least uint64
	switch info {
	case 24:
		n, least = uint64(rest[0]), 24
	case 25:
		n, least = uint64(binary.BigEndian.Uint16(rest)), math.MaxUint8+1
	case 26:
		n, least = uint64(binary.BigEndian.Uint32(rest)), math.MaxUint16+1
	case 27:
		n, least = binary.BigEndian.Uint64(rest), math.MaxUint32+1
	}
	if n < least {
		s.lose()
		return 0
	}
	s.at += 1 + 1<<(info-24)
	return n
}

// uint reads an unsigned integer up to most.
func (s *scan) uint(most uint64) uint64 {
	n := s.head(majorUint)
	if n > most {
		s.lose()
		return 0
	}
	return n
}

func (s *scan) int64() int64 {
	if s.at < len(s.data) && s.data[s.at]>>5 == majorInt {
		n := s.head(majorInt)
		if n > math.MaxInt64 {
			s.lose()
		}
		return -1 - int64(n&math.MaxInt64)
	}
	return int64(s.uint(math.MaxInt64))
}

func (s *scan) bool() bool {
	if s.at < len(s.data) && s.data[s.at]|1 == 0xF5 { // 0xF4 false, 0xF5 true
		s.at++
		return s.data[s.at-1] == 0xF5
	}
	s.lose()
	return false
}

// span reads a text's or byte string's place.
func (s *scan) span(major byte) (from, to int) {
	n := s.head(major)
	if s.lost || n > uint64(len(s.data)-s.at) {
		s.lose()
		return 0, 0
	}
	from, to = s.at, s.at+int(n)
	s.at = to
	return from, to
}

// bytes returns a part of data.
func (s *scan) bytes() []byte {
	from, to := s.span(majorBytes)
	return s.data[from:to:to]
}

// text reads the place of a text of at most that many bytes.
func (s *scan) text(most int) (from, to int) {
	from, to = s.span(majorText)
	if to-from > most || !utf8.Valid(s.data[from:to]) {
		s.lose()
		return 0, 0
	}
	return from, to
}

// count reads the length of an array or map of at least one element.
func (s *scan) count(major byte, most int) int {
	n := s.head(major)
	if n == 0 || n > uint64(min(most, len(s.data)-s.at)) {
		s.lose()
		return 0
	}
	return int(n)
}

// each calls f with every key of a map of small keys.
func (s *scan) each(f func(key uint64)) {
	var before uint64 // our keys count from 1
	for range s.count(majorMap, maxPairs) {
		key := s.uint(math.MaxUint8)
		if s.lost || key <= before {
			s.lose()
			return
		}
		before = key
		f(key)
	}
}

// eachText calls f with the place of every key of a map of texts.
func (s *scan) eachText(f func(from, to int)) {
	var before []byte
	for range s.count(majorMap, maxPairs) {
		at := s.at
		from, to := s.text(math.MaxInt)
		if s.lost || bytes.Compare(before, s.data[at:to]) >= 0 {
			s.lose()
			return
		}
		before = s.data[at:to]
		f(from, to)
	}
}
