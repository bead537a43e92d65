package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	osuser "os/user"
	"strconv"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/hall/web"
	"hallpass/sync/record"
)

// What people at the hall decide is asked of the same routes as the dashboard's,
// over the control socket or, where no hall runs, in this process.

func (r *running) decide(ctx context.Context, by, method, path string, body, out any) error {
	request, err := decision(ctx, by, method, path, body)
	if err != nil {
		return err
	}
	response, err := r.Send(request)
	if err != nil {
		return fmt.Errorf("ask the running hall: %w", err)
	}
	var data bytes.Buffer
	_, err = data.ReadFrom(response.Body)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return fmt.Errorf("ask the running hall: %w", err)
	}
	return decided(response.StatusCode, data.Bytes(), out)
}

func (s stopped) decide(ctx context.Context, by, method, path string, body, out any) error {
	request, err := decision(ctx, by, method, path, body)
	if err != nil {
		return err
	}
	w := &written{header: http.Header{}}
	web.Control(s.hall.Hall, slog.New(slog.DiscardHandler)).ServeHTTP(w, request)
	return decided(w.status, w.Bytes(), out)
}

// written keeps an answer instead of sending it.
type written struct {
	bytes.Buffer
	header http.Header
	status int
}

func (w *written) Header() http.Header    { return w.header }
func (w *written) WriteHeader(status int) { w.status = status }

func decision(ctx context.Context, by, method, path string, body any) (*http.Request, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://hall"+path, bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	request.Header.Set(web.OperatorHeader, url.PathEscape(by))
	return request, nil
}

func decided(status int, data []byte, out any) error {
	if status == http.StatusOK {
		return json.Unmarshal(data, out)
	}
	var refused struct{ Code, Message, Field string }
	if json.Unmarshal(data, &refused) != nil || refused.Message == "" {
		return fmt.Errorf("the running hall answers %d; is it another version?", status)
	}
	return fault.New(fault.Code(refused.Code), refused.Message)
}

// whoami is the name that decisions carry, unless -by says another.
func whoami() string {
	if u, err := osuser.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "operator"
}

type conflictsSettings struct {
	Data   string `config:"data,the hall's data folder"`
	Choose string `config:"choose,the conflict to settle, its id as the list has it"`
	Side   int    `config:"side,which side of it is right: 1 for the first of the list"`
	By     string `config:"by,who decides; your name on this machine if empty"`
	JSON   bool   `config:"json,print JSON, one object a conflict"`
}

// Validate is called by config.Load.
func (c *conflictsSettings) Validate() error {
	if (c.Choose == "") != (c.Side == 0) || c.Side < 0 {
		return errors.New("to settle a conflict name it and the side that is right: -choose ID -side 1")
	}
	return nil
}

// conflict is one line of the hall's list.
type conflict struct {
	ID           string      `json:"id"`
	Registration any         `json:"registration"`
	Part         record.Part `json:"part"`
	Sides        []struct {
		Version string    `json:"version"`
		Value   any       `json:"value"`
		At      time.Time `json:"at"`
		Kiosk   string    `json:"kiosk"`
		By      string    `json:"by"`
		Stands  bool      `json:"stands"`
	} `json:"sides"`
}

func conflicts(ctx context.Context, args []string, s streams) error {
	c := conflictsSettings{Data: defaults().Data, By: whoami()}
	_, err := load(s, "conflicts", "Lists what two people said differently of one visitor without having seen each other's word, and settles it.",
		"hall conflicts -data hall-data -choose field.company.01JD0ZEXAMPLE -side 1", args, &c)
	if err != nil {
		return err
	}
	return with(ctx, c.Data, func(o office) error {
		settled := false
		err := eachPage(ctx, o, "/conflicts", "", func(page struct {
			Conflicts []conflict `json:"conflicts"`
			Next      string     `json:"next"`
		}) (string, error) {
			for _, found := range page.Conflicts {
				if c.Choose == "" {
					if err := printConflict(s, found, c.JSON); err != nil {
						return "", err
					}
				} else if found.ID == c.Choose {
					settled = true
					return "", settle(ctx, o, found, c)
				}
			}
			return page.Next, nil
		})
		if err == nil && c.Choose != "" && !settled {
			return errors.New("there is no such conflict any more; hall conflicts lists those there are")
		}
		return err
	})
}

func settle(ctx context.Context, o office, found conflict, c conflictsSettings) error {
	if c.Side > len(found.Sides) {
		return fmt.Errorf("this conflict has %d sides", len(found.Sides))
	}
	body := struct {
		Choice string   `json:"choice"`
		Seen   []string `json:"seen"`
	}{Choice: found.Sides[c.Side-1].Version}
	for _, side := range found.Sides {
		body.Seen = append(body.Seen, side.Version)
	}
	var now any
	return o.decide(ctx, c.By, http.MethodPost, "/conflicts/"+url.PathEscape(found.ID), body, &now)
}

func printConflict(s streams, c conflict, asJSON bool) error {
	if asJSON {
		return printJSON(s, c)
	}
	if _, err := fmt.Fprintf(s.out, "%s\n", c.ID); err != nil {
		return err
	}
	for i, side := range c.Sides {
		who, stands := side.Kiosk, ""
		if side.By != "" {
			who = side.By + ", at the hall"
		}
		if side.Stands {
			stands = "  (stands)"
		}
		if _, err := fmt.Fprintf(s.out, "  %d  %v  %s, %s%s\n", i+1, side.Value, who, side.At.Local().Format(time.DateTime), stands); err != nil {
			return err
		}
	}
	return nil
}

// eachPage asks for page after page until one has no next.
func eachPage[P any](ctx context.Context, o office, path, query string, f func(P) (next string, err error)) error {
	for after := ""; ; {
		var page P
		if err := o.decide(ctx, "", http.MethodGet, path+"?limit=500&"+query+after, nil, &page); err != nil {
			return err
		}
		next, err := f(page)
		if err != nil || next == "" {
			return err
		}
		after = "&after=" + url.QueryEscape(next)
	}
}

// placeOf is a number in a path.
func placeOf(n int) string { return "/quarantine/" + strconv.Itoa(n) }
