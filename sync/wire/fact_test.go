package wire_test

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/record/contact"
	"hallpass/sync/wire"
)

var (
	early = record.Stamp{Wall: 1_800_000_000_000, Node: "01KIOSK"}
	late  = record.Stamp{Wall: 1_800_000_000_500, Counter: 3, Node: "01HALL"}
)

func registration() record.Registration {
	return record.Registration{
		ID: "01REG", Show: "lumen-2027", Node: "01KIOSK", Created: early, Source: record.SourceCard,
		Category: record.Register[record.CategoryID]{Value: "trade", At: early},
		Fields: map[record.FieldName]record.Register[string]{
			"name":    {Value: "欧阳𬭎", At: early},
			"company": {Value: "Nordlicht Optik", At: late},
		},
		Answers: map[record.QuestionID]record.Answer{
			"interest": {Picks: []string{"lasers", "lenses"}, At: early},
			"remark":   {Text: "none", At: late},
		},
		Consents: map[record.ConsentID]record.Consent{
			"contact": {Given: true, Version: 2, At: early},
			"news":    {Version: 1, At: early},
		},
	}
}

func badge() record.Badge {
	return record.Badge{
		ID: "01JZZZZZZZZZZZZZZZZZZZZZZZ", Registration: "01REG", Show: "lumen-2027", Node: "01KIOSK",
		Issue: 2, Category: "trade", ShortCode: "7KQ4M2XPTC",
		State:  record.Register[record.BadgeState]{Value: record.BadgeIssued, At: early},
		Reason: record.Register[string]{Value: "lost", At: late}, Voided: late,
	}
}

func lead() record.Lead {
	return record.Lead{
		ID: "01LEAD", Show: "lumen-2027", Exhibitor: "nordlicht", Device: "01DEVICE", ClientID: "c-17",
		Badge: "01JZZZZZZZZZZZZZZZZZZZZZZZ", At: time.Date(2027, 4, 21, 9, 30, 0, 123_456_789, time.UTC),
		Created: early, Rating: record.Register[uint8]{Value: 3, At: late},
		Notes: record.Register[string]{Value: "asks for samples", At: late},
	}
}

func passage() record.Passage {
	at := time.Date(2027, 4, 21, 9, 30, 0, 123_000_000, time.UTC)
	return record.Passage{
		ID: record.PassageIDOf(at, "01DEVICE", "c-17"), Show: "lumen-2027", Gate: "north", Device: "01DEVICE",
		Badge: "01JZZZZZZZZZZZZZZZZZZZZZZZ", Issue: 2, Direction: record.DirectionIn, At: at,
	}
}

// signer is a key that is the same every time.
func signer() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{3}, ed25519.SeedSize))
}

func badgeKey() record.Key {
	k := signer()
	return record.Key{
		Public: k.Public().(ed25519.PublicKey), Node: "01KIOSK", Show: "lumen-2027", Made: early,
		Proof:       wire.ProveKey(k, "01KIOSK", "lumen-2027"),
		Certificate: record.Register[string]{Value: "HPC$%*+-./:", At: late}, Retired: late,
	}
}

// pairedKey is the key that a kiosk was paired with, not yet certified.
func pairedKey() record.Key {
	k := badgeKey()
	k.Proof, k.Certificate, k.Retired = nil, record.Register[string]{}, record.Stamp{}
	return k
}

func revocation() record.Revocation {
	return record.Revocation{Node: "01KIOSK", Show: "lumen-2027", At: late, Since: 1_799_999_000, All: true, Statement: "HPR$%*+-./:"}
}

// awaited is a pre-registration with which nobody has come yet.
func awaited() record.Registration {
	r := registration()
	r.Source, r.Awaited, r.Code, r.Answers, r.Consents = record.SourceImport, true, "EARLYBIRD42", nil, nil
	return r
}

func void() record.Void {
	return record.Void{Badge: "01JZZZZZZZZZZZZZZZZZZZZZZZ", Registration: "01REG", Show: "lumen-2027", At: late, Reason: "lost"}
}

func erasure() record.Erasure {
	return record.Erasure{Registration: "01REG", Show: "lumen-2027", At: late}
}

func receipt() record.Erased {
	return record.Erased{Registration: "01REG", Show: "lumen-2027", Node: "01KIOSK", At: late}
}

