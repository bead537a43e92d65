package wire

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"slices"

	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// NonceHeader carries the hall's nonce in the answer to the upgrade.
const NonceHeader = "Hallpass-Nonce"

// Nonce is what a Hello must sign, fresh for each connection.
type Nonce [32]byte

// NewNonce returns 32 random bytes.
func NewNonce() Nonce {
	var n Nonce
	rand.Read(n[:]) // never fails
	return n
}

// String gives the nonce as the header carries it: base64url without padding.
func (n Nonce) String() string { return base64.RawURLEncoding.EncodeToString(n[:]) }

// ParseNonce answers fault.BadProtocol for anything but 32 bytes in base64url.
func ParseNonce(text string) (Nonce, error) {
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(data) != len(Nonce{}) {
		return Nonce{}, fault.Wrap(fault.BadProtocol, "The hall has sent no usable nonce.", err)
	}
	return Nonce(data), nil
}

// ProveLink signs a Hello: "hallpass link v1", a zero byte, the nonce, the node.
func ProveLink(key ed25519.PrivateKey, nonce Nonce, node record.NodeID) []byte {
	return ed25519.Sign(key, linkStatement(nonce, node))
}

// LinkProven reports whether the Hello's sender holds the key of its node.
func LinkProven(key ed25519.PublicKey, nonce Nonce, hello Hello) bool {
	return len(key) == ed25519.PublicKeySize && ed25519.Verify(key, linkStatement(nonce, hello.Node), hello.Proof)
}

func linkStatement(nonce Nonce, node record.NodeID) []byte {
	return slices.Concat([]byte("hallpass link v1\x00"), nonce[:], []byte(node))
}
