package store_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/hall/store"
	"hallpass/sync/record"
)

// fullFile writes a file with something in every list and look-up, and returns
// its path, closed.
func fullFile(t *testing.T) (string, *halltest.Kiosk) {
	t.Helper()
	path, k := filepath.Join(t.TempDir(), "hall.db"), halltest.NewKiosk("lamps-2027")
	s, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	announce(t, s)
	r := k.Visitor(map[record.FieldName]string{"name": "Ida Example", "email": "ida@lamps.example"})
	b, _ := k.Badge(r, 1, record.BadgeIssued)
	add(t, s, k, r, b, lead(k, "aurora", "c1"), k.Passage(b, "north", record.DirectionIn))
	k.SayBytes("moon.phase", []byte("full"))
	if _, err := s.Append(t.Context(), []hall.Batch{k.Batch(5, 5)}); err != nil {
		t.Fatal(err)
	}
	add(t, s, k, k.Visitor(map[record.FieldName]string{"name": "Ida Example", "email": "IDA@lamps.example"}))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path, k
}

// problems opens, checks and closes.
func problems(t *testing.T, path string) (hall.Report, string) {
	t.Helper()
	s, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	report, err := s.Check(t.Context())
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	return report, strings.Join(report.Problems, "\n")
}

// first changes the first line of a bucket; nil deletes it.
func first(bucket string, change func(value []byte) []byte) func(*bolt.Tx) error {
	return func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte(bucket))
		k, v := b.Cursor().First()
		key := bytes.Clone(k)
		if value := change(bytes.Clone(v)); value != nil {
			return b.Put(key, value)
		}
		return b.Delete(key)
	}
}

func gone([]byte) []byte { return nil }

func flipped(v []byte) []byte { v[len(v)/2] ^= 0xFF; return v }

func stray(bucket, key, value string) func(*bolt.Tx) error {
	return func(tx *bolt.Tx) error { return tx.Bucket([]byte(bucket)).Put([]byte(key), []byte(value)) }
}

// P11: whatever is altered in the file, the check names the place, says nothing
// about a visitor, and says the same when it is asked again.
func TestCheck_NamesEveryKindOfDamage(t *testing.T) {
	path, _ := fullFile(t)
	if report, text := problems(t, path); !report.OK() || report.Facts != 7 {
		t.Fatalf("a sound file: %+v\n%s", report, text)
	}
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		damage func(*bolt.Tx) error
		want   string
	}{
		"RegistrationFlipped":  {first("registrations", flipped), "registration"},
		"BadgeFlipped":         {first("badges", flipped), "badge"},
		"LeadFlipped":          {first("leads", flipped), "lead"},
		"ShowFlipped":          {first("show", flipped), "show"},
		"LeadGone":             {first("leads", gone), "1 of kind lead are in the journals but not in the state"},
		"ArrivalGone":          {first("registration_arrivals", gone), "registration_arrivals: 1 of kind registration"},
		"ArrivalTwice":         {first("registration_arrivals", func(v []byte) []byte { return []byte("01STRANGER") }), "registration_arrivals: 1 lines"},
		"HolderGone":           {first("badges_by_holder", gone), "badges_by_holder: 1 of kind badge"},
		"HolderStray":          {stray("badges_by_holder", "\x00\x02R1\x00\x01B1", ""), "badges_by_holder: 1 lines lead to nothing"},
		"ShortCodeGone":        {first("badges_by_code", gone), "badges_by_code: 1 of kind badge"},
		"ShortCodeStray":       {stray("badges_by_code", "\x00\x0aAAAAAAAAAAB1", ""), "badges_by_code: 1 lines lead to nothing"},
		"ClientGone":           {first("leads_by_client", gone), "leads_by_client: 1 of kind lead"},
		"ClientStray":          {stray("leads_by_client", "\x00\x01d\x00\x01cL", ""), "leads_by_client: 1 lines lead to nothing"},
		"LeadArrivalGone":      {first("lead_arrivals", gone), "lead_arrivals: 1 of kind lead"},
		"LeadArrivalStray":     {stray("lead_arrivals", "\x00\x06aurora\x00\x00\x00\x00\x00\x00\x00\x09", "L9"), "lead_arrivals: 1 lines lead to nothing"},
		"PassageFlipped":       {first("passages", flipped), "passage"},
		"PassageGone":          {first("passages", gone), "1 of kind passage are in the journals but not in the state"},
		"PassageOfGateGone":    {first("passages_by_gate", gone), "passages_by_gate: 1 of kind passage"},
		"PassageOfGateStray":   {stray("passages_by_gate", "\x00\x05north0123456789ABCDEF", ""), "passages_by_gate: 1 lines lead to nothing"},
		"PassageOfBadgeGone":   {first("passages_by_badge", gone), "passages_by_badge: 1 of kind passage"},
		"PassageOtherWay":      {first("passages_by_badge", func([]byte) []byte { return []byte{2} }), "passages_by_badge: 1 of kind passage"},
		"FiguresGone":          {first("figures", gone), "figures: 2 registrations are counted as 0"},
		"DayOther":             {first("days", gone), "days: who is on site"},
		"MinuteGone":           {first("minutes", gone), "minutes: they are not"},
		"ContactGone":          {first("contacts", gone), "contacts: 1 lines are missing"},
		"ContactStray":         {stray("contacts", "01234567R9", ""), "contacts: 1 lines lead to nothing"},
		"PersonAlone":          {first("persons", gone), "persons: "},
		"PersonStray":          {stray("persons", "R9", "R8"), "persons: 1 registrations"},
		"BadgeNotLive":         {first("badges_by_holder", func([]byte) []byte { return []byte{0} }), "badges_by_holder: 1 of kind badge"},
		"WholeBucketGone":      {func(tx *bolt.Tx) error { return tx.DeleteBucket([]byte("badges")) }, "1 of kind badge are in the journals"},
		"WholeIndexGone":       {func(tx *bolt.Tx) error { return tx.DeleteBucket([]byte("badges_by_code")) }, "badges_by_code: 1 of kind badge"},
		"EveryJournalGone":     {func(tx *bolt.Tx) error { return tx.DeleteBucket([]byte("journals")) }, "is in no journal"},
		"ForeignKeyInAJournal": {inJournals(func(b *bolt.Bucket) error { return b.Put([]byte("x"), []byte("y")) }), "foreign key"},
		"LastEntryGone":        {inJournals(deleteLast), "is in no journal"},
	} {
		t.Run(name, func(t *testing.T) {
			copied := filepath.Join(t.TempDir(), "hall.db")
			if err := os.WriteFile(copied, sound, 0o600); err != nil {
				t.Fatal(err)
			}
			edit(t, copied, c.damage)
			report, text := problems(t, copied)
			if report.OK() || !strings.Contains(text, c.want) {
				t.Errorf("report = %+v, want %q", report, c.want)
			}
			if strings.Contains(text, "Ida") {
				t.Errorf("the report names a visitor (P8): %s", text)
			}
			if _, again := problems(t, copied); again != text {
				t.Errorf("checked again it says\n%s\nafter\n%s", again, text)
			}
		})
	}
}

