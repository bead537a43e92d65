// Package control is how a command talks to the program that runs on a data
// folder: HTTP over a unix socket in that folder, which only the folder's owner
// can open. It knows nothing of what is asked.
//
// A program that was killed leaves its socket behind; Find then answers nil, as
// if it had never run, and the next Listen replaces the socket, because who
// holds the data file is the only program there is.
package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"

	"hallpass/sync/fault"
)

const socketFile = "control.sock"

// Listen makes the socket of a data folder. Call it only while holding the
// folder's data file.
func Listen(dir string) (net.Listener, error) {
	if err := os.Remove(filepath.Join(dir, socketFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	var l net.Listener
	err := inFolder(dir, func(path string) (err error) {
		l, err = net.Listen("unix", path)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	if err := os.Chmod(filepath.Join(dir, socketFile), 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("control socket: %w", err), l.Close())
	}
	return l, nil
}

// inFolder gives f a name of the socket that is short enough: the system takes
// 107 bytes, and a data folder may lie deeper than that.
func inFolder(dir string, f func(path string) error) (err error) {
	path := filepath.Join(dir, socketFile)
	if len(path) < 100 {
		return f(path)
	}
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, folder.Close()) }()
	return f(fmt.Sprintf("/proc/self/fd/%d/%s", folder.Fd(), socketFile))
}

// Client is a running program behind its socket.
type Client struct {
	dir  string
	http http.Client
}

// Find returns nil if nothing runs on the data folder.
func Find(ctx context.Context, dir string) (*Client, error) {
	c := &Client{dir: dir}
	c.http.Transport = &http.Transport{DialContext: c.dial, DisableKeepAlives: true}
	conn, err := c.dial(ctx, "", "")
	switch {
	case err == nil:
		return c, conn.Close()
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED): // killed, or never started
		return nil, nil
	}
	return nil, fmt.Errorf("ask the running program: %w", err)
}

func (c *Client) dial(ctx context.Context, _, _ string) (conn net.Conn, err error) {
	err = inFolder(c.dir, func(path string) error {
		conn, err = new(net.Dialer).DialContext(ctx, "unix", path)
		return err
	})
	return conn, err
}

// Send sends a request of the caller's own, whatever its host, and returns the
// answer, whatever its status.
func (c *Client) Send(r *http.Request) (*http.Response, error) { return c.http.Do(r) }

// Do sends a request and returns the answer, whose body the caller closes. An
// answer other than 200 becomes the fault that it carries.
func (c *Client) Do(ctx context.Context, method, path string, body io.Reader) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, "http://control"+path, body)
	if err != nil {
		return nil, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask the running program: %w", err)
	}
	if response.StatusCode == http.StatusOK {
		return response, nil
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, 1<<16))
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return nil, fmt.Errorf("ask the running program: %w", err)
	}
	var refused struct{ Code, Message, Field string }
	if json.Unmarshal(data, &refused) != nil || refused.Message == "" {
		return nil, fmt.Errorf("the running program answers %q; is it another version?", response.Status)
	}
	return nil, fault.New(fault.Code(refused.Code), refused.Message)
}

// Ask sends a body as JSON, none if nil, and decodes the answer.
func Ask[T any](ctx context.Context, c *Client, method, path string, body any) (out T, err error) {
	data, err := json.Marshal(body)
	if err != nil {
		return out, err
	}
	return Read[T](c.Do(ctx, method, path, bytes.NewReader(data)))
}

// Read decodes the answer of Do.
func Read[T any](response *http.Response, err error) (out T, _ error) {
	if err != nil {
		return out, err
	}
	err = json.NewDecoder(response.Body).Decode(&out)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return out, fmt.Errorf("ask the running program: %w", err)
	}
	return out, nil
}

// Answer sends v as JSON.
func Answer(w http.ResponseWriter, v any) { send(w, http.StatusOK, v) }

// Refuse answers a request with a fault, as Do reads it.
func Refuse(w http.ResponseWriter, err error) {
	f := fault.From(err)
	send(w, fault.Status(f.Code), struct {
		Code    fault.Code `json:"code"`
		Message string     `json:"message"`
		Field   string     `json:"field,omitempty"`
	}{f.Code, f.Message, f.Field})
}

func send(w http.ResponseWriter, status int, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // a programmer's mistake
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(data) // whoever asked is gone if this fails
}
