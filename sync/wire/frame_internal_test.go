package wire

import (
	"bytes"
	"reflect"
	"testing"

	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// P9: whatever comes from the network is a frame or fault.BadFrame, and a frame
// has one spelling: what was read is written the same ever after.
func FuzzFrame(f *testing.F) {
	for _, frame := range []Frame{
		Hello{Protocol: 1, Node: "k", Epoch: "e", Last: record.Cursor{Epoch: "e", Seq: 3}, Proof: []byte{1}},
		Welcome{Protocol: 1, Node: "h", Read: record.Cursor{Epoch: "e", Seq: 3}},
		Batch{First: 1, Changes: []record.Change{{Node: "k", Epoch: "e", Seq: 1, Payload: []byte{1}, Salt: []byte{2}}}},
		Ack{Seq: 1}, Status{Reasons: []string{"media-empty"}}, Bye{Code: "internal"},
		Status{Tally: record.Tally{
			Fields:     map[record.FieldName]record.FieldTally{"name": {Sure: record.Outcomes{Accepted: 1}, Typed: 2}},
			Confusions: map[record.Confusion]uint64{{Read: 'O', Meant: '0'}: 3},
		}},
	} {
		data, err := encodeFrame(frame)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte{0x82, 0x04, 0xa1, 0x01, 0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, data []byte) {
		frame, err := decodeFrame(data)
		if err != nil {
			if got := fault.CodeOf(err); got != fault.BadFrame {
				t.Fatalf("decodeFrame(%x) = %v, want %v", data, err, fault.BadFrame)
			}
			return
		}
		once, err := encodeFrame(frame)
		if err != nil {
			t.Fatal(err)
		}
		again, err := decodeFrame(once)
		if err != nil {
			t.Fatalf("decodeFrame(encodeFrame(%#v)) = %v", frame, err)
		}
		twice, err := encodeFrame(again)
		if err != nil || !bytes.Equal(once, twice) || reflect.TypeOf(frame) != reflect.TypeOf(again) {
			t.Fatalf("%x becomes %x (%v), want one spelling", once, twice, err)
		}
	})
}

func TestDecodeFrame_Refuses(t *testing.T) {
	good, err := encodeFrame(Ack{Seq: 5})
	if err != nil {
		t.Fatal(err)
	}
	if frame, err := decodeFrame(good); err != nil || frame != (Ack{Seq: 5}) {
		t.Fatalf("decodeFrame(%x) = %v, %v, want the Ack", good, frame, err)
	}
	long := string(make([]byte, maxShort+1))
	change := record.Change{Seq: 2}
	tests := map[string][]byte{
		"Nothing":               {},
		"Text":                  []byte("hello"),
		"TrailingByte":          append(bytes.Clone(good), 0),
		"CutShort":              good[:len(good)-1],
		"UnknownType":           {0x82, 0x18, 0x63, 0xa0},
		"TypeIsText":            {0x82, 0x61, 0x34, 0xa0},
		"ThreeParts":            {0x83, 0x04, 0xa0, 0x00},
		"BodyIsNoMap":           {0x82, 0x04, 0x05},
		"NegativeSeq":           {0x82, 0x04, 0xa1, 0x01, 0x20},
		"RepeatedKey":           {0x82, 0x04, 0xa2, 0x01, 0x05, 0x01, 0x06},
		"IndefiniteMap":         {0x82, 0x04, 0xbf, 0x01, 0x05, 0xff},
		"Tag":                   {0x82, 0x04, 0xa1, 0x01, 0xc1, 0x05},
		"NotUTF8":               {0x82, 0x06, 0xa1, 0x01, 0x61, 0xff},
		"TooDeep":               append([]byte{0x82, 0x04, 0xa1, 0x18, 0x63}, append(bytes.Repeat([]byte{0x81}, maxLevels), 0)...),
		"ArrayOfFourBillion":    {0x82, 0x05, 0xa1, 0x05, 0x9a, 0xff, 0xff, 0xff, 0xff},
		"EmptyBatch":            mustEncode(t, Batch{First: 1}),
		"BatchFromZero":         mustEncode(t, Batch{Changes: []record.Change{{}}}),
		"BatchWithGap":          mustEncode(t, Batch{First: 1, Changes: []record.Change{change}}),
		"ShortDigest":           {0x82, 0x03, 0xa2, 0x01, 0x01, 0x02, 0x81, 0xa2, 0x03, 0x01, 0x08, 0x41, 0x00},
		"ReasonTooLong":         mustEncode(t, Status{Reasons: []string{long}}),
		"TalliedFieldTooLong":   mustEncode(t, Status{Tally: record.Tally{Fields: map[record.FieldName]record.FieldTally{record.FieldName(long): {Typed: 1}}}}),
		"VersionTooLong":        mustEncode(t, Hello{Version: long}),
		"KindTooLong":           mustEncode(t, Batch{First: 2, Changes: []record.Change{{Seq: 2, Kind: record.Kind(long)}}}),
		"SentenceTooLong":       append([]byte{0x82, 0x06, 0xa1, 0x02, 0x79, 0x01, 0x00}, long...),
		"EpochInACursorTooLong": mustEncode(t, Welcome{Read: record.Cursor{Epoch: record.Epoch(long)}}),
	}
	for name, data := range tests {
		t.Run(name, func(t *testing.T) {
			if frame, err := decodeFrame(data); fault.CodeOf(err) != fault.BadFrame {
				t.Errorf("decodeFrame(%.40x) = %v, %v, want %v", data, frame, err, fault.BadFrame)
			}
		})
	}
}

// P12: a later program may add keys.
func TestDecodeFrame_SkipsUnknownKeys(t *testing.T) {
	data := []byte{0x82, 0x04, 0xa3, 0x01, 0x05, 0x18, 0x63, 0x63, 'n', 'e', 'w', 0x18, 0x64, 0x82, 0x01, 0x02}
	frame, err := decodeFrame(data)
	if err != nil || frame != (Ack{Seq: 5}) {
		t.Errorf("decodeFrame(Ack with unknown keys) = %v, %v, want Ack 5", frame, err)
	}
}

func mustEncode(t *testing.T, frame Frame) []byte {
	t.Helper()
	data, err := encodeFrame(frame)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