func registered() record.Registered {
	key := bytes.Repeat([]byte{7}, record.DigestKeySize)
	return record.Registered{Show: "lumen-2027", Key: key, Region: "CN", UpTo: 17, Entries: []record.Digest{
		{Hash: contact.Hash(key, "tel:+8613800000000"), Registration: "01REG"},
		{Hash: contact.Hash(key, "mailto:ada@example.org"), Registration: "01REG"},
	}}
}

func choice() record.Decision {
	return record.Decision{
		At: late, Show: "lumen-2027", By: "dana", Act: record.ActChoose, Registration: "01REG", Wrote: late,
		Seen: map[record.Part][]record.Stamp{"field.name": {early, late}, "category": {early}},
	}
}

func discarded() record.Decision {
	return record.Decision{
		At: late, Show: "lumen-2027", By: "dana", Act: record.ActDiscard, Reason: "a rehearsal's",
		Refused: record.Refused{Node: "01KIOSK", Epoch: "01EPOCH", Seq: 7, Digest: [32]byte{1, 2, 3}},
	}
}

func tookBack() record.Decision {
	return record.Decision{At: late, Show: "lumen-2027", By: "dana", Act: record.ActVoid, Registration: "01REG", Reason: "lost"}
}

// P5: a kiosk cannot have another's key certified as its own.
func TestKeyProven_OnlyByTheKeysHolder_P5(t *testing.T) {
	if !wire.KeyProven(badgeKey()) {
		t.Error("a key's own proof does not hold")
	}
	for name, change := range map[string]func(*record.Key){
		"another node": func(k *record.Key) { k.Node = "01THIEF" },
		"another show": func(k *record.Key) { k.Show = "lamps-2027" },
		"another key":  func(k *record.Key) { k.Public = make([]byte, 32) },
		"moved border": func(k *record.Key) { k.Node, k.Show = "01KIOSK\x00lumen", "-2027" },
		"no proof":     func(k *record.Key) { k.Proof = nil },
		"no key":       func(k *record.Key) { k.Public = nil },
	} {
		k := badgeKey()
		change(&k)
		if wire.KeyProven(k) {
			t.Errorf("%s: proven", name)
		}
	}
}

// What stands in a journal can be read back (P1), so Encode refuses the rest.
func TestEncode_RefusesWhatDecodeWould(t *testing.T) {
	notText := registration()
	notText.Fields = map[record.FieldName]record.Register[string]{"na\xffme": {Value: "x"}}
	noShow := registration()
	noShow.Show = ""
	farLead := lead()
	farLead.At = time.Date(12_027, 1, 1, 0, 0, 0, 0, time.UTC)
	large := show()
	for i := range 3000 {
		large.Exhibitors = append(large.Exhibitors, record.Exhibitor{
			ID: record.ExhibitorID(fmt.Sprint("e", i)), Name: record.Text{"en": strings.Repeat("N", 1100)},
		})
	}
	tests := []struct {
		name string
		fact record.Fact
		want fault.Code
	}{
		{"NotValid", noShow, fault.RefusedFact},
		{"NotText", notText, fault.RefusedFact},
		{"YearOfFiveDigits", farLead, fault.RefusedFact},
		{"LargerThanAFrame", large, fault.TooLarge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			payload, err := wire.Encode(tt.fact)
			if got := fault.CodeOf(err); got != tt.want {
				t.Errorf("Encode = %d bytes, %v, want %v", len(payload), err, tt.want)
			}
		})
	}
}

