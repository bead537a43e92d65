package store

import (
	"bytes"
	"slices"

	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// mostParted is how many changes that parted from a journal are remembered: as
// many kiosks as may run from copies of one disk.
const mostParted = 8

// part answers a change that tells another history than the journal that is
// kept. A kiosk that hears fault.Forked begins a new life of its journal and
// never tells that change in this one again (package sync, section 8). From one
// that does, both histories are taken from then on: what does not fit goes to
// quarantine.
func (w *writer) part(fork []byte, c record.Change, why error) error {
	told := append(bytes.Clone(fork), "told"...) // no two parts of a compound key are this
	forks := w.tx.Bucket(bucketForks)
	known := bytes.Clone(forks.Get(told))
	for chain := range slices.Chunk(known, len(c.Chain)) {
		if bytes.Equal(chain, c.Chain[:]) {
			if err := forks.Put(fork, []byte{1}); err != nil {
				return err
			}
			return forked(why)
		}
	}
	known = append(known, c.Chain[:]...)
	known = known[max(0, len(known)-mostParted*len(c.Chain)):]
	if err := forks.Put(told, known); err != nil {
		return err
	}
	return forked(why)
}

func forked(why error) error {
	return fault.Wrap(fault.Forked, "The kiosk tells another history than before: two may run from one disk, or an older one was put back.", why)
}
