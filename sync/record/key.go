package record

import (
	"bytes"
	"cmp"
	"crypto/ed25519"
)

// Key is one key that signs the badges of one kiosk. The kiosk says that it has
// made it, the hall certifies it; a kiosk may have had several.
type Key struct {
	Public      []byte // Ed25519, 32 bytes: its identity
	Node        NodeID
	Show        ShowID
	Made        Stamp
	Proof       []byte           // by the key itself, see package wire; empty for the key that a kiosk was paired with
	Certificate Register[string] // as package token writes it; empty until the hall has signed one
	Retired     Stamp            // not zero: the hall wants another key in its place
}

// MergeKeys joins two versions of one key; both must have the same Public.
func MergeKeys(a, b Key) Key {
	out := a
	if keyOrigin(b, a) < 0 {
		out = b
	}
	out.Certificate = a.Certificate.Join(b.Certificate)
	out.Retired = later(a.Retired, b.Retired)
	return out
}

func keyOrigin(a, b Key) int {
	return cmp.Or(
		a.Made.Compare(b.Made),
		cmp.Compare(a.Node, b.Node),
		cmp.Compare(a.Show, b.Show),
		bytes.Compare(a.Proof, b.Proof),
	)
}

// Kind is KindKey.
func (Key) Kind() Kind { return KindKey }

// Validate refuses a key that is none or belongs to nobody.
func (k Key) Validate() error {
	switch {
	case len(k.Public) != ed25519.PublicKeySize:
		return refused("public", "The key is no Ed25519 public key.")
	case k.Node == "":
		return refused("node", "The key belongs to no kiosk.")
	case k.Show == "":
		return refused("show", "The key names no show.")
	case len(k.Proof) != 0 && len(k.Proof) != ed25519.SignatureSize:
		return refused("proof", "The key's proof is no signature.")
	case !fits(k.Certificate.Value):
		return refused("certificate", "The text is too long or not text.")
	}
	return nil
}

// Revocation takes a kiosk out of service for good. It is the hall's alone to
// say; Statement is the same under the hall's signature, for whoever has only
// the hall's public key.
type Revocation struct {
	Node      NodeID
	Show      ShowID
	At        Stamp
	Since     int64 // seconds since 1970: what its keys signed from then on is void
	All       bool  // so is what they signed before
	Statement string
}

// MergeRevocations returns the stricter of two revocations of one kiosk: what
// is void stays void.
func MergeRevocations(a, b Revocation) Revocation {
	if strictness(a, b) >= 0 {
		return a
	}
	return b
}

func strictness(a, b Revocation) int {
	all := func(r Revocation) int {
		if r.All {
			return 1
		}
		return 0
	}
	return cmp.Or(
		cmp.Compare(all(a), all(b)),
		cmp.Compare(b.Since, a.Since),
		b.At.Compare(a.At),
		cmp.Compare(b.Show, a.Show),
		cmp.Compare(b.Statement, a.Statement),
	)
}

// Kind is KindRevocation.
func (Revocation) Kind() Kind { return KindRevocation }

// Validate refuses a revocation of nobody or that nothing proves.
func (r Revocation) Validate() error {
	switch {
	case r.Node == "":
		return refused("node", "The revocation names no kiosk.")
	case r.Show == "":
		return refused("show", "The revocation names no show.")
	case r.At.IsZero() || r.Since < 0 || r.Since > r.At.Wall/1000+1:
		return refused("since", "The revocation's times cannot be true.")
	case r.Statement == "" || !fits(r.Statement):
		return refused("statement", "The revocation has no statement of the hall.")
	}
	return nil
}
