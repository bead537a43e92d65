package ql

import (
	"bytes"
	"encoding/binary"
)

// BER (X.690) as far as SNMP needs it. Unlike DER it allows a length to be
// written longer than need be, and printers do.

// value writes a tag and what belongs under it.
func value(tag byte, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	out := []byte{tag, byte(len(body))}
	if len(body) > 127 {
		out = binary.BigEndian.AppendUint16([]byte{tag, 0x82}, uint16(len(body)))
	}
	return append(out, body...)
}

// next takes a value of a tag off the front; both are nil if there is none.
func next(b []byte, tag byte) (body, rest []byte) {
	if len(b) < 2 || b[0] != tag {
		return nil, nil
	}
	n, head := int(b[1]), 2
	if n >= 0x80 {
		long := n - 0x80
		if long > 4 || len(b) < 2+long {
			return nil, nil
		}
		n, head = 0, 2+long
		for _, d := range b[2:head] {
			n = n<<8 | int(d)
		}
	}
	if n > len(b)-head {
		return nil, nil
	}
	return b[head : head+n : head+n], b[head+n:]
}

// inside is what a value holds.
func inside(b []byte, tag byte) []byte { body, _ := next(b, tag); return body }

// skip leaves out n values of any kind.
func skip(b []byte, n int) []byte {
	for range n {
		if len(b) == 0 {
			return nil
		}
		_, b = next(b, b[0])
	}
	return b
}

// trim takes the leading zeros off a number.
func trim(b []byte) []byte { return bytes.TrimLeft(b, "\x00") }

// number reads a counter, −1 if it is none.
func number(b, _ []byte) int64 {
	if b == nil || len(b) > 5 {
		return -1
	}
	var n int64
	for _, d := range b {
		n = n<<8 | int64(d)
	}
	return n
}
