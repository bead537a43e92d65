package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"

	"hallpass/sync/hall"
	"hallpass/sync/hall/store"
)

// compact has the running hall write its data file anew, or does so itself.
func compact(ctx context.Context, args []string, s streams) error {
	d := dataSettings{Data: defaults().Data}
	about := "Makes the data file as small as its data, and what was erased unreadable; at night, or when the disk fills. It works while the hall runs, which goes on, and needs as much disk again as the data take."
	if _, err := load(s, "compact", about, "hall compact -data hall-data", args, &d); err != nil {
		return err
	}
	done, err := compactData(ctx, d.Data)
	if err != nil {
		return forOperator(err)
	}
	if d.JSON {
		return printJSON(s, struct {
			Before int64 `json:"before"`
			After  int64 `json:"after"`
		}{done.Before, done.After})
	}
	_, err = fmt.Fprintf(s.out, "%.1f MB became %.1f MB\n", float64(done.Before)/1e6, float64(done.After)/1e6)
	return err
}

func compactData(ctx context.Context, dir string) (done hall.Compacted, err error) {
	remote, err := findRunning(ctx, dir)
	if err != nil {
		return done, err
	}
	if remote != nil {
		return ask[hall.Compacted](ctx, remote, http.MethodPost, "/compact", nil)
	}
	if err := mustHold(dir); err != nil {
		return done, err
	}
	data, err := store.Open(filepath.Join(dir, dataFile))
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	return data.Compact(ctx)
}
