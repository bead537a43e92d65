package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"hallpass/badge/token"
	"hallpass/cmd/internal/config"
	"hallpass/sync/hall"
	"hallpass/sync/hall/web"
	"hallpass/sync/record"
)

type revokeSettings struct {
	Data  string `config:"data,the hall's data folder"`
	Kiosk string `config:"kiosk,its name or its id, see hall keys"`
	Since string `config:"since,when it was lost, such as 2027-04-21T14:05:00+08:00: badges made later are void; now if empty"`
	All   bool   `config:"all,void all badges that it printed; those people need new ones"`
	Force bool   `config:"force,even if it holds records that have not reached the hall; they are lost"`
	JSON  bool   `config:"json,print one JSON object"`
}

// Validate is called by config.Load.
func (r *revokeSettings) Validate() error {
	if r.Kiosk == "" {
		return errors.New("name the kiosk with -kiosk; hall keys lists them")
	}
	_, err := r.since()
	return err
}

// since is the zero time for now.
func (r *revokeSettings) since() (time.Time, error) {
	if r.Since == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, r.Since)
	if err != nil {
		return at, config.Invalid("since", r.Since, "is no time; try "+time.Now().Format(time.RFC3339))
	}
	return at, nil
}

func revoke(ctx context.Context, args []string, s streams) error {
	r := revokeSettings{Data: defaults().Data}
	_, err := load(s, "revoke", "Takes a kiosk out of service for good: it is refused and wipes itself when it calls. Badges that reached the hall before go on counting, unless -all.",
		`hall revoke -data hall-data -kiosk "Entrance 1"`, args, &r)
	if err != nil {
		return err
	}
	since, err := r.since()
	if err != nil {
		return err
	}
	return with(ctx, r.Data, func(o office) error {
		node, err := o.revoke(ctx, hall.RevokeOrder{Kiosk: r.Kiosk, Since: since, All: r.All, Force: r.Force})
		if err != nil {
			return err
		}
		if r.JSON {
			return printJSON(s, struct {
				Node record.NodeID `json:"node"`
				Name string        `json:"name"`
			}{node.ID, node.Name})
		}
		badges := "Its badges that have reached the hall go on counting; others do not."
		if r.All {
			badges = "None of its badges counts any more."
		}
		_, err = fmt.Fprintf(s.out, "%s (%s) is out of service. %s\nIt wipes itself when it next calls.\n", node.Name, node.ID, badges)
		return err
	})
}

type rotateSettings struct {
	Data  string `config:"data,the hall's data folder"`
	Kiosk string `config:"kiosk,its name or its id, see hall keys; all kiosks if empty"`
	JSON  bool   `config:"json,print one JSON object"`
}

func rotate(ctx context.Context, args []string, s streams) error {
	r := rotateSettings{Data: defaults().Data}
	_, err := load(s, "rotate", "Has kiosks make a new key for badges as soon as they hear of it. Badges printed before go on counting. Kiosks do so by themselves every week.",
		`hall rotate -data hall-data -kiosk "Entrance 1"`, args, &r)
	if err != nil {
		return err
	}
	return with(ctx, r.Data, func(o office) error {
		asked, err := o.rotate(ctx, web.RotateOrder{Kiosk: r.Kiosk})
		if err != nil {
			return err
		}
		if r.JSON {
			return printJSON(s, struct {
				Kiosks int `json:"kiosks"`
			}{asked})
		}
		_, err = fmt.Fprintf(s.out, "%d asked for a new key; see hall keys.\n", asked)
		return err
	})
}

// keyLine is one key, or a revocation, as hall keys -json prints it.
type keyLine struct {
	Node       record.NodeID `json:"node"`
	Name       string        `json:"name"`
	Key        string        `json:"key,omitempty"` // as a token names it
	State      string        `json:"state"`         // signing, retired, waiting or revoked
	SignUntil  *time.Time    `json:"sign_until,omitempty"`
	Until      *time.Time    `json:"until,omitempty"`
	Categories []string      `json:"categories,omitempty"`
	Statement  string        `json:"statement,omitempty"`
}

func keys(ctx context.Context, args []string, s streams) error {
	d := dataSettings{Data: defaults().Data}
	_, err := load(s, "keys", "Lists the kiosks' keys. With -json: all that a program needs to tell genuine badges from others without a network, as package badge/token specifies.",
		"hall keys -data hall-data -json", args, &d)
	if err != nil {
		return err
	}
	return with(ctx, d.Data, func(o office) error {
		known, err := o.keys(ctx)
		if err != nil {
			return err
		}
		lines := keyLines(known)
		if d.JSON {
			return printJSON(s, struct {
				Show record.ShowID `json:"show"`
				Hall string        `json:"hall"` // public key
				Keys []keyLine     `json:"keys"`
			}{known.Show, hex.EncodeToString(known.Hall), lines})
		}
		for _, l := range lines {
			until := ""
			if l.Until != nil {
				until = "badges count until " + l.Until.Local().Format(time.DateTime)
			}
			if _, err := fmt.Fprintf(s.out, "%-26s %-20s %-8s %-8s %s\n", l.Node, l.Name, l.Key, l.State, until); err != nil {
				return err
			}
		}
		return nil
	})
}

// keyLines says of each key what a ring of the same statements would.
func keyLines(known hall.Keys) []keyLine {
	lines := []keyLine{}
	for _, kiosk := range known.Kiosks {
		for _, key := range kiosk.Keys {
			id := token.KeyIDOf(key.Public)
			l := keyLine{Node: kiosk.Node, Name: kiosk.Name, Key: hex.EncodeToString(id[:]), State: "waiting", Statement: key.Certificate.Value}
			if c, err := token.OpenCertificate(known.Hall, key.Certificate.Value); err == nil {
				l.State, l.SignUntil, l.Until, l.Categories = "signing", &c.SignUntil, &c.Until, c.Categories
			}
			if !key.Retired.IsZero() {
				l.State = "retired"
			}
			lines = append(lines, l)
		}
		if kiosk.Revoked != nil {
			lines = append(lines, keyLine{Node: kiosk.Node, Name: kiosk.Name, State: "revoked", Statement: kiosk.Revoked.Statement})
		}
	}
	return lines
}
