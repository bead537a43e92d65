package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"

	"hallpass/cmd/internal/control"
	"hallpass/cmd/internal/lifecycle"
	"hallpass/cmd/internal/outfile"
	"hallpass/sync/carry"
)

// saveHall writes what is whole of a hall's data, damaged or not, running or not,
// and says on the side what is in the file.
func saveHall(ctx context.Context, dir, path string, say io.Writer) error {
	head, err := outfile.WriteJournal(path, func(w io.Writer) error { return salvageTo(ctx, dir, w) })
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s: %d changes of %d journals; written and verified. It holds visitors' data.\n", path, head.Changes(), len(head.Parts))
	for _, l := range head.Lost {
		text += fmt.Sprintf("  damaged from entry %d on, told anew as far as it can be read: %s\n", l.First, l.Why)
	}
	_, err = io.WriteString(say, text+"Accounts and pairings are not in it. Into a hall with the same hall.key: hall journal import FILE\n")
	return err
}

// salvageTo asks the running hall, or opens the data of a stopped one.
func salvageTo(ctx context.Context, dir string, w io.Writer) error {
	remote, err := findRunning(ctx, dir)
	if err != nil {
		return err
	}
	if remote == nil {
		h, err := openStopped(ctx, dir)
		if err != nil {
			return err
		}
		return errors.Join(h.salvage(ctx, w), h.store.Close())
	}
	answer, err := remote.Do(ctx, http.MethodGet, "/salvage", nil)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, answer.Body)
	return errors.Join(err, answer.Body.Close())
}

func (h *openedHall) salvage(ctx context.Context, w io.Writer) error {
	name, _ := os.Hostname() // a file without a name does as well
	_, err := h.store.Salvage(ctx, w, carry.Head{Show: h.Show().ID, Name: name, Version: lifecycle.Version()}, h.id.key)
	return err
}

// salvageHandler is salvage for the control socket. What fails on the way ends
// the answer early, which the other side's verification notices.
func (h *openedHall) salvageHandler(log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out := &counted{Writer: w}
		if err := h.salvage(r.Context(), out); err != nil {
			log.Error("data not saved", "err", err)
			if out.n > 0 {
				panic(http.ErrAbortHandler)
			}
			control.Refuse(w, err)
		}
	})
}

type counted struct {
	io.Writer
	n int
}

// Write implements io.Writer.
func (c *counted) Write(data []byte) (int, error) {
	c.n += len(data)
	return c.Writer.Write(data)
}
