package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"hallpass/kiosk"
	"hallpass/sync/record"
	"hallpass/sync/record/showfile"
)

type statusForm struct {
	Node      string        `json:"node"`
	Epoch     string        `json:"epoch"`
	LastSeq   uint64        `json:"last_seq"`
	AckedSeq  uint64        `json:"acked_seq"`
	Unsent    uint64        `json:"unsent"`
	Hall      string        `json:"hall"`
	Printer   printerForm   `json:"printer"`
	Printers  []machineForm `json:"printers"` // the pool, the kiosk's own first
	Version   string        `json:"version"`
	Reader    string        `json:"reader"`
	Show      record.ShowID `json:"show"`
	Revision  string        `json:"revision"` // of the show: another one means that GET show answers otherwise
	LastBadge *string       `json:"last_badge"`
	Journal   journalForm   `json:"journal"`
}

// journalForm is {"verified": null} until the journal was read for the first time.
type journalForm struct {
	Verified *bool  `json:"verified"`
	Damaged  uint64 `json:"damaged"`
	Lost     uint64 `json:"lost"`
}

type printerForm struct {
	Name    string   `json:"name,omitempty"`
	State   string   `json:"state"`
	Reasons []string `json:"reasons"`
	Jobs    int      `json:"jobs"`
}

// machineForm is one printer of the pool. labels_left is -1 if it does not say;
// empty_at is when the last comes out at the present pace, or null.
type machineForm struct {
	Place      string   `json:"place"`
	Name       string   `json:"name"`
	State      string   `json:"state"`
	Reasons    []string `json:"reasons"`
	Blind      bool     `json:"blind"`
	Media      string   `json:"media"`
	LabelsLeft int      `json:"labels_left"`
	EmptyAt    *string  `json:"empty_at"`
	Counts     bool     `json:"counts"` // a new roll can be told: POST staff/printers/{n}/roll
}

func machines(pool []kiosk.Machine) []machineForm {
	out := []machineForm{}
	for _, m := range pool {
		out = append(out, machineForm{m.Place, m.Name, m.State, list(m.Reasons), m.Blind, m.Media, m.LabelsLeft, moment(m.Empty), m.Counts})
	}
	return out
}

// moment is null for never.
func moment(at time.Time) *string {
	if at.IsZero() {
		return nil
	}
	text := at.Format(time.RFC3339)
	return &text
}

func (s *Server) status(w http.ResponseWriter, r *http.Request) error {
	form, err := s.standing(r.Context())
	if err != nil {
		return err
	}
	send(w, http.StatusOK, form)
	return nil
}

func (s *Server) standing(ctx context.Context) (statusForm, error) {
	node, err := s.Node(ctx)
	if err != nil {
		return statusForm{}, err
	}
	press, err := s.Desk.Press(ctx)
	if err != nil {
		return statusForm{}, err
	}
	var journal journalForm
	if found := node.Journal; found != nil {
		journal = journalForm{&found.Verified, found.Damaged, found.Lost}
	}
	show := s.Desk.Store.Show()
	return statusForm{
		Journal: journal,
		Node:    node.Node, Epoch: node.Epoch, LastSeq: node.LastSeq, AckedSeq: node.AckedSeq,
		Unsent: node.LastSeq - min(node.AckedSeq, node.LastSeq), Hall: node.Hall,
		Printer:  printerForm{press.Name, press.State, list(press.Reasons), press.Jobs},
		Printers: machines(press.Pool),
		Version:  s.Version, Reader: s.Reader, Show: show.ID, Revision: revision(show), LastBadge: moment(node.LastBadge),
	}, nil
}

// revision names a version of the show.
func revision(show record.Show) string {
	return fmt.Sprintf("%s.%d.%d", show.ID, show.Revised.Wall, show.Revised.Counter)
}

// statusEvents streams the status whenever a printer gets into trouble or out
// of it or the hall has news, beginning with the present one: neither "out of
// order" nor a changed setting may wait for the page's next question.
func (s *Server) statusEvents(w http.ResponseWriter, r *http.Request) error {
	return stream(w, s.Desk.WatchPress(r.Context()), func(struct{}) (event, error) {
		now, err := s.standing(r.Context())
		return event{"status", now, false}, err
	})
}

// list is never null in JSON.
func list[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}

// show is what the page needs of the show, in the show file's own form, and
// whether cards are read here and codes of confirmations may be known;
// exhibitors, gates and the badges' logo stay out.
func (s *Server) show(w http.ResponseWriter, r *http.Request) error {
	node, err := s.Node(r.Context())
	if err != nil {
		return err
	}
	show := s.Desk.Store.Show()
	show.Exhibitors, show.Gates, show.Logo = nil, nil, nil
	var form map[string]any
	if err := json.Unmarshal(showfile.Format(show), &form); err != nil {
		return fmt.Errorf("form of the show: %w", err)
	}
	form["ocr"] = s.Desk.Reader != nil
	form["codes"] = node.Hall != "none" // only a hall tells who is expected
	form["revision"] = revision(show)
	send(w, http.StatusOK, form)
	return nil
}
