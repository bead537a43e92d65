package main

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
	"hallpass/sync/hall"
	"hallpass/sync/hall/web"
	"hallpass/sync/record"
)

const socketFile = "control.sock"

// office is what the operator's commands ask of a hall, running or not.
type office interface {
	invite(ctx context.Context, order web.PairOrder) (hall.Invitation, error)
	addUser(ctx context.Context, order web.UserOrder) (hall.Credentials, error)
	exhibitors(ctx context.Context) ([]record.Exhibitor, error)
	revoke(ctx context.Context, order hall.RevokeOrder) (hall.Node, error)
	rotate(ctx context.Context, order web.RotateOrder) (int, error)
	keys(ctx context.Context) (hall.Keys, error)
	examine(ctx context.Context, code string) (hall.Examination, error)
	decide(ctx context.Context, by, method, path string, body, out any) error
	close() error
}

// openOffice asks the running hall if there is one, else opens the data.
func openOffice(ctx context.Context, dir string) (office, error) {
	remote, err := findRunning(ctx, dir)
	if err != nil {
		return nil, err
	}
	if remote != nil {
		return remote, nil
	}
	h, err := openStopped(ctx, dir)
	if err != nil {
		return nil, err
	}
	return stopped{h}, nil
}

// findRunning returns nil if no hall runs on the data.
func findRunning(ctx context.Context, dir string) (*running, error) {
	remote := &running{dir: dir}
	remote.client.Transport = &http.Transport{DialContext: remote.dial, DisableKeepAlives: true}
	conn, err := remote.dial(ctx, "", "")
	switch {
	case err == nil:
		return remote, conn.Close()
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED): // killed, or never started
		return nil, nil
	}
	return nil, fmt.Errorf("ask the running hall: %w", err)
}

// listenControl makes the socket; one that a killed hall left is replaced,
// because who holds the data file is the only hall there is.
func listenControl(dir string) (net.Listener, error) {
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

// running is the hall behind its socket.
type running struct {
	dir    string
	client http.Client
}

func (r *running) dial(ctx context.Context, _, _ string) (conn net.Conn, err error) {
	err = inFolder(r.dir, func(path string) error {
		conn, err = new(net.Dialer).DialContext(ctx, "unix", path)
		return err
	})
	return conn, err
}

func ask[T any](ctx context.Context, r *running, method, path string, body any) (out T, err error) {
	data, err := json.Marshal(body)
	if err != nil {
		return out, err
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://hall"+path, bytes.NewReader(data))
	if err != nil {
		return out, err
	}
	response, err := r.client.Do(request)
	if err != nil {
		return out, fmt.Errorf("ask the running hall: %w", err)
	}
	data, err = io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return out, fmt.Errorf("ask the running hall: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		var refused struct{ Code, Message, Field string }
		if json.Unmarshal(data, &refused) != nil || refused.Message == "" {
			return out, fmt.Errorf("the running hall answers %q; is it another version?", response.Status)
		}
		return out, fault.New(fault.Code(refused.Code), refused.Message)
	}
	return out, json.Unmarshal(data, &out)
}

func (r *running) invite(ctx context.Context, order web.PairOrder) (hall.Invitation, error) {
	return ask[hall.Invitation](ctx, r, http.MethodPost, "/pair", order)
}

func (r *running) addUser(ctx context.Context, order web.UserOrder) (hall.Credentials, error) {
	return ask[hall.Credentials](ctx, r, http.MethodPost, "/user", order)
}

func (r *running) exhibitors(ctx context.Context) ([]record.Exhibitor, error) {
	return ask[[]record.Exhibitor](ctx, r, http.MethodGet, "/exhibitors", nil)
}

func (r *running) revoke(ctx context.Context, order hall.RevokeOrder) (hall.Node, error) {
	return ask[hall.Node](ctx, r, http.MethodPost, "/revoke", order)
}

func (r *running) rotate(ctx context.Context, order web.RotateOrder) (int, error) {
	return ask[int](ctx, r, http.MethodPost, "/rotate", order)
}

func (r *running) keys(ctx context.Context) (hall.Keys, error) {
	return ask[hall.Keys](ctx, r, http.MethodGet, "/keys", nil)
}

func (r *running) examine(ctx context.Context, code string) (hall.Examination, error) {
	return ask[hall.Examination](ctx, r, http.MethodPost, "/badge", code)
}

func (r *running) check(ctx context.Context) (hall.Report, error) {
	return ask[hall.Report](ctx, r, http.MethodGet, "/check", nil)
}

func (r *running) close() error { return nil }

// stopped is the hall on its data.
type stopped struct{ hall *openedHall }

func (s stopped) invite(ctx context.Context, order web.PairOrder) (hall.Invitation, error) {
	switch {
	case order.Exhibitor != "":
		return s.hall.InviteDevice(ctx, order.Exhibitor)
	case order.Gate != "":
		return s.hall.InviteGate(ctx, order.Gate)
	}
	return s.hall.InviteKiosk(ctx, order.Kiosk, order.Categories...)
}

func (s stopped) addUser(ctx context.Context, order web.UserOrder) (hall.Credentials, error) {
	return s.hall.AddUser(ctx, order.Name, order.Role)
}

func (s stopped) exhibitors(context.Context) ([]record.Exhibitor, error) {
	return s.hall.Show().Exhibitors, nil
}

func (s stopped) revoke(ctx context.Context, order hall.RevokeOrder) (hall.Node, error) {
	return s.hall.Revoke(ctx, order)
}

func (s stopped) rotate(ctx context.Context, order web.RotateOrder) (int, error) {
	return s.hall.Rotate(ctx, order.Kiosk)
}

func (s stopped) keys(context.Context) (hall.Keys, error) { return s.hall.Keys(), nil }

func (s stopped) examine(ctx context.Context, code string) (hall.Examination, error) {
	return s.hall.Examine(ctx, code)
}

func (s stopped) close() error { return s.hall.store.Close() }
