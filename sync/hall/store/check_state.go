package store

import (
	"bytes"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// merged are the kinds whose facts make the state, and where.
var merged = []struct {
	kind   record.Kind
	bucket []byte
}{
	{record.KindShow, bucketShow}, {record.KindRegistration, bucketVisitors},
	{record.KindBadge, bucketBadges}, {record.KindLead, bucketLeads},
	{record.KindPassage, bucketPassages}, {record.KindKey, bucketBadgeKeys}, {record.KindRevocation, bucketRevoked},
	{record.KindDecision, bucketDecisions},
}

// stateKey is under which a fact is kept, nil for one that makes no state.
func stateKey(fact record.Fact) []byte {
	switch f := fact.(type) {
	case record.Registration:
		return []byte(f.ID)
	case record.Badge:
		return []byte(f.ID)
	case record.Lead:
		return []byte(f.ID)
	case record.Passage:
		id, _ := f.ID.Bytes()
		return id[:]
	case record.Show:
		return keyCurrent
	case record.Key:
		return f.Public
	case record.Revocation:
		return []byte(f.Node)
	case record.Decision:
		return stampKey(f.At)
	}
	return nil
}

// joinFacts merges two facts of one kind and key as Append does.
func joinFacts(a, b record.Fact) record.Fact {
	switch f := b.(type) {
	case record.Registration:
		return mergeAs(a, f, record.MergeRegistrations)
	case record.Badge:
		return mergeAs(a, f, record.MergeBadges)
	case record.Lead:
		return mergeAs(a, f, record.MergeLeads)
	case record.Passage:
		return mergeAs(a, f, record.MergePassages)
	case record.Show:
		return mergeAs(a, f, record.MergeShows)
	case record.Key:
		return mergeAs(a, f, record.MergeKeys)
	case record.Revocation:
		return mergeAs(a, f, record.MergeRevocations)
	case record.Decision:
		return mergeAs(a, f, record.MergeDecisions)
	}
	return b
}

func mergeAs[F record.Fact](a record.Fact, b F, merge func(a, b F) F) record.Fact {
	old, ok := a.(F)
	if !ok {
		return b // the first
	}
	joined := merge(old, b)
	if _, err := wire.Encode(joined); err != nil {
		return a // Append refused it for the same reason
	}
	return joined
}

// say notes what a journal says of the state.
func (c *checker) say(fact record.Fact, payload []byte) error {
	for i, m := range merged {
		if key := stateKey(fact); m.kind == fact.Kind() && key != nil {
			return c.facts.add(append([]byte{byte(i)}, key...), payload)
		}
	}
	return nil
}

// compare looks for facts without state, state without facts, and differences.
func (c *checker) compare() error {
	kinds := make([]*comparison, len(merged))
	for i, m := range merged {
		k := &comparison{checker: c, kind: m.kind, cursor: c.tx.Bucket(m.bucket).Cursor()}
		k.key, k.value = k.cursor.First()
		kinds[i] = k
	}
	err := c.facts.each(func(key []byte, payloads [][]byte) error {
		kinds[key[0]].fact(key[1:], payloads)
		return c.ctx.Err()
	})
	if err != nil {
		return err
	}
	for _, k := range kinds {
		for k.key != nil {
			k.unsaid()
		}
		if k.missing > 0 {
			c.problem("%d of kind %s are in the journals but not in the state", k.missing, k.kind)
		}
	}
	return nil
}

// comparison goes through the state of one kind beside the facts.
type comparison struct {
	*checker
	kind       record.Kind
	cursor     *bolt.Cursor
	key, value []byte // of the state
	missing    int
}

// fact compares what the journals say under one key.
func (k *comparison) fact(key []byte, payloads [][]byte) {
	for k.key != nil && bytes.Compare(k.key, key) < 0 {
		k.unsaid()
	}
	if !bytes.Equal(k.key, key) {
		k.missing++
		return
	}
	var said record.Fact
	for _, payload := range payloads {
		if fact, err := wire.Decode(k.kind, payload); err == nil { // it was read before
			said = joinFacts(said, fact)
		}
	}
	if !same(k.kind, k.value, said) {
		k.problem("%s %s is not what the journals say", k.kind, printable(key))
	}
	k.key, k.value = k.cursor.Next()
}

// unsaid goes past a line of the state that no journal speaks of.
func (k *comparison) unsaid() {
	k.problem("%s %s is in no journal", k.kind, printable(k.key))
	k.key, k.value = k.cursor.Next()
}
