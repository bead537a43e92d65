package intake

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"

	"hallpass/sync/journal"
	"hallpass/sync/record"
)

// Batch is consecutive changes of one node's journal, at least one.
type Batch struct {
	Node    record.NodeID
	Epoch   record.Epoch
	Changes []record.Change
}

var errBatch = errors.New("a batch's parts do not add up")

// overhead is what a change takes beside its payload, about: two digests, salt,
// stamp, kind and lengths.
const overhead = 160

// Encode is a batch as a frame has it: changes of node's journal in that epoch,
// the first of them with that number.
func Encode(node record.NodeID, epoch record.Epoch, first uint64, changes iter.Seq[*record.Change]) []byte {
	size := 64 + len(node) + len(epoch)
	for c := range changes {
		size += overhead + len(c.Payload)
	}
	body := appendText(make([]byte, 0, size), node)
	body = appendText(body, epoch)
	body = binary.AppendUvarint(body, first)
	entry := make([]byte, 0, 1024)
	for c := range changes {
		entry = journal.AppendEntry(entry[:0], *c)
		body = appendText(body, entry)
	}
	return body
}

func appendText[S ~string | ~[]byte](b []byte, s S) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// parse reads the batches of a frame.
func parse(body []byte) (batches []Batch, err error) {
	for len(body) > 0 {
		one, rest, ok := cut(body)
		if !ok {
			return nil, errBatch
		}
		b, err := decode(one)
		if err != nil {
			return nil, err
		}
		batches, body = append(batches, b), rest
	}
	return batches, nil
}

// decode reads what Encode wrote.
func decode(body []byte) (b Batch, err error) {
	node, rest, ok := cut(body)
	epoch, rest, fine := cut(rest)
	seq, size := binary.Uvarint(rest)
	if !ok || !fine || size <= 0 {
		return b, errBatch
	}
	b.Node, b.Epoch, rest = record.NodeID(node), record.Epoch(epoch), rest[size:]
	for ; len(rest) > 0; seq++ {
		var entry []byte
		if entry, rest, ok = cut(rest); !ok {
			return b, errBatch
		}
		c, err := journal.ParseEntry(b.Node, b.Epoch, seq, entry)
		if err != nil {
			return b, fmt.Errorf("change %d of node %s: %w", seq, b.Node, err)
		}
		b.Changes = append(b.Changes, c)
	}
	if len(b.Changes) == 0 {
		return b, errBatch
	}
	return b, nil
}

func cut(b []byte) (text, rest []byte, ok bool) {
	n, size := binary.Uvarint(b)
	if size <= 0 || n > uint64(len(b)-size) {
		return nil, nil, false
	}
	b = b[size:]
	return b[:n:n], b[n:], true
}
