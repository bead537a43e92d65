package store

import (
	"encoding/binary"
	"slices"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/record"
)

// holders tells who has a contact, in memory: in the file the lines stand by
// registration, in order, because lines by hash would have a large show's commit
// write a page for every one of them. It takes some 60 bytes a contact, and a
// tenth of a second to load for 250,000 visitors. The lines are the truth:
// after a transaction that failed it is loaded anew.
type holders struct {
	one     map[uint64]record.RegistrationID
	several map[uint64][]record.RegistrationID // of what more than one has; sorted
}

// contactSize is how much of a contact's hash counts, in bytes: of a million
// contacts two share it once in 40,000,000 shows.
const contactSize = 8

func newHolders() *holders {
	return &holders{map[uint64]record.RegistrationID{}, map[uint64][]record.RegistrationID{}}
}

func loadHolders(tx *bolt.Tx) (*holders, error) {
	h := newHolders()
	if f, err := getJSON[figuresForm](tx.Bucket(bucketFigures), keyCurrent); err == nil {
		const most = 1 << 20 // a damaged figure takes no more memory than a large show
		// A number and an address each.
		h.one = make(map[uint64]record.RegistrationID, min(max(0, 2*f.Registrations), most))
	}
	err := tx.Bucket(bucketContacts).ForEach(func(key, value []byte) error {
		id := record.RegistrationID(key)
		for ; len(value) >= contactSize; value = value[contactSize:] {
			h.add(binary.BigEndian.Uint64(value), id)
		}
		return nil
	})
	return h, err
}

func (h *holders) add(hash uint64, id record.RegistrationID) {
	switch first, known := h.one[hash]; {
	case known && first != id:
		delete(h.one, hash)
		h.several[hash] = []record.RegistrationID{min(first, id), max(first, id)}
	case known:
	case h.several[hash] == nil:
		h.one[hash] = id
	default:
		if at, found := slices.BinarySearch(h.several[hash], id); !found {
			h.several[hash] = slices.Insert(h.several[hash], at, id)
		}
	}
}

func (h *holders) remove(hash uint64, id record.RegistrationID) {
	if h.one[hash] == id {
		delete(h.one, hash)
	}
	at, found := slices.BinarySearch(h.several[hash], id)
	if !found {
		return
	}
	left := slices.Delete(h.several[hash], at, at+1)
	if h.several[hash] = left; len(left) == 1 {
		delete(h.several, hash)
		h.one[hash] = left[0]
	}
}

// other returns the least registration but id that has the contact, "" if none.
func (h *holders) other(hash uint64, id record.RegistrationID) record.RegistrationID {
	if first, known := h.one[hash]; known && first != id {
		return first
	}
	for _, other := range h.several[hash] {
		if other != id {
			return other
		}
	}
	return ""
}

// lineOf is what contacts has of a registration: its hashes, in order.
func lineOf(hashes []uint64) []byte {
	var line []byte
	for _, hash := range hashes {
		line = binary.BigEndian.AppendUint64(line, hash)
	}
	return line
}
