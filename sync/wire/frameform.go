package wire

import (
	"fmt"
	"slices"
	"strings"

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
	Least    uint          `cbor:"10,keyasint,omitempty"`
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

type ackForm struct {
	Seq uint64 `cbor:"1,keyasint"`
}

type statusForm struct {
	LastSeq    uint64     `cbor:"1,keyasint"`
	AckedSeq   uint64     `cbor:"2,keyasint"`
	Unsent     uint64     `cbor:"3,keyasint"`
	Printer    string     `cbor:"4,keyasint,omitempty"`
	Reasons    []string   `cbor:"5,keyasint,omitempty"`
	Version    string     `cbor:"6,keyasint,omitempty"`
	DiskFreeMB uint64     `cbor:"7,keyasint,omitempty"`
	Now        int64      `cbor:"8,keyasint"`
	Tally      *tallyForm `cbor:"9,keyasint,omitempty"`
	Aside      uint64     `cbor:"10,keyasint,omitempty"`
}

type byeForm struct {
	Code    string `cbor:"1,keyasint"`
	Message string `cbor:"2,keyasint,omitempty"`
	Proof   string `cbor:"3,keyasint,omitempty"`
}

func cursorFrom(c record.Cursor) cursorForm {
	return cursorForm{Epoch: c.Epoch, Seq: c.Seq}
}

func (f cursorForm) record() record.Cursor {
	return record.Cursor{Epoch: f.Epoch, Seq: f.Seq}
}

// encodeFrame answers fault.TooLarge beyond MaxFrame.
func encodeFrame(frame Frame) ([]byte, error) {
	if ready, ok := frame.(Prepared); ok {
		return ready.data, nil
	}
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
		return helloForm{f.Protocol, f.Node, f.Epoch, f.Show, f.Version, cursorFrom(f.Last), cursorFrom(f.Read), f.Proof, f.Now, f.Least}
	case Welcome:
		return welcomeForm{f.Protocol, f.Node, f.Epoch, f.Show, cursorFrom(f.Last), cursorFrom(f.Read), f.Now}
	case Batch:
		return batchFrom(f)
	case Ack:
		return ackForm(f)
	case Status:
		return statusForm{f.LastSeq, f.AckedSeq, f.Unsent, f.Printer, f.Reasons, f.Version, f.DiskFreeMB, f.Now, tallyFrom(f.Tally), f.Aside}
	case Bye:
		return byeForm{f.Code, cut(f.Message), f.Proof}
	}
	panic(fmt.Sprintf("wire: %T is no frame", frame)) // the interface is sealed
}

// decodeFrame answers fault.BadFrame for anything that is no frame.
func decodeFrame(data []byte) (Frame, error) {
	if batch, ok := scanBatch(data); ok {
		return batch, nil
	}
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
			return Hello{f.Protocol, f.Node, f.Epoch, f.Show, f.Version, f.Last.record(), f.Read.record(), f.Proof, f.Now, f.Least},
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
			return Status{f.LastSeq, f.AckedSeq, f.Unsent, f.Printer, f.Reasons, f.Version, f.DiskFreeMB, f.Now, f.Tally.record(), f.Aside},
				short(slices.Concat(f.Reasons, f.Tally.names(), []string{f.Printer, f.Version})...)
		})
	case typeBye:
		return openBody(e.Body, func(f byeForm) (Frame, error) { return Bye(f), short(f.Code, f.Message, f.Proof) })
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

// maxShort bounds every text of a frame but the payloads, in bytes: they reach
// logs and dashboards.
const maxShort = 255

// cut shortens a sentence to maxShort between two characters: a Bye that is too
// long would not be heard at all.
func cut(text string) string {
	if len(text) <= maxShort {
		return text
	}
	return strings.ToValidUTF8(text[:maxShort], "")
}

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
