package store

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"

	"hallpass/kiosk/store/redo"
	"hallpass/sync/carry"
	"hallpass/sync/journal"
	"hallpass/sync/record"
)

// ExportOrder says what a carried journal is to hold.
type ExportOrder struct {
	Unsent  bool   // only what the hall has not acknowledged
	Damaged bool   // what can be saved, also of a damaged journal; Unsent counts for nothing then
	Name    string // of the kiosk, for people
	Version string // of the program, for people
}

// ErrDamaged is answered by Export for a journal that has a damaged entry: a
// file skips nothing silently.
var ErrDamaged = errors.New(`the journal is damaged; "kiosk check" says where, and "kiosk check -save FILE" writes what can be saved. Keep the data folder as it is`)

// Export writes the journal as package carry has it, signed with the node's
// key, up to what is its end when Export begins; the kiosk may go on meanwhile.
func (s *Store) Export(ctx context.Context, w io.Writer, o ExportOrder) (carry.Head, error) {
	if o.Damaged {
		head, err := s.salvage(ctx, w, o)
		if err != nil {
			err = fmt.Errorf("save the journal: %w", err)
		}
		return head, err
	}
	head, err := s.head(ctx, o)
	if err != nil {
		return head, fmt.Errorf("export journal: %w", err)
	}
	err = carry.Write(w, head, s.key, func(_ carry.Part, after uint64, limit int) ([]record.Change, error) {
		return s.Changes(ctx, after, limit)
	})
	if errors.Is(err, journal.ErrDamaged) || errors.Is(err, journal.ErrFork) {
		err = errors.Join(ErrDamaged, err)
	}
	if err != nil {
		return head, fmt.Errorf("export journal: %w", err)
	}
	return head, nil
}

// head says who writes, and from where to where.
func (s *Store) head(ctx context.Context, o ExportOrder) (carry.Head, error) {
	who := s.person.Load()
	head := s.signature(o)
	err := s.view(ctx, func(tx *redo.Reader) error {
		if err := s.vouch(tx, &head); err != nil {
			return err
		}
		last, err := who.last(tx)
		if err != nil {
			return err
		}
		part := carry.Part{Epoch: who.epoch, First: 1, Last: last.Seq}
		if o.Unsent {
			part.First = min(head.Acked, last.Seq) + 1
		}
		if part.Before, err = chainAt(tx, who, part.First-1); err == nil {
			part.End, err = chainAt(tx, who, part.Last)
		}
		head.Parts = []carry.Part{part}
		return err
	})
	if errors.Is(err, journal.ErrDamaged) {
		err = errors.Join(ErrDamaged, err)
	}
	return head, err
}

func (s *Store) signature(o ExportOrder) carry.Head {
	return carry.Head{
		Node: s.person.Load().node, Show: s.show.Load().ID, Key: ed25519.PublicKey(publicOf(s.key)),
		Name: o.Name, Version: o.Version, Written: s.now(),
	}
}

// vouch adds what only the file knows: the hall's word on this kiosk, and how
// far the hall has its journal.
func (s *Store) vouch(tx *redo.Reader, head *carry.Head) error {
	head.Acked = readNumber(tx.Bucket(meta).Get(metaAcked))
	pairing, paired, err := readPairing(tx)
	if paired {
		head.Hall, head.Show, head.Certificate = pairing.Hall, pairing.Show, pairing.Certificate
	}
	return err
}

// chainAt is the chain of an entry, that of the beginning for 0.
func chainAt(tx *redo.Reader, who *identity, seq uint64) ([32]byte, error) {
	if seq == 0 {
		_, chain := journal.NewThread(who.node, who.epoch).End()
		return chain, nil
	}
	changes, err := who.read(tx, seq-1, 1)
	if err != nil {
		return [32]byte{}, err
	}
	if len(changes) == 0 {
		return [32]byte{}, fmt.Errorf("entry %d: %w: it is missing", seq, journal.ErrDamaged)
	}
	return changes[0].Chain, nil
}
