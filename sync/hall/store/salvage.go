package store

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/carry"
	"hallpass/sync/journal"
	"hallpass/sync/record"
)

// Salvage writes what can be saved of the file for another hall with the same
// key: of every journal what is whole, as it is; of one that is damaged what can
// be read after the damage too, in an epoch made for the file; and if any is, all
// facts as they stand in the state. Head has what only the hall knows: Show, Name,
// Version. Accounts, pairings and devices are not among it.
func (s *Store) Salvage(ctx context.Context, w io.Writer, head carry.Head, key ed25519.PrivateKey) (carry.Head, error) {
	head.Node, head.Hall, head.Desk, head.Written = s.self.Hall, s.self.Hall, s.self.Desk, time.Now()
	head.Key = ed25519.PublicKey(key[ed25519.SeedSize:]) // RFC 8032 §5.1.5: seed, then public key
	s.Settle(ctx)
	err := s.view(ctx, "save", func(tx *bolt.Tx) error {
		v := salvage{ctx: ctx, tx: tx, head: &head, retold: map[record.Epoch]*carry.Retold{}}
		defer v.close()
		if err := v.gather(); err != nil {
			return err
		}
		return carry.Write(w, head, key, v.changes)
	})
	return head, err
}

// salvage is what goes into the file.
type salvage struct {
	ctx    context.Context
	tx     *bolt.Tx
	head   *carry.Head
	retold map[record.Epoch]*carry.Retold // parts that are made for the file
}

func (v *salvage) close() {
	for _, r := range v.retold {
		r.Close()
	}
}

// gather finds the parts.
func (v *salvage) gather() error {
	damaged := false
	c := checker{ctx: v.ctx, tx: v.tx}
	err := c.each(func(node record.NodeID, epoch record.Epoch) error {
		j, part := journalOf(node, epoch), carry.Part{Node: node, Epoch: epoch, First: 1}
		report, err := j.Verify(v.ctx, v.tx)
		if err != nil {
			return err
		}
		thread := journal.NewThread(node, epoch)
		if _, part.Before = thread.End(); report.Verified > 0 {
			last, err := j.Read(v.tx, report.Verified-1, 1)
			if err != nil || len(last) == 0 {
				return errors.Join(err, errors.New("the journal is another than a moment ago"))
			}
			part.End = last[0].Chain
		} else {
			part.End = part.Before
		}
		part.Last = report.Verified
		v.head.Parts = append(v.head.Parts, part)
		if report.OK() {
			return nil
		}
		damaged = true
		v.head.Lost = append(v.head.Lost, carry.Lost{First: report.Damaged, Last: report.Damaged, Why: fmt.Sprintf("node %s, epoch %s: %s", node, epoch, report.Damage)})
		return v.retell(node, v.after(j, report.Verified))
	})
	if err != nil || !damaged {
		return err
	}
	return v.retell(v.head.Desk, v.state())
}

func (v *salvage) retell(node record.NodeID, facts iter.Seq2[carry.Told, error]) error {
	r, err := carry.Retell(node, facts)
	if err != nil {
		return err
	}
	v.retold[r.Part.Epoch] = r
	v.head.Parts = append(v.head.Parts, r.Part)
	return nil
}

// after is what can be read after an entry.
func (v *salvage) after(j *journal.Journal, seq uint64) iter.Seq2[carry.Told, error] {
	return func(yield func(carry.Told, error) bool) {
		stop := errors.New("enough")
		err := j.Rescue(v.ctx, v.tx, seq, func(c record.Change) error {
			if !c.Erased() && !yield(carry.Told{Stamp: c.Stamp, Kind: c.Kind, Payload: c.Payload}, nil) {
				return stop
			}
			return nil
		})
		if err != nil && !errors.Is(err, stop) {
			yield(carry.Told{}, err)
		}
	}
}

// state is every fact as it stands.
func (v *salvage) state() iter.Seq2[carry.Told, error] {
	return func(yield func(carry.Told, error) bool) {
		for _, m := range merged {
			cursor := v.tx.Bucket(m.bucket).Cursor()
			for key, value := cursor.First(); key != nil; key, value = cursor.Next() {
				if !yield(carry.Told{Stamp: record.Stamp{Wall: 1, Node: v.head.Desk}, Kind: m.kind, Payload: append([]byte{}, value...)}, nil) {
					return
				}
			}
		}
	}
}

// changes is the file's source.
func (v *salvage) changes(part carry.Part, after uint64, limit int) ([]record.Change, error) {
	if r, ok := v.retold[part.Epoch]; ok {
		return r.Changes(limit)
	}
	return journalOf(part.Node, part.Epoch).Read(v.tx, after, int(min(uint64(limit), part.Last-after)))
}
