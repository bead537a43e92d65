package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"hallpass/cmd/internal/config"
	"hallpass/cmd/internal/control"
	"hallpass/cmd/internal/lifecycle"
	"hallpass/cmd/internal/outfile"
	"hallpass/kiosk/store"
	"hallpass/sync/carry"
)

const journalUsage = `usage: kiosk journal export [flags] FILE

  export     write this kiosk's journal to a file, to be carried to the hall
`

// runJournal is "kiosk journal": its commands have one more word.
func runJournal(ctx context.Context, args []string, s streams) error {
	switch {
	case len(args) > 0 && args[0] == "export":
		return runExport(ctx, args[1:], s)
	case len(args) > 0 && (args[0] == "-h" || args[0] == "-help" || args[0] == "--help"):
		_, err := io.WriteString(s.out, journalUsage)
		return err
	}
	return errors.New("say what to do with the journal: kiosk journal export FILE")
}

type exportSettings struct {
	Data   string `config:"data,data folder of the kiosk, running or not"`
	Unsent bool   `config:"unsent,only what the hall has not acknowledged"`
	Name   string `config:"name,what people call this kiosk; the machine's name if empty"`
	JSON   bool   `config:"json,print one JSON object"`
}

// runExport writes the journal to a file that appears whole and verified.
func runExport(ctx context.Context, args []string, s streams) error {
	c := exportSettings{Data: "data"}
	rest, err := config.Load(config.Command{
		Name: "kiosk journal export", Args: "FILE", Output: s.out,
		About:   "Writes this kiosk's journal to a file that the hall takes in with \"hall journal import\". The kiosk may run.",
		Example: "kiosk journal export -data /var/lib/hallpass/kiosk /media/stick/entrance-1.journal",
	}, lastFirst(args), &c)
	if err != nil {
		return err
	}
	if len(rest) != 1 || rest[0] == "" {
		return errors.New("name one file to write; kiosk journal export -h shows how")
	}
	if c.Name == "" {
		c.Name, _ = os.Hostname()
	}
	order := store.ExportOrder{Unsent: c.Unsent, Name: c.Name, Version: lifecycle.Version()}
	head, err := outfile.WriteJournal(rest[0], func(w io.Writer) error { return exportTo(ctx, c.Data, w, order) })
	if err != nil {
		return err
	}
	return tellExport(s, rest[0], head, c.JSON)
}

// exportTo asks the running kiosk, or reads the data of a stopped one.
func exportTo(ctx context.Context, dir string, w io.Writer, o store.ExportOrder) error {
	running, err := control.Find(ctx, dir)
	if err != nil {
		return err
	}
	if running == nil {
		return store.Look(dir, func(s *store.Store) error {
			_, err := s.Export(ctx, w, o)
			return err
		})
	}
	query := url.Values{"name": {o.Name}}
	if o.Unsent {
		query.Set("unsent", "1")
	}
	if o.Damaged {
		query.Set("damaged", "1")
	}
	answer, err := running.Do(ctx, "GET", "/journal?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, answer.Body)
	return errors.Join(err, answer.Body.Close())
}

type exportForm struct {
	File    string     `json:"file"`
	Node    string     `json:"node"`
	Changes uint64     `json:"changes"`
	Last    uint64     `json:"last_seq"`
	Unsent  uint64     `json:"unsent"`
	Retold  uint64     `json:"retold,omitempty"` // of a damaged journal: told anew
	Lost    []lostForm `json:"lost"`
}

type lostForm struct {
	First uint64 `json:"first"`
	Last  uint64 `json:"last"`
	Why   string `json:"why"`
}

func formOfExport(path string, head carry.Head) exportForm {
	form := exportForm{File: path, Node: string(head.Node), Changes: head.Changes(), Lost: []lostForm{}}
	if len(head.Parts) > 0 {
		form.Last = head.Parts[0].Last
		form.Unsent = form.Last - min(head.Acked, form.Last)
	}
	for _, part := range head.Parts[min(1, len(head.Parts)):] {
		form.Retold += part.Count()
	}
	for _, l := range head.Lost {
		form.Lost = append(form.Lost, lostForm(l))
	}
	return form
}

func tellExport(s streams, path string, head carry.Head, asJSON bool) error {
	form := formOfExport(path, head)
	if asJSON {
		return json.NewEncoder(s.out).Encode(form)
	}
	text := fmt.Sprintf("%s: %d changes, %d of them not acknowledged by the hall; written and verified.\n", path, form.Changes, form.Unsent)
	if len(head.Parts) > 1 {
		text = fmt.Sprintf("%s: %d changes as they are, %d told anew after the damage; written and verified.\n", path, form.Changes-form.Retold, form.Retold)
	}
	for _, l := range form.Lost {
		text += fmt.Sprintf("  lost: %s: %s\n", numbers(l.First, l.Last), l.Why)
	}
	if head.Certificate == nil {
		text += "This kiosk was never paired: a hall takes the file only once it is.\n"
	}
	_, err := io.WriteString(s.out, text+"It holds visitors' data. At the hall: hall journal import FILE\n")
	return err
}

func numbers(first, last uint64) string {
	if first == last {
		return fmt.Sprintf("change %d", first)
	}
	return fmt.Sprintf("changes %d to %d", first, last)
}

// lastFirst moves a file that stands before the flags behind them.
func lastFirst(args []string) []string {
	if len(args) > 1 && !strings.HasPrefix(args[0], "-") {
		return append(append([]string{}, args[1:]...), args[0])
	}
	return args
}
