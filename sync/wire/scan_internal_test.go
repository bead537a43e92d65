package wire

import (
	"bytes"
	"encoding/hex"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"hallpass/sync/record"
)

// libraryFact and libraryFrame read without the short way.
func libraryFact(kind record.Kind, payload []byte) (record.Fact, error) {
	switch kind {
	case record.KindRegistration:
		return unmarshalForm(payload, registrationForm.record)
	case record.KindBadge:
		return unmarshalForm(payload, badgeForm.record)
	default:
		return unmarshalForm(payload, leadForm.record)
	}
}

func libraryFrame(data []byte) (Frame, error) {
	var e envelope
	if err := decoder.Unmarshal(data, &e); err != nil {
		return nil, err
	}
	return e.open()
}

var scanned = []record.Kind{record.KindRegistration, record.KindBadge, record.KindLead}

// goldens returns the golden files whose names begin so.
func goldens(t testing.TB, prefix string) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "v*", prefix+"*.hex"))
	if err != nil || len(files) == 0 {
		t.Fatalf("golden files of %s: %v, %v", prefix, files, err)
	}
	out := map[string][]byte{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		data, err := hex.DecodeString(strings.Join(strings.Fields(string(text)), ""))
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(file)] = data
	}
	return out
}

// What we write ourselves takes the short way; the hall's speed rests on it.
func TestScan_ReadsWhatWeWrite(t *testing.T) {
	for _, kind := range scanned {
		for name, payload := range goldens(t, string(kind)) {
			got, ok := scanFact(kind, payload)
			want, err := libraryFact(kind, payload)
			if !ok || err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s: scanned = %+v, %v, want %+v, %v", name, got, ok, want, err)
			}
		}
	}
	for name, data := range goldens(t, "frame-batch") {
		got, ok := scanBatch(data)
		if want, err := libraryFrame(data); !ok || err != nil || !reflect.DeepEqual(Frame(got), want) {
			t.Errorf("%s: scanned = %+v, %v, want %+v, %v", name, got, ok, want, err)
		}
	}
}

// check fails if the short way takes what the library reads differently.
func check(t *testing.T, kind byte, data []byte) {
	t.Helper()
	of := scanned[int(kind)%len(scanned)]
	if got, ok := scanFact(of, data); ok {
		if want, err := libraryFact(of, data); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s %x: scanned = %+v, the library reads %+v, %v", of, data, got, want, err)
		}
	}
	if got, ok := scanBatch(data); ok {
		if want, err := libraryFrame(data); err != nil || !reflect.DeepEqual(Frame(got), want) {
			t.Errorf("batch %x: scanned = %+v, the library reads %+v, %v", data, got, want, err)
		}
	}
}

// Every byte of what we write, altered in every way that matters to CBOR.
func TestScan_AlteredBytes(t *testing.T) {
	for _, prefix := range []string{"registration", "badge", "lead", "frame-batch"} {
		for _, data := range goldens(t, prefix) {
			for i := range data {
				for _, b := range []byte{data[i] ^ 1, data[i] + 1, data[i] ^ 0x20, data[i] ^ 0x80, 0x00, 0x18, 0x3B, 0x5F, 0x7B, 0xA0, 0xF6, 0xFF} {
					bad := bytes.Clone(data)
					bad[i] = b
					for kind := range scanned {
						check(t, byte(kind), bad)
					}
				}
				check(t, 0, data[:i])
				check(t, 1, append(bytes.Clone(data[:i]), data...))
			}
		}
	}
}

func FuzzScan(f *testing.F) {
	for kind, prefix := range []string{"registration", "badge", "lead", "frame-batch"} {
		for _, data := range goldens(f, prefix) {
			f.Add(byte(kind), data)
		}
	}
	f.Fuzz(check)
}

func BenchmarkDecode(b *testing.B) {
	for _, kind := range scanned {
		payload := goldens(b, string(kind))[string(kind)+".hex"]
		b.Run(string(kind), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Decode(kind, payload); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(string(kind)+"/library", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := libraryFact(kind, payload); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
