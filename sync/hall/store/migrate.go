package store

import (
	"encoding/binary"
	"fmt"

	bolt "go.etcd.io/bbolt"
)

// format is the version of the layout that this program writes.
const format = 1

// migrations holds, by the format that it starts from, the step to the next
// one. All steps that a file needs run in one transaction: either all or none.
var migrations = map[uint64]func(*bolt.Tx) error{}

// migrate brings a file to the format, or refuses a newer one (P12). A file
// without any bucket is new.
func migrate(tx *bolt.Tx, format uint64, steps map[uint64]func(*bolt.Tx) error) error {
	have, err := readFormat(tx)
	if err != nil {
		return err
	}
	if have > format {
		return fmt.Errorf("the data file has format %d, written by a newer hall; this one reads up to %d: install the newer program", have, format)
	}
	for ; have > 0 && have < format; have++ {
		step := steps[have]
		if step == nil {
			return fmt.Errorf("the data file has format %d, which this program cannot migrate; open it once with an older hall", have)
		}
		if err := step(tx); err != nil {
			return fmt.Errorf("migrate data file from format %d: %w", have, err)
		}
	}
	for _, name := range [][]byte{
		bucketMeta, bucketJournals, bucketForks, bucketShow, bucketVisitors, bucketVisitorLog, bucketBadges,
		bucketBadgeHolder, bucketBadgeCode, bucketLeads, bucketLeadLog, bucketLeadClient, bucketRefused,
		bucketRefusedKeys, bucketNodes, bucketDevices, bucketCodes, bucketUsers, bucketSessions, bucketKeys,
	} {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return fmt.Errorf("make bucket %s: %w", name, err)
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
