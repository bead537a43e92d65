package store

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// asOlder judges as a hall did that did not know of a kind.
func asOlder(k *halltest.Kiosk, kind record.Kind) hall.Batch {
	batch := k.Batch(1, len(k.Changes))
	for i, e := range batch.Entries {
		if e.Change.Kind == kind {
			batch.Entries[i].Fact, batch.Entries[i].Refused = nil, fault.New(fault.UnknownFact, "This hall does not know the kind of record.")
		}
	}
	return batch
}

// P12: kiosks that were updated before their hall have told it of their keys;
// the hall has them when it is updated, and keeps the rest in quarantine.
func TestOpen_ReleasesKeysFromQuarantine_P12(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hall.db")
	s, err := open(path, 1, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	show := halltest.Show()
	show.Revised = record.Stamp{Wall: 1, Node: "hall"}
	k := halltest.NewKiosk(show.ID)
	key := record.Key{Public: k.Paired().Key, Node: k.Node, Show: show.ID, Made: k.Tick(), Proof: wire.ProveKey(k.Key, k.Node, show.ID)}
	unproven := key
	unproven.Public = make([]byte, 32)
	k.Say(k.Visitor(nil), key, unproven)
	k.SayBytes("moon", []byte("of a later program"))
	batches := []hall.Batch{{Own: []hall.Own{{Fact: show, Stamp: show.Revised, Announce: true}}}, asOlder(k, record.KindKey)}
	if _, err := s.Append(t.Context(), batches); err != nil {
		t.Fatal(err)
	}
	if err := s.db.Update(func(tx *bolt.Tx) error { return tx.DeleteBucket(bucketBadgeKeys) }); err != nil { // format 1 has none
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if s, err = Open(path); err != nil {
			t.Fatal(err)
		}
		left, _, err := s.Quarantine(t.Context(), 0, 10)
		if err != nil || len(left) != 2 || left[0].Seq != 3 || left[1].Kind != "moon" {
			t.Errorf("in quarantine: %+v, %v, want the unproven key and the later program's", left, err)
		}
		err = s.view(t.Context(), "look", func(tx *bolt.Tx) error {
			kept, err := getFact[record.Key](tx.Bucket(bucketBadgeKeys), key.Public)
			if got, want := must(json.Marshal(kept)), must(json.Marshal(key)); string(got) != string(want) {
				t.Errorf("the key is %s, want %s", got, want)
			}
			if n := tx.Bucket(bucketRefusedKeys).Stats().KeyN; n != 2 {
				t.Errorf("%d lines in quarantine_keys, want 2", n)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		report, err := s.Check(t.Context())
		if err != nil || !report.OK() {
			t.Errorf("check: %+v, %v", report, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// P12: the same for what gates tell, and for a file of the format before.
func TestOpen_ReleasesPassagesFromQuarantine_P12(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hall.db")
	s, err := open(path, 2, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	show, k := halltest.Show(), halltest.NewKiosk("lamps-2027")
	show.Revised = record.Stamp{Wall: 1, Node: "hall"}
	visitor := k.Visitor(nil)
	badge, _ := k.Badge(visitor, 1, record.BadgeIssued)
	passage := k.Passage(badge, "north", record.DirectionIn)
	foreign := passage
	foreign.Show = "tools-2027"
	k.Say(visitor, badge, passage, foreign)
	batches := []hall.Batch{{Own: []hall.Own{{Fact: show, Stamp: show.Revised, Announce: true}}}, asOlder(k, record.KindPassage)}
	if _, err := s.Append(t.Context(), batches); err != nil {
		t.Fatal(err)
	}
	for _, name := range [][]byte{bucketPassages, bucketPassageGate, bucketPassageBadge} { // format 2 has none
		if err := s.db.Update(func(tx *bolt.Tx) error { return tx.DeleteBucket(name) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(path); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Passage(t.Context(), passage.ID); err != nil || got != passage {
		t.Errorf("the passage is %+v, %v", got, err)
	}
	if left, _, err := s.Quarantine(t.Context(), 0, 10); err != nil || len(left) != 1 || left[0].Seq != 4 {
		t.Errorf("in quarantine: %+v, %v, want the other show's", left, err)
	}
	report, err := s.Check(t.Context())
	if err := errors.Join(err, s.Close()); err != nil || !report.OK() {
		t.Errorf("check: %+v, %v", report, err)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// P12: a file of format 2 has no figures; the newer program counts them, and
// opens as if it had always kept them.
func TestOpen_ReckonsFiguresOfAnOlderFile_P12(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hall.db")
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	show, k := halltest.Show(), halltest.NewKiosk("lamps-2027")
	show.Revised = record.Stamp{Wall: 1, Node: "hall"}
	visitor := k.Visitor(map[record.FieldName]string{"mobile": "138 0000 0000"})
	again := k.Visitor(map[record.FieldName]string{"mobile": "+86 13800000000"})
	badge, _ := k.Badge(visitor, 1, record.BadgeIssued)
	lead := record.Lead{
		ID: "L1", Show: show.ID, Exhibitor: "aurora", Device: "phone", ClientID: "1", Badge: badge.ID, At: k.Tick().Time(), Created: k.Tick(),
		Rating: record.Register[uint8]{Value: 1, At: record.Stamp{Wall: 9, Node: s.self.Desk}},
	}
	k.Say(visitor, again, badge, lead, k.Passage(badge, "north", record.DirectionIn))
	if _, err := s.Append(t.Context(), []hall.Batch{{Own: []hall.Own{{Fact: show, Stamp: show.Revised, Announce: true}}}, k.Batch(1, 5)}); err != nil {
		t.Fatal(err)
	}
	want, err := s.Figures(t.Context(), time.Time{})
	if err != nil || want.Persons != 1 || want.Badges != 1 || len(want.OnSite) != 1 || len(want.Minutes) == 0 {
		t.Fatalf("figures: %+v, %v", want, err)
	}
	want.Latest = lead.Rating.At                // all that an older file tells of the hall's clock
	err = s.db.Update(func(tx *bolt.Tx) error { // as format 2 was
		err := tx.Bucket(bucketMeta).Put(keyFormat, number(2))
		for _, name := range [][]byte{bucketFigures, bucketDays, bucketMinutes, bucketContacts, bucketPersons, bucketMembers} {
			err = errors.Join(err, tx.DeleteBucket(name))
		}
		return errors.Join(err, tx.Bucket(bucketBadgeHolder).Put(holderKey(badge), nil), tx.Bucket(bucketMeta).Delete(keyContacts))
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(path); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Figures(t.Context(), time.Time{}); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("after the migration %+v, %v, want %+v", got, err, want)
	}
	report, err := s.Check(t.Context())
	if err := errors.Join(err, s.Close()); err != nil || !report.OK() {
		t.Errorf("check: %+v, %v", report, err)
	}
}
