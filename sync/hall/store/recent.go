package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall/store/runs"
)

// lookup is a bucket whose keys come in no order, so that in a large file each
// would cost a page of its own. Its latest lines stand in sorted runs in a second
// bucket, one for each transaction at first, and go to the first one many at a
// time; both together are what it says.
//
// A run is a bucket of the second one, by a number that grows, with one line,
// which is the run. What goes to the first bucket is the oldest run, a part with
// each transaction; "draining" says which it is and how far it is there. It is
// read until all of it is.
type lookup struct {
	tree, recent []byte
	group        runs.Group // what first and about are asked for
}

var (
	lookupCodes    = lookup{bucketBadgeCode, []byte("badges_by_code_recent"), nil}
	lookupClients  = lookup{bucketLeadClient, []byte("leads_by_client_recent"), clientOf}
	lookupArrivals = lookup{bucketLeadLog, []byte("lead_arrivals_recent"), nil}
	lookupGates    = lookup{bucketPassageGate, []byte("passages_by_gate_recent"), nil}
	lookupWays     = lookup{bucketPassageBadge, []byte("passages_by_badge_recent"), badgeOf}

	lookups = []lookup{lookupCodes, lookupClients, lookupArrivals, lookupGates, lookupWays}

	keyRun      = []byte("run")
	keyDraining = []byte("draining")
)

// lookupOf finds the lookup with that first bucket.
func lookupOf(tree []byte) (of lookup, found bool) {
	at := slices.IndexFunc(lookups, func(l lookup) bool { return bytes.Equal(l.tree, tree) })
	if at < 0 {
		return of, false
	}
	return lookups[at], true
}

// keeping says when runs become one and when they go to the first bucket.
type keeping struct {
	fresh int // lines of a transaction that are put in order one by one
	alike int // so many runs of about one size become one
	least int // lines in runs before they go to the first bucket
	share int // or this part of all lines there ever were, if that is more
	most  int // but not more than these: a transaction that merges them takes a fifth of a second
}

// A page holds some forty lines: an eighth of all lines, put in order, has five
// or more for each page.
var usualKeeping = keeping{fresh: 64, alike: 8, least: 1 << 16, share: 8, most: 1 << 17}

// recent reads a lookup in a transaction, and writes it in one that may.
type recent struct {
	tx      *bolt.Tx
	of      lookup
	keeping keeping
	runs    []stored     // oldest first
	fresh   []runs.Line  // of this transaction, in order
	drains  bool         // the oldest run
	drained int          // lines of it that are in the first bucket
	added   int          // lines of this transaction
	merged  [][]byte     // names of runs that are not needed any more
	look    *bolt.Cursor // of the first bucket, see any
}

// stored is a run and its name, nil before it is written.
type stored struct {
	runs.Run
	name []byte
}

// recentOf opens a lookup. A run that cannot be read is left out and left as it
// is; Check names it.
func recentOf(tx *bolt.Tx, of lookup) *recent {
	r := &recent{tx: tx, of: of, keeping: usualKeeping}
	bucket := tx.Bucket(of.recent)
	if bucket == nil {
		return r
	}
	from := bucket.Get(keyDraining)
	_ = bucket.ForEachBucket(func(name []byte) error { // it has no error but ours
		run, err := runs.Parse(bucket.Bucket(name).Get(keyRun))
		if err != nil {
			return nil
		}
		if len(from) == 12 && bytes.Equal(from[:8], name) && len(r.runs) == 0 {
			r.drains, r.drained = true, int(binary.BigEndian.Uint32(from[8:]))
		}
		r.runs = append(r.runs, stored{run, bytes.Clone(name)})
		return nil
	})
	return r
}

// torn counts runs that are damaged.
func (r *recent) torn() (n int) {
	bucket := r.tx.Bucket(r.of.recent)
	if bucket == nil {
		return 0
	}
	_ = bucket.ForEachBucket(func(name []byte) error {
		if run, err := runs.Parse(bucket.Bucket(name).Get(keyRun)); err != nil || !run.Sound() {
			n++
		}
		return nil
	})
	return n
}

