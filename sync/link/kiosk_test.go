package link_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"hallpass/sync/link"
	"hallpass/sync/record"
)

// kiosk is both stores of a kiosk in memory, with the link under test.
type kiosk struct {
	*link.Link
	t      testing.TB
	public ed25519.PublicKey
	wake   chan struct{}
	logged *logbook

	mu      sync.Mutex
	epoch   record.Epoch
	changes []record.Change
	mark    uint64
	rewound []uint64
	applied []record.Change
	read    record.Cursor
	refuse  error  // what Apply answers, once
	damaged uint64 // a change that cannot be read, 0 if none
}

var (
	_ link.Outbox = (*kiosk)(nil)
	_ link.Inbox  = (*kiosk)(nil)
)

func newKiosk(t testing.TB) *kiosk {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	k := &kiosk{t: t, public: public, wake: make(chan struct{}, 1), epoch: "kiosk-1", logged: &logbook{}}
	k.Link = &link.Link{
		Node: kioskID, Key: private, Show: showID, Version: "test", Outbox: k, Inbox: k, Wake: k.wake,
		Log: slog.New(slog.NewTextHandler(k.logged, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	return k
}

// run has the kiosk keep its link to url until the test ends or stop is called.
func (k *kiosk) run(url string) (stop func()) {
	k.t.Helper()
	k.URL = url
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- k.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			k.t.Errorf("Run = %v, want nil after its context ended", err)
		}
	})
	k.t.Cleanup(stop)
	return stop
}

// add appends n changes to the kiosk's journal and wakes the link.
func (k *kiosk) add(n int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for range n {
		seq := uint64(len(k.changes) + 1)
		k.changes = append(k.changes, change(kioskID, k.epoch, seq))
	}
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

func change(node record.NodeID, epoch record.Epoch, seq uint64) record.Change {
	return record.Change{
		Node: node, Epoch: epoch, Seq: seq, Kind: record.KindLead, Salt: make([]byte, 16),
		Stamp: record.Stamp{Wall: int64(seq), Node: node}, Payload: fmt.Appendf(nil, "fact %d", seq),
	}
}

func (k *kiosk) Last(context.Context) (record.Cursor, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return record.Cursor{Epoch: k.epoch, Seq: uint64(len(k.changes))}, nil
}

func (k *kiosk) Sent(context.Context) (uint64, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.mark, nil
}

func (k *kiosk) Changes(_ context.Context, after uint64, limit int) ([]record.Change, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	rest := k.changes[after:]
	rest = rest[:min(limit, len(rest))]
	if at := k.damaged; at > after && at <= after+uint64(len(rest)) {
		return rest[:at-after-1], errors.New("change is damaged")
	}
	return rest, nil
}

func (k *kiosk) Acked(_ context.Context, seq uint64) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if seq > uint64(len(k.changes)) {
		return errors.New("acknowledged beyond the end")
	}
	k.mark = max(k.mark, seq)
	return nil
}

func (k *kiosk) Rewind(_ context.Context, seq uint64) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.mark = seq
	k.rewound = append(k.rewound, seq)
	return nil
}

func (k *kiosk) Read(context.Context) (record.Cursor, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.read, nil
}

func (k *kiosk) Apply(_ context.Context, epoch record.Epoch, changes []record.Change) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.refuse; err != nil {
		k.refuse = nil
		return err
	}
	k.applied = append(k.applied, changes...)
	k.read = record.Cursor{Epoch: epoch, Seq: changes[len(changes)-1].Seq}
	return nil
}

// see gives a test what the kiosk knows, under its lock.
func (k *kiosk) see(look func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	look()
}

// logbook is a log that many goroutines write and a test reads.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logbook) Write(line []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(line)
}

// count returns how many lines hold all the words.
func (b *logbook) count(words ...string) (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for line := range strings.Lines(b.text.String()) {
		all := true
		for _, word := range words {
			all = all && strings.Contains(line, word)
		}
		if all {
			n++
		}
	}
	return n
}

func (b *logbook) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// eventually polls until ok, at most ten seconds.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(10 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline:
			t.Fatalf("after 10 s still not: %s", what)
		case <-tick.C:
		}
	}
}
