package hall

import (
	"hash/maphash"
	"slices"

	"hallpass/sync/record"
	"hallpass/sync/record/contact"
)

// people joins registrations to persons: two that share a mobile number or an
// e-mail address are one person's. It is a graph of registrations and contacts
// whose components are the persons; a correction takes only its own component
// apart and joins it anew, so that the result never depends on the order in
// which facts arrived (P4). Not safe for concurrent use.
type people struct {
	region   string
	seed     maphash.Seed
	contacts map[record.RegistrationID][]uint64 // hashes: no second copy of the data
	sharing  map[uint64][]record.RegistrationID // who has that contact
	person   map[record.RegistrationID]*person
	count    int
}

// person is one component, at least one registration.
type person struct {
	members []record.RegistrationID
}

func newPeople(region string) *people {
	return &people{
		region: region, seed: maphash.MakeSeed(),
		contacts: map[record.RegistrationID][]uint64{},
		sharing:  map[uint64][]record.RegistrationID{},
		person:   map[record.RegistrationID]*person{},
	}
}

// put takes in a registration or its newer version.
func (p *people) put(r record.Registration) {
	contacts := p.hashes(r)
	old, known := p.contacts[r.ID]
	if known && slices.Equal(old, contacts) {
		return
	}
	if !known {
		p.single(r.ID)
		p.attach(r.ID, contacts)
		return
	}
	members := p.person[r.ID].members
	p.detach(r.ID, old)
	p.count--
	for _, id := range members {
		p.single(id)
	}
	p.contacts[r.ID] = nil
	for _, id := range members {
		p.join(id, p.contacts[id])
	}
	p.attach(r.ID, contacts)
}

func (p *people) single(id record.RegistrationID) {
	p.person[id] = &person{members: []record.RegistrationID{id}}
	p.count++
}

func (p *people) attach(id record.RegistrationID, contacts []uint64) {
	p.contacts[id] = contacts
	for _, c := range contacts {
		p.sharing[c] = append(p.sharing[c], id)
	}
	p.join(id, contacts)
}

func (p *people) detach(id record.RegistrationID, contacts []uint64) {
	for _, c := range contacts {
		left := slices.DeleteFunc(p.sharing[c], func(other record.RegistrationID) bool { return other == id })
		if p.sharing[c] = left; len(left) == 0 {
			delete(p.sharing, c)
		}
	}
}

// join unites id with whoever shares a contact. One of them is enough: those
// who share it are united already, or will be when their own turn comes.
func (p *people) join(id record.RegistrationID, contacts []uint64) {
	for _, c := range contacts {
		p.unite(p.person[id], p.person[p.sharing[c][0]])
	}
}

// unite moves the smaller person's registrations to the larger.
func (p *people) unite(a, b *person) {
	if a == b {
		return
	}
	if len(a.members) < len(b.members) {
		a, b = b, a
	}
	for _, id := range b.members {
		p.person[id] = a
	}
	a.members = append(a.members, b.members...)
	p.count--
}

// id names the person: the least registration, whatever arrived first.
func (p *people) id(r record.RegistrationID) record.RegistrationID {
	if of, ok := p.person[r]; ok {
		return slices.Min(of.members)
	}
	return r
}

// hashes returns the contacts of a registration, sorted and each once.
func (p *people) hashes(r record.Registration) []uint64 {
	var out []uint64
	for _, name := range contact.Of(r.Field, p.region) {
		out = append(out, maphash.String(p.seed, name))
	}
	slices.Sort(out)
	return slices.Compact(out)
}