// cursor reads all lines; not beyond the next put.
func (r *recent) cursor() *runs.Cursor { return r.about(nil) }

// about reads the lines of a group, and perhaps others; not beyond the next put.
// Nil asks for all.
func (r *recent) about(group []byte) *runs.Cursor {
	all := make([]runs.Run, 0, len(r.runs))
	for _, s := range r.runs {
		if group == nil || s.May(group) {
			all = append(all, s.Run)
		}
	}
	var tree runs.Tree
	if b := r.tx.Bucket(r.of.tree); b != nil {
		tree = b.Cursor()
	}
	return runs.NewCursor(r.fresh, all, tree)
}

// first returns the first line of a group, nil if there is none.
func (r *recent) first(group []byte) (key, value []byte) {
	if !r.any(group) {
		return nil, nil // as nearly always when a fact is new
	}
	if key, value = r.about(group).Seek(group); !bytes.HasPrefix(key, group) {
		return nil, nil
	}
	return key, value
}

// any reports whether a line of a group stands anywhere, though it may be gone.
func (r *recent) any(group []byte) bool {
	if at := runs.Find(r.fresh, group); at < len(r.fresh) && bytes.HasPrefix(r.fresh[at].Key, group) {
		return true
	}
	for _, s := range r.runs {
		if s.May(group) && s.Has(group) {
			return true
		}
	}
	if r.look == nil {
		r.look = r.tx.Bucket(r.of.tree).Cursor()
	}
	key, _ := r.look.Seek(group)
	return bytes.HasPrefix(key, group)
}

func (r *recent) put(key, value []byte) { r.add(runs.Line{Key: key, Value: value}) }

func (r *recent) delete(key []byte) { r.add(runs.Line{Key: key, Gone: true}) }

func (r *recent) add(l runs.Line) {
	r.added++
	at := runs.Find(r.fresh, l.Key)
	if at < len(r.fresh) && bytes.Equal(r.fresh[at].Key, l.Key) {
		r.fresh[at] = l
		return
	}
	if r.fresh = slices.Insert(r.fresh, at, l); len(r.fresh) >= r.keeping.fresh {
		r.freeze()
	}
}

// freeze makes a run of the transaction's lines, and one run of several of about
// one size: each line is written again as often as the lines can be quartered.
func (r *recent) freeze() {
	if len(r.fresh) == 0 {
		return
	}
	r.runs = append(r.runs, stored{Run: runs.Of(r.fresh, r.of.group)})
	clear(r.fresh)
	r.fresh = r.fresh[:0]
	for n := r.keeping.alike; len(r.movable()) >= n; {
		last := r.runs[len(r.runs)-n:]
		younger := 0
		for _, s := range last[1:] {
			younger += s.Len()
		}
		if last[0].Len() > younger {
			return
		}
		r.merge(n)
	}
}

// movable are the runs that may be merged.
func (r *recent) movable() []stored {
	if r.drains {
		return r.runs[1:]
	}
	return r.runs
}

// merge makes one run of the last n.
func (r *recent) merge(n int) {
	at := len(r.runs) - n
	all := make([]runs.Run, 0, n)
	for _, s := range r.runs[at:] {
		all = append(all, s.Run)
		if s.name != nil {
			r.merged = append(r.merged, s.name)
		}
	}
	r.runs = append(r.runs[:at], stored{Run: runs.Merge(all, r.of.group)})
}

// flush writes what the transaction has put.
func (r *recent) flush() error {
	if r.added == 0 {
		return nil
	}
	r.freeze()
	bucket := r.tx.Bucket(r.of.recent)
	total := bucket.Sequence() // of lines and of runs, which have their numbers from it
	if err := bucket.SetSequence(total + uint64(r.added)); err != nil {
		return err
	}
	if r.begin(int(total)) {
		if len(r.runs) > 1 {
			r.merge(len(r.runs))
		}
		r.drains, r.drained = true, 0
	}
	return errors.Join(r.write(bucket), r.drain(bucket, 2*r.added))
}

