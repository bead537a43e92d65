package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"

	"hallpass/badge/spool/labelsim"
	"hallpass/badge/spool/virtual"
	"hallpass/cmd/internal/config"
	"hallpass/cmd/internal/lifecycle"
)

const kioskName = "Entrance 1"

// expo is a show while it runs.
type expo struct {
	settings settings
	state    *state
	programs programs
	parts    lifecycle.Stack

	printer     *virtual.Printer
	labels      []*labelsim.Printer
	hall, kiosk *child
}

// run is "expo run": everything up, the table, and everything down again.
func run(ctx context.Context, args []string, out io.Writer) error {
	x := &expo{settings: settings{Data: "show"}}
	_, err := config.Load(config.Command{
		Name:    "expo run",
		About:   "Runs a whole show on this machine: hall, kiosk, virtual printer and the sample show.",
		Example: "expo run -data show",
		Output:  out,
	}, args, &x.settings)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(x.settings.Data, 0o700); err != nil {
		return fmt.Errorf("data: %w", err)
	}
	locked, err := lock(x.settings.Data)
	if err != nil {
		return err
	}
	defer locked.Close()
	if x.state, err = loadState(x.settings.Data); err != nil {
		return err
	}
	if x.programs, err = beside(x.settings.Data); err != nil {
		return err
	}
	err = x.show(ctx, out)
	if errors.Is(err, context.Canceled) {
		err = nil // asked to end, whatever was under way
	}
	return errors.Join(err, x.parts.Close(slog.New(slog.DiscardHandler)))
}

// show brings the parts up in the order in which they need each other; they
// come down in the reverse order: kiosk, hall, printer.
func (x *expo) show(ctx context.Context, out io.Writer) error {
	show, file, err := openShow(x.settings.Data)
	if err != nil {
		return err
	}
	if err := x.state.choose(x.settings); err != nil {
		return err
	}
	x.state.admit()
	if err := x.state.save(); err != nil {
		return err
	}
	if !x.settings.JSON {
		fmt.Fprintf(out, "Opening %s in %s ...\n", show.Name.In("en"), x.settings.Data)
	}
	if err := x.startPrinter(ctx); err != nil {
		return err
	}
	if err := x.startLabels(); err != nil {
		return err
	}
	if err := x.startHall(ctx, file); err != nil {
		return err
	}
	if err := x.startKiosk(ctx, file); err != nil {
		return err
	}
	b, err := x.openBooth(ctx, show)
	if err != nil {
		return err
	}
	if err := x.print(out, show, b); err != nil {
		return err
	}
	return x.watch(ctx)
}

func (x *expo) path(name string) string { return filepath.Join(x.settings.Data, name) }

func (x *expo) startPrinter(ctx context.Context) (err error) {
	x.printer, err = virtual.Start(ctx, x.path("printer"), printerPort)
	if err != nil && !errors.Is(err, virtual.ErrMissing) && ctx.Err() == nil {
		x.printer, err = virtual.Start(ctx, x.path("printer"), 0) // another show has the usual port
	}
	if err != nil {
		return err
	}
	x.parts.Push("printer", endLimit, func(context.Context) error { return x.printer.Close() })
	return nil
}

func (x *expo) startHall(ctx context.Context, show string) (err error) {
	args := []string{"run", "-data", x.path("hall"), "-listen", x.state.Hall, "-loopback", x.state.Pages, "-show", show}
	if x.hall, err = x.programs.start("hall", args...); err != nil {
		return err
	}
	x.parts.Push("hall", endLimit, x.hall.stop)
	if err := x.hall.ready(ctx, "http://"+x.state.Pages+"/healthz", healthy); err != nil {
		return err
	}
	if x.state.Organizer.Name != "" {
		return nil
	}
	err = x.programs.ask(ctx, &x.state.Organizer, "hall", "user", "-data", x.path("hall"), "-name", "organizer", "-json")
	if err != nil {
		return err
	}
	return x.state.save()
}

// startKiosk pairs it until it has once reached the hall.
func (x *expo) startKiosk(ctx context.Context, show string) (err error) {
	args := []string{"run", "-data", x.path("kiosk"), "-name", kioskName, "-listen", x.state.Kiosk,
		"-hall", "https://" + local(x.state.Hall), "-show", show, "-staff-code", x.state.StaffCode}
	args = append(args, x.printers()...)
	if !x.state.Paired {
		var p pairing
		if err := x.programs.ask(ctx, &p, "hall", "pair", "-data", x.path("hall"), "-kiosk", kioskName, "-json"); err != nil {
			return err
		}
		args = append(args, "-pair", p.Code)
	}
	if x.kiosk, err = x.programs.start("kiosk", args...); err != nil {
		return err
	}
	x.parts.Push("kiosk", endLimit, x.kiosk.stop)
	if err := x.kiosk.ready(ctx, "http://"+x.state.Kiosk+"/healthz", healthy); err != nil {
		return err
	}
	if err := x.kiosk.ready(ctx, "http://"+x.state.Kiosk+"/api/v1/status", linked); err != nil {
		return err
	}
	x.state.Paired = true
	return x.state.save()
}

func healthy(r *http.Response) bool { return r.StatusCode == http.StatusOK }

// linked tells whether a kiosk's status says that it reaches the hall.
func linked(r *http.Response) bool {
	var s struct{ Hall string }
	return r.StatusCode == http.StatusOK && json.NewDecoder(r.Body).Decode(&s) == nil && s.Hall == "up"
}

// watch waits for the end that a person asks for, or for a part that ends by
// itself.
func (x *expo) watch(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-x.hall.done:
		return x.hall.ended()
	case <-x.kiosk.done:
		return x.kiosk.ended()
	case <-x.printer.Done():
		return fmt.Errorf("the printer ended by itself; its log is %s", x.path("printer/printer.log"))
	}
}
