package wire

import (
	"fmt"

	"hallpass/sync/record"
)

// The tagged twin of record.Decision. Stamps stand in arrays: none is "never".

type decisionForm struct {
	At           *stampForm                  `cbor:"1,keyasint,omitempty"`
	Show         record.ShowID               `cbor:"2,keyasint,omitempty"`
	By           string                      `cbor:"3,keyasint,omitempty"`
	Act          record.Act                  `cbor:"4,keyasint,omitempty"`
	Registration record.RegistrationID       `cbor:"5,keyasint,omitempty"`
	Seen         map[record.Part][]stampForm `cbor:"6,keyasint,omitempty"`
	Refused      *refusedForm                `cbor:"7,keyasint,omitempty"`
	Reason       string                      `cbor:"8,keyasint,omitempty"`
	Wrote        *stampForm                  `cbor:"9,keyasint,omitempty"`
}

type refusedForm struct {
	_      struct{} `cbor:",toarray"`
	Node   record.NodeID
	Epoch  record.Epoch
	Seq    uint64
	Digest []byte
}

func decisionFrom(d record.Decision) decisionForm {
	form := decisionForm{
		At: stampFrom(d.At), Show: d.Show, By: d.By, Act: d.Act, Registration: d.Registration, Reason: d.Reason, Wrote: stampFrom(d.Wrote),
		Seen: convert(d.Seen, func(stamps []record.Stamp) []stampForm {
			out := make([]stampForm, len(stamps))
			for i, s := range stamps {
				out[i] = stampForm{Wall: s.Wall, Counter: s.Counter, Node: s.Node}
			}
			return out
		}),
	}
	if r := d.Refused; r != (record.Refused{}) {
		form.Refused = &refusedForm{Node: r.Node, Epoch: r.Epoch, Seq: r.Seq, Digest: r.Digest[:]}
	}
	return form
}

func (f decisionForm) record() (record.Decision, error) {
	d := record.Decision{
		At: f.At.record(), Show: f.Show, By: f.By, Act: f.Act, Registration: f.Registration, Reason: f.Reason, Wrote: f.Wrote.record(),
		Seen: convert(f.Seen, func(stamps []stampForm) []record.Stamp {
			out := make([]record.Stamp, len(stamps))
			for i := range stamps {
				out[i] = stamps[i].record()
			}
			return out
		}),
	}
	if f.Refused != nil {
		d.Refused = record.Refused{Node: f.Refused.Node, Epoch: f.Refused.Epoch, Seq: f.Refused.Seq}
		if copy(d.Refused.Digest[:], f.Refused.Digest) != len(d.Refused.Digest) || len(f.Refused.Digest) != len(d.Refused.Digest) {
			return d, fmt.Errorf("a digest of %d bytes", len(f.Refused.Digest))
		}
	}
	return d, nil
}
