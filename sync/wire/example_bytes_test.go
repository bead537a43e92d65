package wire_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"os"
	"regexp"
	"strings"
	"testing"

	"hallpass/sync/record"
	"hallpass/sync/record/contact"
	"hallpass/sync/wire"
)

// upward returns n bytes that count up from first.
func upward(first byte, n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = first + byte(i)
	}
	return out
}

const (
	exampleKiosk = record.NodeID("01JD0000000000000000000K01")
	exampleHall  = record.NodeID("01JD0000000000000000000HA1")
	kioskEpoch   = record.Epoch("01JD0000000000000000000EK1")
	hallEpoch    = record.Epoch("01JD0000000000000000000EH1")
	exampleShow  = record.ShowID("lumen-2027")
)

// examples are the bytes of the walk in the specification, by the names there.
func examples(t *testing.T) map[string][]byte {
	t.Helper()
	kiosk, hall := ed25519.NewKeyFromSeed(upward(0x00, 32)), ed25519.NewKeyFromSeed(upward(0x20, 32))
	public, hallPublic := kiosk.Public().(ed25519.PublicKey), hall.Public().(ed25519.PublicKey)
	print, code := [32]byte(upward(0x40, 32)), wire.PairingCode("7KQ4M2XPTC9D")
	request := wire.PairRequest{Name: "Entrance 1", PublicKey: wire.Base64(public), Nonce: upward(0x60, 16)}
	request.Seal(code, print)
	certificate := wire.Certificate{Node: exampleKiosk, PublicKey: public, Show: exampleShow, Issued: 1_800_000_000_000}.Sign(hall)
	answer := wire.PairAnswer{Node: exampleKiosk, Hall: exampleHall, Show: exampleShow, HallKey: wire.Base64(hallPublic), Certificate: certificate}
	answer.Seal(code, print, request.Nonce)
	up, down := exampleJournals(t)
	nonce := wire.Nonce(upward(0x80, 32))
	hello := wire.Hello{
		Protocol: 1, Node: exampleKiosk, Epoch: kioskEpoch, Show: exampleShow, Version: "1.0",
		Last: record.Cursor{Epoch: kioskEpoch, Seq: 2}, Proof: wire.ProveLink(kiosk, nonce, exampleKiosk), Now: 1_800_000_002_000,
	}
	start := sha256.Sum256([]byte("hallpass journal v1" + string(exampleKiosk) + string(kioskEpoch)))
	out := map[string][]byte{
		"kiosk key": public, "hall key": hallPublic,
		"request proof": request.Proof, "certificate": certificate, "answer proof": answer.Proof, "link proof": hello.Proof,
		"registration": up[0].Payload, "badge": up[1].Payload, "erasure": down[0].Payload, "registered": down[1].Payload,
		"chain 0": start[:], "digest 1": up[0].Digest[:], "chain 1": up[0].Chain[:], "digest 2": up[1].Digest[:], "chain 2": up[1].Chain[:],
	}
	for name, frame := range map[string]wire.Frame{
		"Hello": hello,
		"Welcome": wire.Welcome{
			Protocol: 1, Node: exampleHall, Epoch: hallEpoch, Show: exampleShow,
			Last: record.Cursor{Epoch: hallEpoch, Seq: 2}, Read: record.Cursor{Epoch: kioskEpoch}, Now: 1_800_000_002_004,
		},
		"Batch": wire.Batch{First: 1, Changes: up[:1]}, "Ack": wire.Ack{Seq: 1},
		"Status": wire.Status{LastSeq: 2, AckedSeq: 1, Unsent: 1, Printer: "idle", Version: "1.0", DiskFreeMB: 9000, Now: 1_800_000_003_000},
		"Bye":    wire.Bye{Code: "wire.protocol", Message: "This hall speaks protocol 1."},
	} {
		out[name] = sentBytes(t, frame)
	}
	return out
}

