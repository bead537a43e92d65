package store

import (
	"context"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/journal"
)

// VerifyJournal reads the whole journal against its chain while others go on
// saving. Damage is the report's; the error is the disk's or ctx's.
func (s *Store) VerifyJournal(ctx context.Context) (report journal.Report, err error) {
	err = s.db.Snapshot(func(tx *bolt.Tx) error {
		report, err = s.person.Load().journal.Verify(ctx, tx)
		return err
	})
	if err != nil {
		return report, fmt.Errorf("verify journal: %w", err)
	}
	return report, nil
}
