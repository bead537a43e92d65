package wire_test

import (
	"bytes"
	"encoding/hex"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// P12: the latest that both speak, or nothing.
func TestHello_Agree(t *testing.T) {
	for _, c := range []struct {
		name                  string
		latest, earliest      uint // the kiosk's; earliest 0 if it says none
		hallLeast, hallLatest uint
		want                  uint
		ok                    bool
	}{
		{"Same", 1, 0, 1, 1, 1, true},
		{"LaterKioskThatStillSpeaksOurs", 3, 1, 1, 1, 1, true},
		{"LaterKioskThatDoesNot", 3, 0, 1, 1, 1, false},
		{"LaterKioskNotSoFarBack", 3, 2, 1, 1, 1, false},
		{"HallOfTwo", 1, 0, 1, 2, 1, true},
		{"BothOfTwo", 2, 1, 1, 2, 2, true},
		{"HallThatForgotTheFirst", 1, 0, 2, 3, 1, false},
		{"MeetInTheMiddle", 3, 2, 1, 2, 2, true},
		{"NoNumber", 0, 0, 1, 1, 0, false},
		{"Upside", 1, 2, 1, 2, 1, false},
	} {
		got, ok := wire.Hello{Protocol: c.latest, Least: c.earliest}.Agree(c.hallLeast, c.hallLatest)
		if ok != c.ok || ok && got != c.want {
			t.Errorf("%s: Agree = %d, %v, want %d, %v", c.name, got, ok, c.want, c.ok)
		}
	}
}

// later adds keys of a later program to the body of a frame or to a fact: its map
// has fewer than 22 pairs and begins at a byte of the golden file.
func later(t *testing.T, data []byte, at int) []byte {
	t.Helper()
	if data[at]>>5 != 5 || data[at]&31 > 21 {
		t.Fatalf("no small map begins with %x", data[at])
	}
	out := bytes.Clone(data)
	out[at] += 2
	// 200: "later", 201: {1: [1, 2]}
	return append(out, 0x18, 0xc8, 0x65, 'l', 'a', 't', 'e', 'r', 0x18, 0xc9, 0xa1, 0x01, 0x82, 0x01, 0x02)
}

// P12: every frame of a later program that only added keys is read as before.
func TestFrames_KeysOfALaterProgram(t *testing.T) {
	for name, frame := range frames() {
		data := later(t, golden(t, "frame-"+name, nil), 2) // behind the array and the type
		if got, err := receiveBytes(t, data); err != nil || !reflect.DeepEqual(got, frame) {
			t.Errorf("%s with two more keys = %+v, %v, want %+v", name, got, err, frame)
		}
	}
}

// P12: so is every fact, and whoever passes it on passes on what he does not know.
func TestFacts_KeysOfALaterProgram(t *testing.T) {
	for _, fact := range everyFact() {
		if fact.Kind() == "show" {
			continue // JSON; package showfile tests it
		}
		data := later(t, encoded(t, fact), 0)
		if got, err := wire.Decode(fact.Kind(), data); err != nil || !reflect.DeepEqual(got, fact) {
			t.Errorf("%s with two more keys = %+v, %v, want %+v", fact.Kind(), got, err, fact)
		}
		change := frames()["batch"].(wire.Batch).Changes[0]
		change.Kind, change.Payload = fact.Kind(), data
		got, err := receiveBytes(t, sentBytes(t, wire.Batch{First: change.Seq, Changes: []record.Change{change}}))
		if err != nil || !bytes.Equal(got.(wire.Batch).Changes[0].Payload, data) {
			t.Errorf("%s is passed on as %+v, %v", fact.Kind(), got, err)
		}
	}
}

// P12: the golden files of every protocol that this program speaks are read, and
// no file is left over that no test knows.
func TestGolden_EveryProtocol(t *testing.T) {
	for version := wire.Least; version <= wire.Protocol; version++ {
		files, err := filepath.Glob(filepath.Join("testdata", "v"+string(rune('0'+version)), "frame-*.hex"))
		if err != nil || len(files) < len(frames()) {
			t.Fatalf("protocol %d has %d golden frames, %v, want %d", version, len(files), err, len(frames()))
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			data, err := hex.DecodeString(strings.Join(strings.Fields(string(text)), ""))
			if err != nil {
				t.Fatal(err)
			}
			frame, err := receiveBytes(t, data)
			if err != nil {
				t.Errorf("%s: %v", file, err)
				continue
			}
			if back := sentBytes(t, frame); !bytes.Equal(back, data) {
				t.Errorf("%s is written again as %x", file, back)
			}
		}
	}
}
