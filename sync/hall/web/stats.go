package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"hallpass/sync/hall"
	"hallpass/sync/record"
)

type statsForm struct {
	Registrations int          `json:"registrations"`
	Persons       int          `json:"persons"`
	Badges        int          `json:"badges"`
	Passages      int          `json:"passages"`
	Leads         int          `json:"leads"`
	OnSite        int          `json:"on_site"`
	PerMinute     []minuteForm `json:"per_minute"`
	Kiosks        []kioskForm  `json:"kiosks"`
	Quarantine    int          `json:"quarantine"` // waiting
	Discarded     int          `json:"discarded"`  // by a person
	Conflicts     int          `json:"conflicts"`  // open
	Reading       readingForm  `json:"reading"`
	Voids         voidsForm    `json:"voids"`
	At            time.Time    `json:"at"`
}

type minuteForm struct {
	At            time.Time `json:"at"`
	Registrations int       `json:"registrations"`
	Leads         int       `json:"leads"`
}

type kioskForm struct {
	Node       record.NodeID `json:"node"`
	Name       string        `json:"name"`
	State      string        `json:"state"`
	Seen       *time.Time    `json:"seen"` // null: not since the hall started
	LastSeq    uint64        `json:"last_seq"`
	AckedSeq   uint64        `json:"acked_seq"`
	Unsent     uint64        `json:"unsent"`
	Printer    string        `json:"printer"`
	Reasons    []string      `json:"reasons"`
	Version    string        `json:"version"`
	DiskFreeMB uint64        `json:"disk_free_mb"`
	Aside      uint64        `json:"aside"` // what the hall has said and the kiosk cannot use
	Quarantine int           `json:"quarantine"`
	Refused    bool          `json:"refused"` // so much waits in quarantine that nothing more is taken
	Twin       bool          `json:"twin"`    // two kiosks run from one disk
	SkewMS     int64         `json:"skew_ms"`
}

// voidsForm is how long what was voided may be unknown somewhere (P5).
type voidsForm struct {
	WindowMS int64  `json:"window_ms"`
	Kiosk    string `json:"kiosk"` // its name; empty if all have all
	Behind   int    `json:"behind"`
}

func statsFrom(s hall.Stats) statsForm {
	form := statsForm{
		Registrations: s.Registrations, Persons: s.Persons, Badges: s.Badges, Passages: s.Passages, Leads: s.Leads,
		OnSite: s.OnSite, Quarantine: s.Quarantine, Discarded: s.Discarded, Conflicts: s.Conflicts, Reading: readingFrom(s.Reading), At: s.At.Truncate(time.Millisecond),
		Voids:     voidsForm{s.Voids.Window.Milliseconds(), s.Voids.Kiosk, s.Voids.Behind},
		PerMinute: make([]minuteForm, len(s.PerMinute)), Kiosks: make([]kioskForm, len(s.Kiosks)),
	}
	for i, m := range s.PerMinute {
		form.PerMinute[i] = minuteForm(m)
	}
	for i, k := range s.Kiosks {
		form.Kiosks[i] = kioskFrom(k)
	}
	return form
}

func kioskFrom(k hall.Kiosk) kioskForm {
	form := kioskForm{
		Node: k.Node, Name: k.Name, State: "down", LastSeq: k.LastSeq, AckedSeq: k.AckedSeq, Unsent: k.Unsent,
		Printer: k.Printer, Reasons: k.Reasons, Version: k.Version, DiskFreeMB: k.DiskFreeMB, Aside: k.Aside, Quarantine: k.Quarantined, Refused: k.Refused, Twin: k.Twin, SkewMS: k.Skew.Milliseconds(),
	}
	if k.Up {
		form.State = "up"
	}
	if !k.Seen.IsZero() {
		seen := k.Seen.UTC().Truncate(time.Second)
		form.Seen = &seen
	}
	if form.Reasons == nil {
		form.Reasons = []string{}
	}
	return form
}

func (a *API) stats(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.may(r, hall.ActSeeStats); err != nil {
		return err
	}
	reply(w, http.StatusOK, statsFrom(a.hall.Stats()))
	return nil
}

// streamWait is how long a watcher may take to read one picture.
const streamWait = 10 * time.Second

// live pushes pictures until the watcher goes, the hall hangs up, or the
// sign-in is over: a wall screen must not outlive a session for days.
func (a *API) live(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.may(r, hall.ActSeeStats); err != nil {
		return err
	}
	pictures, stop := a.hall.Live()
	defer stop()
	control := http.NewResponseController(w)
	if err := control.SetReadDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return fmt.Errorf("live: %w", err)
	}
	w.Header().Set("Content-Type", "text/event-stream")
	over := time.NewTimer(hall.SessionLife)
	defer over.Stop()
	for {
		select {
		case <-r.Context().Done():
			return nil
		case <-over.C:
			return nil
		case picture, open := <-pictures:
			if !open || push(w, control, picture) != nil {
				return nil // a watcher that has gone or does not read
			}
		}
	}
}

// push writes one picture. Its deadline ends with it: over HTTP/2 one that passes
// ends the stream, also when nothing waits to be written.
func push(w http.ResponseWriter, control *http.ResponseController, picture hall.Stats) error {
	data, err := json.Marshal(statsFrom(picture))
	if err != nil {
		return fmt.Errorf("encode picture: %w", err)
	}
	if err := control.SetWriteDeadline(time.Now().Add(streamWait)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if _, err := fmt.Fprintf(w, "event: stats\ndata: %s\n\n", data); err != nil {
		return err
	}
	if err := control.Flush(); err != nil {
		return err
	}
	if err := control.SetWriteDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
}
