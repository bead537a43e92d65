package store

import (
	"bytes"
	"errors"
	"maps"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/record"
)

// figures counts the whole state anew and compares with the numbers that are
// kept, and joins all registrations to persons anew.
func (c *checker) figures() {
	kept, err := readFigures(c.tx, 0)
	if err != nil {
		c.problem("the figures cannot be read: %v", err)
		return
	}
	now, err := recount(c.ctx, c.tx)
	if err != nil {
		c.problem("the figures cannot be counted anew: %v", err)
		return
	}
	for _, f := range []struct {
		name        string
		kept, count int
	}{
		{"registrations", kept.Registrations, now.Registrations}, {"persons", kept.Persons, now.Persons},
		{"badges", kept.Badges, now.Badges}, {"leads", kept.Leads, now.Leads}, {"passages", kept.Passages, now.Passages},
		{"quarantine", kept.Quarantine, now.Quarantine}, {"discarded", kept.Discarded, now.Discarded},
		{"conflicts", kept.Conflicts, now.Conflicts},
	} {
		if f.kept != f.count {
			c.problem("figures: %d %s are counted as %d", f.count, f.name, f.kept)
		}
	}
	if !maps.Equal(kept.OnSite, now.OnSite) {
		c.problem("days: who is on site is not what the passages say")
	}
	if !maps.Equal(kept.Minutes, now.Minutes) {
		c.problem("minutes: they are not what the facts say")
	}
	c.persons()
}

// persons compares the lines of contacts with the registrations, and the
// persons with what contacts join.
func (c *checker) persons() {
	where, err := localeOf(c.tx)
	if err != nil {
		return // compare says so
	}
	people, visitors, lines := personsOf(c.tx, where, nil), c.tx.Bucket(bucketVisitors), 0
	missing, alone := 0, 0
	err = visitors.ForEach(func(key, _ []byte) error {
		r, err := getFact[record.Registration](visitors, key)
		if err != nil {
			return nil // compare says so
		}
		if line := lineOf(people.contacts(r)); line != nil {
			lines++
			if !bytes.Equal(c.tx.Bucket(bucketContacts).Get(key), line) {
				missing++
			}
		}
		if person := people.person(r.ID); person != r.ID && !has(c.tx.Bucket(bucketMembers), compound(string(person), string(r.ID))) {
			alone++
		}
		return nil
	})
	if err != nil {
		c.problem("contacts: %v", err)
	}
	if missing > 0 {
		c.problem("contacts: %d lines are missing", missing)
	}
	if have := c.tx.Bucket(bucketContacts).Stats().KeyN; have > lines-missing {
		c.problem("contacts: %d lines lead to nothing", have-lines+missing)
	}
	if wrong := alone + c.joined(); wrong > 0 {
		c.problem("persons: %d registrations are not with whom they share a contact", wrong)
	}
}

func has(b *bolt.Bucket, key []byte) bool {
	found, _ := b.Cursor().Seek(key)
	return bytes.Equal(found, key)
}

// joined follows the contacts that several share and counts the registrations
// whose person is another than that gives. It holds those that share one.
func (c *checker) joined() (wrong int) {
	least := map[string]string{} // towards the least of those it is joined with
	root := func(id string) string {
		for least[id] != "" && least[id] != id {
			id = least[id]
		}
		return id
	}
	err := c.sharing(func(ids [][]byte) {
		for _, id := range ids[1:] {
			a, b := root(string(ids[0])), root(string(id))
			least[a], least[b] = min(a, b), min(a, b)
		}
	})
	if err != nil {
		c.problem("contacts: %v", err)
	}
	for id := range least {
		if string(c.tx.Bucket(bucketPersons).Get([]byte(id))) != root(id) {
			wrong++
		}
	}
	err = c.tx.Bucket(bucketPersons).ForEach(func(id, _ []byte) error {
		if least[string(id)] == "" {
			wrong++
		}
		return nil
	})
	if err != nil {
		c.problem("persons: %v", err)
	}
	return wrong
}

// sharing calls see with the registrations of each contact that several have.
func (c *checker) sharing(see func(ids [][]byte)) (err error) {
	lines := newSorter(c.dir)
	defer func() { err = errors.Join(err, lines.close()) }()
	err = c.tx.Bucket(bucketContacts).ForEach(func(id, line []byte) error {
		for ; len(line) >= contactSize; line = line[contactSize:] {
			if err := lines.add(line[:contactSize], id); err != nil {
				return err
			}
		}
		return c.ctx.Err()
	})
	if err != nil {
		return err
	}
	return lines.each(func(_ []byte, ids [][]byte) error {
		if len(ids) > 1 {
			see(ids)
		}
		return c.ctx.Err()
	})
}
