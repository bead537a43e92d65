package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"hallpass/cmd/internal/terminal"
	"hallpass/sync/hall"
	"hallpass/sync/hall/store"
	"hallpass/sync/hall/web"
	"hallpass/sync/record"
)

// with opens the office for one question.
func with(ctx context.Context, dir string, ask func(office) error) (err error) {
	o, err := openOffice(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	return plain(ask(o))
}

// printJSON writes one object on one line.
func printJSON(s streams, v any) error { return json.NewEncoder(s.out).Encode(v) }

type pairSettings struct {
	Data       string `config:"data,the hall's data folder"`
	Kiosk      string `config:"kiosk,the name of a new kiosk, such as Entrance 1"`
	Categories string `config:"categories,the only categories whose badges the kiosk may print, such as trade,public"`
	Exhibitor  string `config:"exhibitor,the id of the exhibitor whose phone is paired"`
	Gate       string `config:"gate,the id or the name of the gate whose reader is paired"`
	JSON       bool   `config:"json,print one JSON object"`
}

// Validate is called by config.Load.
func (p *pairSettings) Validate() error {
	named := 0
	for _, name := range []string{p.Kiosk, p.Exhibitor, p.Gate} {
		if name != "" {
			named++
		}
	}
	if named != 1 {
		return errors.New(`name either a kiosk, an exhibitor or a gate: -kiosk "Entrance 1", -exhibitor with an id that hall exhibitor lists, or -gate north`)
	}
	if p.Categories != "" && p.Kiosk == "" {
		return errors.New("-categories are a kiosk's; name it with -kiosk")
	}
	return nil
}

// listed parts a list at its commas.
func listed[T ~string](text string) (items []T) {
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, T(item))
		}
	}
	return items
}

func pair(ctx context.Context, args []string, s streams) error {
	p := pairSettings{Data: defaults().Data}
	_, err := load(s, "pair", "Makes a one-time pairing code, good for 15 minutes.", `hall pair -data hall-data -kiosk "Entrance 1"`, args, &p)
	if err != nil {
		return err
	}
	return with(ctx, p.Data, func(o office) error {
		in, err := o.invite(ctx, web.PairOrder{Kiosk: p.Kiosk, Categories: listed[record.CategoryID](p.Categories), Exhibitor: record.ExhibitorID(p.Exhibitor), Gate: p.Gate})
		if err != nil {
			return err
		}
		if p.JSON {
			return printJSON(s, struct {
				Code    string    `json:"code"`
				URL     string    `json:"url"`
				Expires time.Time `json:"expires"`
			}{in.Code, in.URL, in.Expires.UTC()})
		}
		until := in.Expires.Local().Format("15:04")
		if p.Exhibitor != "" {
			return showBooth(s.out, in.URL, in.Code, until)
		}
		if p.Gate != "" {
			_, err = fmt.Fprintf(s.out, "Pairing code, good until %s:  %s\n\nThe gate's reader gets its key with  POST %s/api/v1/pair/device  {\"code\":\"%s\",\"name\":\"Reader 1\"}\n", until, in.Code, in.URL, in.Code)
			return err
		}
		_, err = fmt.Fprintf(s.out, "Pairing code, good until %s:  %s\n\nOn the kiosk:  kiosk run -hall %s -pair %s\n", until, in.Code, in.URL, in.Code)
		return err
	})
}

