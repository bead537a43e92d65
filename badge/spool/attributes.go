package spool

import "encoding/binary"

// text makes a value of one of the string tags.
func text(tag byte, s string) value { return value{tag, []byte(s)} }

func integer(n uint32) value {
	return value{tagInteger, binary.BigEndian.AppendUint32(nil, n)}
}

func boolean(b bool) value {
	if b {
		return value{tagBoolean, []byte{1}}
	}
	return value{tagBoolean, []byte{0}}
}

// all returns the groups of one kind: one per job in an answer to Get-Jobs.
func (m message) all(tag byte) []group {
	var out []group
	for _, g := range m.groups {
		if g.tag == tag {
			out = append(out, g)
		}
	}
	return out
}

// first returns the first group of a kind, or an empty one.
func (m message) first(tag byte) group {
	for _, g := range m.groups {
		if g.tag == tag {
			return g
		}
	}
	return group{}
}

func (g group) values(name string) []value {
	for _, a := range g.attrs {
		if a.name == name {
			return a.values
		}
	}
	return nil
}

// texts returns all values of a string attribute; "with language" forms
// (RFC 8010 §3.9) lose their language.
func (g group) texts(name string) []string {
	var out []string
	for _, v := range g.values(name) {
		data := v.data
		if v.tag == tagTextLang || v.tag == tagNameLang {
			_, rest, _ := cutField(data)
			data, _, _ = cutField(rest)
		}
		out = append(out, string(data))
	}
	return out
}

// text returns the first value of a string attribute, or "".
func (g group) text(name string) string {
	if all := g.texts(name); len(all) > 0 {
		return all[0]
	}
	return ""
}

// number returns the first value of an integer or enum attribute, or 0.
func (g group) number(name string) uint32 {
	for _, v := range g.values(name) {
		if len(v.data) == 4 {
			return binary.BigEndian.Uint32(v.data)
		}
	}
	return 0
}

// yes tells whether a boolean attribute is there and true.
func (g group) yes(name string) bool {
	v := g.values(name)
	return len(v) > 0 && len(v[0].data) == 1 && v[0].data[0] == 1
}

// lists tells whether one of the values of an enum attribute is n.
func (g group) lists(name string, n uint32) bool {
	for _, v := range g.values(name) {
		if len(v.data) == 4 && binary.BigEndian.Uint32(v.data) == n {
			return true
		}
	}
	return false
}
