package carry

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"io"

	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// Source returns some changes of a part after a number, in order, at least one
// if there are any; it may be asked for what lies beyond the part.
type Source func(part Part, after uint64, limit int) ([]record.Change, error)

// page is how many changes are in memory at once when a file is written.
const page = 500

// Write writes the whole file. Key is the private half of head.Key. It fails if
// the source gives other changes than the head promises, and leaves w as it is
// then: half a file, which nobody takes for a whole one.
func Write(w io.Writer, head Head, key ed25519.PrivateKey, source Source) error {
	line, err := head.line()
	if err != nil {
		return err
	}
	out := &signed{to: w, sum: sha256.New()}
	out.write([]byte(head.version().magic))
	out.write(line)
	for _, part := range head.Parts {
		if err := out.part(head.Node, part, source); err != nil {
			return err
		}
	}
	out.write(make([]byte, 4))
	out.write(ed25519.Sign(key, statement(out.sum)))
	if out.err != nil {
		return fmt.Errorf("write journal file: %w", out.err)
	}
	return nil
}

const label = "hallpass carried journal v1\x00"

// statement is what is signed.
func statement(sum hash.Hash) []byte { return sum.Sum([]byte(label)) }

// signed writes and hashes until the first error.
type signed struct {
	to  io.Writer
	sum hash.Hash
	err error
}

func (s *signed) write(data []byte) {
	if s.err == nil {
		s.sum.Write(data)
		_, s.err = s.to.Write(data)
	}
}

func (s *signed) part(node record.NodeID, part Part, source Source) error {
	thread := part.thread(node)
	for after := part.First - 1; after < part.Last; {
		changes, err := source(part, after, page)
		if err != nil {
			return fmt.Errorf("read journal after %d: %w", after, err)
		}
		if len(changes) == 0 {
			return fmt.Errorf("read journal after %d: it ends before %d", after, part.Last)
		}
		batch := wire.BatchOf(changes[:min(uint64(len(changes)), part.Last-after)])
		for _, c := range batch.Changes {
			if err := thread.Next(c); err != nil {
				return fmt.Errorf("read journal: %w", err)
			}
		}
		if err := s.batch(batch); err != nil {
			return err
		}
		after += uint64(len(batch.Changes))
	}
	if seq, end := thread.End(); seq != part.Last || end != part.End {
		return fmt.Errorf("read journal: entry %d is not what it was when the file was begun", part.Last)
	}
	return nil
}

func (s *signed) batch(batch wire.Batch) error {
	data, err := batch.Bytes()
	if err != nil {
		return err
	}
	s.write(binary.BigEndian.AppendUint32(nil, uint32(len(data))))
	s.write(data)
	if s.err != nil {
		return fmt.Errorf("write journal file: %w", s.err)
	}
	return nil
}
