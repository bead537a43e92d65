package wire_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"hallpass/sync/wire"
)

// soon bounds everything that a test waits for.
func soon(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// pair returns both ends of one connection over a real socket.
func pair(t testing.TB) (kiosk, hall *wire.Conn) {
	t.Helper()
	accepted := make(chan *wire.Conn, 1)
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		conn, err := wire.Accept(w, r, nil)
		if err != nil {
			t.Error(err)
		}
		accepted <- conn
	})
	kiosk, _, err := wire.Dial(soon(t), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	hall = <-accepted
	t.Cleanup(func() {
		_ = kiosk.Close(1000, "")
		_ = hall.Close(1000, "")
	})
	return kiosk, hall
}

func serve(t testing.TB, handler http.HandlerFunc) (url string) {
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "http", "ws", 1)
}

// raw is the same with a bare websocket at the other end, to say and hear bytes.
func raw(t testing.TB) (conn *wire.Conn, bare *websocket.Conn) {
	t.Helper()
	bares := make(chan *websocket.Conn, 1)
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		bare, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			t.Error(err)
		}
		bares <- bare
	})
	conn, _, err := wire.Dial(soon(t), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	bare = <-bares
	t.Cleanup(func() {
		_ = bare.Close()
		_ = conn.Close(1000, "")
	})
	return conn, bare
}

func sentBytes(t *testing.T, frame wire.Frame) []byte {
	t.Helper()
	conn, bare := raw(t)
	if err := conn.Send(soon(t), frame); err != nil {
		t.Fatal(err)
	}
	kind, data, err := bare.ReadMessage()
	if err != nil || kind != websocket.BinaryMessage {
		t.Fatalf("ReadMessage = kind %d, %v, want one binary message", kind, err)
	}
	return data
}

func receiveBytes(t *testing.T, data []byte) (wire.Frame, error) {
	t.Helper()
	conn, bare := raw(t)
	if err := bare.WriteMessage(websocket.BinaryMessage, data); err != nil {
		t.Fatal(err)
	}
	return conn.Receive(soon(t))
}
