package store_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk"
	"hallpass/kiosk/store"
	"hallpass/sync/carry"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// saved writes what can be saved of a closed folder, and reads it as a hall does:
// all facts merged, by id.
func saved(t *testing.T, dir string) (carry.Head, map[string][]byte) {
	t.Helper()
	var out bytes.Buffer
	err := store.Look(dir, func(s *store.Store) error {
		_, err := s.Export(t.Context(), &out, store.ExportOrder{Damaged: true})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	file, err := carry.Open(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	people, badges := map[record.RegistrationID]record.Registration{}, map[record.BadgeID]record.Badge{}
	err = file.Each(func(b wire.Batch) error {
		for _, c := range b.Changes {
			fact, err := wire.Decode(c.Kind, c.Payload)
			if err != nil {
				t.Errorf("change %d of %s: %v", c.Seq, c.Epoch, err)
			}
			switch f := fact.(type) {
			case record.Registration:
				if old, ok := people[f.ID]; ok {
					f = record.MergeRegistrations(old, f)
				}
				people[f.ID] = f
			case record.Badge:
				if old, ok := badges[f.ID]; ok {
					f = record.MergeBadges(old, f)
				}
				badges[f.ID] = f
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	facts := map[string][]byte{}
	for id, r := range people {
		facts[string(id)] = bytesOf(t, r)
	}
	for id, b := range badges {
		facts[string(id)] = bytesOf(t, b)
	}
	return file.Head, facts
}

func bytesOf(t *testing.T, f record.Fact) []byte {
	t.Helper()
	payload, err := wire.Encode(f)
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

// wants is what a kiosk has told people.
func wants(t *testing.T, entries []kiosk.Entry) map[string][]byte {
	t.Helper()
	facts := map[string][]byte{}
	for _, e := range entries {
		facts[string(e.Registration.ID)] = bytesOf(t, e.Registration)
		for _, b := range e.Badges {
			facts[string(b.ID)] = bytesOf(t, b.Badge)
		}
	}
	return facts
}

func sameFacts(t *testing.T, what string, got, want map[string][]byte) {
	t.Helper()
	for id, fact := range want {
		if !bytes.Equal(got[id], fact) {
			t.Errorf("%s: %s is not in the file as it stands", what, id)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s: %d facts in the file, want %d", what, len(got), len(want))
	}
}

func entryOf(seq uint64, change func([]byte) []byte) func(*bolt.Tx) error {
	return func(tx *bolt.Tx) error {
		b, key := tx.Bucket([]byte("journal")), binary.BigEndian.AppendUint64(nil, seq)
		if value := change(bytes.Clone(b.Get(key))); value != nil {
			return b.Put(key, value)
		}
		return b.Delete(key)
	}
}

// P1, P11: whichever entry of the journal is damaged or missing, all that people
// were told is in the file for the hall, and the file says which entry is lost.
func TestExport_OfADamagedJournal(t *testing.T) {
	sound := t.TempDir()
	s := open(t, sound)
	want := wants(t, fill(t, s, 4))
	n := last(t, s)
	shut(t, s)
	head, facts := saved(t, sound)
	sameFacts(t, "sound", facts, want)
	if len(head.Parts) != 1 || head.Parts[0].Last != n || len(head.Lost) > 0 {
		t.Errorf("of a sound journal: %+v", head)
	}
	for name, how := range map[string]func([]byte) []byte{"Flipped": flipped, "Gone": gone} {
		for seq := uint64(1); seq <= n; seq++ {
			if name == "Gone" && seq == n {
				continue // then the journal is shorter, and nobody can know
			}
			dir := copyFolder(t, sound)
			alter(t, dir, entryOf(seq, how))
			head, facts := saved(t, dir)
			sameFacts(t, name, facts, want)
			if len(head.Parts) != 2 || head.Parts[0].Last != seq-1 || len(head.Lost) != 1 || head.Lost[0].First != seq || head.Lost[0].Last != seq {
				t.Errorf("%s %d: %+v", name, seq, head)
			}
		}
	}
}

// A start also notices that the data lack what the journal's end says.
func TestOpen_ComparesTheEnd(t *testing.T) {
	sound := t.TempDir()
	s := open(t, sound)
	e := add(t, s, "")
	if s.Damage() != "" {
		t.Errorf("damage = %q", s.Damage())
	}
	shut(t, s)
	for name, damage := range map[string]func(*bolt.Tx) error{
		"RegistrationGone": firstLine("registrations", gone), "BadgeGone": firstLine("badges", gone),
		"RegistrationFlipped": firstLine("registrations", flipped), "PlaceGone": firstLine("places", gone),
	} {
		dir := copyFolder(t, sound)
		alter(t, dir, damage)
		s, err := store.Open(dir, store.Options{Wait: time.Second})
		if err != nil {
			t.Fatal(err)
		}
		if said := s.Damage(); !strings.Contains(said, "the data do not hold what journal entry") || !strings.Contains(said, string(e.Registration.ID)) {
			t.Errorf("%s: %q", name, said)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// What is lost in the journal and in the data is lost; the rest is in the file.
func TestExport_OfDamagedData(t *testing.T) {
	sound := t.TempDir()
	s := open(t, sound)
	kept := fill(t, s, 3)
	shut(t, s)
	alter(t, sound, entryOf(1, flipped))
	alter(t, sound, firstLine("registrations", gone))
	_, facts := saved(t, sound)
	want := wants(t, kept)
	delete(want, string(kept[0].Registration.ID))
	sameFacts(t, "two damages", facts, want)
}
