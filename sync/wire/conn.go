package wire

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"hallpass/sync/fault"
)

const (
	writeWait  = 10 * time.Second       // a frame of 4 MiB on a link of 4 Mbit/s
	lastWrite  = 250 * time.Millisecond // of a write under way when its context ends
	pingPeriod = 10 * time.Second
	readWait   = 25 * time.Second       // two pings missed on hall Wi-Fi
	lingerWait = 500 * time.Millisecond // for the other side to take our last frame
)

// ErrClosed is what Receive answers when the other side has closed the
// connection in good order.
var ErrClosed = errors.New("connection closed by the other side")

// Conn is one connection. One goroutine at a time may be in Send and one in
// Receive; Close may come from anywhere, more than once. After any error of
// Send or Receive only Close is of use.
type Conn struct {
	ws      *websocket.Conn
	reading chan struct{} // one token: who holds it may read
	closing chan struct{} // closed by the first Close
	pings   sync.WaitGroup
	once    sync.Once
	room    *Room // nil for no bound
	inRoom  bool  // the last frame took room; guarded by the reading token

	mu      sync.Mutex // guards stopped against the deadlines that a pong sets
	stopped bool
}

func newConn(ws *websocket.Conn) *Conn {
	c := &Conn{ws: ws, reading: make(chan struct{}, 1), closing: make(chan struct{})}
	c.reading <- struct{}{}
	ws.SetReadLimit(MaxFrame)
	ws.SetPongHandler(func(string) error { c.extend(); return nil })
	c.pings.Go(c.ping)
	return c
}

// Send writes one frame within ten seconds, or a quarter of a second after ctx
// ends. It answers fault.TooLarge, and writes nothing, for a frame beyond
// MaxFrame.
func (c *Conn) Send(ctx context.Context, frame Frame) error {
	data, err := encodeFrame(frame)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := c.ws.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
		return fmt.Errorf("send %T: %w", frame, err)
	}
	// Not by the context's own deadline: the socket's clock may be first, and
	// the context then would not say yet that it has ended. And not at once: a
	// write over TLS that is cut off, be it this one or the close frame that
	// follows, leaves the other side with a record it takes for forged.
	stop := context.AfterFunc(ctx, func() { _ = c.ws.NetConn().SetWriteDeadline(time.Now().Add(lastWrite)) })
	defer stop()
	if err := c.ws.WriteMessage(websocket.BinaryMessage, data); err != nil {
		return fmt.Errorf("send %T: %w", frame, errors.Join(ctx.Err(), err))
	}
	return nil
}

// Receive waits for the next frame until ctx ends or the other side has been
// silent for 25 seconds, pongs included. It answers ErrClosed when the other
// side has closed, and fault.BadFrame, having closed the connection, when it
// sent something that is no frame.
func (c *Conn) Receive(ctx context.Context) (Frame, error) {
	select {
	case <-c.reading:
		defer func() { c.reading <- struct{}{} }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	c.extend()
	stop := context.AfterFunc(ctx, func() { c.stopReading(time.Unix(1, 0)) })
	defer stop()
	kind, data, err := c.readMessage(ctx)
	if err != nil {
		return nil, c.readError(ctx, err)
	}
	c.ws.SetReadLimit(MaxFrame) // from the second frame on
	if kind != websocket.BinaryMessage {
		err = badFrame(errors.New("a text message"))
	} else if frame, bad := decodeFrame(data); bad == nil {
		return frame, nil
	} else {
		err = bad
	}
	c.hangUp(websocket.CloseInvalidFramePayloadData, string(fault.BadFrame))
	return nil, err
}

func (c *Conn) readError(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("receive: %w", ctx.Err())
	case errors.Is(err, websocket.ErrReadLimit):
		return badFrame(err)
	case websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway):
		return ErrClosed
	}
	return fmt.Errorf("receive: %w", err)
}

// Close tells the other side why (a code of RFC 6455 section 7.4, 1000 for a
// normal end and 1001 for a shutdown), gives it half a second to answer, and
// ends every Send and Receive. Only the first call counts.
func (c *Conn) Close(code int, reason string) error {
	var err error
	c.once.Do(func() {
		close(c.closing)
		sent := c.hangUp(code, reason)
		c.stopReading(time.Now().Add(lingerWait))
		<-c.reading // a Receive under way has ended
		for sent == nil {
			if _, _, stop := c.ws.NextReader(); stop != nil {
				break
			}
		}
		c.leaveRoom()
		c.reading <- struct{}{}
		err = c.ws.Close()
		c.pings.Wait()
	})
	return err
}

// hangUp sends the close frame; nothing can be sent after it.
func (c *Conn) hangUp(code int, reason string) error {
	if len(reason) > 120 { // a control frame holds 125 bytes
		reason = reason[:120]
	}
	return c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), time.Now().Add(time.Second))
}

// ping keeps the other side's deadline, and ours by its pong, from passing.
func (c *Conn) ping() {
	ticker := time.NewTicker(pingPeriod)
	defer ticker.Stop()
	for {
		select {
		case <-c.closing:
			return
		case <-ticker.C:
			// An error shows in the next Send or Receive.
			_ = c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWait))
		}
	}
}

// extend gives the other side another 25 seconds, unless reading is to stop.
func (c *Conn) extend() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.stopped {
		_ = c.ws.SetReadDeadline(time.Now().Add(readWait))
	}
}

// stopReading ends a read under way at t, and every later one.
func (c *Conn) stopReading(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped = true
	_ = c.ws.SetReadDeadline(t)
}
