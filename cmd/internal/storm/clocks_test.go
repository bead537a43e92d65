package storm_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"hallpass/assets"
	"hallpass/badge/token"
	"hallpass/kiosk"
	"hallpass/kiosk/store"
	"hallpass/sync/fault"
	hallrules "hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	hallstore "hallpass/sync/hall/store"
	"hallpass/sync/hall/web"
	"hallpass/sync/link"
	"hallpass/sync/record"
)

// watch is a clock that somebody sets.
type watch struct {
	mu  sync.Mutex // guards off
	off time.Duration
}

func (w *watch) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Now().Round(0).Add(w.off) // without the reading that no setting alters
}

func (w *watch) set(off time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.off = off
}

// ticking is a hall on real files behind a real socket, by a watch of its own.
type ticking struct {
	*hallrules.Hall
	watch watch
	store *hallstore.Store
	url   string
}

func openTicking(t *testing.T) *ticking {
	t.Helper()
	h := &ticking{}
	var err error
	if h.store, err = hallstore.Open(filepath.Join(t.TempDir(), "hall.db")); err != nil {
		t.Fatal(err)
	}
	show := halltest.Show()
	show.FirstDay, show.Days = time.Now().UTC().Truncate(24*time.Hour), 3
	server := httptest.NewServer(nil)
	h.url = server.URL
	h.Hall, err = hallrules.New(t.Context(), hallrules.Config{
		Store: h.store, Key: ed25519.NewKeyFromSeed(make([]byte, 32)), Show: &show, URL: server.URL, Now: h.watch.now,
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = web.New(h.Hall, assets.Files(), slog.New(slog.DiscardHandler))
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	t.Cleanup(func() {
		h.Hangup()
		stop()
		server.Close()
		report, err := h.store.Check(context.Background())
		if err := errors.Join(err, <-done, h.store.Close()); err != nil || !report.OK() {
			t.Errorf("the hall: %+v, %v", report, err)
		}
	})
	return h
}

// desktop is a kiosk's data and link, by a watch of its own.
type desktop struct {
	*store.Store
	link  *link.Link
	watch watch
}

func openDesktop(t *testing.T, h *ticking, name string) *desktop {
	t.Helper()
	d := &desktop{}
	var err error
	if d.Store, err = store.Open(t.TempDir(), store.Options{Show: h.Show(), Now: d.watch.now}); err != nil {
		t.Fatal(err)
	}
	in, err := h.InviteKiosk(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	p, err := link.Pair(t.Context(), h.url, in.Code, name, d.Key())
	if err == nil {
		err = d.Pair(t.Context(), store.Pairing{
			URL: p.URL, Fingerprint: p.Fingerprint[:], Node: p.Node, Hall: p.Hall, HallKey: p.HallKey, Show: p.Show, Certificate: p.Certificate,
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	d.link = &link.Link{URL: h.url, Node: p.Node, Key: d.Key(), Show: p.Show, Outbox: d.Store, Inbox: d.Store, Wake: d.Wake(), NewLife: d.NewLife, Now: d.watch.now}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.link.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		report, err := d.Check(context.Background())
		if err := errors.Join(err, <-done, d.Close()); err != nil || !report.OK {
			t.Errorf("a kiosk: %+v, %v", report, err)
		}
	})
	return d
}

// guest is somebody who registered, and what is on the badge.
type guest struct {
	id    record.RegistrationID
	badge record.BadgeID
	token string
}

// register keeps somebody with a reserved badge.
func (d *desktop) register(t *testing.T) guest {
	t.Helper()
	at := d.Clock().Tick()
	g := guest{id: record.NewID[record.RegistrationID](d.watch.now()), badge: record.NewID[record.BadgeID](d.watch.now())}
	raw, err := g.badge.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	show := d.Show()
	g.token, err = d.SignBadge(token.Claims{Badge: raw, Issue: 1, Category: "trade", FirstDay: show.FirstDay, Days: uint8(show.Days)})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = d.Add(t.Context(), "", kiosk.Entry{
		Registration: record.Registration{
			ID: g.id, Show: show.ID, Node: at.Node, Created: at, Source: record.SourceTyped, Category: record.Register[record.CategoryID]{Value: "trade", At: at},
			Consents: map[record.ConsentID]record.Consent{"card": {Given: true, Version: 1, At: at}},
		},
		Badges: []kiosk.Badge{{Token: g.token, Badge: record.Badge{
			ID: g.badge, Registration: g.id, Show: show.ID, Node: at.Node, Issue: 1, Category: "trade", ShortCode: token.ShortCode(raw),
			State: record.Register[record.BadgeState]{Value: record.BadgeReserved, At: at},
		}}},
	}, record.Tally{})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// issue is what the printer's word makes of the badge, later.
func (d *desktop) issue(t *testing.T, g guest) {
	t.Helper()
	_, err := d.Change(t.Context(), g.id, func(e *kiosk.Entry) error {
		e.Badges[0].State = record.Register[record.BadgeState]{Value: record.BadgeIssued, At: d.Clock().Tick()}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (d *desktop) flushed(t *testing.T) {
	t.Helper()
	if err := eventually("the hall has everything", func() bool { return d.link.Status().Up && d.link.Flush(t.Context()) == nil }); err != nil {
		t.Fatal(err)
	}
}

// P1, P3, P4: whatever day the clocks of hall and kiosks say, forward and back and
// in the midst of a visit, what was said later counts as later, every fact counts
// once, badges prove themselves, phones and people get in, and nobody is forgotten
// whom the hall does not have.
func TestClocks_ADayForwardAndBack(t *testing.T) {
	h := openTicking(t)
	kiosks := []*desktop{openDesktop(t, h, "Entrance 1"), openDesktop(t, h, "Entrance 2")}
	watches := []*watch{&h.watch, &kiosks[0].watch, &kiosks[1].watch}
	random := rand.New(rand.NewPCG(24, 7))
	made, err := h.AddUser(t.Context(), "dana", hallrules.RoleOrganizer)
	if err != nil {
		t.Fatal(err)
	}
	phone := h.phone(t)
	var all []guest
	leads, forgotten := 0, 0
	for round := range 18 {
		d := kiosks[round%2]
		g := d.register(t)
		watches[random.IntN(3)].set([]time.Duration{-24 * time.Hour, 0, 24 * time.Hour}[random.IntN(3)])
		d.issue(t, g)
		all = append(all, g)
		if round%6 == 3 { // new keys are certified on whatever day the hall believes
			if err := d.Rotate(t.Context()); err != nil {
				t.Error(err)
			}
		}
		if round%3 == 2 {
			for _, d := range kiosks {
				d.flushed(t)
			}
			if _, fresh, err := h.TakeLead(t.Context(), phone, hallrules.Scan{Token: g.token, At: time.Now(), ClientID: fmt.Sprint("scan ", round)}); err != nil || !fresh {
				t.Errorf("round %d: a scan with the right time: %v, fresh %v", round, err, fresh)
			}
			leads++
			h.people(t, made.Password)
		}
		judged(t, kiosks, g)
		gone, err := d.Forget(t.Context(), 23*time.Hour)
		if forgotten += gone; err != nil {
			t.Errorf("round %d: %v", round, err)
		}
		for _, g := range all {
			if _, err := d.Find(t.Context(), g.id); fault.CodeOf(err) != fault.Forgotten {
				continue
			}
			if _, err := h.store.Registration(t.Context(), g.id); err != nil {
				t.Errorf("round %d: %s is forgotten and the hall does not have it: %v", round, g.id, err)
			}
		}
	}
	for _, w := range watches {
		w.set(0)
	}
	for _, d := range kiosks {
		d.flushed(t)
	}
	for _, g := range all {
		b, err := h.store.Badge(t.Context(), g.badge)
		if err != nil || b.Now() != record.BadgeIssued || b.Registration != g.id {
			t.Errorf("%s is %s at the hall, %v, want issued: what was said later counts", g.badge, b.Now(), err)
		}
	}
	stats := h.Stats()
	if stats.Registrations != len(all) || stats.Badges != len(all) || stats.Leads != leads || stats.Quarantine+stats.Conflicts > 0 {
		t.Errorf("the hall counts %d registrations, %d badges, %d leads, %d in quarantine, %d conflicts of %d and %d",
			stats.Registrations, stats.Badges, stats.Leads, stats.Quarantine, stats.Conflicts, len(all), leads)
	}
	if forgotten == 0 {
		t.Error("nobody was forgotten; the clocks did not tell")
	}
	t.Logf("%d registrations, %d leads, %d forgotten on kiosks; 0 lost, 0 twice", len(all), leads, forgotten)
}

// phone pairs a booth's phone.
func (h *ticking) phone(t *testing.T) hallrules.Principal {
	t.Helper()
	in, err := h.InviteDevice(t.Context(), h.Show().Exhibitors[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	_, key, err := h.PairDevice(t.Context(), hallrules.Caller{Address: "192.0.2.7"}, in.Code, "phone")
	if err != nil {
		t.Fatal(err)
	}
	p, err := h.ByKey(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// people get in: a sign-in begins now and lasts, a code is good now and is not
// good twice whatever the clock says then.
func (h *ticking) people(t *testing.T, password string) {
	t.Helper()
	from := hallrules.Caller{Address: "192.0.2.9"}
	session, _, err := h.SignIn(t.Context(), from, "dana", password)
	if err == nil {
		_, err = h.BySession(t.Context(), session)
	}
	if err != nil {
		t.Errorf("a sign-in: %v", err)
	}
	in, err := h.InviteDevice(t.Context(), h.Show().Exhibitors[0].ID)
	if err == nil {
		_, _, err = h.PairDevice(t.Context(), from, in.Code, "another phone")
	}
	if err != nil {
		t.Errorf("a pairing: %v", err)
	}
	now := h.watch.now()
	h.watch.set(time.Until(now) - 24*time.Hour)
	_, _, err = h.PairDevice(t.Context(), from, in.Code, "thief")
	if h.watch.set(time.Until(now)); fault.CodeOf(err) != fault.PairingCode {
		t.Errorf("a used code, a day earlier: %v", err)
	}
}

// judged has every kiosk look at a badge by its own clock: to none is it early,
// late or forged.
func judged(t *testing.T, kiosks []*desktop, g guest) {
	t.Helper()
	for i, d := range kiosks {
		found, err := d.Judge(t.Context(), g.token, d.watch.now())
		if known := found.Reason == token.Genuine || found.Reason == token.UnknownKey; err != nil || !known { // or the key is new
			t.Errorf("kiosk %d on %s: %+v, %v", i, g.badge, found, err)
		}
	}
}
