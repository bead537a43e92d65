package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"hallpass/badge/token"
	"hallpass/sync/hall/web"
)

type voidSettings struct {
	Data   string `config:"data,the hall's data folder"`
	Reason string `config:"reason,why, in one word, such as lost, stolen or damaged"`
	By     string `config:"by,who decides; your name on this machine if empty"`
	JSON   bool   `config:"json,print one JSON object"`
}

// voidBadge is hall void.
func voidBadge(ctx context.Context, args []string, s streams) error {
	c := voidSettings{Data: defaults().Data, By: whoami()}
	badges, err := loadArgs(s, "void", "Makes one badge worth nothing, everywhere: gates, booths and kiosks refuse it.", "BADGE",
		"hall void -data hall-data -reason lost 7KQ4M-2XPTC", args, &c)
	switch {
	case err != nil:
		return err
	case len(badges) != 1:
		return errors.New("name one badge by its short code, its id, or in single quotes what its QR code holds")
	case c.Reason == "":
		return errors.New("say why with -reason, in one word: lost, stolen, damaged")
	}
	return with(ctx, c.Data, func(o office) error {
		var done web.VoidReply
		if err := o.decide(ctx, c.By, http.MethodPost, "/voids", web.VoidRequest{Badge: badges[0], Reason: c.Reason}, &done); err != nil {
			return err
		}
		if c.JSON {
			return printJSON(s, done)
		}
		_, err := fmt.Fprintln(s.out, voided(done))
		return err
	})
}

// voided is what became of a badge, for people.
func voided(v web.VoidReply) string {
	badge := fmt.Sprintf("%s, issue %d", token.FormatShort(v.ShortCode), v.Issue)
	switch {
	case v.Fresh:
		return badge + ", is void from now on; a kiosk that is away hears it when it connects"
	case v.At == nil:
		return badge + ", was void already: a newer issue took its place"
	}
	return fmt.Sprintf("%s, was void already, since %s: %s", badge, v.At.Local().Format(time.DateTime), v.Reason)
}
