package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/record"
)

// presence tells who is inside: whose last passage of a day, of all that were
// allowed and with whichever of their badges, went in. A badge that has not
// arrived yet is somebody by itself until it does.
type presence struct {
	tx   *bolt.Tx
	ways *recent        // passages_by_badge
	zone *time.Location // of the show: when its days begin
}

func presenceOf(tx *bolt.Tx, where locale) *presence {
	return &presence{tx: tx, ways: recentOf(tx, lookupWays), zone: where.zone}
}

func (w *writer) presence() *presence {
	return &presence{tx: w.tx, ways: w.lookup(lookupWays), zone: w.where.zone}
}

// somebody are the badges of one person, as far as they have arrived.
type somebody []record.BadgeID

// holder returns everyone's badges who has this one.
func (p *presence) holder(id record.BadgeID) (somebody, error) {
	b, err := getFact[record.Badge](p.tx.Bucket(bucketBadges), []byte(id))
	if errors.Is(err, hall.ErrNone) {
		return somebody{id}, nil
	}
	return p.issues(b.Registration), err
}

func (p *presence) issues(of record.RegistrationID) (all somebody) {
	prefix := compound(string(of), "")
	cursor := p.tx.Bucket(bucketBadgeHolder).Cursor()
	for key, _ := cursor.Seek(prefix); bytes.HasPrefix(key, prefix); key, _ = cursor.Next() {
		all = append(all, record.BadgeID(key[len(prefix)+2:]))
	}
	return all
}

// inside counts who of them is inside on each of the days.
func (p *presence) inside(people []somebody, days []int64) map[int64]int {
	out := map[int64]int{}
	for _, day := range days {
		for _, one := range people {
			if _, way := p.last(one, day); way == wayIn {
				out[day]++
			}
		}
	}
	return out
}

// last is the last allowed passage of a day and its way, wayRefused for none.
func (p *presence) last(of somebody, day int64) (newest []byte, way byte) {
	begin := time.Unix(day*24*60*60, 0).UTC()
	from := time.Date(begin.Year(), begin.Month(), begin.Day(), 0, 0, 0, 0, p.zone)
	to := time.Date(begin.Year(), begin.Month(), begin.Day()+1, 0, 0, 0, 0, p.zone)
	for _, badge := range of {
		id, err := badge.Bytes()
		if err != nil {
			continue
		}
		cursor, end := p.ways.about(id[:]), passageKey(id, to)
		for key, value := cursor.Seek(passageKey(id, from)); key != nil && bytes.Compare(key, end) < 0; key, value = cursor.Next() {
			if len(value) == 1 && value[0] != wayRefused && bytes.Compare(key[len(id):], newest) > 0 {
				newest, way = bytes.Clone(key[len(id):]), value[0]
			}
		}
	}
	return newest, way
}

// passageKey is before all passages of a badge from that time on.
func passageKey(badge [16]byte, at time.Time) []byte {
	ms := binary.BigEndian.AppendUint64(nil, uint64(max(0, at.UnixMilli())))
	return append(badge[:], ms[2:]...) // 48 bits, see record.PassageIDOf
}

// before moves a cursor to the last line before a key.
func before(cursor *bolt.Cursor, key []byte) ([]byte, []byte) {
	if k, _ := cursor.Seek(key); k == nil {
		return cursor.Last()
	}
	return cursor.Prev()
}

// scanned reports whether a badge was scanned, allowed or not.
func (p *presence) scanned(badge record.BadgeID) bool {
	id, err := badge.Bytes()
	key, _ := p.ways.first(id[:])
	return err == nil && key != nil
}

// days on which a badge was scanned.
func (p *presence) days(badge record.BadgeID) []int64 {
	id, err := badge.Bytes()
	if err != nil {
		return nil
	}
	days := map[int64]bool{}
	cursor := p.ways.about(id[:])
	for key, _ := cursor.Seek(id[:]); bytes.HasPrefix(key, id[:]); key, _ = cursor.Next() {
		days[hall.Day(timeOf(key[len(id):]), p.zone)] = true
	}
	return slices.Sorted(maps.Keys(days))
}

func timeOf(passage []byte) time.Time {
	return time.UnixMilli(int64(binary.BigEndian.Uint64(append([]byte{0, 0}, passage[:6]...))))
}

// everyone counts who was inside on each day, from the passages alone.
func (p *presence) everyone() (map[int64]int, error) {
	sum := hall.Figures{OnSite: map[int64]int{}}
	cursor := p.ways.cursor()
	for key, _ := cursor.Seek(nil); key != nil; {
		badge := record.BadgeIDFrom([16]byte(key))
		people, err := p.holder(badge)
		if err != nil {
			return nil, err
		}
		if p.speaks(badge, people) {
			days := map[int64]bool{}
			for _, b := range people {
				for _, day := range p.days(b) {
					days[day] = true
				}
			}
			sum.Add(hall.Figures{OnSite: p.inside([]somebody{people}, slices.Collect(maps.Keys(days)))})
		}
		key, _ = cursor.Seek(bytes.Join([][]byte{bytes.Clone(key[:16]), bytes.Repeat([]byte{0xFF}, 17)}, nil))
	}
	return sum.OnSite, nil
}

// speaks reports whether a badge is the least of somebody's that were scanned.
func (p *presence) speaks(badge record.BadgeID, of somebody) bool {
	for _, other := range of {
		if other < badge && len(p.days(other)) > 0 {
			return false
		}
	}
	return true
}

// minus returns what comes to something of a − b.
func minus(a, b map[int64]int) map[int64]int {
	sum := hall.Figures{OnSite: maps.Clone(a)}
	less := map[int64]int{}
	for day, n := range b {
		less[day] = -n
	}
	sum.Add(hall.Figures{OnSite: less})
	return sum.OnSite
}
