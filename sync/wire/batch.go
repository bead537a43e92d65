package wire

import (
	"errors"
	"fmt"

	"hallpass/sync/record"
)

// batchBytes bounds a batch that holds more than one change, in bytes: small
// enough for other frames to get their turn on a slow link.
const batchBytes = 1 << 20

// BatchOf returns a batch of the leading changes, as many as take 1 MiB
// together but at least one. Changes are consecutive and not empty.
func BatchOf(changes []record.Change) Batch {
	size, n := 0, 0
	for _, c := range changes {
		size += len(c.Payload) + changeOverhead
		if n > 0 && size > batchBytes {
			break
		}
		n++
	}
	return Batch{First: changes[0].Seq, Changes: changes[:n]}
}

// changeOverhead is what a change takes beside its payload: two hashes, salt,
// ids and keys are some 220 bytes.
const changeOverhead = 256

type batchForm struct {
	First   uint64       `cbor:"1,keyasint"`
	Changes []changeForm `cbor:"2,keyasint,omitempty"`
}

type changeForm struct {
	Node    record.NodeID `cbor:"1,keyasint"`
	Epoch   record.Epoch  `cbor:"2,keyasint"`
	Seq     uint64        `cbor:"3,keyasint"`
	Stamp   *stampForm    `cbor:"4,keyasint,omitempty"`
	Kind    record.Kind   `cbor:"5,keyasint"`
	Payload []byte        `cbor:"6,keyasint,omitempty"`
	Salt    []byte        `cbor:"7,keyasint,omitempty"`
	Digest  []byte        `cbor:"8,keyasint"`
	Chain   []byte        `cbor:"9,keyasint"`
}

func batchFrom(b Batch) batchForm {
	changes := make([]changeForm, len(b.Changes))
	for i, c := range b.Changes {
		changes[i] = changeFrom(c)
	}
	return batchForm{b.First, changes}
}

func changeFrom(c record.Change) changeForm {
	return changeForm{
		Node: c.Node, Epoch: c.Epoch, Seq: c.Seq, Stamp: stampFrom(c.Stamp), Kind: c.Kind,
		Payload: c.Payload, Salt: c.Salt, Digest: c.Digest[:], Chain: c.Chain[:],
	}
}

func (f changeForm) record() (record.Change, error) {
	c := record.Change{
		Node: f.Node, Epoch: f.Epoch, Seq: f.Seq, Stamp: f.Stamp.record(), Kind: f.Kind,
		Payload: f.Payload, Salt: f.Salt,
	}
	if len(f.Digest) != len(c.Digest) || len(f.Chain) != len(c.Chain) {
		return c, fmt.Errorf("change %d has a digest or chain that is not 32 bytes", f.Seq)
	}
	copy(c.Digest[:], f.Digest)
	copy(c.Chain[:], f.Chain)
	return c, short(string(f.Node), string(f.Epoch), string(c.Stamp.Node), string(f.Kind))
}

// frame holds a batch to its word: changes count up from First, from 1.
func (f batchForm) frame() (Frame, error) {
	if f.First == 0 || len(f.Changes) == 0 {
		return nil, errors.New("a batch carries at least one change, numbered from 1")
	}
	batch := Batch{First: f.First, Changes: make([]record.Change, len(f.Changes))}
	for i, form := range f.Changes {
		c, err := form.record()
		if err != nil {
			return nil, err
		}
		if c.Seq != f.First+uint64(i) {
			return nil, fmt.Errorf("change %d stands where %d belongs", c.Seq, f.First+uint64(i))
		}
		batch.Changes[i] = c
	}
	return batch, nil
}
