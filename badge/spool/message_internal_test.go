package spool

import (
	"bytes"
	"errors"
	"reflect"
	"testing"
)

var sample = message{version: 0x0200, code: opPrintJob, id: 7, groups: []group{
	{tag: tagOperation, attrs: []attr{
		{"attributes-charset", []value{text(tagCharset, "utf-8")}},
		{"requested-attributes", []value{text(tagKeyword, "a"), text(tagKeyword, "b")}},
		{"job-id", []value{integer(1 << 31)}},
	}},
	{tag: tagPrinter, attrs: []attr{{"media-col", []value{ // a collection: RFC 8010 §3.1.6
		{0x34, nil}, {0x4a, []byte("x-dimension")}, integer(8560), {0x37, nil},
	}}}},
	{tag: tagJob},
}}

func TestMessage_RoundTrip(t *testing.T) {
	got, err := decode(bytes.NewReader(append(sample.encode(), "%PDF document"...)))
	if err != nil || !reflect.DeepEqual(normal(got), normal(sample)) {
		t.Fatalf("decode = %+v, %v; want %+v", got, err, sample)
	}
}

func TestMessage_CutAnywhereIsRefused(t *testing.T) {
	whole := sample.encode()
	for n := range whole {
		if _, err := decode(bytes.NewReader(whole[:n])); !errors.Is(err, errMessage) {
			t.Errorf("decode of %d of %d bytes = %v, want errMessage", n, len(whole), err)
		}
	}
}

func FuzzMessage(f *testing.F) {
	f.Add(sample.encode())
	f.Add([]byte("\x02\x00\x00\x00\x00\x00\x00\x01\x03"))
	f.Add([]byte("\x01\x01\x05\x07\x00\x00\x00\x01\x01\x35\x00\x01n\x00\x09\x00\x02en\x00\x03abc\x03"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := decode(bytes.NewReader(b))
		if err != nil {
			return
		}
		again, err := decode(bytes.NewReader(m.encode()))
		if err != nil || !reflect.DeepEqual(m, again) {
			t.Fatalf("decode(encode) = %+v, %v; want %+v", again, err, m)
		}
		for _, g := range m.groups { // reading any of it must not panic
			for _, a := range g.attrs {
				_, _, _ = g.texts(a.name), g.number(a.name), g.yes(a.name)
			}
		}
	})
}

// normal makes nil and empty data the same for comparison.
func normal(m message) message {
	for _, g := range m.groups {
		for _, a := range g.attrs {
			for i := range a.values {
				a.values[i].data = append([]byte{}, a.values[i].data...)
			}
		}
	}
	return m
}