// exampleJournals are the two entries of each side.
func exampleJournals(t *testing.T) (up, down []record.Change) {
	at := record.Stamp{Wall: 1_800_000_001_000, Node: exampleKiosk}
	reg := record.Registration{
		ID: "01JD0000000000000000000R01", Show: exampleShow, Node: exampleKiosk, Created: at, Source: record.SourceTyped,
		Category: record.Register[record.CategoryID]{Value: "trade", At: at},
		Fields:   map[record.FieldName]record.Register[string]{"name": {Value: "Ada Example", At: at}, "email": {Value: "ada@example.org", At: at}},
		Answers:  map[record.QuestionID]record.Answer{"interest": {Picks: []string{"lasers"}, At: at}},
		Consents: map[record.ConsentID]record.Consent{"contact": {Given: true, Version: 2, At: at}},
	}
	issue := record.Badge{
		ID: "01JD0000000000000000000B01", Registration: reg.ID, Show: exampleShow, Node: exampleKiosk, Issue: 1, Category: "trade",
		ShortCode: "7KQ4M2XPTC", State: record.Register[record.BadgeState]{Value: record.BadgeReserved, At: at},
	}
	later := record.Stamp{Wall: 1_800_000_009_000, Counter: 1, Node: exampleHall}
	list := record.Registered{Show: exampleShow, Key: upward(0xc0, 32), Region: "CN", UpTo: 1, Entries: []record.Digest{
		{Hash: contact.Hash(upward(0xc0, 32), "mailto:ada@example.org"), Registration: reg.ID},
	}}
	up = chained(t, exampleKiosk, kioskEpoch, 0xa0, at, reg, issue)
	down = chained(t, exampleHall, hallEpoch, 0xb0, later, record.Erasure{Registration: reg.ID, Show: exampleShow, At: later}, list)
	return up, down
}

// chained makes a journal as section 2 says, without package journal; all of its
// entries have the same stamp and salt, as no real ones have.
func chained(t *testing.T, node record.NodeID, epoch record.Epoch, salt byte, at record.Stamp, facts ...record.Fact) (out []record.Change) {
	chain := sha256.Sum256([]byte("hallpass journal v1" + string(node) + string(epoch)))
	text := func(b []byte, s string) []byte { return append(binary.BigEndian.AppendUint16(b, uint16(len(s))), s...) }
	for i, fact := range facts {
		payload := encoded(t, fact)
		header := binary.BigEndian.AppendUint64(text(text(upward(salt, 16), string(node)), string(epoch)), uint64(i+1))
		header = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint64(header, uint64(at.Wall)), at.Counter)
		header = text(text(header, string(at.Node)), string(fact.Kind()))
		digest := sha256.Sum256(append(header, payload...))
		chain = sha256.Sum256(append(chain[:], digest[:]...))
		out = append(out, record.Change{
			Node: node, Epoch: epoch, Seq: uint64(i + 1), Stamp: at, Kind: fact.Kind(), Payload: payload,
			Salt: upward(salt, 16), Digest: digest, Chain: chain,
		})
	}
	return out
}

// printed reads the named bytes of a specification: a line "name:" and, indented
// below, hexadecimal up to the middle dot that begins what the bytes mean.
func printed(text string) map[string][]byte {
	out, name := map[string][]byte{}, ""
	head, digits := regexp.MustCompile(`^//\t([A-Za-z][A-Za-z0-9 ]*):$`), regexp.MustCompile(`^//\t +([0-9a-f ]+?) *(·.*)?$`)
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if found := head.FindStringSubmatch(line); found != nil {
			name = found[1]
		} else if found := digits.FindStringSubmatch(line); found != nil && name != "" {
			data, err := hex.DecodeString(strings.ReplaceAll(found[1], " ", ""))
			if err == nil {
				out[name] = append(out[name], data...)
			}
		} else if !strings.HasPrefix(line, "//\t  ") {
			name = ""
		}
	}
	return out
}

// Every byte that the specification shows is what the program writes, and none
// of those below is left out there.
func TestSpecification_ShowsTheBytes(t *testing.T) {
	text, err := os.ReadFile("../examples.go")
	if err != nil {
		t.Fatal(err)
	}
	shown := printed(string(text))
	for name, want := range examples(t) {
		if !bytes.Equal(shown[name], want) {
			t.Errorf("%s is\n%x\nthe specification shows\n%x", name, want, shown[name])
		}
	}
	if want := len(examples(t)); len(shown) != want {
		t.Errorf("the specification shows %d examples, want %d", len(shown), want)
	}
}
