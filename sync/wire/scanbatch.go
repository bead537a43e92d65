package wire

import (
	"math"

	"hallpass/sync/record"
)

// scanBatch reads a frame that is a batch; false if the library must. Payloads
// and salts are parts of data.
func scanBatch(data []byte) (Batch, bool) {
	s := batchScan{scan: scan{data: data}}
	var batch Batch
	if s.count(majorArray, 2) != 2 || s.uint(math.MaxUint8) != uint64(typeBatch) {
		return batch, false
	}
	s.each(func(key uint64) {
		switch key {
		case 1:
			batch.First = s.uint(math.MaxUint64)
		case 2:
			n := s.count(majorArray, min(maxElements, len(data)/leastChange))
			batch.Changes = make([]record.Change, n)
			for i := range batch.Changes {
				s.change(&batch.Changes[i])
				if batch.Changes[i].Seq != batch.First+uint64(i) {
					s.lose()
				}
				if s.lost {
					return
				}
			}
		default:
			s.lose()
		}
	})
	return batch, s.done() && batch.First > 0 && len(batch.Changes) > 0
}

// leastChange is below the bytes of any change: it has two hashes.
const leastChange = 64

// batchScan remembers the names that all changes of a batch share.
type batchScan struct {
	scan
	node, stamp, epoch, kind string
}

func (s *batchScan) change(c *record.Change) {
	hashes := 0
	s.each(func(key uint64) {
		switch key {
		case 1:
			c.Node = record.NodeID(s.name(&s.node))
		case 2:
			c.Epoch = record.Epoch(s.name(&s.epoch))
		case 3:
			c.Seq = s.uint(math.MaxUint64)
		case 4:
			c.Stamp = s.instant()
		case 5:
			c.Kind = record.Kind(s.name(&s.kind))
		case 6:
			c.Payload = s.bytes()
		case 7:
			c.Salt = s.bytes()
		case 8:
			hashes += copy(c.Digest[:], s.hash())
		case 9:
			hashes += copy(c.Chain[:], s.hash())
		default:
			s.lose()
		}
	})
	if hashes != len(c.Digest)+len(c.Chain) {
		s.lose()
	}
}

// name reads a text; the same as last time costs no memory.
func (s *batchScan) name(last *string) string {
	from, to := s.text(maxShort)
	if string(s.data[from:to]) != *last {
		*last = string(s.data[from:to])
	}
	return *last
}

func (s *batchScan) hash() []byte {
	hash := s.bytes()
	if len(hash) != len(record.Change{}.Digest) {
		s.lose()
	}
	return hash
}

func (s *batchScan) instant() record.Stamp {
	if s.count(majorArray, 3) != 3 {
		s.lose()
	}
	return record.Stamp{Wall: s.int64(), Counter: uint32(s.uint(math.MaxUint32)), Node: record.NodeID(s.name(&s.stamp))}
}
