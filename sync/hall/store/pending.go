package store

import (
	"context"
	"errors"
	"hash/maphash"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/record"
)

// pending counts what the facts on their way to the file are about, so that a
// read of one thing waits only if something may change it. It is kept by hash:
// two things that share a place cost a wait, never a stale answer. Guarded by the
// flow's mu.
type pending struct {
	seed   maphash.Seed
	places [1 << 14]int32
}

func newPending() *pending { return &pending{seed: maphash.MakeSeed()} }

func (p *pending) place(about string) *int32 {
	return &p.places[maphash.String(p.seed, about)%uint64(len(p.places))]
}

// everything stands for facts that change more than a person and a scan.
const everything = ""

func (p *pending) add(b hall.Batch, n int32) {
	for i := range b.Entries {
		switch f := b.Entries[i].Fact.(type) {
		case nil: // erased
		case record.Registration:
			*p.place(string(f.ID)) += n
		case record.Badge:
			*p.place(string(f.ID)) += n
			*p.place(string(f.Registration)) += n
		case record.Lead:
			*p.place(string(f.ID)) += n
			*p.place(scanOf(f.Device, f.ClientID)) += n
		case record.Passage:
			id, _ := f.ID.Bytes() // judged before
			*p.place(string(id[:])) += n
		default:
			*p.place(everything) += n
		}
	}
}

func scanOf(device record.DeviceID, client string) string { return string(device) + "\x00" + client }

// concerns reports whether something on its way may be about one of them. The
// caller holds mu.
func (f *flow) concerns(about ...string) bool {
	if f.told < f.inherited || *f.pending.place(everything) > 0 {
		return true // what an earlier life has logged is not decoded yet
	}
	for _, a := range about {
		if *f.pending.place(a) > 0 {
			return true
		}
	}
	return false
}

// mind has a read of a few things wait if something acknowledged may change
// them.
func (s *Store) mind(ctx context.Context, about ...string) {
	f := s.flow
	f.mu.Lock()
	concerns := f.concerns(about...)
	f.mu.Unlock()
	if concerns {
		hall.Await(ctx, s.settle)
	}
}

// Badge implements hall.State. Whose it is, and so what else it may depend on, is
// known only when it was read.
func (s *Store) Badge(ctx context.Context, id record.BadgeID) (hall.Badge, error) {
	get := func(tx *bolt.Tx) (hall.Badge, error) { return readBadge(tx, []byte(id)) }
	b, before := look(s, "badge", get)
	s.mind(ctx, string(id), string(b.Registration))
	b, err := look(s, "badge", get)
	if errors.Is(before, hall.ErrNone) && err == nil {
		s.mind(ctx, string(b.Registration))
		return look(s, "badge", get)
	}
	return b, err
}
