package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"strings"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/record"
	"hallpass/sync/record/contact"
)

// persons joins registrations to persons: two that share a mobile number or an
// e-mail address are one person's. It is a graph of registrations and contacts
// whose components are the persons, each named by its least registration; a
// correction takes only its own component apart and joins it anew, so that the
// result never depends on the order in which facts arrived (P4). A registration
// that is a person by itself has no line but that of its contacts.
type persons struct {
	tx      *bolt.Tx
	hash    contact.Hasher
	region  string   // of numbers without a country code
	holders *holders // nil where nothing is to change
}

func personsOf(tx *bolt.Tx, where locale, holders *holders) *persons {
	return &persons{tx: tx, hash: contact.NewHasher(tx.Bucket(bucketMeta).Get(keyContacts)), region: where.region, holders: holders}
}

// contacts returns the hashes of what names a registration, sorted, each once.
func (p *persons) contacts(r record.Registration) (hashes []uint64) {
	if r.Awaited {
		return nil
	}
	for _, text := range contact.Of(r.Field, p.region) {
		hash := p.hash.Of(text)
		hashes = append(hashes, binary.BigEndian.Uint64(hash[:contactSize]))
	}
	slices.Sort(hashes)
	return slices.Compact(hashes)
}

// change takes in a registration or its newer version, and tells by how much
// the number of persons changes.
func (p *persons) change(c hall.Changed[record.Registration]) (int, error) {
	had, has := !c.Fresh && !c.Old.Awaited, !c.New.Awaited
	now := p.contacts(c.New)
	switch {
	case !has && !had:
		return 0, nil
	case !had:
		return p.arrive(c.New.ID, now)
	}
	old := p.contacts(c.Old)
	if slices.Equal(old, now) {
		return 0, nil
	}
	return p.correct(c.New.ID, old, now)
}

func (p *persons) arrive(id record.RegistrationID, contacts []uint64) (int, error) {
	id = record.RegistrationID(strings.Clone(string(id))) // else the whole fact would stay in memory with it
	if err := p.mark(id, nil, contacts); err != nil {
		return 0, err
	}
	n, err := p.join(id, contacts)
	return 1 + n, err
}

// correct takes a person apart and joins the registrations anew.
func (p *persons) correct(id record.RegistrationID, old, now []uint64) (int, error) {
	members, err := p.part(p.person(id))
	if err != nil {
		return 0, err
	}
	if err := p.mark(id, old, now); err != nil {
		return 0, err
	}
	change := len(members) - 1
	for _, member := range members {
		contacts := now
		if member != id {
			r, err := getFact[record.Registration](p.tx.Bucket(bucketVisitors), []byte(member))
			if err != nil {
				return 0, err
			}
			contacts = p.contacts(r)
		}
		n, err := p.join(member, contacts)
		if err != nil {
			return 0, err
		}
		change += n
	}
	return change, nil
}

// mark writes who has which contact.
func (p *persons) mark(id record.RegistrationID, old, now []uint64) error {
	for _, hash := range old {
		p.holders.remove(hash, id)
	}
	for _, hash := range now {
		p.holders.add(hash, id)
	}
	if b := p.tx.Bucket(bucketContacts); len(now) > 0 {
		return b.Put([]byte(id), lineOf(now))
	} else if len(old) > 0 {
		return b.Delete([]byte(id))
	}
	return nil
}

// join unites id with whoever shares a contact. One of them is enough: those
// who share it are united already, or will be when their own turn comes.
func (p *persons) join(id record.RegistrationID, contacts []uint64) (change int, err error) {
	for _, hash := range contacts {
		other := p.holders.other(hash, id)
		if other == "" {
			continue
		}
		n, err := p.unite(p.person(id), p.person(other))
		if err != nil {
			return 0, err
		}
		change += n
	}
	return change, nil
}

// unite gives both persons' registrations the lesser name.
func (p *persons) unite(a, b record.RegistrationID) (int, error) {
	switch {
	case a == b:
		return 0, nil
	case b < a:
		a, b = b, a
	}
	members, err := p.part(b)
	if err != nil {
		return 0, err
	}
	for _, id := range append(members, a) {
		err = errors.Join(err,
			p.tx.Bucket(bucketPersons).Put([]byte(id), []byte(a)),
			p.tx.Bucket(bucketMembers).Put(compound(string(a), string(id)), nil))
	}
	return -1, err
}

// person names the person of a registration.
func (p *persons) person(id record.RegistrationID) record.RegistrationID {
	if name := p.tx.Bucket(bucketPersons).Get([]byte(id)); name != nil {
		return record.RegistrationID(name)
	}
	return id
}

// part makes each registration of a person a person by itself, and returns them.
func (p *persons) part(person record.RegistrationID) ([]record.RegistrationID, error) {
	members := p.members(person)
	if len(members) == 0 {
		return []record.RegistrationID{person}, nil
	}
	var err error
	for _, id := range members {
		err = errors.Join(err,
			p.tx.Bucket(bucketPersons).Delete([]byte(id)),
			p.tx.Bucket(bucketMembers).Delete(compound(string(person), string(id))))
	}
	return members, err
}

// members returns nothing for who is a person by itself.
func (p *persons) members(person record.RegistrationID) (members []record.RegistrationID) {
	prefix := compound(string(person), "")
	cursor := p.tx.Bucket(bucketMembers).Cursor()
	for key, _ := cursor.Seek(prefix); bytes.HasPrefix(key, prefix); key, _ = cursor.Next() {
		members = append(members, record.RegistrationID(key[len(prefix):]))
	}
	return members
}

// Persons implements hall.State.
func (s *Store) Persons(ctx context.Context, ids []record.RegistrationID) ([]record.RegistrationID, error) {
	return one(ctx, s, "persons", func(tx *bolt.Tx) ([]record.RegistrationID, error) {
		p, out := persons{tx: tx}, make([]record.RegistrationID, len(ids))
		for i, id := range ids {
			out[i] = p.person(id)
		}
		return out, nil
	})
}
