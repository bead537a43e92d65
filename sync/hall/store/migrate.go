package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/record"
)

// format is the version of the layout that this program writes.
const format = 5

// step takes a file one part of the way to the next format.
type step func(*bolt.Tx) error

// migrations holds, by the format that they start from, the steps to the next
// one. All steps that a file needs run in one transaction: either all or none.
// A step finds every bucket that this program knows, new ones empty.
var migrations = map[uint64][]step{
	1: {release(record.KindKey)},
	2: {release(record.KindPassage), nameRefused, release(record.KindErased), tellAllVoids, markLive, reckon},
	3: {regroupAll}, // from then on a log may belong to the file, too, which an older program does not know of
	4: {},           // from then on lookups have recent lines, which an older program would miss
}

// release takes facts of a kind out of quarantine that this program is the
// first to know: kiosks that were updated before their hall have told of them
// already.
func release(kind record.Kind) step {
	return func(tx *bolt.Tx) error { return releaseKind(tx, kind) }
}

func releaseKind(tx *bolt.Tx, kind record.Kind) error {
	refused, keys := tx.Bucket(bucketRefused), tx.Bucket(bucketRefusedKeys)
	show, err := getFact[record.Show](tx.Bucket(bucketShow), keyCurrent)
	if err != nil {
		return ignoreNone(err) // then nothing came in either
	}
	released := map[string][]byte{} // place → line in quarantine_keys
	w := &writer{tx: tx, where: localeFrom(show)}
	err = refused.ForEach(func(place, value []byte) error {
		var form refusalForm
		if err := json.Unmarshal(value, &form); err != nil || form.Kind != kind {
			return err
		}
		found, err := journalOf(form.Node, form.Epoch).Read(tx, form.Seq-1, 1)
		if err != nil || len(found) == 0 || !bytes.Equal(found[0].Payload, form.Payload) {
			return err // of a second history: it stays for a person to decide
		}
		entry := hall.Judge(found[0], show.ID)
		if entry.Refused != nil || entry.Fact == nil {
			return nil
		}
		released[string(place)] = refusedKey(refusedOf(found[0]))
		return w.merge(entry.Fact, found[0].Payload)
	})
	err = errors.Join(err, w.flush())
	for place, key := range released {
		err = errors.Join(err, refused.Delete([]byte(place)), keys.Delete(key))
	}
	return err
}

// nameRefused notes with each change in quarantine what tells it from others of
// its number, so that people can decide about it.
func nameRefused(tx *bolt.Tx) error {
	refused := tx.Bucket(bucketRefused)
	return tx.Bucket(bucketRefusedKeys).ForEach(func(key, at []byte) error {
		form, err := getJSON[refusalForm](refused, at)
		if err != nil || len(key) < sha256.Size {
			return ignoreNone(err)
		}
		form.Digest = bytes.Clone(key[len(key)-sha256.Size:])
		found, err := journalOf(form.Node, form.Epoch).Read(tx, form.Seq-1, 1)
		if err != nil {
			return err
		}
		if len(found) == 1 && bytes.Equal(found[0].Digest[:], form.Digest) {
			form.Stamp = stampForm(found[0].Stamp)
		}
		return putJSON(refused, bytes.Clone(at), form)
	})
}

func ignoreNone(err error) error {
	if errors.Is(err, hall.ErrNone) {
		return nil
	}
	return err
}

// migrate brings a file to the format, or refuses a newer one (P12). A file
// without any bucket is new.
func migrate(tx *bolt.Tx, format uint64, steps map[uint64][]step) error {
	have, err := readFormat(tx)
	if err != nil {
		return err
	}
	if have > format {
		return fmt.Errorf("the data file has format %d, written by a newer hall; this one reads up to %d: install the newer program", have, format)
	}
	for _, name := range [][]byte{
		bucketMeta, bucketJournals, bucketForks, bucketShow, bucketVisitors, bucketVisitorLog, bucketBadges,
		bucketBadgeHolder, bucketBadgeCode, bucketLeads, bucketLeadLog, bucketLeadClient, bucketRefused,
		bucketRefusedKeys, bucketNodes, bucketDevices, bucketCodes, bucketUsers, bucketSessions, bucketKeys,
		bucketBadgeKeys, bucketRevoked, bucketPassages, bucketPassageGate, bucketPassageBadge,
		bucketVersions, bucketConflicts, bucketDecisions, bucketDecidedOn,
		bucketFigures, bucketDays, bucketMinutes, bucketContacts, bucketPersons, bucketMembers,
		bucketErasures, bucketReceipts,
		lookupCodes.recent, lookupClients.recent, lookupArrivals.recent, lookupGates.recent, lookupWays.recent,
	} {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return fmt.Errorf("make bucket %s: %w", name, err)
		}
	}
	if err := makeContactKey(tx); err != nil {
		return err
	}
	for ; have > 0 && have < format; have++ {
		way, known := steps[have]
		if !known {
			return fmt.Errorf("the data file has format %d, which this program cannot migrate; open it once with an older hall", have)
		}
		for _, step := range way {
			if err := step(tx); err != nil {
				return fmt.Errorf("migrate data file from format %d: %w", have, err)
			}
		}
	}
	return tx.Bucket(bucketMeta).Put(keyFormat, number(format))
}

// readFormat returns 0 for a new file.
func readFormat(tx *bolt.Tx) (uint64, error) {
	meta := tx.Bucket(bucketMeta)
	if meta == nil {
		if name, _ := tx.Cursor().First(); name != nil {
			return 0, fmt.Errorf("this is not a hall's data file; set -data")
		}
		return 0, nil
	}
	value := meta.Get(keyFormat)
	if len(value) != 8 || meta.Get(keySelf) == nil {
		return 0, fmt.Errorf("this is not a hall's data file; set -data")
	}
	return binary.BigEndian.Uint64(value), nil
}
