package carry

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"iter"
	"time"

	"hallpass/sync/journal"
	"hallpass/sync/record"
)

// Told is what of a journal's entry outlives the journal.
type Told struct {
	Stamp   record.Stamp
	Kind    record.Kind
	Payload []byte
}

// Retold is a part that is made for the file: facts whose own journal is damaged
// before them, in an epoch of their own. A hall that has some of them already
// merges them with what it has, and each counts once.
type Retold struct {
	Part Part

	secret [32]byte // of the salts, so that both passes make the same entries
	facts  iter.Seq2[Told, error]

	thread *journal.Thread // where Changes stands; nil before it begins
	next   func() (Told, error, bool)
	stop   func()
}

// Retell makes the part of node's that tells the facts, which it goes through
// once; Changes does so again, and they must be the same then.
func Retell(node record.NodeID, facts iter.Seq2[Told, error]) (*Retold, error) {
	r := &Retold{facts: facts, Part: Part{Node: node, Epoch: record.NewID[record.Epoch](time.Now()), First: 1}}
	rand.Read(r.secret[:]) // never fails
	thread := journal.NewThread(node, r.Part.Epoch)
	_, r.Part.Before = thread.End()
	for fact, err := range facts {
		if err != nil {
			return nil, fmt.Errorf("tell anew: %w", err)
		}
		r.write(thread, fact)
	}
	r.Part.Last, r.Part.End = thread.End()
	return r, nil
}

func (r *Retold) write(thread *journal.Thread, fact Told) record.Change {
	seq, _ := thread.End()
	mac := hmac.New(sha256.New, r.secret[:])
	mac.Write(binary.BigEndian.AppendUint64(nil, seq))
	return thread.Write(fact.Stamp, fact.Kind, fact.Payload, mac.Sum(nil)[:16])
}

// Changes is a Source for the part: the changes in order, once, at most limit at
// a time.
func (r *Retold) Changes(limit int) (changes []record.Change, err error) {
	if r.thread == nil {
		r.thread = journal.NewThread(r.Part.Node, r.Part.Epoch)
		r.next, r.stop = iter.Pull2(r.facts)
	}
	for len(changes) < limit {
		fact, err, more := r.next()
		if err != nil || !more {
			return changes, err
		}
		changes = append(changes, r.write(r.thread, fact))
	}
	return changes, nil
}

// Close ends a pass over the facts that was not gone to its end.
func (r *Retold) Close() {
	if r.stop != nil {
		r.stop()
	}
}
