package store

import (
	"errors"
	"fmt"

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
func (c *checker) indexes() error {
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
		if err := c.index(x); err != nil {
			return fmt.Errorf("%s: %w", x.bucket, err)
		}
	}
	return nil
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

// index sorts what the facts want beside what there is.
func (c *checker) index(x index) (err error) {
	lines := newSorter(c.dir)
	defer func() { err = errors.Join(err, lines.close()) }()
	wanted := []byte{}
	err = c.tx.Bucket(x.of).ForEach(func(_, value []byte) error {
		fact, err := wire.Decode(x.kind, value)
		if err != nil {
			return nil // compare says so
		}
		if line := x.want(fact); line != "" {
			return lines.add([]byte(line), wanted)
		}
		return nil
	})
	if err == nil {
		err = c.stand(x.bucket, func(key, value []byte) error {
			return lines.add([]byte(x.have(key, value)), append([]byte{1}, value...))
		})
	}
	if err != nil {
		return err
	}
	missing, astray, err := c.lines(x, lines)
	if missing > 0 {
		c.problem("%s: %d of kind %s are missing in it", x.bucket, missing, x.kind)
	}
	if astray > 0 {
		c.problem("%s: %d lines lead to nothing", x.bucket, astray)
	}
	return err
}

// stand calls see with every line of a bucket and, of a lookup, with the recent
// ones.
func (c *checker) stand(bucket []byte, see func(key, value []byte) error) error {
	of, found := lookupOf(bucket)
	if !found {
		return c.tx.Bucket(bucket).ForEach(see)
	}
	r := recentOf(c.tx, of)
	if torn := r.torn(); torn > 0 {
		c.problem("%s: %d of its runs of recent lines are damaged", bucket, torn)
	}
	cursor := r.cursor()
	for key, value := cursor.Seek(nil); key != nil; key, value = cursor.Next() {
		if err := see(key, value); err != nil {
			return err
		}
	}
	return nil
}

// lines counts what the index lacks, and what it has for no fact or twice.
func (c *checker) lines(x index, lines *sorter) (missing, astray int, err error) {
	err = lines.each(func(_ []byte, values [][]byte) error {
		wanted := false
		for _, value := range values { // what is wanted comes first
			switch {
			case len(value) == 0:
				wanted = true
			case wanted:
				wanted = false
			case x.moved && c.tx.Bucket(x.of).Get(value[1:]) != nil:
			default:
				astray++
			}
		}
		if wanted {
			missing++
		}
		return c.ctx.Err()
	})
	return missing, astray, err
}
