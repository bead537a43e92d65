package store

import bolt "go.etcd.io/bbolt"

const codeLength = 10 // of a short code, see token.ShortCode

// compareIndexes finds badges that a look-up would miss, and lines of the
// look-ups and the queue that lead to nothing.
func compareIndexes(tx *bolt.Tx, r *Report) error {
	codes, open, err := linesOf(tx, r)
	if err != nil {
		return err
	}
	left := func(key []byte) bool { // what is left of somebody whom the hall has
		return len(key) > codeLength && tx.Bucket(forgotten).Get(key[codeLength:]) != nil
	}
	if n, missing := stray(tx.Bucket(short), codes, left); n+missing > 0 {
		r.problem("%d badges are not found by their short code, %d short codes lead to nothing", missing, n)
	}
	if n, _ := stray(tx.Bucket(queue), open, none); n > 0 { // compareQueue names those that are missing
		r.problem("%d places in the print queue lead to nothing", n)
	}
	lost := 0
	err = tx.Bucket(keys).ForEach(func(_, id []byte) error {
		if tx.Bucket(registrations).Get(id) == nil && tx.Bucket(forgotten).Get(id) == nil {
			lost++
		}
		return nil
	})
	if lost > 0 {
		r.problem("%d idempotency keys lead to nothing", lost)
	}
	return err
}

// comparePlaces finds entries of the journal that forgetting would miss. Places
// are those that the journal gives.
func comparePlaces(tx *bolt.Tx, wanted map[string]bool, r *Report) {
	if n, missing := stray(tx.Bucket(places), wanted, none); n+missing > 0 {
		r.problem("%d journal entries are not found by their registration, %d places lead to nothing", missing, n)
	}
}

// linesOf returns the lines that the badges must have in short and in queue,
// and reports badges of nobody.
func linesOf(tx *bolt.Tx, r *Report) (codes, open map[string]bool, err error) {
	codes, open = map[string]bool{}, map[string]bool{}
	err = tx.Bucket(badges).ForEach(func(_, value []byte) error {
		b, err := decodeBadge(value)
		if err != nil {
			return nil // told with its registration
		}
		if tx.Bucket(registrations).Get([]byte(b.Registration)) == nil {
			r.problem("badge %s belongs to no registration", b.ID)
		}
		codes[b.ShortCode+string(b.Registration)] = true
		if b.Open() {
			open[string(b.ID)] = true
		}
		return nil
	})
	return codes, open, err
}

// stray counts the bucket's lines that are not wanted, and the wanted ones that
// it lacks. Lines that may be there are neither.
func stray(b *bolt.Bucket, wanted map[string]bool, may func(key []byte) bool) (astray, missing int) {
	cursor := b.Cursor()
	missing = len(wanted)
	for key, _ := cursor.First(); key != nil; key, _ = cursor.Next() {
		switch {
		case wanted[string(key)]:
			missing--
		case !may(key):
			astray++
		}
	}
	return astray, missing
}

func none([]byte) bool { return false }
