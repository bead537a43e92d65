package hall

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"slices"
	"sync"
	"time"

	"hallpass/sync/record"
	"hallpass/sync/record/contact"
)

const (
	// tellEvery is how long who has registered waits to be told, so that many are
	// told in one fact. Until then only the kiosk where it happened knows them.
	tellEvery = 2 * time.Second
	// tellAgain is how long after a failure, such as a full disk.
	tellAgain = 30 * time.Second
	// tellMost is how many registrations are told in one fact: each may have
	// three contacts and a code.
	tellMost = record.MaxDigests / 4
	// tellFacts is how many such facts are told in one transaction: after a flood
	// each costs as much as a thousand facts of kiosks.
	tellFacts = 16
	// maxCorrected bounds the corrections that wait to be told; of more than this
	// within seconds the rest is told by the next rebuild.
	maxCorrected = 10_000
	// retellMost is how many facts are told anew in one transaction.
	retellMost = 500
)

// teller keeps what kiosks have yet to hear of who has registered. Arrivals are
// not in it: the log has their order, and the last list told says how far.
type teller struct {
	news chan struct{} // holds one

	mu        sync.Mutex                         // guards corrected
	corrected map[record.RegistrationID]struct{} // contacts that changed after they were told
}

func newTeller() *teller {
	t := &teller{news: make(chan struct{}, 1), corrected: map[record.RegistrationID]struct{}{}}
	t.seek()
	return t
}

// seek has the teller look whether there is anything to tell.
func (t *teller) seek() {
	select {
	case t.news <- struct{}{}:
	default:
	}
}

// heed notes what a commit has changed.
func (t *teller) heed(c Changed[record.Registration]) {
	switch {
	case c.New.Awaited || !c.New.Erased.IsZero():
		return
	case !Arrives(c):
		if sameContacts(c.Old, c.New) {
			return
		}
		t.mu.Lock()
		if len(t.corrected) < maxCorrected {
			t.corrected[c.New.ID] = struct{}{}
		}
		t.mu.Unlock()
	}
	t.seek()
}

// sameContacts compares the fields that package contact reads.
func sameContacts(a, b record.Registration) bool {
	for _, name := range []record.FieldName{"mobile", "phone", "email"} {
		if a.Field(name) != b.Field(name) {
			return false
		}
	}
	return true
}

// take returns the corrections that wait, at most limit.
func (t *teller) take(limit int) (ids []record.RegistrationID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for id := range t.corrected {
		if len(ids) == limit {
			break
		}
		ids = append(ids, id)
		delete(t.corrected, id)
	}
	return ids
}

// tellRegistered has kiosks hear who has registered, until ctx ends.
func (h *Hall) tellRegistered(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.teller.news:
		}
		wait := tellEvery
		for more := true; more && ctx.Err() == nil; {
			var err error
			if more, err = h.tellSome(ctx); err != nil && ctx.Err() == nil {
				h.log.Error("kiosks not told who has registered", "err", err)
				wait, more = tellAgain, false
				h.teller.seek()
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// tellSome tells of some and reports whether there may be more.
func (h *Hall) tellSome(ctx context.Context) (more bool, err error) {
	ctx = Together(ctx)
	told, err := h.store.Told(ctx)
	if err != nil {
		return false, err
	}
	list, last, err := h.store.Registrations(ctx, told, tellFacts*tellMost)
	if err != nil {
		return false, err
	}
	more = len(list) == tellFacts*tellMost
	for _, id := range h.teller.take(tellFacts*tellMost - len(list)) {
		r, err := h.store.Registration(ctx, id)
		if err != nil {
			return false, err
		}
		list = append(list, r)
	}
	if len(list) == 0 {
		return false, nil
	}
	var own []Own
	for some := range slices.Chunk(list, tellMost) {
		fact := h.registered(some)
		if rest := len(list) - len(own)*tellMost; rest <= tellMost {
			fact.UpTo = last // the last of them says so for all
		}
		own = append(own, Own{Fact: fact, Stamp: h.clock.Tick(), Announce: true})
	}
	_, err = h.ingest.keep(ctx, Batch{Own: own})
	return more, err
}

// registered is what kiosks are told of some registrations.
func (h *Hall) registered(list []record.Registration) record.Registered {
	fact := record.Registered{Show: h.showID(), Key: h.digestKey(), Region: contact.Region(h.Show().Timezone)}
	hash := contact.NewHasher(fact.Key)
	for _, r := range list {
		names := contact.Of(r.Field, fact.Region)
		if r.Code != "" { // so that other kiosks know that it was used
			names = append(names, "code:"+r.Code)
		}
		for _, name := range names {
			fact.Entries = append(fact.Entries, record.Digest{Hash: hash.Of(name), Registration: r.ID})
		}
	}
	return fact
}

// digestKey is one per show and hall. It follows from the hall's key, so that
// there is nothing more to keep and to lose.
func (h *Hall) digestKey() []byte {
	mac := hmac.New(sha256.New, h.key.Seed())
	mac.Write([]byte("hallpass registered v1\x00" + string(h.showID())))
	return mac.Sum(nil)
}

// retell writes everything that kiosks are to know into a journal that has none
// of it: of a hall that was put back from a backup and lives a new life.
func (h *Hall) retell(ctx context.Context) error {
	last, err := h.store.Cursor(ctx, h.self.Hall, h.self.Epoch)
	if err != nil || last > 0 {
		return err
	}
	for after := ""; ; {
		facts, next, err := h.store.Standing(ctx, after, retellMost)
		if err != nil {
			return err
		}
		own := make([]Own, len(facts))
		for i, fact := range facts {
			own[i] = Own{Fact: fact, Stamp: h.clock.Tick(), Announce: true}
		}
		if err := h.announce(ctx, own); err != nil {
			return err
		}
		if next == "" {
			break
		}
		after = next
	}
	return h.rebuild(ctx)
}

// rebuild tells kiosks of all who have registered, as if for the first time.
func (h *Hall) rebuild(ctx context.Context) error {
	for after := uint64(0); ; {
		list, last, err := h.store.Registrations(ctx, after, tellMost)
		if err != nil || len(list) == 0 {
			return err
		}
		fact := h.registered(list)
		fact.UpTo = last
		if err := h.announce(ctx, []Own{{Fact: fact, Stamp: h.clock.Tick(), Announce: true}}); err != nil {
			return fmt.Errorf("tell who has registered: %w", err)
		}
		after = last
	}
}
