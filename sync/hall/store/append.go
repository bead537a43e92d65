package store

import (
	"errors"
	"fmt"
	"runtime"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/journal"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// Watch implements hall.Log.
func (s *Store) Watch(observe func([]hall.Effect)) {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.observe = append(s.observe, observe)
	s.begin()
}

// write runs one transaction that may change the state, and then tells what it
// changed.
func (s *Store) write(doing string, f func(*writer) error) error {
	s.hurry.Add(1)
	defer s.hurry.Add(-1)
	return s.transact(doing, f)
}

func (s *Store) transact(doing string, f func(*writer) error) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	var w writer
	err := s.commit(doing, func(tx *bolt.Tx) error {
		w = writer{effects: make([]hall.Effect, 0, s.effects), tx: tx, self: s.self, where: s.where, holders: s.holders, keeping: s.keeping}
		fillInOrder(tx)
		if err := f(&w); err != nil {
			return err
		}
		return errors.Join(w.flush(), w.count())
	})
	s.holders = w.holders
	if err != nil {
		s.holders = nil // it may say what was not written
		return err
	}
	s.where, s.effects = w.where, len(w.effects)
	for _, observe := range s.observe {
		observe(w.effects)
	}
	return nil
}

// writer applies batches within one transaction and collects what they did.
type writer struct {
	tx      *bolt.Tx
	self    hall.Self
	where   locale       // of the show
	latest  record.Stamp // of what the hall itself has said
	effects []hall.Effect

	holders *holders                        // nil until somebody asks
	crowd   *persons                        // see persons
	keeping keeping                         // of runs; the usual one if it is zero
	recent  map[string]*recent              // lookups that were opened, by the name of the first bucket
	tails   map[record.NodeID]*journal.Tail // of the hall's own journals, see say
	yielded time.Time                       // when others last had the processor, see yield

	none     []byte   // a prefix of leads_by_client that was looked for in vain just now
	mentions mentions // of those whom this transaction erases
}

func (w *writer) batch(b hall.Batch) (hall.Outcome, error) {
	for _, own := range b.Own {
		err := w.own(own)
		if code := fault.CodeOf(err); code == fault.RefusedFact || code == fault.TooLarge {
			return hall.Outcome{Err: err}, nil // the batch's own fault, and nothing of this fact is written
		}
		if err != nil {
			return hall.Outcome{}, err
		}
	}
	if len(b.Entries) == 0 {
		return hall.Outcome{}, nil
	}
	return w.entries(b)
}

// entries copies a node's changes until one does not follow.
func (w *writer) entries(b hall.Batch) (out hall.Outcome, err error) {
	delete(w.tails, b.Node) // nobody sends what is the hall's own; if he did, its end would move
	tail, broken := journalOf(b.Node, b.Epoch).Tail(w.tx)
	if broken != nil && !ownFault(broken) {
		return hall.Outcome{}, broken
	}
	first, refused := tail.Seq(), w.tx.Bucket(bucketRefused).Sequence()
	defer func() {
		out.Fresh, out.Quarantined = int(tail.Seq()-first), int(w.tx.Bucket(bucketRefused).Sequence()-refused)
	}()
	forks, fork := w.tx.Bucket(bucketForks), compound(string(b.Node), string(b.Epoch))
	for _, entry := range b.Entries {
		w.yield()
		c, err := entry.Change, broken
		known := c.Seq <= tail.Seq()
		if err == nil {
			err = tail.Put(c, entry.Intact)
		}
		switch {
		case err == nil && known: // (P3)
		case err == nil:
			if err := w.entry(entry); err != nil {
				return hall.Outcome{}, err
			}
		case !ownFault(err):
			return hall.Outcome{}, err
		case forks.Get(fork) != nil:
			if err := w.refuse(c, fault.Wrap(fault.BadSequence, "The kiosk has told two histories.", err)); err != nil {
				return hall.Outcome{}, err
			}
		case errors.Is(err, journal.ErrGap):
			return hall.Outcome{Last: tail.Seq(), Err: fault.Wrap(fault.BadSequence, "Changes are missing before this one.", err)}, nil
		default:
			why := w.part(fork, c, err)
			if fault.CodeOf(why) != fault.Forked {
				return hall.Outcome{}, why
			}
			return hall.Outcome{Last: tail.Seq(), Err: why}, nil
		}
	}
	return hall.Outcome{Last: tail.Seq()}, nil
}

// share is how long a transaction keeps a processor to itself while others have
// something to do. The runtime would take it away after ten milliseconds, and an
// acknowledgement needs one five times on its way.
const share = 300 * time.Microsecond

