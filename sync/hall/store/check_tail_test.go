package store_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall/store"
)

// P11: a start finds what is damaged at the end of a journal, or missing in the
// state, says where and what can be done, and alters nothing.
func TestCheckEnds(t *testing.T) {
	path, k := fullFile(t)
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	kioskLast := func(change func(v []byte) []byte) func(*bolt.Tx) error {
		return func(tx *bolt.Tx) error {
			b := tx.Bucket([]byte("journals")).Bucket([]byte(k.Node)).Bucket([]byte(k.Epoch))
			key, v := b.Cursor().Last()
			return b.Put(bytes.Clone(key), change(bytes.Clone(v)))
		}
	}
	for name, c := range map[string]struct {
		damage func(*bolt.Tx) error
		want   string
	}{
		"Sound":            {func(*bolt.Tx) error { return nil }, ""},
		"LastFlipped":      {kioskLast(flipped), "entry 6: entry is damaged: wrong checksum; carry that node's journal here again"},
		"OwnFlipped":       {inJournals(func(b *bolt.Bucket) error { return b.Put([]byte{0, 0, 0, 0, 0, 0, 0, 1}, []byte("?")) }), "it is the hall's own; restore a backup"},
		"RegistrationGone": {first("registrations", gone), "the state does not hold what it says"},
		"BadgeFlipped":     {first("badges", flipped), "the state does not hold what it says"},
		"LeadGone":         {first("leads", gone), "the state does not hold what it says"},
		"ShowGone":         {first("show", gone), ""}, // a hall without a show does not start
	} {
		t.Run(name, func(t *testing.T) {
			copied := filepath.Join(t.TempDir(), "hall.db")
			if err := os.WriteFile(copied, sound, 0o600); err != nil {
				t.Fatal(err)
			}
			edit(t, copied, c.damage)
			s, err := store.Open(copied)
			if err != nil {
				t.Fatal(err)
			}
			report, err := s.CheckEnds(t.Context())
			if err := errors.Join(err, s.Close()); err != nil {
				t.Fatal(err)
			}
			text := strings.Join(report.Problems, "\n")
			if report.OK() != (c.want == "") || !strings.Contains(text, c.want) || strings.Contains(text, "Ida") {
				t.Errorf("report = %+v, want %q", report, c.want)
			}
		})
	}
}
