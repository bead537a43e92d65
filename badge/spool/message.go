package spool

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Limits on what a printer may answer; real answers are below 30 kB.
const (
	maxMessage = 1 << 20
	maxValues  = 20_000 // of one message; a printer that lists all media has about 1,000
)

// Tags of RFC 8010 §3.5.
const (
	tagOperation = 0x01
	tagJob       = 0x02
	tagEnd       = 0x03
	tagPrinter   = 0x04

	tagInteger  = 0x21
	tagBoolean  = 0x22
	tagEnum     = 0x23
	tagText     = 0x41
	tagName     = 0x42
	tagKeyword  = 0x44
	tagURI      = 0x45
	tagCharset  = 0x47
	tagLanguage = 0x48
	tagMIME     = 0x49

	tagTextLang = 0x35
	tagNameLang = 0x36

	tagMember = 0x4a // a member's name in a collection
)

var errMessage = errors.New("broken IPP message")

// message is a request or an answer, without the document that may follow.
// Members of a collection stay what they are on the wire: further values of
// the attribute before them.
type message struct {
	version uint16 // 0x0200 is IPP/2.0
	code    uint16 // operation of a request, status of an answer
	id      uint32
	groups  []group
}

type group struct {
	tag   byte
	attrs []attr
}

type attr struct {
	name   string
	values []value
}

type value struct {
	tag  byte
	data []byte
}

// encode writes RFC 8010 §3.1. A name or value over 32767 octets is a
// programmer's mistake and cannot come out of decode.
func (m message) encode() []byte {
	b := binary.BigEndian.AppendUint16(nil, m.version)
	b = binary.BigEndian.AppendUint16(b, m.code)
	b = binary.BigEndian.AppendUint32(b, m.id)
	for _, g := range m.groups {
		b = append(b, g.tag)
		for _, a := range g.attrs {
			name := a.name
			for _, v := range a.values {
				b = append(b, v.tag)
				b = appendField(b, name)
				b = appendField(b, v.data)
				name = "" // an empty name means "one more value"
			}
		}
	}
	return append(b, tagEnd)
}

func appendField[T string | []byte](b []byte, s T) []byte {
	if len(s) > 0x7fff {
		panic("spool: IPP field too long")
	}
	return append(binary.BigEndian.AppendUint16(b, uint16(len(s))), s...)
}

// decode reads one message up to its end tag and refuses anything else.
func decode(r io.Reader) (message, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxMessage+1))
	if err != nil {
		return message{}, err
	}
	if len(raw) > maxMessage {
		return message{}, fmt.Errorf("%w: over %d bytes", errMessage, maxMessage)
	}
	if len(raw) < 9 {
		return message{}, fmt.Errorf("%w: only %d bytes", errMessage, len(raw))
	}
	m := message{
		version: binary.BigEndian.Uint16(raw),
		code:    binary.BigEndian.Uint16(raw[2:]),
		id:      binary.BigEndian.Uint32(raw[4:]),
	}
	return m, m.decodeGroups(raw[8:])
}

func (m *message) decodeGroups(b []byte) error {
	for values := 0; len(b) > 0; {
		tag := b[0]
		b = b[1:]
		switch {
		case tag == tagEnd:
			return nil // what follows is a document, and no answer of ours has one
		case tag < 0x10:
			m.groups = append(m.groups, group{tag: tag})
			if len(m.groups) > maxValues {
				return fmt.Errorf("%w: too many groups", errMessage)
			}
			continue
		}
		name, rest, ok := cutField(b)
		data, rest, ok2 := cutField(rest)
		if values++; !ok || !ok2 || values > maxValues {
			return fmt.Errorf("%w: cut short or too long", errMessage)
		}
		b = rest
		if !m.add(string(name), value{tag, data}) {
			return fmt.Errorf("%w: value without attribute", errMessage)
		}
	}
	return fmt.Errorf("%w: no end tag", errMessage)
}

func cutField(b []byte) (field, rest []byte, ok bool) {
	if len(b) < 2 {
		return nil, nil, false
	}
	n := int(binary.BigEndian.Uint16(b))
	if n > 0x7fff || len(b)-2 < n {
		return nil, nil, false
	}
	return b[2 : 2+n], b[2+n:], true
}

// add appends an attribute, or with an empty name one more value to the last.
func (m *message) add(name string, v value) bool {
	if len(m.groups) == 0 {
		return false
	}
	g := &m.groups[len(m.groups)-1]
	if name != "" {
		g.attrs = append(g.attrs, attr{name: name, values: []value{v}})
		return true
	}
	if len(g.attrs) == 0 {
		return false
	}
	a := &g.attrs[len(g.attrs)-1]
	a.values = append(a.values, v)
	return true
}
