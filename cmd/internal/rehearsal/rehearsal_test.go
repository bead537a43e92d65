package rehearsal_test

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/tls"
	"io/fs"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hallpass/assets"
	"hallpass/cmd/internal/rehearsal"
	"hallpass/sync/hall"
	"hallpass/sync/hall/store"
	"hallpass/sync/hall/web"
	"hallpass/sync/record"
	"hallpass/sync/record/showfile"
	"hallpass/sync/wire"
)

// site is a real hall in this process.
type site struct {
	hall   *hall.Hall
	store  *store.Store
	server *httptest.Server
	stop   func() error
	damage func(rehearsal.Journals) rehearsal.Journals // between the hall's journals and the account
}

func sampleShow(t *testing.T) record.Show {
	t.Helper()
	b, err := fs.ReadFile(assets.Files(), "show/show.json")
	if err != nil {
		t.Fatal(err)
	}
	show, err := showfile.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	show.Rehearsal, show.FirstDay = true, time.Now().UTC().Truncate(24*time.Hour)
	return show
}

func newSite(t *testing.T, show record.Show) *site {
	t.Helper()
	s, err := store.Open(filepath.Join(t.TempDir(), "hall.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	server := httptest.NewUnstartedServer(nil)
	server.StartTLS()
	t.Cleanup(server.Close)
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	h, err := hall.New(t.Context(), hall.Config{
		Store: s, Key: key, Fingerprint: sha256.Sum256(server.Certificate().Raw), Show: &show, URL: server.URL,
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = web.New(h, assets.Files(), slog.New(slog.DiscardHandler))
	running, end := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- h.Run(running) }()
	x := &site{hall: h, store: s, server: server}
	x.stop = func() error {
		h.Hangup()
		end()
		err := <-ended
		ended <- err // stopping twice is once
		return err
	}
	t.Cleanup(func() { _ = x.stop() })
	return x
}

func (s *site) URL() string { return s.server.URL }

func (s *site) Invite(ctx context.Context, o rehearsal.Order) (string, error) {
	var in hall.Invitation
	var err error
	switch {
	case o.Kiosk != "":
		in, err = s.hall.InviteKiosk(ctx, o.Kiosk)
	case o.Gate != "":
		in, err = s.hall.InviteGate(ctx, o.Gate)
	default:
		in, err = s.hall.InviteDevice(ctx, o.Exhibitor)
	}
	return in.Code, err
}

func (s *site) Organizer(ctx context.Context) (string, error) {
	made, err := s.hall.AddUser(ctx, "rehearsal", hall.RoleOrganizer)
	return made.Key, err
}

func (s *site) Load() (float64, int) { return 1, 1 }

func (s *site) Echo(context.Context) (string, *tls.Config, func() error, error) {
	return "", nil, nil, nil
}

func (s *site) Journals(context.Context) (rehearsal.Journals, error) {
	if err := s.stop(); err != nil {
		return nil, err
	}
	if s.damage == nil {
		return s.store, nil
	}
	return s.damage(s.store), nil
}

// rehearse runs a small show for a second.
func rehearse(t *testing.T, damage func(rehearsal.Journals) rehearsal.Journals, change func(*rehearsal.Config)) rehearsal.Result {
	t.Helper()
	show := sampleShow(t)
	s := newSite(t, show)
	s.damage = damage
	c := rehearsal.Config{
		Hall: s, Show: show, Dir: t.TempDir(), Kiosks: 3, Booths: 4, Gates: 2, Watchers: 1,
		Rate: 90, For: time.Second, Batch: 200, Seed: 7, Patience: time.Minute, Log: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&c)
	}
	r, err := rehearsal.Run(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Everybody comes, everything is counted once, and both tables say the same.
func TestRun_P1P3_CountsEveryFact(t *testing.T) {
	for name, change := range map[string]func(*rehearsal.Config){
		"Paced":     nil,
		"AsAllowed": func(c *rehearsal.Config) { c.Rate = 0 },
	} {
		t.Run(name, func(t *testing.T) {
			r := rehearse(t, nil, change)
			m := r.More
			if !r.Clean() || r.Sent == 0 || r.Sent != 3*m.Visitors+m.Leads+m.Passages {
				t.Errorf("%+v; want three facts of each visitor, one of each scan, all of them once", r)
			}
			if m.Visitors == 0 || m.Pictures == 0 || m.Working <= 0 || r.PerSecond <= 0 || r.Ack.P50 <= 0 || (m.Surges > 0) != (name == "AsAllowed") {
				t.Errorf("%+v lacks something", r)
			}
			var table strings.Builder
			if err := r.Table(&table); err != nil || !strings.Contains(table.String(), "lost / duplicates") {
				t.Errorf("table %q, %v", table.String(), err)
			}
		})
	}
}

// damaged changes what the account gets to see of the hall's journals.
type damaged struct {
	rehearsal.Journals
	changes func(node record.NodeID, after uint64, list []record.Change) []record.Change
	cursor  func(uint64) uint64
	list    func([]record.Registration) []record.Registration
}

func (d damaged) Cursor(ctx context.Context, node record.NodeID, epoch record.Epoch) (uint64, error) {
	seq, err := d.Journals.Cursor(ctx, node, epoch)
	if d.cursor != nil {
		seq = d.cursor(seq)
	}
	return seq, err
}

func (d damaged) Changes(ctx context.Context, node record.NodeID, epoch record.Epoch, after uint64, limit int) ([]record.Change, error) {
	list, err := d.Journals.Changes(ctx, node, epoch, after, limit)
	if d.changes != nil {
		list = d.changes(node, after, list)
	}
	return list, err
}

func (d damaged) Registrations(ctx context.Context, after uint64, limit int) ([]record.Registration, uint64, error) {
	list, next, err := d.Journals.Registrations(ctx, after, limit)
	if d.list != nil {
		list = d.list(list)
	}
	return list, next, err
}

// The account is as good as what it finds: every kind of loss and repetition
// is counted, exactly.
func TestRun_P1P3_FindsWhatIsLostAndWhatIsDouble(t *testing.T) {
	for name, c := range map[string]struct {
		damage           damaged
		lost, duplicates uint64
	}{
		"TheLastTwoOfEachKiosk": {damaged{cursor: func(n uint64) uint64 { return n - 2 }}, 3 * 2, 0},
		"OneMoreThanWasMade":    {damaged{cursor: func(n uint64) uint64 { return n + 1 }}, 0, 3},
		"AnotherPayload": {damaged{changes: func(_ record.NodeID, after uint64, list []record.Change) []record.Change {
			if after == 0 && len(list) > 0 && list[0].Kind == record.KindRegistration {
				list[0].Payload = append(slices.Clone(list[0].Payload), 0)
			}
			return list
		}}, 3, 0},
		"ALeadTwice":      {damaged{changes: scans(func(l []record.Change) []record.Change { return append(l[:1:1], l...) })}, 0, 1},
		"AScanThatIsGone": {damaged{changes: scans(func(l []record.Change) []record.Change { return l[1:] })}, 1, 0},
		"SomebodyTwice":   {damaged{list: func(l []record.Registration) []record.Registration { return twice(l) }}, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := rehearse(t, func(j rehearsal.Journals) rehearsal.Journals { c.damage.Journals = j; return c.damage }, nil)
			if r.Lost != c.lost || r.Duplicates != c.duplicates || r.Clean() {
				t.Errorf("lost %d, duplicates %d, clean %v; want %d and %d; %+v", r.Lost, r.Duplicates, r.Clean(), c.lost, c.duplicates, r.More.Problems)
			}
		})
	}
}

// scans changes the first page of what booths and gates did.
func scans(change func([]record.Change) []record.Change) func(record.NodeID, uint64, []record.Change) []record.Change {
	return func(_ record.NodeID, after uint64, list []record.Change) []record.Change {
		i := slices.IndexFunc(list, func(c record.Change) bool { return c.Kind == record.KindLead || c.Kind == record.KindPassage })
		if after > 0 || i < 0 {
			return list
		}
		return append(slices.Clone(list[:i]), change(slices.Clone(list[i:]))...)
	}
}

func twice(list []record.Registration) []record.Registration {
	if len(list) == 0 {
		return list
	}
	return append(list, list[0])
}

// The same seed brings the same people, and nobody who could be called up.
func TestRun_P8_NobodyIsReal(t *testing.T) {
	var runs [2][]string
	for i := range runs {
		var kept []string
		rehearse(t, func(j rehearsal.Journals) rehearsal.Journals {
			return damaged{Journals: j, list: func(list []record.Registration) []record.Registration {
				for _, r := range list {
					if mail := r.Field("email"); !strings.HasSuffix(mail, ".example") || r.Source != record.SourceRehearsal {
						t.Errorf("source %q, mail under %q", r.Source, mail[strings.LastIndexByte(mail, '@')+1:])
					}
					if payload, err := wire.Encode(r); err != nil || len(payload) == 0 {
						t.Errorf("a registration that no kiosk could send: %v", err)
					}
					kept = append(kept, r.Field("email")+r.Field("name")+r.Field("mobile"))
				}
				return list
			}}
		}, func(c *rehearsal.Config) { c.Rate, c.Booths, c.Gates, c.Watchers = 60, 0, 0, 0 })
		slices.Sort(kept)
		runs[i] = kept
	}
	if len(runs[0]) == 0 || !slices.Equal(runs[0], runs[1]) {
		t.Errorf("the same seed brought %d people and %d, or others", len(runs[0]), len(runs[1]))
	}
}
