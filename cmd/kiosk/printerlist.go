package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"hallpass/badge/spool"
	"hallpass/cmd/internal/config"
)

type printerListSettings struct {
	Wait time.Duration `config:"wait,listen this long for printers that announce themselves"`
	JSON bool          `config:"json,print one JSON object a printer"`
}

// printerLine is one printer as the list shows it.
type printerLine struct {
	URI        string   `json:"uri"` // for -printer of kiosk run
	Name       string   `json:"name"`
	Place      string   `json:"place,omitempty"`
	Model      string   `json:"model,omitempty"`
	Host       string   `json:"host,omitempty"` // where it is now
	State      string   `json:"state"`
	Reasons    []string `json:"reasons"`
	Accepting  bool     `json:"accepting"`
	Blind      bool     `json:"blind"` // it does not tell when a badge is out
	Media      string   `json:"media,omitempty"`
	LabelsLeft *int     `json:"labels_left,omitempty"`
	Error      string   `json:"error,omitempty"`
}

// askPrinter is how long one printer may take to answer: as long as it gets
// for one question, and the time to find it by its name.
const askPrinter = 15 * time.Second

// runPrinters lists printers. It fails only if the network cannot be asked or
// an address is none; a printer that does not answer is a line as any other.
func runPrinters(ctx context.Context, args []string, s streams) error {
	c := printerListSettings{Wait: 3 * time.Second}
	uris, err := config.Load(config.Command{
		Name:  "kiosk printers",
		About: "Lists the printers of the network that announce themselves, or those named, and how they are.",
		Args:  "[URI...]", Example: "kiosk printers -json; kiosk printers ipp://10.0.0.7/ipp/print", Output: s.out,
	}, args, &c)
	if err != nil {
		return err
	}
	var lines []*printerLine
	for _, uri := range uris {
		lines = append(lines, &printerLine{URI: uri})
	}
	if len(uris) == 0 {
		if lines, err = announced(ctx, c.Wait); err != nil {
			return err
		}
	}
	if err := askAll(ctx, lines); err != nil {
		return err
	}
	if c.JSON {
		out := json.NewEncoder(s.out)
		for _, l := range lines {
			if err := out.Encode(l); err != nil {
				return err
			}
		}
		return nil
	}
	return showPrinters(s, lines)
}

func announced(ctx context.Context, wait time.Duration) ([]*printerLine, error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	all, err := spool.Discover(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for printers: %w", err)
	}
	var lines []*printerLine
	for _, f := range all {
		lines = append(lines, &printerLine{URI: f.URI, Name: f.Name, Place: f.Place, Model: f.Model, Host: f.Host})
	}
	return lines, nil
}

// askAll asks the printers how they are, all at once.
func askAll(ctx context.Context, lines []*printerLine) error {
	ctx, cancel := context.WithTimeout(ctx, askPrinter)
	defer cancel()
	var all sync.WaitGroup
	defer all.Wait()
	for _, l := range lines {
		p, err := spool.Open(l.URI)
		if err != nil {
			return err
		}
		all.Go(func() { l.ask(ctx, p) })
	}
	return nil
}

func (l *printerLine) ask(ctx context.Context, p spool.Printer) {
	st, err := p.Status(ctx)
	if err != nil {
		l.Error = err.Error()
	}
	if l.Name == "" {
		l.Name = st.Name
	}
	l.State, l.Accepting, l.Blind, l.Media = st.State, st.Accepting, st.Blind, st.Supplies.Media
	if l.Reasons = st.Reasons; l.Reasons == nil {
		l.Reasons = []string{}
	}
	if n := st.Supplies.LabelsLeft; n >= 0 {
		l.LabelsLeft = &n
	}
}

func showPrinters(s streams, lines []*printerLine) error {
	if len(lines) == 0 {
		_, err := fmt.Fprintln(s.out, "no printer announces itself here; one that is known by its address is asked with: kiosk printers ipp://HOST/ipp/print")
		return err
	}
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "NAME\tSTATE\tLOADED\tLEFT\tPLACE\tMODEL\tADDRESS FOR -printer")
	for _, l := range lines {
		state, left := l.State, ""
		if len(l.Reasons) > 0 {
			state += ": " + strings.Join(l.Reasons, ", ")
		}
		if l.Blind {
			state += " (does not tell what came out)"
		}
		if l.LabelsLeft != nil {
			left = fmt.Sprint(*l.LabelsLeft)
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", l.Name, state, l.Media, left, l.Place, l.Model, l.URI)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, l := range lines {
		if l.Error != "" {
			_, _ = fmt.Fprintln(s.err, l.Error)
		}
	}
	return nil
}
