package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"hallpass/cmd/internal/config"
	"hallpass/cmd/internal/control"
	"hallpass/kiosk/store"
)

type checkSettings struct {
	Data string `config:"data,data folder of a kiosk, running or not"`
	JSON bool   `config:"json,print one JSON object"`
}

var errUnsound = errors.New("the data folder is not in order; keep it as it is and call support")

// runCheck verifies a data folder. Its exit status is 0 only if all is well.
func runCheck(ctx context.Context, args []string, s streams) error {
	c := checkSettings{Data: "data"}
	_, err := config.Load(config.Command{
		Name: "kiosk check", About: "Verifies a data folder: the file, the journal's chain, and that they agree.",
		Example: "kiosk check -data /var/lib/hallpass/kiosk -json", Output: s.out,
	}, args, &c)
	if err != nil {
		return err
	}
	report, err := inspect(ctx, c.Data)
	if err != nil {
		report = store.Report{Problems: []string{err.Error()}}
	}
	if c.JSON {
		if err := json.NewEncoder(s.out).Encode(report); err != nil {
			return err
		}
	} else if err == nil {
		err = tell(s, report)
	}
	if err == nil && !report.OK {
		err = errUnsound
	}
	return err
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

func tell(s streams, r store.Report) error {
	verified := "verified"
	if !r.Verified {
		verified = "NOT in order"
	}
	_, err := fmt.Fprintf(s.out, "%d facts, journal %s, %d problems\n", r.Facts, verified, len(r.Problems))
	for _, p := range r.Problems {
		_, _ = fmt.Fprintln(s.out, " ", p)
	}
	return err
}