// yield lets others go first.
func (w *writer) yield() {
	if now := time.Now(); now.Sub(w.yielded) > share {
		runtime.Gosched()
		w.yielded = time.Now()
	}
}

// ownFault reports whether the change is to blame, not the disk.
func ownFault(err error) bool {
	return errors.Is(err, journal.ErrGap) || errors.Is(err, journal.ErrFork) || errors.Is(err, journal.ErrDamaged)
}

// entry merges what a change says, or puts it in quarantine.
func (w *writer) entry(e hall.Entry) error {
	if e.Refused != nil {
		return w.refuse(e.Change, e.Refused)
	}
	if e.Fact == nil {
		return nil // erased
	}
	err := w.merge(e.Fact, e.Change.Payload)
	if r, ok := e.Fact.(record.Registration); ok && err == nil {
		err = w.forget(r.ID, e.Change)
	}
	if code := fault.CodeOf(err); code == fault.RefusedFact || code == fault.TooLarge {
		return w.refuse(e.Change, err)
	}
	return err
}

// own journals and merges a fact of the hall's.
func (w *writer) own(o hall.Own) error {
	if known, err := w.known(o); known || err != nil {
		return err
	}
	if o.Stamp.Compare(w.latest) > 0 {
		w.latest = o.Stamp
	}
	payload := o.Payload
	if payload == nil {
		var err error
		if payload, err = wire.Encode(o.Fact); err != nil {
			return fmt.Errorf("encode %s: %w", o.Fact.Kind(), err)
		}
	}
	if err := w.merge(o.Fact, payload); err != nil {
		return err
	}
	node := w.self.Desk
	if o.Announce {
		node = w.self.Hall
	}
	c, err := w.say(node, o.Stamp, o.Fact.Kind(), payload)
	if err != nil {
		return err
	}
	if o.Announce {
		w.effects = append(w.effects, hall.Effect{Told: true})
	}
	if r, ok := o.Fact.(record.Registration); ok {
		return w.forget(r.ID, c)
	}
	return nil
}

// say appends to one of the hall's own journals, whose end is looked for once in
// a transaction.
func (w *writer) say(node record.NodeID, at record.Stamp, kind record.Kind, payload []byte) (record.Change, error) {
	tail := w.tails[node]
	if tail == nil {
		var err error
		if tail, err = journalOf(node, w.self.Epoch).Tail(w.tx); err != nil {
			return record.Change{}, err
		}
		if w.tails == nil {
			w.tails = map[record.NodeID]*journal.Tail{}
		}
		w.tails[node] = tail
	}
	c, _, err := tail.Append(at, kind, payload)
	return c, err
}

// known reports whether a fact that counts once was recorded before.
func (w *writer) known(o hall.Own) (known bool, err error) {
	if !o.Once {
		return false, nil
	}
	switch f := o.Fact.(type) {
	case record.Lead:
		if _, err = firstLead(w.lookup(lookupClients), f.Device, f.ClientID); errors.Is(err, hall.ErrNone) {
			w.none = clientPrefix(f)
		}
	case record.Passage:
		id, _ := f.ID.Bytes() // an id that is none is refused when it is encoded
		_, err = getFact[record.Passage](w.tx.Bucket(bucketPassages), id[:])
	case record.Erasure:
		_, known, err = w.erasureOf(f.Registration)
		return known, err
	default:
		return stateKey(f) != nil && (&checker{tx: w.tx}).held(f), nil
	}
	if errors.Is(err, hall.ErrNone) {
		return false, nil
	}
	return err == nil, err
}

func (w *writer) merge(fact record.Fact, payload []byte) error {
	switch f := fact.(type) {
	case record.Registration:
		return w.registration(f, payload)
	case record.Badge:
		return w.badge(f, payload)
	case record.Lead:
		return w.lead(f, payload)
	case record.Passage:
		return w.passage(f, payload)
	case record.Show:
		return w.show(f, payload)
	case record.Key:
		return w.key(f, payload)
	case record.Revocation:
		return w.revocation(f, payload)
	case record.Decision:
		return w.decision(f, payload)
	case record.Erasure:
		return w.erase(f, payload, false)
	case record.Erased:
		return w.receipt(f, payload)
	case record.Registered:
		return w.registered(f)
	case record.Void:
		return nil // it follows from the badges
	}
	return fault.New(fault.UnknownFact, "This hall does not know the kind of record.")
}

func journalOf(node record.NodeID, epoch record.Epoch) *journal.Journal {
	return journal.New(node, epoch, string(bucketJournals), string(node), string(epoch))
}
