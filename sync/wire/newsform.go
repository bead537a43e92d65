package wire

import (
	"fmt"

	"hallpass/sync/record"
)

// The tagged twins of what the hall tells all kiosks, and of their receipts.

type voidForm struct {
	Badge        record.BadgeID        `cbor:"1,keyasint"`
	Registration record.RegistrationID `cbor:"2,keyasint"`
	Show         record.ShowID         `cbor:"3,keyasint"`
	At           *stampForm            `cbor:"4,keyasint,omitempty"`
	Reason       string                `cbor:"5,keyasint,omitempty"`
}

func voidFrom(v record.Void) voidForm {
	return voidForm{Badge: v.Badge, Registration: v.Registration, Show: v.Show, At: stampFrom(v.At), Reason: v.Reason}
}

func (f voidForm) record() (record.Void, error) {
	return record.Void{Badge: f.Badge, Registration: f.Registration, Show: f.Show, At: f.At.record(), Reason: f.Reason}, nil
}

type erasureForm struct {
	Registration record.RegistrationID `cbor:"1,keyasint"`
	Show         record.ShowID         `cbor:"2,keyasint"`
	At           *stampForm            `cbor:"3,keyasint,omitempty"`
}

func erasureFrom(e record.Erasure) erasureForm {
	return erasureForm{Registration: e.Registration, Show: e.Show, At: stampFrom(e.At)}
}

func (f erasureForm) record() (record.Erasure, error) {
	return record.Erasure{Registration: f.Registration, Show: f.Show, At: f.At.record()}, nil
}

type erasedForm struct {
	Registration record.RegistrationID `cbor:"1,keyasint"`
	Show         record.ShowID         `cbor:"2,keyasint"`
	Node         record.NodeID         `cbor:"3,keyasint"`
	At           *stampForm            `cbor:"4,keyasint,omitempty"`
}

func erasedFrom(e record.Erased) erasedForm {
	return erasedForm{Registration: e.Registration, Show: e.Show, Node: e.Node, At: stampFrom(e.At)}
}

func (f erasedForm) record() (record.Erased, error) {
	return record.Erased{Registration: f.Registration, Show: f.Show, Node: f.Node, At: f.At.record()}, nil
}

type registeredForm struct {
	Show    record.ShowID `cbor:"1,keyasint"`
	Key     []byte        `cbor:"2,keyasint"`
	Region  string        `cbor:"3,keyasint"`
	Entries []digestForm  `cbor:"4,keyasint,omitempty"`
	UpTo    uint64        `cbor:"5,keyasint,omitempty"`
}

type digestForm struct {
	_            struct{} `cbor:",toarray"`
	Hash         []byte
	Registration record.RegistrationID
}

func registeredFrom(r record.Registered) registeredForm {
	f := registeredForm{Show: r.Show, Key: r.Key, Region: r.Region, UpTo: r.UpTo}
	for _, e := range r.Entries {
		f.Entries = append(f.Entries, digestForm{Hash: e.Hash[:], Registration: e.Registration})
	}
	return f
}

func (f registeredForm) record() (record.Registered, error) {
	r := record.Registered{Show: f.Show, Key: f.Key, Region: f.Region, UpTo: f.UpTo}
	if len(f.Entries) > record.MaxDigests {
		return r, fmt.Errorf("%d entries where %d are the most", len(f.Entries), record.MaxDigests)
	}
	for _, e := range f.Entries {
		if len(e.Hash) != len(record.Digest{}.Hash) {
			return r, fmt.Errorf("a hash of %d bytes where it takes 16", len(e.Hash))
		}
		r.Entries = append(r.Entries, record.Digest{Hash: [16]byte(e.Hash), Registration: e.Registration})
	}
	return r, nil
}