func encoded(t *testing.T, fact record.Fact) []byte {
	t.Helper()
	payload, err := wire.Encode(fact)
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

// hashes is how the list of entries of registered() begins: key 4, two entries,
// of two parts each, the first of 16 bytes.
var hashes = []byte{0x04, 0x82, 0x82, 0x50}

// shorter takes a byte from the first hash.
func shorter(payload []byte) []byte {
	at := bytes.Index(payload, hashes) + len(hashes)
	return slices.Concat(payload[:at-1], []byte{0x4f}, payload[at+1:])
}

// longer has the list say its first entry 1,025 times.
func longer(payload []byte) []byte {
	at := bytes.Index(payload, hashes) + 2
	entry := payload[at : at+18+6]
	return slices.Concat(payload[:at-1], []byte{0x99, 0x04, 0x01}, bytes.Repeat(entry, record.MaxDigests+1), payload[at+2*len(entry):])
}

// P9: one bad fact is refused and stops nothing; its text never gets into the
// error (P8).
func TestDecode_Refuses(t *testing.T) {
	good, err := wire.Encode(registration())
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name    string
		kind    record.Kind
		payload []byte
		want    fault.Code
	}{
		{"KindOfALaterProgram", "moon.phase", []byte{0xa0}, fault.UnknownFact},
		{"NoKind", "", []byte{0xa0}, fault.UnknownFact},
		{"Nothing", record.KindLead, nil, fault.RefusedFact},
		{"Garbage", record.KindBadge, []byte("Zhang Wei"), fault.RefusedFact},
		{"CutShort", record.KindRegistration, good[:len(good)-3], fault.RefusedFact},
		{"TrailingByte", record.KindRegistration, append(bytes.Clone(good), 0), fault.RefusedFact},
		{"AnotherKindsBytes", record.KindBadge, good, fault.RefusedFact},
		{"EmptyMap", record.KindLead, []byte{0xa0}, fault.RefusedFact},
		{"NoJSON", record.KindShow, []byte{0xa0}, fault.RefusedFact},
		{"HashOf15Bytes", record.KindRegistered, shorter(encoded(t, registered())), fault.RefusedFact},
		{"TooManyHashes", record.KindRegistered, longer(encoded(t, registered())), fault.RefusedFact},
		{"TooLarge", record.KindShow, make([]byte, wire.MaxPayload+1), fault.RefusedFact},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fact, err := wire.Decode(tt.kind, tt.payload)
			if got := fault.CodeOf(err); got != tt.want || fact != nil {
				t.Errorf("Decode(%s, %.20x) = %v, %v, want %v", tt.kind, tt.payload, fact, err, tt.want)
			}
			if strings.Contains(err.Error(), "Zhang") {
				t.Errorf("error %q repeats what was sent", err)
			}
		})
	}
}

// P12: a field that a later program added does not get in the way.
func TestDecode_SkipsUnknownFields(t *testing.T) {
	payload, err := wire.Encode(record.Registration{ID: "01REG", Show: "lumen-2027", Created: early})
	if err != nil {
		t.Fatal(err)
	}
	if payload[0] != 0xa3 {
		t.Fatalf("payload begins with %x, want a map of three", payload[0])
	}
	payload[0]++
	payload = append(payload, 0x18, 0x63, 0x81, 0x63, 'n', 'e', 'w') // 99: ["new"]
	fact, err := wire.Decode(record.KindRegistration, payload)
	if err != nil || fact.(record.Registration).ID != "01REG" {
		t.Errorf("Decode with an unknown field = %v, %v, want the registration", fact, err)
	}
}

// everyFact is one of each kind at least.
func everyFact() []record.Fact {
	return []record.Fact{
		registration(), awaited(), badge(), lead(), show(), badgeKey(), revocation(), void(), erasure(), receipt(), registered(),
		choice(), discarded(), passage(),
	}
}

// FuzzDecode: what decodes has one spelling from then on, and means the same.
func FuzzDecode(f *testing.F) {
	for _, fact := range everyFact() {
		payload, err := wire.Encode(fact)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(fact.Kind()), payload)
	}
	f.Fuzz(func(t *testing.T, kind string, payload []byte) {
		fact, err := wire.Decode(record.Kind(kind), payload)
		if err != nil {
			if code := fault.CodeOf(err); code != fault.RefusedFact && code != fault.UnknownFact {
				t.Fatalf("Decode(%q, %x) = %v", kind, payload, err)
			}
			return
		}
		once, err := wire.Encode(fact)
		if err != nil {
			t.Fatalf("Encode(Decode(%q, %x)) = %v", kind, payload, err)
		}
		again, err := wire.Decode(record.Kind(kind), once)
		if err != nil {
			t.Fatal(err)
		}
		twice, err := wire.Encode(again)
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("%x becomes %x (%v), want one spelling", once, twice, err)
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	fact := registration()
	for b.Loop() {
		if _, err := wire.Encode(fact); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	payload, err := wire.Encode(registration())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := wire.Decode(record.KindRegistration, payload); err != nil {
			b.Fatal(err)
		}
	}
}
