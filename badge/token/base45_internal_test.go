package token

import (
	"bytes"
	"testing"
)

// The examples of RFC 9285, sections 4.3 and 4.4.
func TestBase45_RFC9285(t *testing.T) {
	for data, text := range map[string]string{
		"AB": "BB8", "Hello!!": "%69 VD92EX0", "base-45": "UJCLQE7W581", "ietf!": "QED8WEX0",
	} {
		if got := encodeBase45([]byte(data)); got != text {
			t.Errorf("encodeBase45(%q) = %q, want %q", data, got, text)
		}
		if got, ok := decodeBase45(text); !ok || string(got) != data {
			t.Errorf("decodeBase45(%q) = %q, %v, want %q", text, got, ok, data)
		}
	}
	for _, text := range []string{"GGW", ":::", "::", "A", "AAAA", "aB8", "A\x00A", "观众"} {
		if got, ok := decodeBase45(text); ok {
			t.Errorf("decodeBase45(%q) = %x, want a refusal", text, got)
		}
	}
}

func FuzzBase45(f *testing.F) {
	f.Add([]byte("Hello!!"), "FGW")
	f.Fuzz(func(t *testing.T, data []byte, text string) {
		if got, ok := decodeBase45(encodeBase45(data)); !ok || !bytes.Equal(got, data) {
			t.Fatalf("%x came back as %x, %v", data, got, ok)
		}
		if got, ok := decodeBase45(text); ok && encodeBase45(got) != text {
			t.Fatalf("%q decodes to %x, which is written %q", text, got, encodeBase45(got))
		}
	})
}

func FuzzCategory(f *testing.F) {
	f.Add([]byte("\x00\x01\x02\x03\x04\x05\x06\x07"))
	f.Add([]byte{0xFA, 0, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, packed []byte) {
		if len(packed) != categoryBytes {
			return
		}
		id, ok := unpackCategory(packed)
		if !ok {
			return
		}
		if again := packCategory(id); CheckCategory(id) != nil || !bytes.Equal(again[:], packed) {
			t.Fatalf("%x unpacks to %q, which packs to %x", packed, id, again)
		}
	})
}
