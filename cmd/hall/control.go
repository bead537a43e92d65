package main

import (
	"context"
	"net/http"

	"hallpass/cmd/internal/control"
	"hallpass/sync/hall"
	"hallpass/sync/hall/web"
	"hallpass/sync/record"
)

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
	client, err := control.Find(ctx, dir)
	if client == nil || err != nil {
		return nil, err
	}
	return &running{client}, nil
}

// running is the hall behind its socket.
type running struct{ *control.Client }

func ask[T any](ctx context.Context, r *running, method, path string, body any) (T, error) {
	return control.Ask[T](ctx, r.Client, method, path, body)
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
