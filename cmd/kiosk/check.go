package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"hallpass/cmd/internal/config"
	"hallpass/cmd/internal/control"
	"hallpass/cmd/internal/lifecycle"
	"hallpass/cmd/internal/outfile"
	"hallpass/kiosk/store"
	"hallpass/sync/carry"
)

type checkSettings struct {
	Data string `config:"data,data folder of a kiosk, running or not"`
	Save string `config:"save,a file to write what is whole to, for hall journal import"`
	JSON bool   `config:"json,print one JSON object"`
}

// checkForm is the report as JSON.
type checkForm struct {
	store.Report
	Saved *exportForm `json:"saved,omitempty"`
}

var errUnsound = errors.New("the data folder is not in order; keep it as it is and call support, or save what is whole with -save FILE")

// runCheck verifies a data folder. Its exit status is 0 only if all is well.
func runCheck(ctx context.Context, args []string, s streams) error {
	c := checkSettings{Data: "data"}
	_, err := config.Load(config.Command{
		Name: "kiosk check", About: "Verifies a data folder: the file, the journal's chain, and that they agree. With -save FILE what is whole is written to a file that the hall takes in.",
		Example: "kiosk check -data /var/lib/hallpass/kiosk -json", Output: s.out,
	}, args, &c)
	if err != nil {
		return err
	}
	report, err := inspect(ctx, c.Data)
	if err != nil {
		report = store.Report{Problems: []string{err.Error()}}
	}
	var head *carry.Head
	if c.Save != "" && err == nil {
		var saved carry.Head
		if saved, err = saveTo(ctx, c.Data, c.Save); err == nil {
			head = &saved
		}
	}
	if err := tell(s, c, report, head); err != nil {
		return err
	}
	if err == nil && !report.OK {
		err = errUnsound
	}
	return err
}

// tell prints the report and, if something was saved, what.
func tell(s streams, c checkSettings, r store.Report, saved *carry.Head) error {
	if c.JSON {
		form := checkForm{Report: r}
		if saved != nil {
			export := formOfExport(c.Save, *saved)
			form.Saved = &export
		}
		return json.NewEncoder(s.out).Encode(form)
	}
	if err := tellReport(s, r); err != nil || saved == nil {
		return err
	}
	return tellExport(s, c.Save, *saved, false)
}

// saveTo writes what can be saved, of a damaged journal too.
func saveTo(ctx context.Context, dir, path string) (carry.Head, error) {
	name, _ := os.Hostname() // a file without a name does as well
	order := store.ExportOrder{Damaged: true, Name: name, Version: lifecycle.Version()}
	return outfile.WriteJournal(path, func(w io.Writer) error { return exportTo(ctx, dir, w, order) })
}

// inspect asks the running kiosk, or reads the data of a stopped one.
func inspect(ctx context.Context, dir string) (store.Report, error) {
	running, err := control.Find(ctx, dir)
	if err != nil {
		return store.Report{}, err
	}
	if running == nil {
		return store.Inspect(ctx, dir)
	}
	return control.Read[store.Report](running.Do(ctx, "GET", "/check", nil))
}

func tellReport(s streams, r store.Report) error {
	if !r.OK && r.Facts == 0 && !r.Verified { // there was nothing to check: the error says why
		return nil
	}
	verified := "verified"
	if !r.Verified {
		verified = "NOT in order"
	}
	_, err := fmt.Fprintf(s.out, "%d facts, journal %s, %d problems\n", r.Facts, verified, len(r.Problems))
	for _, p := range r.Problems {
		_, _ = fmt.Fprintln(s.out, " ", p)
	}
	for _, m := range r.Mended {
		_, _ = fmt.Fprintln(s.out, "  mended:", m)
	}
	return err
}
