package kiosk_test

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"hallpass/badge/spool"
	"hallpass/badge/token"
	"hallpass/kiosk"
	"hallpass/kiosk/store"
	"hallpass/sync/record"
)

// sampleShow asks everything that a form can be wrong about.
func sampleShow() record.Show {
	en := func(s string) record.Text { return record.Text{"en": s, "zh-CN": "中" + s} }
	return record.Show{
		ID: "lumen-2027", Name: en("Lumen"), Languages: []string{"zh-CN", "en"}, Timezone: "Asia/Shanghai",
		FirstDay: time.Date(2027, 4, 21, 0, 0, 0, 0, time.UTC), Days: 3, BadgeTemplate: "classic",
		Fields: []record.FieldRule{{Name: "name", Required: true}, {Name: "company", Required: true}, {Name: "name_en"}, {Name: "mobile"}},
		Categories: []record.Category{
			{ID: "trade", Name: en("Trade"), Colour: "#123456", Self: true},
			{ID: "public", Name: en("Public"), Colour: "#345612", Self: true},
			{ID: "vip", Name: en("VIP"), Colour: "#561234"},
		},
		Questions: []record.Question{
			{ID: "purpose", Text: en("Why?"), Kind: record.QuestionMulti, Required: true, Categories: []record.CategoryID{"trade"}, Options: options("buy", "sell")},
			{ID: "heard", Text: en("How?"), Kind: record.QuestionSingle, Options: options("press", "friend")},
			{ID: "wish", Text: en("What?"), Kind: record.QuestionText},
		},
		Consents: []record.ConsentText{
			{ID: "privacy", Version: 2, Text: en("Keep"), Required: true},
			{ID: "ecard", Version: 1, Text: en("Show"), Discloses: []record.FieldName{"name"}},
		},
	}
}

func options(ids ...string) (out []record.Option) {
	for _, id := range ids {
		out = append(out, record.Option{ID: id, Text: record.Text{"en": id}})
	}
	return out
}

// goodForm is what the tests spoil.
func goodForm() kiosk.Form {
	return kiosk.Form{
		Fields:   map[record.FieldName]string{"name": "林晓", "company": "Lumen Optics"},
		Category: "trade", Source: record.SourceTyped,
		Answers:  map[record.QuestionID]record.Answer{"purpose": {Picks: []string{"buy"}}},
		Consents: map[record.ConsentID]bool{"privacy": true},
	}
}

// fixture is a desk on a real store with a printer that the test plays.
type fixture struct {
	*kiosk.Desk
	Store   *store.Store
	Printer *printer
	stop    func()
}

// open makes a desk in dir; its parts are closed and checked with the test.
func open(tb testing.TB, dir string, p *printer) *fixture {
	tb.Helper()
	var f *fixture
	if p == nil {
		f = openDesk(tb, dir, nil, plain{})
	} else {
		f = openDesk(tb, dir, p, plain{})
	}
	f.Printer = p
	tb.Cleanup(func() { f.close(tb) })
	return f
}

// close stops, checks and closes.
func (f *fixture) close(tb testing.TB) {
	tb.Helper()
	f.stop()
	report, err := f.Store.Check(context.Background())
	if err != nil || !report.OK {
		tb.Errorf("check = %+v, %v", report, err)
	}
	if err := f.Store.Close(); err != nil {
		tb.Error(err)
	}
}

func openDesk(tb testing.TB, dir string, p spool.Printer, layout kiosk.Layout) *fixture {
	tb.Helper()
	return openFor(tb, dir, sampleShow(), p, layout)
}

func openFor(tb testing.TB, dir string, show record.Show, p spool.Printer, layout kiosk.Layout) *fixture {
	tb.Helper()
	s, err := store.Open(dir, store.Options{Show: show})
	if err != nil {
		tb.Fatal(err)
	}
	f := &fixture{Store: s, stop: func() {}}
	f.Desk = &kiosk.Desk{
		Store: s, Clock: s.Clock(), Layout: layout, Printers: pool(p), Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Poll: time.Millisecond, Grace: time.Second,
		Sign: func(c token.Claims) (string, error) { return token.Sign(s.Key(), c) },
	}
	if err := f.Open(); err != nil {
		tb.Fatal(err)
	}
	return f
}

// pool is the printers of a desk: the given ones that are there, each with its
// number for a name.
func pool(all ...spool.Printer) (out []kiosk.Station) {
	for i, p := range all {
		if p != nil {
			out = append(out, kiosk.Station{Name: fmt.Sprintf("printer-%d", i+1), Place: fmt.Sprintf("Desk %d", i+1), Printer: p})
		}
	}
	return out
}

// run prints until the test or stop ends it.
func (f *fixture) run(tb testing.TB) {
	tb.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- f.Run(ctx) }()
	f.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			tb.Errorf("Run = %v", err)
		}
	})
}

func (f *fixture) register(tb testing.TB) kiosk.Entry {
	tb.Helper()
	e, fresh, err := f.Register(tb.Context(), "", goodForm())
	if err != nil || !fresh {
		tb.Fatalf("Register = fresh %v, %v", fresh, err)
	}
	return e
}

// await polls until the entry's newest badge is in a state.
func (f *fixture) await(tb testing.TB, id record.RegistrationID, state record.BadgeState) kiosk.Entry {
	tb.Helper()
	var last kiosk.Entry
	poll(tb, func() bool {
		e, err := f.Find(context.Background(), string(id))
		if err != nil {
			tb.Fatal(err)
		}
		last = e
		return e.Current().Now() == state
	}, func() string { return "badge is " + string(last.Current().Now()) + ", want " + string(state) })
	return last
}

// poll fails after half a minute, long on any machine that is not stuck.
func poll(tb testing.TB, ok func() bool, why func() string) {
	tb.Helper()
	deadline := time.After(30 * time.Second)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline:
			tb.Fatal(why())
		case <-tick.C:
		}
	}
}

// plain draws nothing but the job's name.
type plain struct{}

func (plain) PDF(_ record.Show, e kiosk.Entry) ([]byte, error) {
	return []byte("%PDF " + e.Current().Job()), nil
}

func (plain) Label(record.Show, kiosk.Entry, int) ([]*image.Paletted, error) {
	return []*image.Paletted{image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{color.White, color.Black})}, nil
}

func (plain) Proof(_ record.Show, _ kiosk.Entry, dpi int) (kiosk.Proof, error) {
	return kiosk.Proof{Front: image.NewRGBA(image.Rect(0, 0, dpi, dpi))}, nil
}
