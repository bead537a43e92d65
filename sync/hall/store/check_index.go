package store

import (
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// index is one list or look-up of facts and what ties its lines to them.
type index struct {
	bucket []byte
	of     []byte // the bucket of the facts
	kind   record.Kind
	want   func(record.Fact) string       // the line that a fact must have; empty for none
	have   func(key, value []byte) string // the line that stands there
	moved  bool                           // a line may stay behind when its fact moves
}

// indexes finds facts that a list or a look-up would miss, and lines that lead
// to none.
func (c *checker) indexes() {
	self := func(key, _ []byte) string { return string(key) }
	for _, x := range []index{
		{bucketVisitorLog, bucketVisitors, record.KindRegistration,
			arrived,
			func(_, id []byte) string { return string(id) }, false},
		{bucketBadgeHolder, bucketBadges, record.KindBadge,
			func(f record.Fact) string {
				return string(holderKey(f.(record.Badge))) + string(liveMark(f.(record.Badge)))
			},
			func(key, mark []byte) string { return string(key) + string(mark) }, false},
		{bucketBadgeCode, bucketBadges, record.KindBadge,
			func(f record.Fact) string { return string(codeKey(f.(record.Badge))) }, self, false},
		{bucketLeadClient, bucketLeads, record.KindLead,
			func(f record.Fact) string { return string(clientKey(f.(record.Lead))) }, self, false},
		{bucketLeadLog, bucketLeads, record.KindLead,
			func(f record.Fact) string {
				return arrivalOf(string(f.(record.Lead).Exhibitor), string(f.(record.Lead).ID))
			},
			func(key, id []byte) string { return string(key[:max(0, len(key)-8)]) + string(id) }, true},
		{bucketPassageGate, bucketPassages, record.KindPassage,
			func(f record.Fact) string { return string(gateKey(f.(record.Passage))) }, self, false},
		{bucketPassageBadge, bucketPassages, record.KindPassage,
			func(f record.Fact) string {
				if p := f.(record.Passage); p.Badge != "" {
					return string(wayKey(p)) + string(wayOf(p))
				}
				return ""
			},
			func(key, way []byte) string { return string(key) + string(way) }, false},
	} {
		c.index(x)
	}
}

// arrived is a registration's line in the list of arrivals; none for one that is
// awaited.
func arrived(f record.Fact) string {
	r, ok := f.(record.Registration)
	if !ok || !r.Counts() {
		return ""
	}
	return string(r.ID)
}

// arrivalOf is a line of lead_arrivals without its place.
func arrivalOf(exhibitor, lead string) string { return string(compound(exhibitor, "")) + lead }

func (c *checker) index(x index) {
	missing := map[string]bool{}
	err := c.tx.Bucket(x.of).ForEach(func(_, value []byte) error {
		fact, err := wire.Decode(x.kind, value)
		if err != nil {
			return nil // compare says so
		}
		if line := x.want(fact); line != "" {
			missing[line] = true
		}
		return nil
	})
	if err != nil {
		c.problem("%s: %v", x.kind, err)
	}
	astray := c.lines(x, missing)
	if len(missing) > 0 {
		c.problem("%s: %d of kind %s are missing in it", x.bucket, len(missing), x.kind)
	}
	if astray > 0 {
		c.problem("%s: %d lines lead to nothing", x.bucket, astray)
	}
}

// lines crosses out of missing what the index has, and counts what it has for
// no fact or twice.
func (c *checker) lines(x index, missing map[string]bool) (astray int) {
	err := c.tx.Bucket(x.bucket).ForEach(func(key, value []byte) error {
		line := x.have(key, value)
		switch {
		case missing[line]:
			delete(missing, line)
		case x.moved && c.tx.Bucket(x.of).Get(value) != nil:
		default:
			astray++
		}
		return nil
	})
	if err != nil {
		c.problem("%s: %v", x.bucket, err)
	}
	return astray
}
