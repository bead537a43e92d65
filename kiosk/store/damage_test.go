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

	"hallpass/kiosk/store"
)

// reopened is what a check finds before the kiosk is started again.
func reopened(t *testing.T, dir string) store.Report {
	t.Helper()
	report, err := store.Inspect(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func firstLine(bucket string, change func(value []byte) []byte) func(*bolt.Tx) error {
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

func line(bucket, key, value string) func(*bolt.Tx) error {
	return func(tx *bolt.Tx) error { return tx.Bucket([]byte(bucket)).Put([]byte(key), []byte(value)) }
}

// P11: whatever is altered behind the kiosk's back, the check names the place
// and nobody.
func TestCheck_NamesEveryKindOfDamage(t *testing.T) {
	sound := t.TempDir()
	s := open(t, sound)
	e := add(t, s, "key-1")
	shut(t, s)
	if report := reopened(t, sound); !report.OK || !report.Verified || report.Facts != 2 {
		t.Fatalf("a sound folder: %+v", report)
	}
	id := string(e.Registration.ID)
	for name, c := range map[string]struct {
		damage func(*bolt.Tx) error
		want   string
	}{
		"RegistrationFlipped": {firstLine("registrations", flipped), "registration " + id},
		"BadgeFlipped":        {firstLine("badges", flipped), "badge of " + id},
		"BadgeGone":           {firstLine("badges", gone), "registration " + id + " has no badge"},
		"BadgeOfNobody":       {copyBadge, "belongs to no registration"},
		"ShortCodeGone":       {firstLine("short", gone), "1 badges are not found by their short code"},
		"ShortCodeStray":      {line("short", "AAAAAAAAAA"+id, ""), "1 short codes lead to nothing"},
		"QueueGone":           {firstLine("queue", gone), "its place in the print queue says otherwise"},
		"QueueStray":          {line("queue", "01JAAAAAAAAAAAAAAAAAAAAAAA", id), "1 places in the print queue lead to nothing"},
		"PlaceGone":           {firstLine("places", gone), "1 journal entries are not found by their registration"},
		"PlaceStray":          {line("places", id+"\x00\x00\x00\x00\x00\x00\x00\x09", ""), "1 places lead to nothing"},
		"KeyStray":            {line("keys", "key-2", "01JAAAAAAAAAAAAAAAAAAAAAAA"), "1 idempotency keys lead to nothing"},
		"AckedTooMuch":        {line("meta", "acked", "\x00\x00\x00\x00\x00\x00\x00\x03"), "the hall acknowledged change 3 of 2"},
		"JournalGone":         {func(tx *bolt.Tx) error { return tx.DeleteBucket([]byte("journal")) }, "is not in the journal"},
		"JournalHole":         {firstLine("journal", gone), "journal entry 1: it is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := copyFolder(t, sound)
			alter(t, dir, c.damage)
			report := reopened(t, dir)
			text := strings.Join(report.Problems, "\n")
			if report.OK || !strings.Contains(text, c.want) {
				t.Errorf("report = %+v, want %q", report, c.want)
			}
			if strings.Contains(text, "林晓") {
				t.Errorf("the report names a visitor (P8): %s", text)
			}
		})
	}
}

// copyBadge gives a badge's line to a registration that is not there.
func copyBadge(tx *bolt.Tx) error {
	_, v := tx.Bucket([]byte("badges")).Cursor().First()
	value := bytes.Clone(v)
	k, _ := tx.Bucket([]byte("registrations")).Cursor().First()
	return errors.Join(
		tx.Bucket([]byte("registrations")).Delete(bytes.Clone(k)),
		tx.Bucket([]byte("badges")).Put([]byte("01JAAAAAAAAAAAAAAAAAAAAAAA\x00\x01"), value))
}

// copyFolder copies a folder that then takes itself for the original.
func copyFolder(t *testing.T, from string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	alter(t, dir, func(tx *bolt.Tx) error { return tx.Bucket([]byte("redo")).Delete([]byte("home")) })
	return dir
}

// Any flipped byte of any entry but the last is found by its number, and what
// stands before it still counts.
func TestCheck_FindsAnyFlippedByteOfAnEntry(t *testing.T) {
	sound := t.TempDir()
	s := open(t, sound)
	add(t, s, "")
	shut(t, s)
	const places = 16
	for place := range places {
		dir := copyFolder(t, sound)
		alter(t, dir, firstLine("journal", func(v []byte) []byte {
			v[place*(len(v)-1)/(places-1)] ^= 1
			return v
		}))
		if report := reopened(t, dir); report.Verified || report.OK || !strings.Contains(strings.Join(report.Problems, "\n"), "journal entry 1: ") {
			t.Errorf("place %d of %d: %+v", place, places, report)
		}
	}
}

// P9: a folder that cannot be used as it is gets a sentence with what to do,
// never a crash, and is left as it was.
func TestOpen_RefusesALostPart(t *testing.T) {
	sound := t.TempDir()
	s := open(t, sound)
	add(t, s, "")
	shut(t, s)
	drop := func(bucket string) func(*bolt.Tx) error {
		return func(tx *bolt.Tx) error { return tx.DeleteBucket([]byte(bucket)) }
	}
	unset := func(key string) func(*bolt.Tx) error {
		return func(tx *bolt.Tx) error { return tx.Bucket([]byte("meta")).Delete([]byte(key)) }
	}
	for name, c := range map[string]struct {
		damage func(*bolt.Tx) error
		want   string
	}{
		"Registrations": {drop("registrations"), "data file has lost its registrations; put back a backup or set -data"},
		"Badges":        {drop("badges"), "lost its badges"},
		"Short":         {drop("short"), "lost its short"},
		"Keys":          {drop("keys"), "lost its keys"},
		"Queue":         {drop("queue"), "lost its queue"},
		"Aside":         {drop("aside"), "lost its aside"},
		"Places":        {drop("places"), "lost its places"},
		"Meta":          {drop("meta"), "this is no kiosk's data file; set -data"},
		"Version":       {unset("version"), "data file has no version; put back a backup"},
		"Node":          {unset("node"), "data file has no node; put back a backup"},
		"Epoch":         {unset("epoch"), "data file has no node; put back a backup"},
		"Key":           {unset("public_key"), "kiosk.key is not the key of this data file"},
		"Show":          {line("meta", "show", "\xff"), "read the hall's show"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := copyFolder(t, sound)
			alter(t, dir, c.damage)
			before, err := os.ReadFile(filepath.Join(dir, "kiosk.db"))
			if err != nil {
				t.Fatal(err)
			}
			if s, err := store.Open(dir, store.Options{Wait: time.Second}); err == nil {
				t.Errorf("it was opened; %v", s.Close())
			} else if !strings.Contains(err.Error(), c.want) {
				t.Errorf("Open = %v, want %q", err, c.want)
			}
			after, err := os.ReadFile(filepath.Join(dir, "kiosk.db"))
			if err != nil || len(after) != len(before) {
				t.Errorf("the file has %d bytes, had %d, %v", len(after), len(before), err)
			}
		})
	}
}
