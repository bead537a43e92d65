package store

import (
	"fmt"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/record"
)

// conflicts holds the versions against what stands, and the list of conflicts
// against the versions.
func (c *checker) conflicts() {
	lines, wrong := map[string]bool{}, 0
	err := topics(c.tx, func(t topic) error {
		versions, err := readVersions(c.tx, t)
		if err != nil {
			return err
		}
		heads, err := readHeads(c.tx, t, versions)
		if err != nil {
			return err
		}
		r, err := getFact[record.Registration](c.tx.Bucket(bucketVisitors), []byte(t.of))
		stands, ok := r.Part(t.part)
		if err != nil || !ok || !r.Erased.IsZero() || heads[len(heads)-1].Compare(stands) != 0 {
			wrong++
		}
		if record.Differ(heads) {
			lines[string(conflictKey(t, heads))] = true
		}
		return nil
	})
	astray := 0
	err2 := c.tx.Bucket(bucketConflicts).ForEach(func(key, _ []byte) error {
		if !lines[string(key)] {
			astray++
		}
		delete(lines, string(key))
		return nil
	})
	for _, err := range []error{err, err2} {
		if err != nil {
			c.problem("conflicts: %v", err)
		}
	}
	if wrong > 0 {
		c.problem("versions: of %d parts the latest is not what stands", wrong)
	}
	if astray+len(lines) > 0 {
		c.problem("conflicts: %d lines lead to nothing, %d are missing", astray, len(lines))
	}
}

// topics calls f for each part that has had two versions.
func topics(tx *bolt.Tx, f func(topic) error) error {
	var last topic
	return tx.Bucket(bucketVersions).ForEach(func(key, _ []byte) error {
		of, rest, ok := cutPart(key)
		part, _, ok2 := cutPart(rest)
		t := topic{record.RegistrationID(of), record.Part(part)}
		if !ok || !ok2 {
			return fmt.Errorf("a line of versions cannot be read")
		}
		if t == last {
			return nil
		}
		last = t
		return f(t)
	})
}
