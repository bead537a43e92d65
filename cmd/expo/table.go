package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"text/tabwriter"

	"hallpass/sync/record"
)

// pairing is what "hall pair -json" prints.
type pairing struct {
	Code    string `json:"code"`
	URL     string `json:"url"`
	Expires string `json:"expires"`
}

// booth is one exhibitor's way in for one phone.
type booth struct {
	Exhibitor string `json:"exhibitor"`
	URL       string `json:"url"` // for a browser on this machine
	Code      string `json:"code"`
	Expires   string `json:"expires"`
}

// openBooth makes a link for the show's first exhibitor, a new one at each
// start because it works once.
func (x *expo) openBooth(ctx context.Context, show record.Show) (*booth, error) {
	if len(show.Exhibitors) == 0 {
		return nil, nil
	}
	e := show.Exhibitors[0]
	var p pairing
	if err := x.programs.ask(ctx, &p, "hall", "pair", "-data", x.path("hall"), "-exhibitor", string(e.ID), "-json"); err != nil {
		return nil, err
	}
	u, err := url.Parse(p.URL)
	if err != nil {
		return nil, fmt.Errorf("hall pair: %w", err)
	}
	u.Scheme, u.Host = "http", x.state.Pages
	return &booth{Exhibitor: string(e.ID), URL: u.String(), Code: p.Code, Expires: p.Expires}, nil
}

// print shows where everything is, on one screen.
func (x *expo) print(out io.Writer, show record.Show, b *booth) error {
	kiosk, pages := "http://"+x.state.Kiosk+"/", "http://"+x.state.Pages+"/"
	if x.settings.JSON {
		return json.NewEncoder(out).Encode(map[string]any{
			"show": show.ID, "data": x.settings.Data, "kiosk": kiosk, "dashboard": pages,
			"hall": "https://" + local(x.state.Hall) + "/", "booth": b, "organizer": x.state.Organizer,
			"printer": x.printer.URI(), "badges": x.printer.Badges(), "staff_code": x.state.StaffCode, "labels": x.state.Labels,
		})
	}
	w := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	row := func(what, address, about string) { fmt.Fprintf(w, "  %s\t%s\t%s\n", what, address, about) }
	fmt.Fprintf(w, "\n%s is open on this machine.\n\n", show.Name.In("en"))
	row("Kiosk", kiosk, "the touch screen for visitors")
	row("Dashboard", pages, fmt.Sprintf("sign in as %s, password %s", x.state.Organizer.Name, x.state.Organizer.Password))
	row("Staff", kiosk, fmt.Sprintf("five touches at the top of the kiosk's first screen, or F9; staff code %s", x.state.StaffCode))
	if b != nil {
		e := show.Exhibitors[0]
		row("Booth", b.URL, fmt.Sprintf("%s, booth %s; works once, for 15 minutes", e.Name.In("en"), e.Booth))
	}
	row("Hall", "https://"+local(x.state.Hall)+"/", "for kiosks and phones; its certificate is its own")
	row("Printer", x.printer.URI(), "badges come out in "+x.printer.Badges())
	for i, p := range x.labels {
		row("Labels", p.URI(), "labels come out in "+x.labelFolder(i))
	}
	fmt.Fprintf(w, "\nAnother booth's phone:  %s pair -data %s -exhibitor ID   (%[1]s exhibitor -data %[2]s lists them)\n",
		x.programs.path("hall"), x.path("hall"))
	fmt.Fprintf(w, "Ctrl-C stops it. Everything stays in %s and goes on at the next start.\n", x.settings.Data)
	return w.Flush()
}
