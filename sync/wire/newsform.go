package wire

import "hallpass/sync/record"

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
