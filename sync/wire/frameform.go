package wire

import (
	"errors"
	"fmt"

	"github.com/fxamacker/cbor/v2"

	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// The tagged twins of the frames; the numbers are append-only and stand in the
// specification of package sync.

type envelope struct {
	_    struct{} `cbor:",toarray"`
	Type frameType
	Body cbor.RawMessage
}

type cursorForm struct {
	_     struct{} `cbor:",toarray"`
	Epoch record.Epoch
	Seq   uint64
}

type helloForm struct {
	Protocol uint          `cbor:"1,keyasint"`
	Node     record.NodeID `cbor:"2,keyasint"`
	Epoch    record.Epoch  `cbor:"3,keyasint"`
	Show     record.ShowID `cbor:"4,keyasint,omitempty"`
	Version  string        `cbor:"5,keyasint,omitempty"`
	Last     cursorForm    `cbor:"6,keyasint"`
	Read     cursorForm    `cbor:"7,keyasint"`
	Proof    []byte        `cbor:"8,keyasint,omitempty"`
	Now      int64         `cbor:"9,keyasint"`
}

type welcomeForm struct {
	Protocol uint          `cbor:"1,keyasint"`
	Node     record.NodeID `cbor:"2,keyasint"`
	Epoch    record.Epoch  `cbor:"3,keyasint"`
	Show     record.ShowID `cbor:"4,keyasint,omitempty"`
	Last     cursorForm    `cbor:"5,keyasint"`
	Read     cursorForm    `cbor:"6,keyasint"`
	Now      int64         `cbor:"7,keyasint"`
}

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

type ackForm struct {
	Seq uint64 `cbor:"1,keyasint"`
}

type statusForm struct {
	LastSeq    uint64   `cbor:"1,keyasint"`
	AckedSeq   uint64   `cbor:"2,keyasint"`
	Unsent     uint64   `cbor:"3,keyasint"`
	Printer    string   `cbor:"4,keyasint,omitempty"`
	Reasons    []string `cbor:"5,keyasint,omitempty"`
	Version    string   `cbor:"6,keyasint,omitempty"`
	DiskFreeMB uint64   `cbor:"7,keyasint,omitempty"`
	Now        int64    `cbor:"8,keyasint"`
}

type byeForm struct {
	Code    string `cbor:"1,keyasint"`
	Message string `cbor:"2,keyasint,omitempty"`
}

func cursorFrom(c record.Cursor) cursorForm {
	return cursorForm{Epoch: c.Epoch, Seq: c.Seq}
}

func (f cursorForm) record() record.Cursor {
	return record.Cursor{Epoch: f.Epoch, Seq: f.Seq}
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

// encodeFrame answers fault.TooLarge beyond MaxFrame.
func encodeFrame(frame Frame) ([]byte, error) {
	body, err := encoder.Marshal(formOf(frame))
	if err != nil {
		return nil, fmt.Errorf("encode %T: %w", frame, err)
	}
	data, err := encoder.Marshal(envelope{Type: frame.frameType(), Body: body})
	if err != nil {
		return nil, fmt.Errorf("encode %T: %w", frame, err)
	}
	if len(data) > MaxFrame {
		return nil, fault.New(fault.TooLarge, "The message is larger than 4 MiB.")
	}
	return data, nil
}

func formOf(frame Frame) any {
	switch f := frame.(type) {
	case Hello:
		return helloForm{f.Protocol, f.Node, f.Epoch, f.Show, f.Version, cursorFrom(f.Last), cursorFrom(f.Read), f.Proof, f.Now}
	case Welcome:
		return welcomeForm{f.Protocol, f.Node, f.Epoch, f.Show, cursorFrom(f.Last), cursorFrom(f.Read), f.Now}
	case Batch:
		changes := make([]changeForm, len(f.Changes))
		for i, c := range f.Changes {
			changes[i] = changeFrom(c)
		}
		return batchForm{f.First, changes}
	case Ack:
		return ackForm(f)
	case Status:
		return statusForm(f)
	case Bye:
		return byeForm(f)
	}
	panic(fmt.Sprintf("wire: %T is no frame", frame)) // the interface is sealed
}

// decodeFrame answers fault.BadFrame for anything that is no frame.
func decodeFrame(data []byte) (Frame, error) {
	var e envelope
	if err := decoder.Unmarshal(data, &e); err != nil {
		return nil, badFrame(err)
	}
	frame, err := e.open()
	if err != nil {
		return nil, badFrame(err)
	}
	return frame, nil
}

func (e envelope) open() (Frame, error) {
	switch e.Type {
	case typeHello:
		return openBody(e.Body, func(f helloForm) (Frame, error) {
			return Hello{f.Protocol, f.Node, f.Epoch, f.Show, f.Version, f.Last.record(), f.Read.record(), f.Proof, f.Now},
				short(string(f.Node), string(f.Epoch), string(f.Show), f.Version, string(f.Last.Epoch), string(f.Read.Epoch))
		})
	case typeWelcome:
		return openBody(e.Body, func(f welcomeForm) (Frame, error) {
			return Welcome{f.Protocol, f.Node, f.Epoch, f.Show, f.Last.record(), f.Read.record(), f.Now},
				short(string(f.Node), string(f.Epoch), string(f.Show), string(f.Last.Epoch), string(f.Read.Epoch))
		})
	case typeBatch:
		return openBody(e.Body, batchForm.frame)
	case typeAck:
		return openBody(e.Body, func(f ackForm) (Frame, error) { return Ack(f), nil })
	case typeStatus:
		return openBody(e.Body, func(f statusForm) (Frame, error) {
			return Status(f), short(append(f.Reasons, f.Printer, f.Version)...)
		})
	case typeBye:
		return openBody(e.Body, func(f byeForm) (Frame, error) { return Bye(f), short(f.Code, f.Message) })
	}
	return nil, fmt.Errorf("frame type %d is unknown", e.Type)
}

func openBody[F any](body []byte, frame func(F) (Frame, error)) (Frame, error) {
	var form F
	if err := decoder.Unmarshal(body, &form); err != nil {
		return nil, err
	}
	return frame(form)
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

// maxShort bounds every text of a frame but the payloads, in bytes: they reach
// logs and dashboards.
const maxShort = 255

func short(texts ...string) error {
	for _, text := range texts {
		if len(text) > maxShort {
			return fmt.Errorf("a text of %d bytes where %d is the most", len(text), maxShort)
		}
	}
	return nil
}

func badFrame(err error) error {
	return fault.Wrap(fault.BadFrame, "The message cannot be read.", err)
}
