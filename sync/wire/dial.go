package wire

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"hallpass/sync/fault"
)

// dialWait bounds connecting, TLS and the upgrade together.
const dialWait = 10 * time.Second

// Dial connects to a ws or wss URL within ten seconds and returns the headers
// of the upgrade as well. It uses no proxy. A hall that answers with an error
// body instead gives that fault.
func Dial(ctx context.Context, url string, config *tls.Config) (*Conn, http.Header, error) {
	dialer := websocket.Dialer{HandshakeTimeout: dialWait, TLSClientConfig: config}
	ws, response, err := dialer.DialContext(ctx, url, nil)
	if errors.Is(err, websocket.ErrBadHandshake) {
		return nil, response.Header, fmt.Errorf("dial: %w", refusal(response))
	}
	if err != nil {
		return nil, nil, fmt.Errorf("dial: %w", err)
	}
	return newConn(ws), response.Header, nil
}

// refusal reads the fault that an HTTP answer carries, if it does.
func refusal(response *http.Response) error {
	var body struct{ Code, Message, Field string }
	data, err := io.ReadAll(io.LimitReader(response.Body, 4096))
	if err == nil && json.Unmarshal(data, &body) == nil && body.Code != "" {
		return fault.New(fault.Code(body.Code), body.Message).WithField(body.Field)
	}
	return fmt.Errorf("the hall answers %q instead of opening a link", response.Status)
}

// Accept upgrades a request, sending header along. It refuses a page of another
// site (an Origin header that is not this host), because a browser would send
// its user's cookies along; it does not ask who the caller is, and takes a first
// frame of MaxHello at most. On an error it has answered the request.
func Accept(w http.ResponseWriter, r *http.Request, header http.Header) (*Conn, error) {
	upgrader := websocket.Upgrader{HandshakeTimeout: dialWait} // its nil CheckOrigin is the rule above
	ws, err := upgrader.Upgrade(w, r, header)
	if err != nil {
		return nil, fmt.Errorf("accept: %w", err)
	}
	conn := newConn(ws)
	ws.SetReadLimit(MaxHello) // Receive raises it
	return conn, nil
}
