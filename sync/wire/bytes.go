package wire

import (
	"fmt"

	"hallpass/sync/fault"
)

// Bytes returns the batch as the frame that crosses a link, for who carries it
// otherwise. It answers fault.TooLarge beyond MaxFrame.
func (b Batch) Bytes() ([]byte, error) { return encodeFrame(b) }

// ParseBatch is the inverse of Bytes; fault.BadFrame for anything else.
func ParseBatch(data []byte) (Batch, error) {
	frame, err := decodeFrame(data)
	if err != nil {
		return Batch{}, err
	}
	batch, ok := frame.(Batch)
	if !ok {
		return Batch{}, fault.Wrap(fault.BadFrame, "The message cannot be read.", fmt.Errorf("a %T where a batch belongs", frame))
	}
	return batch, nil
}
