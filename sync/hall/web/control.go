package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/record"
)

// The bodies of the control socket.
type (
	// PairOrder asks for a code; one of the three is set.
	PairOrder struct {
		Kiosk      string              `json:"kiosk,omitempty"`
		Categories []record.CategoryID `json:"categories,omitempty"` // of the kiosk
		Exhibitor  record.ExhibitorID  `json:"exhibitor,omitempty"`
		Gate       string              `json:"gate,omitempty"` // its id or name
	}
	// RotateOrder asks one kiosk, or all if it names none, for a new key.
	RotateOrder struct {
		Kiosk string `json:"kiosk,omitempty"`
	}
	// UserOrder asks for a sign-in.
	UserOrder struct {
		Name string    `json:"name"`
		Role hall.Role `json:"role"`
	}
)

// Control answers the operator's commands while the hall runs. It asks nobody
// who they are: serve it on a socket that only the hall's own user can open.
func Control(h *hall.Hall, log *slog.Logger) http.Handler {
	a := &API{hall: h, log: log, guard: http.NewCrossOriginProtection(), local: true}
	mux := http.NewServeMux()
	mux.Handle("GET /conflicts", a.handle(a.conflicts))
	mux.Handle("POST /conflicts/{id}", a.handle(a.choose))
	mux.Handle("GET /quarantine", a.handle(a.quarantine))
	mux.Handle("POST /quarantine/retry", a.handle(a.retryAll))
	mux.Handle("POST /quarantine/{id}/retry", a.handle(a.retry))
	mux.Handle("POST /quarantine/{id}/discard", a.handle(a.discard))
	mux.Handle("POST /pair", a.handle(a.invite))
	mux.Handle("POST /user", a.handle(a.addUser))
	mux.Handle("POST /revoke", a.handle(a.revoke))
	mux.Handle("POST /rotate", a.handle(a.rotate))
	mux.Handle("GET /keys", a.handle(a.keys))
	mux.Handle("POST /badge", a.handle(a.examine))
	mux.Handle("GET /exhibitors", a.handle(a.exhibitors))
	mux.Handle("GET /check", a.handle(a.check))
	mux.Handle("POST /compact", a.handle(a.compact))
	mux.Handle("POST /import", a.large(a.importList))
	mux.Handle("GET /show", a.handle(a.getShow))
	mux.Handle("POST /show", a.large(a.setShow))
	mux.Handle("GET /erasures", a.large(a.erasures))
	mux.Handle("POST /registrations/{id}/erase", a.large(a.erase))
	mux.Handle("POST /voids", a.handle(a.void))
	return mux
}

func (a *API) invite(w http.ResponseWriter, r *http.Request) error {
	order, err := read[PairOrder](r)
	if err != nil {
		return err
	}
	var in hall.Invitation
	switch {
	case order.Kiosk != "" && order.Exhibitor == "" && order.Gate == "":
		in, err = a.hall.InviteKiosk(r.Context(), order.Kiosk, order.Categories...)
	case order.Exhibitor != "" && order.Kiosk == "" && order.Gate == "":
		in, err = a.hall.InviteDevice(r.Context(), order.Exhibitor)
	case order.Gate != "" && order.Kiosk == "" && order.Exhibitor == "":
		in, err = a.hall.InviteGate(r.Context(), order.Gate)
	default:
		err = fault.New(fault.Invalid, "Name a kiosk, an exhibitor or a gate.")
	}
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, in)
	return nil
}

func (a *API) revoke(w http.ResponseWriter, r *http.Request) error {
	order, err := read[hall.RevokeOrder](r)
	if err != nil {
		return err
	}
	node, err := a.hall.Revoke(r.Context(), order)
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, node)
	return nil
}

func (a *API) rotate(w http.ResponseWriter, r *http.Request) error {
	order, err := read[RotateOrder](r)
	if err != nil {
		return err
	}
	asked, err := a.hall.Rotate(r.Context(), order.Kiosk)
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, asked)
	return nil
}

func (a *API) examine(w http.ResponseWriter, r *http.Request) error {
	code, err := read[string](r)
	if err != nil {
		return err
	}
	found, err := a.hall.Examine(r.Context(), code)
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, found)
	return nil
}

func (a *API) keys(w http.ResponseWriter, _ *http.Request) error {
	reply(w, http.StatusOK, a.hall.Keys())
	return nil
}

func (a *API) addUser(w http.ResponseWriter, r *http.Request) error {
	order, err := read[UserOrder](r)
	if err != nil {
		return err
	}
	made, err := a.hall.AddUser(r.Context(), order.Name, order.Role)
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, made)
	return nil
}

func (a *API) exhibitors(w http.ResponseWriter, _ *http.Request) error {
	reply(w, http.StatusOK, a.hall.Show().Exhibitors)
	return nil
}

// checkTime is enough for the journals of a whole show on a slow disk.
const checkTime = 30 * time.Minute

func (a *API) compact(w http.ResponseWriter, r *http.Request) error {
	if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(checkTime)); err != nil {
		return fmt.Errorf("compact: %w", err)
	}
	done, err := a.hall.Compact(r.Context())
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, done)
	return nil
}

func (a *API) check(w http.ResponseWriter, r *http.Request) error {
	if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(checkTime)); err != nil {
		return fmt.Errorf("check: %w", err)
	}
	report, err := a.hall.Check(r.Context())
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, report)
	return nil
}
