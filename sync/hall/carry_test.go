package hall_test

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hallpass/sync/carry"
	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

func (e *expo) bring(t testing.TB, data []byte) (hall.Carried, error) {
	t.Helper()
	file, err := carry.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return e.Import(t.Context(), file)
}

// visitors has the kiosk register n people.
func visitors(k *halltest.Kiosk, n int) {
	for range n {
		k.Say(k.Visitor(map[record.FieldName]string{"mobile": fmt.Sprintf("+4477009%05d", len(k.Changes))}))
	}
}

func wantCarried(t testing.TB, got hall.Carried, err error, fresh, known, quarantined uint64) {
	t.Helper()
	if err != nil || got.New != fresh || got.Known != known || got.Quarantined != quarantined {
		t.Fatalf("imported: %+v, %v, want %d new, %d known, %d quarantined", got, err, fresh, known, quarantined)
	}
}

// P11, P3: a journal that comes by file counts as one that comes over the link,
// once, and the kiosk that comes back hears how far it was read.
func TestImport_CountsOnceAndTheLinkGoesOnAfterIt(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	e := start(t, k)
	visitors(k, 5)
	e.deliver(t, k)
	visitors(k, 7)
	k.SayBytes("moon.phase", []byte("from a later program"))
	whole, rest := k.Carry(t, 1, 13, nil), k.Carry(t, 6, 13, nil)
	got, err := e.bring(t, whole)
	wantCarried(t, got, err, 8, 5, 1)
	for _, file := range [][]byte{whole, rest} {
		got, err = e.bring(t, file)
		wantCarried(t, got, err, 0, got.Changes, 0)
	}
	if stats := e.Stats(); stats.Registrations != 12 || stats.Quarantine != 1 {
		t.Errorf("%d registrations, %d in quarantine, want 12 and 1", stats.Registrations, stats.Quarantine)
	}
	if _, welcome := e.dial(t, k); welcome.Read.Seq != 13 {
		t.Errorf("the kiosk hears that %d was read, want 13", welcome.Read.Seq)
	}
}

// A file that begins after what the hall has is refused, and says what to do.
func TestImport_Gap(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	e := start(t, k)
	visitors(k, 9)
	_, err := e.bring(t, k.Carry(t, 5, 9, nil))
	if f := fault.From(err); f.Code != fault.BadSequence || !strings.Contains(f.Message, "begins with change 5") || !strings.Contains(f.Message, "without -unsent") {
		t.Errorf("import = %v", err)
	}
	got, err := e.bring(t, k.Carry(t, 1, 9, nil))
	wantCarried(t, got, err, 9, 0, 0)
}

// A second history of one journal goes to quarantine, as over the link.
func TestImport_SecondHistory(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	e := start(t, k)
	visitors(k, 4)
	second := *k
	second.Changes = slices.Clip(k.Changes)
	visitors(k, 2)
	e.deliver(t, k)
	visitors(&second, 3)
	file := second.Carry(t, 1, 7, nil)
	got, err := e.bring(t, file)
	wantCarried(t, got, err, 0, 4, 3)
	got, err = e.bring(t, file)
	wantCarried(t, got, err, 0, 7, 0)
	if n := e.Stats().Quarantine; n != 3 {
		t.Errorf("%d in quarantine, want 3", n)
	}
}

// P5, P9: only kiosks of this hall, under their own key, for this show.
func TestImport_Refuses(t *testing.T) {
	k, stranger := halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027")
	e := start(t, k)
	visitors(k, 2)
	visitors(stranger, 2)
	imposter, elsewhere := *k, halltest.NewKiosk("tiles-2027")
	imposter.Key = stranger.Key
	elsewhere.Node, elsewhere.Key = k.Node, k.Key
	elsewhere.NewDisk()
	own := wire.Certificate{Node: stranger.Node, PublicKey: stranger.Paired().Key, Show: "lamps-2027", Issued: 1}
	for name, c := range map[string]struct {
		file []byte
		want fault.Code
	}{
		"Stranger":             {stranger.Carry(t, 1, 2, nil), fault.AuthDenied},
		"StrangersCertificate": {stranger.Carry(t, 1, 2, own.Sign(stranger.Key)), fault.AuthDenied},
		"Imposter":             {imposter.Carry(t, 1, 2, nil), fault.AuthDenied},
		"OtherShow":            {elsewhere.Carry(t, 1, 0, nil), fault.RefusedFact},
	} {
		if _, err := e.bring(t, c.file); fault.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if _, err := e.Revoke(t.Context(), hall.RevokeOrder{Kiosk: string(k.Node), Force: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := e.bring(t, k.Carry(t, 1, 2, nil)); fault.CodeOf(err) != fault.NodeRevoked {
		t.Errorf("a revoked kiosk's file: %v", err)
	}
	if n := e.Stats().Registrations; n != 0 {
		t.Errorf("%d registrations came in", n)
	}
}

// A hall that lost the pairing, put back from a backup, believes its own
// certificate.
func TestImport_ByCertificate(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	e := start(t)
	visitors(k, 3)
	certificate := wire.Certificate{Node: k.Node, PublicKey: ed25519.PublicKey(k.Paired().Key), Show: "lamps-2027", Issued: time.Now().UnixMilli()}
	got, err := e.bring(t, k.Carry(t, 1, 3, certificate.Sign(e.private)))
	wantCarried(t, got, err, 3, 0, 0)
	if got.Name != "Entrance by file" {
		t.Errorf("name = %q", got.Name)
	}
}

// File and link at once, over and over: everything once.
func TestImport_BesideTheLink(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	e := start(t, k)
	visitors(k, 400)
	file := k.Carry(t, 1, 400, nil)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if _, err := e.bring(t, file); err != nil {
				t.Error(err)
			}
		})
	}
	conn, welcome := e.dial(t, k)
	for first := int(welcome.Read.Seq) + 1; first <= 400; first += 20 {
		if err := k.Send(t.Context(), conn, first, min(first+19, 400)); err != nil {
			t.Fatal(err)
		}
	}
	wg.Wait()
	if stats := e.Stats(); stats.Registrations != 400 || stats.Quarantine != 0 {
		t.Errorf("%d registrations, %d in quarantine, want 400 and 0", stats.Registrations, stats.Quarantine)
	}
}
