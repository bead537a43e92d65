package main

import (
	"context"
	"fmt"
	"strings"

	"hallpass/cmd/internal/config"
	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/record"
)

// badge examines a code that a scanner types, or that is copied here. It is an
// argument of this command alone: quote it, it may hold spaces and dollars.
func badge(ctx context.Context, args []string, s streams) error {
	d := dataSettings{Data: defaults().Data}
	rest, err := config.Load(config.Command{
		Name: "hall badge", About: "Says for staff what a badge's QR code is worth, and why it is refused.", Args: "CODE",
		Example: "hall badge -data hall-data 'HP1…'", Environ: s.environ, Output: s.out,
	}, args, &d)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return fmt.Errorf("give the one code, in single quotes: it may hold spaces; %d given", len(rest))
	}
	return with(ctx, d.Data, func(o office) error {
		found, err := o.examine(ctx, strings.Trim(rest[0], "\r\n"))
		if err != nil {
			return err
		}
		if d.JSON {
			return printJSON(s, struct {
				Counts   bool           `json:"counts"`
				Reason   string         `json:"reason"`
				Refused  fault.Code     `json:"refused"`
				Kiosk    string         `json:"kiosk"`
				Badge    record.BadgeID `json:"badge"`
				Issue    uint16         `json:"issue"`
				Category string         `json:"category"`
				Known    bool           `json:"known"`
			}{found.Refused == "", string(found.Reason), found.Refused, found.Kiosk, found.Badge, found.Issue, found.Category, found.Known})
		}
		_, err = fmt.Fprintln(s.out, sentence(found))
		return err
	})
}

// sentence is an examination for people.
func sentence(e hall.Examination) string {
	verdict := "counts"
	if e.Refused != "" {
		verdict = "refused, " + string(e.Refused)
	}
	if e.Badge == "" {
		return verdict
	}
	arrived := "has reached the hall"
	if !e.Known {
		arrived = "has not reached the hall"
	}
	return fmt.Sprintf("%s: badge %s, issue %d, category %s, signed by %s, %s", verdict, e.Badge, e.Issue, e.Category, e.Kiosk, arrived)
}
