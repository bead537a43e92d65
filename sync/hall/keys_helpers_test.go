package hall_test

import (
	"crypto/ed25519"
	"strings"
	"testing"

	"hallpass/sync/hall"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// rawBadge reads bytes 6 to 22 of a token as its specification says.
func rawBadge(t *testing.T, text string) [16]byte {
	t.Helper()
	const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
	var raw []byte
	for ; len(text) >= 3; text = text[3:] {
		n := strings.IndexByte(alphabet, text[0]) + 45*strings.IndexByte(alphabet, text[1]) + 2025*strings.IndexByte(alphabet, text[2])
		raw = append(raw, byte(n>>8), byte(n))
	}
	if len(raw) != 100 {
		t.Fatalf("a token of %d bytes", len(raw))
	}
	return [16]byte(raw[6:22])
}

// requestWith is what a kiosk with that key posts that was told the code.
func requestWith(key ed25519.PrivateKey, code string) wire.PairRequest {
	r := wire.PairRequest{Name: "Kiosk", PublicKey: wire.Base64(key.Public().(ed25519.PublicKey)), Nonce: make([]byte, wire.PairNonceLength)}
	r.Seal(wire.PairingCode(strings.ReplaceAll(code, "-", "")), [32]byte{})
	return r
}

// announced is all that the hall has told its kiosks.
func (e *expo) announced(t *testing.T) (facts []record.Fact) {
	t.Helper()
	self := must(e.store.Self(t.Context()))
	for _, c := range must(e.store.Changes(t.Context(), self.Hall, self.Epoch, 0, 1000)) {
		facts = append(facts, must(wire.Decode(c.Kind, c.Payload)))
	}
	return facts
}

// restart opens the hall's data as the next start does.
func (e *expo) restart(t *testing.T, use func(*hall.Hall)) {
	t.Helper()
	again, err := hall.New(t.Context(), hall.Config{Store: e.store, Key: e.private})
	if err != nil {
		t.Fatal(err)
	}
	use(again)
}