// showBooth gives the link to a phone's camera, or else to whoever sends it on.
func showBooth(out io.Writer, url, code, until string) error {
	if terminal.IsTerminal(out) {
		if err := terminal.QR(out, url); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(out, "Open this on the booth's phone before %s:\n\n  %s\n\nor type the code %s there.\n", until, url, code)
	return err
}

type userSettings struct {
	Data string `config:"data,the hall's data folder"`
	Name string `config:"name,who signs in"`
	Role string `config:"role,what they may do: organizer"`
	JSON bool   `config:"json,print one JSON object"`
}

// Validate is called by config.Load.
func (u *userSettings) Validate() error {
	if u.Name == "" {
		return errors.New("name who signs in with -name")
	}
	return nil
}

func user(ctx context.Context, args []string, s streams) error {
	u := userSettings{Data: defaults().Data, Role: string(hall.RoleOrganizer)}
	_, err := load(s, "user", "Makes a sign-in, or gives one that exists a new password and key.", "hall user -data hall-data -name dana", args, &u)
	if err != nil {
		return err
	}
	return with(ctx, u.Data, func(o office) error {
		made, err := o.addUser(ctx, web.UserOrder{Name: u.Name, Role: hall.Role(u.Role)})
		if err != nil {
			return err
		}
		if u.JSON {
			return printJSON(s, struct {
				Name     string `json:"name"`
				Password string `json:"password"`
				Key      string `json:"key"`
			}{made.Name, made.Password, made.Key})
		}
		_, err = fmt.Fprintf(s.out, "name      %s\npassword  %s\nkey       %s\n\nThe key is for programs: Authorization: Bearer KEY. Neither is shown again.\n", made.Name, made.Password, made.Key)
		return err
	})
}

type dataSettings struct {
	Data string `config:"data,the hall's data folder"`
	JSON bool   `config:"json,print JSON"`
}

func exhibitors(ctx context.Context, args []string, s streams) error {
	d := dataSettings{Data: defaults().Data}
	_, err := load(s, "exhibitor", "Lists the exhibitors of the show, one on a line.", "hall exhibitor -data hall-data", args, &d)
	if err != nil {
		return err
	}
	return with(ctx, d.Data, func(o office) error {
		list, err := o.exhibitors(ctx)
		for i := 0; i < len(list) && err == nil; i++ {
			e := list[i]
			if d.JSON {
				err = printJSON(s, struct {
					ID    record.ExhibitorID `json:"id"`
					Name  record.Text        `json:"name"`
					Hall  string             `json:"hall"`
					Booth string             `json:"booth"`
				}(e))
			} else {
				_, err = fmt.Fprintf(s.out, "%-24s %-8s %s\n", e.ID, e.Booth, e.Name.In("en"))
			}
		}
		return err
	})
}

type checkSettings struct {
	Data string `config:"data,the hall's data folder"`
	Save string `config:"save,a file to write what is whole to, for hall journal import"`
	JSON bool   `config:"json,print JSON"`
}

func check(ctx context.Context, args []string, s streams) error {
	d := checkSettings{Data: defaults().Data}
	_, err := load(s, "check", "Verifies every journal, and the state that follows from them. With -save FILE what is whole is written to a file that a hall with the same key takes in.", "hall check -data hall-data", args, &d)
	if err != nil {
		return err
	}
	if d.Save != "" {
		if err := saveHall(ctx, d.Data, d.Save, s.err); err != nil {
			return forOperator(err)
		}
	}
	report, err := inspect(ctx, d.Data)
	if err != nil {
		return err
	}
	if err := printReport(s, report, d.JSON); err != nil {
		return err
	}
	if !report.OK() {
		return errors.New("the data are not in order; keep this file, and restore a backup or carry the kiosks' journals here again")
	}
	return nil
}

// inspect has the running hall check its data, or reads those of a stopped one
// without opening the hall on them: damaged data are left as they are.
func inspect(ctx context.Context, dir string) (report hall.Report, err error) {
	remote, err := findRunning(ctx, dir)
	if err != nil {
		return report, err
	}
	if remote != nil {
		return remote.check(ctx)
	}
	if err := mustHold(dir); err != nil {
		return report, err
	}
	data, err := store.Open(filepath.Join(dir, dataFile))
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	return data.Check(ctx)
}

func printReport(s streams, r hall.Report, asJSON bool) error {
	if asJSON {
		return printJSON(s, struct {
			OK       bool     `json:"ok"`
			Facts    uint64   `json:"facts"`
			Verified bool     `json:"journal_verified"`
			Problems []string `json:"problems"`
		}{r.OK(), r.Facts, r.Verified, append([]string{}, r.Problems...)})
	}
	state := "in order"
	if !r.OK() {
		state = "NOT in order"
	}
	if _, err := fmt.Fprintf(s.out, "%d facts, %s\n", r.Facts, state); err != nil {
		return err
	}
	for _, problem := range r.Problems {
		if _, err := fmt.Fprintf(s.out, "  %s\n", problem); err != nil {
			return err
		}
	}
	return nil
}
