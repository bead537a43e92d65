package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"hallpass/cmd/internal/control"
	"hallpass/cmd/internal/lifecycle"
	"hallpass/kiosk/store"
	"hallpass/sync/fault"
)

// addControl serves the operator's commands on a socket in the data folder,
// which only the kiosk's own user can open: what they ask for is not for the
// screen's visitors. Without it, on a file system that has no sockets, visitors
// are served all the same.
func (d *desk) addControl(ctx context.Context) {
	socket, err := control.Listen(d.Data)
	if err != nil {
		d.log.Warn("no commands beside the running kiosk", "err", err)
		return
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /journal", d.exportJournal)
	mux.HandleFunc("GET /check", d.checkData)
	serve := func(ctx context.Context) error {
		err := lifecycle.Serve(ctx, socket, mux, d.log)
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		return err
	}
	d.parts.Push("control socket", 5*time.Second, d.background(ctx, serve))
}

// exportJournal streams the journal. A journal that cannot be exported ends the
// answer early, which the other side's verification notices.
func (d *desk) exportJournal(w http.ResponseWriter, r *http.Request) {
	order := store.ExportOrder{Unsent: r.FormValue("unsent") != "", Damaged: r.FormValue("damaged") != "", Name: r.FormValue("name"), Version: lifecycle.Version()}
	out := &begun{ResponseWriter: w}
	_, err := d.store.Export(r.Context(), out, order)
	if err == nil {
		return
	}
	d.log.Warn("journal not exported", "err", err)
	if out.yes {
		panic(http.ErrAbortHandler)
	}
	refuse(w, err)
}

// begun notes whether anything was sent.
type begun struct {
	http.ResponseWriter
	yes bool
}

// Write implements io.Writer.
func (b *begun) Write(data []byte) (int, error) {
	b.yes = true
	return b.ResponseWriter.Write(data)
}

func (d *desk) checkData(w http.ResponseWriter, r *http.Request) {
	report, err := d.store.Check(r.Context())
	if err != nil {
		d.log.Warn("data not checked", "err", err)
		refuse(w, err)
		return
	}
	control.Answer(w, report)
}

// refuse tells the operator the cause: nobody else reads the socket.
func refuse(w http.ResponseWriter, err error) {
	control.Refuse(w, fault.New(fault.CodeOf(err), err.Error()))
}
