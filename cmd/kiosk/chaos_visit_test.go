package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"hallpass/kiosk"
	"hallpass/kiosk/store"
	"hallpass/sync/record"
)

// guest is one made-up visitor of a kiosk.
type guest struct {
	key string
	n   int
	id  string // once told
	all []*machine
}

// entryNow is what the kiosk says of a registration.
type entryNow struct {
	ID    string
	Badge struct {
		ID, State string
		Issue     int
	}
	Code string
}

// call asks the kiosk; an error if nobody answers.
func call(ctx context.Context, method, url, body, key, code string) (e entryNow, status int, err error) {
	limited, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(limited, method, url, strings.NewReader(body))
	if err != nil {
		return e, 0, err
	}
	req.Header.Set("Idempotency-Key", key)
	if code != "" {
		req.Header.Set("Authorization", "Bearer "+code)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return e, 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err == nil {
		err = json.Unmarshal(data, &e)
	}
	return e, resp.StatusCode, err
}

// visit registers and stays until the badge is in hand, doing what the screen
// says: tries again what failed, and says truly whether a badge came out. Who
// asked too often goes to the desk.
func (g *guest) visit(ctx context.Context, k *mortal) error {
	for ctx.Err() == nil {
		e, status, err := call(ctx, http.MethodPost, k.url+"/api/v1/registrations", form(g.n), g.key, "")
		if err == nil && (status == http.StatusCreated || status == http.StatusOK) {
			g.id = e.ID
			break
		}
		pause(ctx, 20*time.Millisecond)
	}
	path := k.url + "/api/v1/registrations/" + g.id
	for ctx.Err() == nil {
		e, status, err := call(ctx, http.MethodGet, path, "", "", "")
		if err != nil || status != http.StatusOK {
			pause(ctx, 20*time.Millisecond)
			continue
		}
		switch e.Badge.State {
		case "issued":
			return nil
		case "failed":
			err = g.ask(ctx, path+"/badge", `{}`)
		case "unknown":
			var out bool
			if out, err = g.hasPaper(fmt.Sprintf("%s-%d", e.Badge.ID, e.Badge.Issue)); err == nil {
				err = g.ask(ctx, path+"/badge/confirm", fmt.Sprintf(`{"out":%t}`, out))
			}
		}
		if err != nil {
			return err
		}
		pause(ctx, 10*time.Millisecond)
	}
	return fmt.Errorf("visitor %s has no badge: %w", g.key, ctx.Err())
}

func (g *guest) ask(ctx context.Context, path, body string) error {
	_, status, err := call(ctx, http.MethodPost, path, body, g.key, "")
	if err != nil {
		return nil // it is asked again
	}
	if status == http.StatusTooManyRequests || status == http.StatusForbidden {
		_, status, err = call(ctx, http.MethodPost, path, body, g.key, staffCode)
	}
	if err == nil && status != http.StatusOK && status != http.StatusConflict { // conflict: it went on meanwhile
		return fmt.Errorf("%s answers %d", path[strings.LastIndex(path, "/"):], status)
	}
	return nil
}

func (g *guest) hasPaper(job string) (bool, error) {
	for _, m := range g.all {
		papers, err := m.papers()
		if err != nil || papers[job] > 0 {
			return papers[job] > 0, err
		}
	}
	return false, nil
}

// verdictOf is what became of all visitors of one kiosk.
type verdictOf struct {
	people, issues, lost, doubles, unexplained int
	reasons                                    map[string]int // why issues were voided
	problems                                   []string
}

func (v *verdictOf) problem(format string, args ...any) {
	v.problems = append(v.problems, fmt.Sprintf(format, args...))
}

// judge holds every visitor's end state against the paper that came out and
// against the log.
func judge(tb testing.TB, dir string, guests []*guest, papers map[string]int, v *verdictOf) {
	tb.Helper()
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	}()
	if report, err := s.Check(tb.Context()); err != nil || !report.OK {
		v.problem("check: %v %v", report.Problems, err)
	}
	for _, g := range guests {
		e, ok, err := s.Recall(tb.Context(), g.key)
		if err != nil || !ok || string(e.Registration.ID) != g.id {
			v.problem("%s was told %s, kept is %s, %v", g.key, g.id, e.Registration.ID, err)
			v.lost++
			continue
		}
		v.people++
		v.person(g.key, e, papers)
	}
}

func (v *verdictOf) person(key string, e kiosk.Entry, papers map[string]int) {
	live := 0 // papers that let somebody in
	for i, b := range e.Badges {
		v.issues++
		switch n := papers[b.Job()]; {
		case n > 1:
			v.problem("%s: issue %d came out %d times", key, b.Issue, n)
			v.doubles++
		case b.Now() != record.BadgeVoided:
			live += n
		case b.Reason.Value == "":
			v.problem("%s: issue %d is voided without a reason", key, b.Issue)
		default:
			v.reasons[b.Reason.Value]++
		}
		if i < len(e.Badges)-1 && b.Now() != record.BadgeVoided {
			v.problem("%s: issue %d of %d is %s", key, b.Issue, len(e.Badges), b.Now())
			v.doubles++
		}
		if err := explained(b); err != nil {
			v.problem("%s: issue %d: %v", key, b.Issue, err)
			v.unexplained++
		}
	}
	if now := e.Current(); now.Now() != record.BadgeIssued || papers[now.Job()] == 0 {
		v.problem("%s: the newest of %d issues is %s and came out %d times", key, len(e.Badges), now.Now(), papers[now.Job()])
		v.lost++
	}
	if live > 1 {
		v.problem("%s has %d live badges", key, live)
		v.doubles++
	}
}

// ways lists which step may follow which.
var ways = map[record.BadgeState][]record.BadgeState{
	"":                    {record.BadgeReserved},
	record.BadgeReserved:  {record.BadgeSent, record.BadgeVoided, record.BadgeFailed},
	record.BadgeSent:      {record.BadgePrinting, record.BadgeReserved, record.BadgeIssued, record.BadgeFailed, record.BadgeUnknown, record.BadgeVoided},
	record.BadgePrinting:  {record.BadgeIssued, record.BadgeFailed, record.BadgeUnknown, record.BadgeVoided},
	record.BadgeUnknown:   {record.BadgeIssued, record.BadgeVoided},
	record.BadgeFailed:    {record.BadgeReserved, record.BadgeVoided},
	record.BadgeIssued:    {record.BadgeVoided},
	record.BadgeVoided:    {record.BadgeVoided}, // taken back
	record.BadgeRendering: {},
}

// explained reports whether the log of an issue leads, step by step, to where
// it is.
func explained(b kiosk.Badge) error {
	last, at := record.BadgeState(""), time.Time{}
	for _, s := range b.Steps {
		if !slices.Contains(ways[last], s.State) || s.At.Before(at) {
			return fmt.Errorf("%s does not lead to %s", last, s.State)
		}
		if s.Reason == "" && (s.State == record.BadgeFailed || s.State == record.BadgeVoided || s.State == record.BadgeUnknown) {
			return fmt.Errorf("%s has no reason", s.State)
		}
		last, at = s.State, s.At
	}
	if last != b.Now() {
		return fmt.Errorf("it is %s, the log ends with %q", b.Now(), last)
	}
	if b.Stage != "" {
		return errors.New("a printer may still have it")
	}
	return nil
}
