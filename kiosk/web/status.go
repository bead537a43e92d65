package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

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
	Version   string        `json:"version"`
	Reader    string        `json:"reader"`
	Show      record.ShowID `json:"show"`
	LastBadge *string       `json:"last_badge"`
}

type printerForm struct {
	Name    string   `json:"name,omitempty"`
	State   string   `json:"state"`
	Reasons []string `json:"reasons"`
	Jobs    int      `json:"jobs"`
}

func (s *Server) status(w http.ResponseWriter, r *http.Request) error {
	node, err := s.Node(r.Context())
	if err != nil {
		return err
	}
	press, err := s.Desk.Press(r.Context())
	if err != nil {
		return err
	}
	form := statusForm{
		Node: node.Node, Epoch: node.Epoch, LastSeq: node.LastSeq, AckedSeq: node.AckedSeq,
		Unsent: node.LastSeq - min(node.AckedSeq, node.LastSeq), Hall: node.Hall,
		Printer: printerForm{press.Name, press.State, list(press.Reasons), press.Jobs},
		Version: s.Version, Reader: s.Reader, Show: s.Desk.Store.Show().ID,
	}
	if !node.LastBadge.IsZero() {
		at := node.LastBadge.Format(time.RFC3339)
		form.LastBadge = &at
	}
	send(w, http.StatusOK, form)
	return nil
}

// list is never null in JSON.
func list[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}

// show is what the page needs of the show, in the show file's own form, and
// whether cards are read here; exhibitors and gates stay out.
func (s *Server) show(w http.ResponseWriter, _ *http.Request) error {
	show := s.Desk.Store.Show()
	show.Exhibitors, show.Gates = nil, nil
	var form map[string]any
	if err := json.Unmarshal(showfile.Format(show), &form); err != nil {
		return fmt.Errorf("form of the show: %w", err)
	}
	form["ocr"] = s.Desk.Reader != nil
	send(w, http.StatusOK, form)
	return nil
}