func inJournals(f func(*bolt.Bucket) error) func(*bolt.Tx) error {
	return func(tx *bolt.Tx) error {
		nodes := tx.Bucket([]byte("journals"))
		return nodes.ForEachBucket(func(node []byte) error {
			return nodes.Bucket(node).ForEachBucket(func(epoch []byte) error {
				return f(nodes.Bucket(node).Bucket(epoch))
			})
		})
	}
}

func deleteLast(b *bolt.Bucket) error {
	key, _ := b.Cursor().Last()
	return b.Delete(bytes.Clone(key))
}

// P9: each byte of a journal counts; the entries before the damage still do.
func TestCheck_FindsAnyFlippedByteOfAnEntry(t *testing.T) {
	path, k := fullFile(t)
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	entry := func(tx *bolt.Tx) *bolt.Bucket {
		return tx.Bucket([]byte("journals")).Bucket([]byte(k.Node)).Bucket([]byte(k.Epoch))
	}
	const places = 16
	for place := range places {
		copied := filepath.Join(t.TempDir(), "hall.db")
		if err := os.WriteFile(copied, sound, 0o600); err != nil {
			t.Fatal(err)
		}
		edit(t, copied, func(tx *bolt.Tx) error {
			b := entry(tx)
			key, v := b.Cursor().First()
			altered := bytes.Clone(v)
			altered[place*(len(altered)-1)/(places-1)] ^= 1
			return b.Put(bytes.Clone(key), altered)
		})
		report, text := problems(t, copied)
		if report.Verified || !strings.Contains(text, "entry 1") || !strings.Contains(text, "carry that node's journal here again") {
			t.Errorf("place %d of %d: %+v", place, places, report)
		}
	}
}

// A report is read by a person: it ends.
func TestCheck_ReportIsBounded(t *testing.T) {
	path, _ := fullFile(t)
	edit(t, path, func(tx *bolt.Tx) error {
		_, v := tx.Bucket([]byte("registrations")).Cursor().First()
		value := bytes.Clone(v)
		for range 100 {
			if err := tx.Bucket([]byte("registrations")).Put([]byte(record.NewID[record.RegistrationID](time.Now())), value); err != nil {
				return err
			}
		}
		return nil
	})
	if report, _ := problems(t, path); report.OK() || len(report.Problems) != 20 {
		t.Errorf("%d problems, want 20", len(report.Problems))
	}
}
