package wire_test

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/record/contact"
	"hallpass/sync/wire"
)

// everybody is a list of n people with a number and an address each.
func everybody(n int) record.Registered {
	list := registered()
	list.Entries = nil
	for i := range n {
		id := record.FixedID[record.RegistrationID](fmt.Sprint("visitor ", i))
		for _, name := range []string{fmt.Sprintf("tel:+86138%08d", i), fmt.Sprintf("mailto:visitor%d@example.org", i)} {
			list.Entries = append(list.Entries, record.Digest{Hash: contact.Hash(list.Key, name), Registration: id})
		}
	}
	return list
}

// Whatever the ids and however often each comes, the list says the same again.
func TestEncode_Registered(t *testing.T) {
	key := registered().Key
	hash := func(i int) [16]byte { return contact.Hash(key, fmt.Sprint(i)) }
	odd, many := everybody(2), everybody(1)
	odd.Entries = append(odd.Entries, record.Digest{Hash: hash(1), Registration: "01reg"}, odd.Entries[0])
	for i := range 600 {
		many.Entries = append(many.Entries, record.Digest{Hash: hash(i), Registration: many.Entries[0].Registration})
	}
	for name, list := range map[string]record.Registered{"None": everybody(0), "Some": everybody(3), "NoULID": odd, "OftenOne": many, "Most": everybody(record.MaxDigests / 2)} {
		got, err := wire.Decode(record.KindRegistered, encoded(t, list))
		if err != nil || !reflect.DeepEqual(got, list) {
			t.Errorf("%s: %d entries become %+.200v, %v", name, len(list.Entries), got, err)
		}
	}
}

// A list costs 200 kiosks as little as may be: 49 bytes of a person with two
// contacts, 32 of them the hashes.
func TestEncode_RegisteredIsSmall(t *testing.T) {
	empty, full := len(encoded(t, everybody(0))), len(encoded(t, everybody(500)))
	if got := float64(full-empty) / 500; got > 50 {
		t.Errorf("%.1f bytes a person, want at most 50", got)
	}
}

// P9: a packed list that does not add up is refused as a whole.
func TestDecode_RefusesABadList(t *testing.T) {
	good := encoded(t, everybody(1)) // 17 bytes of head, two hashes
	at := bytes.Index(good, []byte{0x06, 0x58, 49}) + 3
	if at < 3 {
		t.Fatalf("no packed list in %x", good)
	}
	pack := func(list []byte) []byte {
		return append(append(bytes.Clone(good[:at-2]), 0x59, byte(len(list)>>8), byte(len(list))), list...)
	}
	short := func(list []byte) []byte { // of less than 256 bytes
		return append(append(bytes.Clone(good[:at-2]), 0x58, byte(len(list))), list...)
	}
	one := good[at : at+49]
	none, three := bytes.Clone(one), bytes.Clone(one)
	none[16], three[16] = 0, 3
	for name, payload := range map[string][]byte{
		"CutInAHash": short(one[:48]), "CutInAnID": short(append(bytes.Clone(one), one[:9]...)), "NoHash": short(none),
		"MoreHashes": short(three), "TooMany": pack(bytes.Repeat(one, 513)), "OddByte": short(append(bytes.Clone(one), 0)),
	} {
		if _, err := wire.Decode(record.KindRegistered, payload); fault.CodeOf(err) != fault.RefusedFact || strings.Contains(err.Error(), "01") {
			t.Errorf("%s: %v, want it refused", name, err)
		}
	}
	if fact, err := wire.Decode(record.KindRegistered, pack(bytes.Repeat(one, 512))); err != nil || len(fact.(record.Registered).Entries) != record.MaxDigests {
		t.Errorf("as many as may be: %v", err)
	}
}

// BenchmarkEncode_Registered tells the bytes of a person in the list that every
// kiosk is sent.
func BenchmarkEncode_Registered(b *testing.B) {
	list := everybody(500)
	size := 0
	for b.Loop() {
		payload, err := wire.Encode(list)
		if err != nil {
			b.Fatal(err)
		}
		size = len(payload)
	}
	b.ReportMetric(float64(size)/500, "bytes/person")
}
