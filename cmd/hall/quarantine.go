package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"hallpass/cmd/internal/config"
	"hallpass/sync/record"
)

type quarantineSettings struct {
	Data      string `config:"data,the hall's data folder"`
	Discarded bool   `config:"discarded,list what was discarded instead of what waits"`
	ID        int    `config:"id,which one, as the list has it"`
	All       bool   `config:"all,retry all that waits"`
	Reason    string `config:"reason,why it does not count; for discard"`
	By        string `config:"by,who decides; your name on this machine if empty"`
	JSON      bool   `config:"json,print JSON"`
}

const quarantineUse = "quarantine list|retry|discard"

func quarantine(ctx context.Context, args []string, s streams) error {
	acts := map[string]func(context.Context, office, quarantineSettings, streams) error{
		"list": listRefused, "retry": retryRefused, "discard": discardRefused,
	}
	name := "list"
	if len(args) > 0 && acts[args[0]] != nil {
		name, args = args[0], args[1:]
	}
	q := quarantineSettings{Data: defaults().Data, By: whoami()}
	_, err := load(s, quarantineUse, "Facts that the hall has refused: lists them, has them judged again (after an update), or notes why they do not count. Nothing is deleted.",
		`hall quarantine discard -data hall-data -id 7 -reason "a rehearsal's"`, args, &q)
	if err != nil {
		return err
	}
	if name == "retry" && (q.ID == 0) == !q.All || name == "discard" && q.ID == 0 {
		return config.Invalid("id", fmt.Sprint(q.ID), "is none of those that hall quarantine list shows; retry also takes -all")
	}
	return with(ctx, q.Data, func(o office) error { return acts[name](ctx, o, q, s) })
}

// refusal is one line of the hall's list.
type refusal struct {
	ID        string        `json:"id"`
	Node      record.NodeID `json:"node"`
	Kiosk     string        `json:"kiosk"`
	Epoch     record.Epoch  `json:"epoch"`
	Seq       uint64        `json:"seq"`
	Kind      record.Kind   `json:"kind"`
	Code      string        `json:"code"`
	Reason    string        `json:"reason"`
	At        time.Time     `json:"at"`
	Bytes     int           `json:"bytes"`
	Discarded *struct {
		By     string    `json:"by"`
		At     time.Time `json:"at"`
		Reason string    `json:"reason"`
	} `json:"discarded"`
}

func listRefused(ctx context.Context, o office, q quarantineSettings, s streams) error {
	path := "/quarantine"
	query := "state=waiting"
	if q.Discarded {
		query = "state=discarded"
	}
	return eachPage(ctx, o, path, query, func(page struct {
		Quarantine []refusal `json:"quarantine"`
		Next       string    `json:"next"`
	}) (string, error) {
		for _, r := range page.Quarantine {
			if err := printRefusal(s, r, q.JSON); err != nil {
				return "", err
			}
		}
		if len(page.Quarantine) == 0 {
			return "", nil
		}
		return page.Next, nil
	})
}

func printRefusal(s streams, r refusal, asJSON bool) error {
	if asJSON {
		return printJSON(s, r)
	}
	who, why := r.Kiosk, r.Reason
	if who == "" {
		who = string(r.Node)
	}
	if r.Discarded != nil {
		why += " Discarded by " + r.Discarded.By + ": " + r.Discarded.Reason
	}
	_, err := fmt.Fprintf(s.out, "%-6s %s  %-20s %-14s change %d  %s\n", r.ID, r.At.Local().Format(time.DateTime), who, r.Kind, r.Seq, why)
	return err
}

func retryRefused(ctx context.Context, o office, q quarantineSettings, s streams) error {
	path := "/quarantine/retry"
	if !q.All {
		path = placeOf(q.ID) + "/retry"
	}
	var done struct {
		Taken int `json:"taken"`
		Left  int `json:"left"`
	}
	if err := o.decide(ctx, q.By, http.MethodPost, path, nil, &done); err != nil {
		return err
	}
	if q.JSON {
		return printJSON(s, done)
	}
	_, err := fmt.Fprintf(s.out, "%d taken in, %d refused as before.\n", done.Taken, done.Left)
	return err
}

func discardRefused(ctx context.Context, o office, q quarantineSettings, s streams) error {
	if q.Reason == "" {
		return errors.New("say why with -reason")
	}
	body := struct {
		Reason string `json:"reason"`
	}{q.Reason}
	var done struct{}
	if err := o.decide(ctx, q.By, http.MethodPost, placeOf(q.ID)+"/discard", body, &done); err != nil {
		return err
	}
	if q.JSON {
		return printJSON(s, done)
	}
	_, err := fmt.Fprintln(s.out, "Discarded. It is kept: hall quarantine list -discarded.")
	return err
}
