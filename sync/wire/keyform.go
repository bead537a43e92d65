package wire

import (
	"crypto/ed25519"
	"slices"

	"hallpass/sync/record"
)

// The tagged twins of the facts about keys.

type keyForm struct {
	Public      []byte               `cbor:"1,keyasint"`
	Node        record.NodeID        `cbor:"2,keyasint"`
	Show        record.ShowID        `cbor:"3,keyasint"`
	Made        *stampForm           `cbor:"4,keyasint,omitempty"`
	Proof       []byte               `cbor:"5,keyasint,omitempty"`
	Certificate registerForm[string] `cbor:"6,keyasint,omitzero"`
	Retired     *stampForm           `cbor:"7,keyasint,omitempty"`
}

func keyFrom(k record.Key) keyForm {
	return keyForm{
		Public: k.Public, Node: k.Node, Show: k.Show, Made: stampFrom(k.Made), Proof: k.Proof,
		Certificate: registerFrom(k.Certificate), Retired: stampFrom(k.Retired),
	}
}

func (f keyForm) record() (record.Key, error) {
	return record.Key{
		Public: f.Public, Node: f.Node, Show: f.Show, Made: f.Made.record(), Proof: f.Proof,
		Certificate: f.Certificate.record(), Retired: f.Retired.record(),
	}, nil
}

type revocationForm struct {
	Node      record.NodeID `cbor:"1,keyasint"`
	Show      record.ShowID `cbor:"2,keyasint"`
	At        *stampForm    `cbor:"3,keyasint,omitempty"`
	Since     int64         `cbor:"4,keyasint,omitempty"`
	All       bool          `cbor:"5,keyasint,omitempty"`
	Statement string        `cbor:"6,keyasint"`
}

func revocationFrom(r record.Revocation) revocationForm {
	return revocationForm{Node: r.Node, Show: r.Show, At: stampFrom(r.At), Since: r.Since, All: r.All, Statement: r.Statement}
}

func (f revocationForm) record() (record.Revocation, error) {
	return record.Revocation{Node: f.Node, Show: f.Show, At: f.At.record(), Since: f.Since, All: f.All, Statement: f.Statement}, nil
}

// ProveKey signs, with a kiosk's new key, whose it is: "hallpass badge key v1",
// a zero byte, the node, a zero byte, the show. Without it a kiosk could have
// another's key certified as its own.
func ProveKey(key ed25519.PrivateKey, node record.NodeID, show record.ShowID) []byte {
	return ed25519.Sign(key, keyStatement(node, show))
}

// KeyProven reports whether whoever made the fact holds the key.
func KeyProven(k record.Key) bool {
	return len(k.Public) == ed25519.PublicKeySize && ed25519.Verify(k.Public, keyStatement(k.Node, k.Show), k.Proof)
}

func keyStatement(node record.NodeID, show record.ShowID) []byte {
	return slices.Concat([]byte("hallpass badge key v1\x00"), []byte(node), []byte{0}, []byte(show))
}
