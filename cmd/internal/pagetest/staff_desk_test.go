package pagetest_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"hallpass/assets"
	"hallpass/badge"
	"hallpass/badge/spool"
	"hallpass/badge/spool/labelsim"
	"hallpass/badge/token"
	desk "hallpass/kiosk"
	"hallpass/kiosk/store"
	"hallpass/kiosk/web"
	"hallpass/sync/record"
	"hallpass/sync/record/showfile"
)

// realDesk is a whole kiosk behind its page: data file, desk, API, and printers
// that are real to it.
type realDesk struct {
	*httptest.Server
	*desk.Desk
	Label *labelsim.Printer // the second of the pool
	Data  *store.Store

	mu    sync.Mutex
	first firstPrinter // guarded by mu
	link  web.Node     // what the hall's end says; guarded by mu
}

const staffCode = "4711-desk"

// openDesk starts a kiosk with two printers, or with none.
func openDesk(tb testing.TB, printers bool) *realDesk {
	tb.Helper()
	show, err := showfile.Parse(sampleShow(tb))
	if err != nil {
		tb.Fatal(err)
	}
	s, err := store.Open(tb.TempDir(), store.Options{Show: show})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	d := &realDesk{Data: s, link: web.Node{Hall: "none"}}
	d.first.mu = &d.mu
	log := slog.New(slog.DiscardHandler)
	d.Desk = &desk.Desk{
		Store: s, Guests: s, Clock: s.Clock(), Log: log, Poll: 10 * time.Millisecond, Patience: time.Hour,
		Layout: &desk.Drawing{Renderer: func(string) (*badge.Renderer, error) { return renderer() }, Log: log},
		Sign:   func(c token.Claims) (string, error) { return token.Sign(s.Key(), c) },
	}
	if printers {
		d.Printers = d.pool(tb)
	}
	if err := d.Open(); err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	d.Server = httptest.NewServer((&web.Server{
		Desk: d.Desk, Version: "1.4.0", Reader: "none", Log: log, StaffCode: staffCode, Files: assets.Files(), Metrics: http.NotFoundHandler(),
		Node: func(ctx context.Context) (web.Node, error) { return d.node(ctx, s) },
	}).Handler())
	tb.Cleanup(func() {
		d.CloseClientConnections()
		d.Server.Close()
		cancel()
		if err := <-done; err != nil {
			tb.Error(err)
		}
	})
	return d
}

func (d *realDesk) pool(tb testing.TB) []desk.Station {
	tb.Helper()
	label, err := labelsim.Start(labelsim.Config{Width: 90, Length: 100})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = label.Close() })
	p, err := spool.Open(label.URI())
	if err != nil {
		tb.Fatal(err)
	}
	d.Label = label
	return []desk.Station{{Name: "first", Place: "Desk 1", Printer: &d.first}, {Name: "second", Place: "Desk 2, left", Printer: p}}
}

// node is what the data file knows, and what the test says of the link.
func (d *realDesk) node(ctx context.Context, s *store.Store) (web.Node, error) {
	at, err := s.Standing(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.link
	n.Node, n.Epoch, n.LastSeq, n.LastBadge = string(at.Node), string(at.Epoch), at.Last, at.LastBadge
	if n.Hall == "up" {
		n.AckedSeq = at.Last
	}
	return n, err
}

func (d *realDesk) with(change func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change()
}

// register is a visitor who has confirmed a form, and waits for the badge.
func (d *realDesk) register(tb testing.TB, state record.BadgeState, fields map[record.FieldName]string, category record.CategoryID) desk.Entry {
	tb.Helper()
	e, _, err := d.Register(tb.Context(), "", desk.Form{
		Fields: fields, Category: category, Source: record.SourceTyped,
		Answers:  map[record.QuestionID]record.Answer{"purpose": {Picks: []string{"source"}}, "field": {Picks: []string{"stage"}}},
		Consents: map[record.ConsentID]bool{"privacy": true, "ecard": true},
	})
	if err != nil {
		tb.Fatal(err)
	}
	waitFor(tb, func() bool {
		e, err = d.Find(context.Background(), string(e.Registration.ID))
		return err == nil && e.Current().Now() == state
	})
	return e
}

// firstPrinter prints at once, or cannot tell what became of a job.
type firstPrinter struct {
	mu     *sync.Mutex
	status spool.Status
	jobs   map[string]bool
}

func (p *firstPrinter) Submit(_ context.Context, j spool.Job) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.jobs == nil {
		p.jobs = map[string]bool{}
	}
	p.jobs[j.Name] = true
	return nil
}

func (p *firstPrinter) Job(_ context.Context, name string) (spool.JobStatus, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case !p.jobs[name]:
		return spool.JobStatus{State: spool.Unknown}, nil
	case p.status.Blind:
		return spool.JobStatus{State: spool.Processing}, nil
	}
	return spool.JobStatus{State: spool.Completed}, nil
}

func (p *firstPrinter) Cancel(context.Context, string) (spool.JobStatus, error) {
	return spool.JobStatus{State: spool.Canceled}, nil
}

func (p *firstPrinter) Status(context.Context) (spool.Status, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	st := p.status
	st.Name, st.Supplies.LabelsLeft = "Badge printer", -1
	if st.State == "" {
		st.State, st.Accepting = "idle", true
	}
	return st, nil
}
