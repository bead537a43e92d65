package web_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/link"
	"hallpass/sync/record"
)

// box is a kiosk's store in memory, as package link sees it.
type box struct {
	*halltest.Kiosk
	mu   sync.Mutex // guards all below
	sent uint64
	read record.Cursor
	got  []record.Change
}

func (b *box) Last(context.Context) (record.Cursor, error) {
	return record.Cursor{Epoch: b.Epoch, Seq: uint64(len(b.Changes))}, nil
}

func (b *box) Sent(context.Context) (uint64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.sent, nil
}

func (b *box) Acked(_ context.Context, seq uint64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sent = max(b.sent, seq)
	return nil
}

func (b *box) Rewind(_ context.Context, seq uint64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sent = seq
	return nil
}

// outbox and inbox are its two sides.
type outbox struct{ *box }

func (o outbox) Changes(_ context.Context, after uint64, limit int) ([]record.Change, error) {
	return o.box.Changes[after:min(int(after)+limit, len(o.box.Changes))], nil
}

type inbox struct{ *box }

func (i inbox) Read(context.Context) (record.Cursor, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.read, nil
}

func (i inbox) Apply(_ context.Context, epoch record.Epoch, changes []record.Change) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.got = append(i.got, changes...)
	i.read = record.Cursor{Epoch: epoch, Seq: changes[len(changes)-1].Seq}
	return nil
}

// The kiosk's own end, package link, pairs with this hall by TLS and syncs both
// ways.
func TestLink_PairsAndSyncs(t *testing.T) {
	s := start(t)
	in, err := s.hall.InviteKiosk(t.Context(), "Entrance 1")
	if err != nil {
		t.Fatal(err)
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, err = link.Pair(t.Context(), s.URL, "7KQ4-M2XP-TC9D", "Kiosk", key)
	if fault.CodeOf(err) != fault.PairingCode {
		t.Errorf("wrong code: %v", err)
	}
	paired, err := link.Pair(t.Context(), s.URL, in.Code, "Kiosk", key)
	if err != nil {
		t.Fatal(err)
	}
	k := halltest.NewKiosk(paired.Show)
	k.Node, k.Key = paired.Node, key
	k.NewDisk()
	for range 300 {
		k.Say(k.Visitor(nil))
	}
	b := &box{Kiosk: k}
	l := link.Link{
		URL: paired.URL, TLS: link.PinnedTLS(paired.Fingerprint), Node: paired.Node, Key: key, Show: paired.Show,
		Version: "test", Outbox: outbox{b}, Inbox: inbox{b},
	}
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- l.Run(ctx) }()
	pictures, leave := s.hall.Live()
	defer leave()
	for picture := range pictures {
		arrived := picture.Registrations == 300 && slices.ContainsFunc(picture.Kiosks, func(k hall.Kiosk) bool { return k.Up && k.Unsent == 0 })
		if read, _ := (inbox{b}).Read(ctx); arrived && read.Seq == 2 {
			break
		}
		if ctx.Err() != nil {
			t.Fatalf("not all arrived: %+v", picture)
		}
	}
	stop()
	if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if len(b.got) != 2 || b.got[0].Kind != record.KindShow || b.got[1].Kind != record.KindKey {
		t.Errorf("the kiosk was told %d changes, want the show and the certificate of its key", len(b.got))
	}
}