// begin reports whether it is time to take the runs to the first bucket.
func (r *recent) begin(total int) bool {
	lines := 0
	for _, s := range r.runs {
		lines += s.Len()
	}
	return !r.drains && lines >= min(max(r.keeping.least, total/r.keeping.share), r.keeping.most)
}

// write puts new runs into the file and takes merged ones out.
func (r *recent) write(bucket *bolt.Bucket) error {
	for _, name := range r.merged {
		if err := bucket.DeleteBucket(name); err != nil {
			return err
		}
	}
	r.merged = nil
	for i, s := range r.runs {
		if s.name != nil {
			continue
		}
		n, err := bucket.NextSequence()
		if err != nil {
			return err
		}
		r.runs[i].name = number(n)
		b, err := bucket.CreateBucket(number(n))
		if err != nil {
			return err
		}
		if err := b.Put(keyRun, s.Run); err != nil {
			return err
		}
	}
	return nil
}

// drain takes the next n lines of the oldest run to the first bucket.
func (r *recent) drain(bucket *bolt.Bucket, n int) error {
	if !r.drains {
		return nil
	}
	tree, oldest := r.tx.Bucket(r.of.tree), r.runs[0]
	tree.FillPercent = 0.75 // as full as random lines would leave it at best
	until := min(r.drained+n, oldest.Len())
	for ; r.drained < until; r.drained++ {
		if err := settleLine(tree, oldest.Line(r.drained)); err != nil {
			return err
		}
	}
	if until < oldest.Len() {
		return bucket.Put(keyDraining, binary.BigEndian.AppendUint32(bytes.Clone(oldest.name), uint32(until)))
	}
	r.runs, r.drains = r.runs[1:], false
	return errors.Join(bucket.DeleteBucket(oldest.name), bucket.Delete(keyDraining))
}

// settleLine writes a line to the first bucket.
func settleLine(tree *bolt.Bucket, l runs.Line) error {
	switch {
	case l.Key == nil: // damaged; Check misses it
		return nil
	case l.Gone:
		return tree.Delete(l.Key)
	}
	return tree.Put(l.Key, bytes.Clone(l.Value)) // the file keeps the value until it is written
}

// tidy takes what stands in runs to where it ends some day, if it is little: a
// file that is closed after a day's work has its lines in one place.
func (s *Store) tidy() error {
	const little = 4_096 // lines; some milliseconds
	return s.commit("put lines in order", func(tx *bolt.Tx) error {
		for _, of := range lookups {
			r, lines := recentOf(tx, of), 0
			for _, run := range r.runs {
				lines += run.Len()
			}
			if lines == 0 || lines > little {
				continue
			}
			if err := r.empty(); err != nil {
				return err
			}
		}
		return nil
	})
}

// empty takes all runs to the first bucket.
func (r *recent) empty() error {
	bucket := r.tx.Bucket(r.of.recent)
	for len(r.runs) > 0 {
		if !r.drains {
			r.drains, r.drained = true, 0
		}
		if err := r.drain(bucket, r.runs[0].Len()); err != nil {
			return err
		}
	}
	return nil
}

// lookup opens a lookup once in a transaction.
func (w *writer) lookup(of lookup) *recent {
	r := w.recent[string(of.tree)]
	if r == nil {
		r = recentOf(w.tx, of)
		if w.keeping != (keeping{}) {
			r.keeping = w.keeping
		}
		if w.recent == nil {
			w.recent = map[string]*recent{}
		}
		w.recent[string(of.tree)] = r
	}
	return r
}

// flush writes what was put into lookups.
func (w *writer) flush() (err error) {
	for _, of := range lookups {
		if r := w.recent[string(of.tree)]; r != nil {
			err = errors.Join(err, r.flush())
		}
	}
	return err
}
