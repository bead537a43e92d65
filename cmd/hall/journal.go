package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"

	"hallpass/cmd/internal/control"
	"hallpass/sync/carry"
	"hallpass/sync/fault"
	"hallpass/sync/hall"
)

const journalUsage = `usage: hall journal import [flags] FILE

  import     take in a kiosk's journal that was carried here by file
`

// journalCommand is "hall journal": its commands have one more word.
func journalCommand(ctx context.Context, args []string, s streams) error {
	switch {
	case len(args) > 0 && args[0] == "import":
		return importJournal(ctx, args[1:], s)
	case len(args) > 0 && (args[0] == "-h" || args[0] == "-help" || args[0] == "--help"):
		_, err := io.WriteString(s.out, journalUsage)
		return err
	}
	return errors.New("say what to do with a journal: hall journal import FILE")
}

func importJournal(ctx context.Context, args []string, s streams) (err error) {
	d := dataSettings{Data: defaults().Data}
	name, err := loadFile(s, "journal import", "Takes in a kiosk's journal that \"kiosk journal export\" has written. It may be done again.",
		"hall journal import -data hall-data /media/stick/entrance-1.journal", args, &d)
	if err != nil {
		return err
	}
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("open the journal file: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if info, err := f.Stat(); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no file", name)
	}
	carried, err := bringIn(ctx, d.Data, f)
	if err != nil {
		return forOperator(err)
	}
	if d.JSON {
		return printJSON(s, formOfCarried(carried))
	}
	return tellCarried(s.out, carried)
}

// bringIn gives the file to the running hall, or runs a stopped one for it.
func bringIn(ctx context.Context, dir string, f io.Reader) (carried hall.Carried, err error) {
	remote, err := findRunning(ctx, dir)
	if err != nil {
		return carried, err
	}
	if remote != nil {
		return control.Read[hall.Carried](remote.Do(ctx, http.MethodPost, "/journal", io.NopCloser(f)))
	}
	h, err := openStopped(ctx, dir)
	if err != nil {
		return carried, err
	}
	defer func() { err = errors.Join(err, h.store.Close()) }()
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan error, 1)
	go func() { done <- h.Run(running) }()
	carried, err = h.takeIn(ctx, f)
	stop()
	return carried, errors.Join(err, <-done)
}

// takeIn copies the file beside the data, where nobody alters it any more, and
// has the hall take it.
func (h *openedHall) takeIn(ctx context.Context, from io.Reader) (carried hall.Carried, err error) {
	own, err := os.CreateTemp(h.dir, ".journal-*") // 0600
	if err != nil {
		return carried, fmt.Errorf("copy the journal file: %w", err)
	}
	defer func() { err = errors.Join(err, own.Close()) }()
	if err := os.Remove(own.Name()); err != nil { // it has no name from here on
		return carried, fmt.Errorf("copy the journal file: %w", err)
	}
	size, err := io.Copy(own, io.LimitReader(from, carry.MaxFile+1))
	if err != nil {
		return carried, fmt.Errorf("copy the journal file: %w", err)
	}
	file, err := carry.Open(own, size)
	if err != nil {
		return carried, err
	}
	return h.Import(ctx, file)
}

// importHandler is takeIn for the control socket.
func (h *openedHall) importHandler(log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		carried, err := h.takeIn(r.Context(), r.Body)
		if err != nil {
			log.Warn("journal not imported", "err", err)
			control.Refuse(w, err)
			return
		}
		control.Answer(w, carried)
	})
}

type carriedForm struct {
	Node        string `json:"node"`
	Name        string `json:"name"`
	Changes     uint64 `json:"changes"`
	New         uint64 `json:"new"`
	Known       uint64 `json:"known"`
	Quarantined uint64 `json:"quarantined"`
	Erased      uint64 `json:"erased"`
	Lost        uint64 `json:"lost"`
}

func formOfCarried(c hall.Carried) carriedForm {
	return carriedForm{string(c.Node), c.Name, c.Changes, c.New, c.Known, c.Quarantined, c.Erased, c.Lost}
}

func tellCarried(out io.Writer, c hall.Carried) error {
	parts := []string{fmt.Sprintf("%d new", c.New), fmt.Sprintf("%d known", c.Known), fmt.Sprintf("%d quarantined", c.Quarantined)}
	if c.Erased > 0 {
		parts = append(parts, fmt.Sprintf("%d of the new ones erased on the kiosk before", c.Erased))
	}
	if c.Lost > 0 {
		parts = append(parts, fmt.Sprintf("%d were damaged on the kiosk and are not in the file", c.Lost))
	}
	name := c.Name
	if name == "" {
		name = string(c.Node)
	}
	_, err := fmt.Fprintf(out, "%s: %d changes, %s\n", name, c.Changes, strings.Join(parts, ", "))
	return err
}

// loadFile is load for a command that takes one file, before or after its flags.
func loadFile(s streams, name, about, example string, args []string, settings any) (string, error) {
	rest, err := loadArgs(s, name, about, "FILE", example, lastFirst(args), settings)
	if err != nil {
		return "", err
	}
	if len(rest) != 1 || rest[0] == "" {
		return "", fault.New(fault.Invalid, fmt.Sprintf("hall %s takes one file; hall %s -h shows how it is called", name, name))
	}
	return rest[0], nil
}

// lastFirst moves a file that stands before the flags behind them.
func lastFirst(args []string) []string {
	if len(args) > 1 && !strings.HasPrefix(args[0], "-") {
		return append(append([]string{}, args[1:]...), args[0])
	}
	return args
}
