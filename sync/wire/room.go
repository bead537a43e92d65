package wire

import (
	"bytes"
	"context"
	"fmt"
	"io"
)

// Room bounds the memory of many connections together: so many of them may hold
// a large frame at once. Whoever would be one too many is not read from until
// another has done with its own, so its sender waits, and nobody else does.
type Room struct{ places chan struct{} }

// NewRoom returns room for that many large frames, of MaxFrame bytes at most
// each; places is at least 1.
func NewRoom(places int) *Room { return &Room{make(chan struct{}, places)} }

// smallFrame is what every connection may hold without asking for room, in
// bytes: a batch of a busy entrance takes 14 kB.
const smallFrame = 64 << 10

// Within has the connection's large frames take room. Call it before the first
// Receive. The room that a frame took is given back by the next Receive, or by
// Close: who receives has done with one frame before it asks for the next.
func (c *Conn) Within(room *Room) { c.room = room }

// readMessage reads one message; only the holder of the reading token calls it.
func (c *Conn) readMessage(ctx context.Context) (kind int, data []byte, err error) {
	c.leaveRoom()
	kind, r, err := c.ws.NextReader()
	if err != nil {
		return 0, nil, err
	}
	var b bytes.Buffer
	b.Grow(bytes.MinRead)
	if _, err := io.CopyN(&b, r, smallFrame); err != nil {
		if err == io.EOF { // all of it
			err = nil
		}
		return kind, b.Bytes(), err
	}
	if err := c.enterRoom(ctx); err != nil {
		return 0, nil, err
	}
	c.extend() // it was us who did not read
	_, err = b.ReadFrom(r)
	return kind, b.Bytes(), err
}

func (c *Conn) enterRoom(ctx context.Context) error {
	if c.room == nil {
		return nil
	}
	select {
	case c.room.places <- struct{}{}:
		c.inRoom = true
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-c.closing:
		return fmt.Errorf("closed while waiting for room")
	}
}

func (c *Conn) leaveRoom() {
	if c.inRoom {
		<-c.room.places
		c.inRoom = false
	}
}
