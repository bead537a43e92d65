// Package echo owns the measure that the hall is held against: what the same
// socket and the same frames would carry if nothing had to be understood or
// kept. It is for benchmarks and rehearsals; no part of a show uses it.
//
// It fails with the socket's errors.
package echo

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/sync/errgroup"

	"hallpass/sync/wire"
)

// Handler answers every message of a websocket with itself.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		serve(w, r, func(ws *websocket.Conn, kind int, data []byte) error { return ws.WriteMessage(kind, data) })
	})
}

func serve(w http.ResponseWriter, r *http.Request, each func(ws *websocket.Conn, kind int, data []byte) error) {
	ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		return // answered
	}
	defer func() { _ = ws.Close() }()
	ws.SetReadLimit(wire.MaxFrame)
	for {
		kind, data, err := ws.ReadMessage()
		if err != nil || each(ws, kind, data) != nil {
			return
		}
	}
}

// Pump opens a connection for each list of messages and sends each list, every
// message after the answer to the one before. It returns how long that took,
// without the connecting.
func Pump(ctx context.Context, url string, trust *tls.Config, lists [][][]byte) (time.Duration, error) {
	sockets := make([]*websocket.Conn, len(lists))
	defer func() {
		for _, ws := range sockets {
			if ws != nil {
				_ = ws.Close()
			}
		}
	}()
	dialer := websocket.Dialer{HandshakeTimeout: time.Minute, TLSClientConfig: trust}
	for i := range lists {
		ws, _, err := dialer.DialContext(ctx, url, nil)
		if err != nil {
			return 0, fmt.Errorf("dial echo: %w", err)
		}
		sockets[i] = ws
	}
	began := time.Now()
	g, ctx := errgroup.WithContext(ctx)
	for i, list := range lists {
		g.Go(func() error { return toAndFro(ctx, sockets[i], list) })
	}
	err := g.Wait()
	return time.Since(began), err
}

func toAndFro(ctx context.Context, ws *websocket.Conn, list [][]byte) error {
	for _, message := range list {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := ws.WriteMessage(websocket.BinaryMessage, message); err != nil {
			return fmt.Errorf("echo: %w", err)
		}
		if _, _, err := ws.ReadMessage(); err != nil {
			return fmt.Errorf("echo: %w", err)
		}
	}
	return nil
}

// Bytes turns frames into the messages that package wire would send.
func Bytes(ctx context.Context, frames []wire.Frame) ([][]byte, error) {
	got := make(chan []byte, 1)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("frames: %w", err)
	}
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		serve(w, r, func(_ *websocket.Conn, _ int, data []byte) error { got <- data; return nil })
	})}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	defer func() {
		_ = server.Close()
		<-ended
	}()
	conn, _, err := wire.Dial(ctx, "ws://"+l.Addr().String(), nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close(websocket.CloseNormalClosure, "") }()
	out := make([][]byte, len(frames))
	for i, frame := range frames {
		if err := conn.Send(ctx, frame); err != nil {
			return nil, err
		}
		select {
		case out[i] = <-got:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return out, nil
}
