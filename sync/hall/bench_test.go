package hall_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// identity is a certificate of the kind that a hall makes for itself.
func identity(t testing.TB) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// serveTLS serves over TLS and returns the websocket's address.
func serveTLS(t testing.TB, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{identity(t)}}
	server.StartTLS()
	t.Cleanup(server.Close)
	return "wss" + strings.TrimPrefix(server.URL, "https")
}

// trusting takes any certificate: who the hall is, is not what is tested.
var trusting = &tls.Config{InsecureSkipVerify: true, ClientSessionCache: nil}

// echo answers each message with itself: what the sockets can do.
func echo(t testing.TB) string {
	return serveTLS(t, func(w http.ResponseWriter, r *http.Request) {
		ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = ws.Close() }()
		for {
			kind, data, err := ws.ReadMessage()
			if err != nil || ws.WriteMessage(kind, data) != nil {
				return
			}
		}
	})
}

// press turns frames into bytes, so that encoding them is not measured.
type press struct {
	conn *wire.Conn
	out  chan []byte
}

func newPress(t testing.TB) *press {
	p := &press{out: make(chan []byte, 1)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			return
		}
		for {
			_, data, err := ws.ReadMessage()
			if err != nil {
				_ = ws.Close()
				return
			}
			p.out <- data
		}
	}))
	t.Cleanup(server.Close)
	var err error
	if p.conn, _, err = wire.Dial(t.Context(), "ws"+strings.TrimPrefix(server.URL, "http"), nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.conn.Close(1000, "") })
	return p
}

func (p *press) bytes(t testing.TB, frame wire.Frame) []byte {
	t.Helper()
	if err := p.conn.Send(context.Background(), frame); err != nil {
		t.Fatal(err)
	}
	return <-p.out
}

func dialRaw(t testing.TB, url string) (*websocket.Conn, http.Header) {
	t.Helper()
	dialer := websocket.Dialer{TLSClientConfig: trusting}
	ws, response, err := dialer.DialContext(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ws.Close() })
	return ws, response.Header
}

// enroll opens a link for a kiosk that has read all the hall has to say, so
// that the hall answers with acknowledgements and nothing else.
func (e *expo) enroll(t testing.TB, p *press, url string, k *halltest.Kiosk) *websocket.Conn {
	t.Helper()
	ws, header := dialRaw(t, url)
	nonce, err := wire.ParseNonce(header.Get(wire.NonceHeader))
	if err != nil {
		t.Fatal(err)
	}
	self, err := e.store.Self(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	read, err := e.store.Cursor(t.Context(), self.Hall, self.Epoch)
	if err != nil {
		t.Fatal(err)
	}
	hello := wire.Hello{
		Protocol: wire.Protocol, Node: k.Node, Epoch: k.Epoch, Proof: wire.ProveLink(k.Key, nonce, k.Node),
		Read: record.Cursor{Epoch: self.Epoch, Seq: read}, Now: time.Now().UnixMilli(),
	}
	if err := ws.WriteMessage(websocket.BinaryMessage, p.bytes(t, hello)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ws.ReadMessage(); err != nil { // the welcome
		t.Fatal(err)
	}
	return ws
}

// pump sends each connection's frames one by one, each after the answer to the
// one before, and returns how long all took.
func pump(t testing.TB, connections []*websocket.Conn, frames [][][]byte, answer func(*websocket.Conn) error) time.Duration {
	t.Helper()
	began := time.Now()
	var wg sync.WaitGroup
	for i, ws := range connections {
		wg.Go(func() {
			for _, frame := range frames[i] {
				err := ws.WriteMessage(websocket.BinaryMessage, frame)
				if err == nil {
					err = answer(ws)
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return time.Since(began)
}

// anything is the answer of an echo.
func anything(ws *websocket.Conn) error {
	_, _, err := ws.ReadMessage()
	return err
}

// acknowledged waits for the hall's acknowledgement. What the hall tells in
// between, as it tells every kiosk, is acknowledged to it; only its head is
// looked at, because what a kiosk makes of it is not what is measured.
func acknowledged(ws *websocket.Conn) error {
	for {
		_, r, err := ws.NextReader()
		if err != nil {
			return err
		}
		var head [24]byte
		n, err := io.ReadFull(r, head[:])
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			return err
		}
		kind, last := frameOf(head[:n])
		switch kind {
		case 4: // an ack
			return nil
		case 3: // a batch
			ack := binary.BigEndian.AppendUint64([]byte{0x82, 4, 0xA1, 1, 0x1B}, last)
			if err := ws.WriteMessage(websocket.BinaryMessage, ack); err != nil {
				return err
			}
		default:
			return fmt.Errorf("the hall sends a frame of type %d", kind)
		}
	}
}

// frameOf reads a frame's type and, of a batch, the number of its last change:
// [type, {1: first, 2: [changes]}] with the shortest heads (RFC 8949).
func frameOf(data []byte) (kind byte, last uint64) {
	kind = data[1]
	number := func(at int) (n uint64, next int) {
		switch info := data[at] & 31; info {
		case 24:
			return uint64(data[at+1]), at + 2
		case 25:
			return uint64(binary.BigEndian.Uint16(data[at+1:])), at + 3
		case 26:
			return uint64(binary.BigEndian.Uint32(data[at+1:])), at + 5
		default:
			return uint64(info), at + 1
		}
	}
	first, at := number(4)
	if kind != 3 {
		return kind, first
	}
	count, _ := number(at + 1)
	return kind, first + count - 1
}
