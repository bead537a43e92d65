package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"hallpass/sync/hall"
	"hallpass/sync/hall/web"
	"hallpass/sync/record"
)

type importSettings struct {
	Data     string `config:"data,the hall's data folder"`
	Key      string `config:"key,the column that names a person for ever, such as a customer number"`
	Columns  string `config:"columns,what columns hold, if their names do not say, such as Ref=code,Firma=company"`
	Category string `config:"category,the category of lines that name none"`
	Codes    string `config:"codes,the file to write each line's code to, as CSV"`
	DryRun   bool   `config:"dry-run,say what would happen and keep nothing"`
	JSON     bool   `config:"json,print one JSON object"`
}

// importList is hall import.
func importList(ctx context.Context, args []string, s streams) error {
	c := importSettings{Data: defaults().Data}
	files, err := loadArgs(s, "import", "Takes in people who are expected, from CSV in UTF-8; the first line names the columns. Again changes nothing.", "FILE.csv",
		"hall import -data hall-data -codes codes.csv visitors.csv", args, &c)
	if err != nil {
		return err
	}
	if len(files) != 1 {
		return errors.New("name one CSV file: hall import visitors.csv")
	}
	order := web.ImportRequest{Key: c.Key, Category: record.CategoryID(c.Category), DryRun: c.DryRun}
	if order.Columns, err = pairs(c.Columns); err != nil {
		return err
	}
	if order.List, err = os.ReadFile(files[0]); err != nil {
		return fmt.Errorf("list: %w", err)
	}
	return with(ctx, c.Data, func(o office) error {
		var report hall.ImportReport
		if err := o.decide(ctx, whoami(), http.MethodPost, "/import", order, &report); err != nil {
			return err
		}
		if c.Codes != "" {
			if err := writeCodes(c.Codes, report.Codes); err != nil {
				return err
			}
		}
		return printImport(s, report, c.JSON)
	})
}

// pairs reads "header=name,header=name".
func pairs(text string) (map[string]string, error) {
	if text == "" {
		return nil, nil
	}
	out := map[string]string{}
	for item := range strings.SplitSeq(text, ",") {
		header, name, ok := strings.Cut(item, "=")
		if !ok {
			return nil, fmt.Errorf("columns: %q is not HEADER=NAME", item)
		}
		out[strings.TrimSpace(header)] = strings.TrimSpace(name)
	}
	return out, nil
}

func writeCodes(path string, codes []hall.ImportCode) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("codes: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := csv.NewWriter(f)
	_ = w.Write([]string{"line", "code"}) // Flush tells
	for _, c := range codes {
		_ = w.Write([]string{strconv.Itoa(c.Line), c.Code})
	}
	w.Flush()
	return w.Error()
}

func printImport(s streams, r hall.ImportReport, asJSON bool) error {
	if asJSON {
		return printJSON(s, r)
	}
	would := ""
	if r.DryRun {
		would = "nothing was kept; "
	}
	_, err := fmt.Fprintf(s.out, "%s%d added, %d updated, %d unchanged, %d have come already, %d lines cannot be used\n", would, r.Added, r.Updated, r.Unchanged, r.Arrived, r.Failed)
	for i := 0; i < len(r.Problems) && err == nil; i++ {
		_, err = fmt.Fprintf(s.out, "  %v\n", &r.Problems[i])
	}
	if len(r.Ignored) > 0 && err == nil {
		_, err = fmt.Fprintf(s.out, "columns that mean nothing to the show: %s\n", strings.Join(r.Ignored, ", "))
	}
	return err
}

type eraseSettings struct {
	Data string `config:"data,the hall's data folder"`
	List bool   `config:"list,list the erasures and the kiosks that have not done them yet"`
	JSON bool   `config:"json,print one JSON object"`
}

// erasureList is what the hall answers.
type erasureList struct {
	Erasures []struct {
		Registration record.RegistrationID `json:"registration"`
		At           time.Time             `json:"at"`
		Done         []record.NodeID       `json:"done"`
		Missing      []struct {
			Node record.NodeID `json:"node"`
			Name string        `json:"name"`
		} `json:"missing"`
	} `json:"erasures"`
}

// eraseVisitor is hall erase.
func eraseVisitor(ctx context.Context, args []string, s streams) error {
	c := eraseSettings{Data: defaults().Data}
	ids, err := loadArgs(s, "erase", "Takes a visitor's data out of this hall and every kiosk, for good.", "[REGISTRATION-ID]", "hall erase -data hall-data 01JD0000000000000000000R01", args, &c)
	if err != nil {
		return err
	}
	if c.List == (len(ids) > 0) || len(ids) > 1 {
		return errors.New("name one registration by its id, or say -list")
	}
	return with(ctx, c.Data, func(o office) error {
		method, path := http.MethodGet, "/erasures"
		if !c.List {
			method, path = http.MethodPost, "/registrations/"+url.PathEscape(ids[0])+"/erase"
		}
		var list erasureList
		if err := o.decide(ctx, whoami(), method, path, nil, &list); err != nil {
			return err
		}
		if c.JSON {
			return printJSON(s, list)
		}
		return printErasures(s, list)
	})
}

func printErasures(s streams, list erasureList) error {
	for _, e := range list.Erasures {
		names := make([]string, len(e.Missing))
		for i, m := range e.Missing {
			names[i] = m.Name
		}
		state := "done everywhere"
		if len(names) > 0 {
			state = "not yet done by " + strings.Join(names, ", ")
		}
		if _, err := fmt.Fprintf(s.out, "%s  %s  %d receipts, %s\n", e.Registration, e.At.Format(time.RFC3339), len(e.Done), state); err != nil {
			return err
		}
	}
	return nil
}

// show is hall show: the setup in force, or a new one.
func show(ctx context.Context, args []string, s streams) error {
	c := struct {
		Data string `config:"data,the hall's data folder"`
	}{defaults().Data}
	words, err := loadArgs(s, "show", "Prints the show as it is set up, or sets it; kiosks have it at once.", "[set FILE]", "hall show -data hall-data set show.json", args, &c)
	if err != nil {
		return err
	}
	return with(ctx, c.Data, func(o office) error {
		switch {
		case len(words) == 0:
			var setup json.RawMessage
			if err := o.decide(ctx, whoami(), http.MethodGet, "/show", nil, &setup); err != nil {
				return err
			}
			_, err := fmt.Fprintln(s.out, string(setup))
			return err
		case len(words) != 2 || words[0] != "set":
			return errors.New("say hall show, or hall show set FILE")
		}
		return setShow(ctx, o, s.out, words[1])
	})
}

func setShow(ctx context.Context, o office, out io.Writer, path string) error {
	if _, err := readShow(path); err != nil {
		return err // with the file's name
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("show file: %w", err)
	}
	var set struct {
		ID record.ShowID `json:"id"`
	}
	if err := o.decide(ctx, whoami(), http.MethodPost, "/show", json.RawMessage(data), &set); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "the show %s is set up anew\n", set.ID)
	return err
}
