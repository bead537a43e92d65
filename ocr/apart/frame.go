package apart

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

type kind uint8

const (
	hello kind = 1 + iota
	read
	cancel
	answer
	ping
	pong
)

const (
	magic      = "HPC1"
	headerSize = len(magic) + 1 + 8 + 4 + 4
	// maxHead is what 300 lines of 400 characters with their places take, four
	// times over.
	maxHead = 4 << 20
	// maxPicture is what the kiosk's own interface accepts.
	maxPicture = 20 << 20
	// maxView is the pixels of the largest view: 3264 × 3264, at 4 bytes.
	maxView = 44 << 20
)

// errFrame is what a stream that does not speak this protocol gives.
var errFrame = errors.New("not a frame of the card reader")

type frame struct {
	kind kind
	id   uint64
	head []byte
	body []byte
}

// write sends a frame in two writes at the most.
func (f frame) write(w io.Writer) error {
	b := make([]byte, 0, headerSize+len(f.head))
	b = append(b, magic...)
	b = append(b, byte(f.kind))
	b = binary.BigEndian.AppendUint64(b, f.id)
	b = binary.BigEndian.AppendUint32(b, uint32(len(f.head))) //nolint:gosec // bounded by who makes frames
	b = binary.BigEndian.AppendUint32(b, uint32(len(f.body))) //nolint:gosec // bounded by who makes frames
	if _, err := w.Write(append(b, f.head...)); err != nil {
		return err
	}
	if len(f.body) == 0 {
		return nil
	}
	_, err := w.Write(f.body)
	return err
}

// readFrame refuses a frame whose body is over maxBody before it takes memory
// for it. It returns io.EOF only between frames.
func readFrame(r io.Reader, maxBody int) (frame, error) {
	var h [headerSize]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return frame{}, err
	}
	f := frame{kind: kind(h[4]), id: binary.BigEndian.Uint64(h[5:])}
	head, body := binary.BigEndian.Uint32(h[13:]), binary.BigEndian.Uint32(h[17:])
	switch {
	case string(h[:4]) != magic:
		return frame{}, errFrame
	case f.kind < hello || f.kind > pong:
		return frame{}, fmt.Errorf("%w: kind %d", errFrame, f.kind)
	case head > maxHead || int64(body) > int64(maxBody):
		return frame{}, fmt.Errorf("%w: %d and %d bytes", errFrame, head, body)
	}
	f.head, f.body = make([]byte, head), make([]byte, body)
	for _, part := range [][]byte{f.head, f.body} {
		if _, err := io.ReadFull(r, part); err != nil {
			return frame{}, fmt.Errorf("%w: cut off: %w", errFrame, err)
		}
	}
	return f, nil
}
