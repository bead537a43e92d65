package store_test

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"hallpass/badge/token"
	"hallpass/kiosk"
	"hallpass/kiosk/store"
	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/record/contact"
	"hallpass/sync/wire"
)

// paired is a kiosk with a hall.
func paired(t *testing.T) (*store.Store, *hall, string) {
	t.Helper()
	dir := t.TempDir()
	s, h := open(t, dir), newHall()
	h.pair(t, s)
	return s, h, dir
}

func visitor(name string) func(record.FieldName) string {
	return func(field record.FieldName) string {
		return map[record.FieldName]string{"email": name + "@example.org"}[field]
	}
}

// registered is what the hall tells of visitors.
func registered(entries map[string]record.RegistrationID) record.Registered {
	key := bytes.Repeat([]byte{7}, record.DigestKeySize)
	list := record.Registered{Show: "lumen-2027", Key: key, Region: "CN"}
	for name, id := range entries {
		list.Entries = append(list.Entries, record.Digest{Hash: contact.Hash(key, "mailto:"+name+"@example.org"), Registration: id})
	}
	return list
}

func known(t *testing.T, s *store.Store, name string) bool {
	t.Helper()
	got, err := s.Known(t.Context(), visitor(name))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// P2: who has registered anywhere is recognized here, also without a network,
// from the moment on that the hall has told.
func TestKnown(t *testing.T) {
	s, h, dir := paired(t)
	if known(t, s, "ada") {
		t.Error("somebody is known before the hall has told anything")
	}
	h.tell(t, s, registered(map[string]record.RegistrationID{"ada": "R1", "bo": "R2"}))
	e := entry(t, s)
	e.Registration.Fields["email"] = record.Register[string]{Value: "Cy@Example.org", At: e.Registration.Created}
	if _, _, err := s.Add(t.Context(), "", e, record.Tally{}); err != nil {
		t.Fatal(err)
	}
	shut(t, s)
	s = open(t, dir)
	for name, want := range map[string]bool{"ada": true, "bo": true, "cy": true, "dee": false} {
		if got := known(t, s, name); got != want {
			t.Errorf("%s is known: %v, want %v", name, got, want)
		}
	}
}

// P5: a badge that the hall calls void is refused here, whoever printed it, and
// one of our own is taken back.
func TestVoid_ReachesJudgeAndOwnBadge_P5(t *testing.T) {
	s, h, _ := paired(t)
	h.tell(t, s, h.certify(record.Key{Public: s.Key().Public().(ed25519.PublicKey), Node: h.node, Show: "lumen-2027", Made: record.Stamp{Wall: 1, Node: h.node}}, time.Now().Add(-time.Hour)))
	e := add(t, s, "")
	id, err := e.Current().ID.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	text, err := s.SignBadge(token.Claims{Badge: id, Issue: 1, Category: "trade", FirstDay: time.Date(2027, 4, 21, 0, 0, 0, 0, time.UTC), Days: 3})
	if err != nil {
		t.Fatal(err)
	}
	judged := func() token.Reason {
		found, err := s.Judge(t.Context(), text, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		return found.Reason
	}
	if got := judged(); got != token.Genuine {
		t.Fatalf("before: %q", got)
	}
	at := record.Stamp{Wall: time.Now().UnixMilli(), Node: "HALL"}
	void := record.Void{Badge: e.Current().ID, Registration: e.Registration.ID, Show: "lumen-2027", At: at, Reason: "lost"}
	h.tell(t, s, void)
	before := last(t, s)
	h.tell(t, s, void)
	if got := judged(); got != token.Voided {
		t.Errorf("after: %q, want %q", got, token.Voided)
	}
	kept, err := s.Find(t.Context(), e.Registration.ID)
	if b := kept.Current(); err != nil || b.Badge.Now() != record.BadgeVoided || b.Reason.Value != "lost" || b.Steps[len(b.Steps)-1].State != record.BadgeVoided {
		t.Errorf("own badge is %+v, %v", b, err)
	}
	if now := last(t, s); now != before {
		t.Errorf("told again it wrote %d entries", now-before)
	}
}

// P10: an erasure takes a visitor out of journal, state and what finds people,
// leaves nothing of the name in the file's live pages, and gives a receipt.
func TestErasure_P10(t *testing.T) {
	s, h, dir := paired(t)
	const name = "Zhang Example"
	e := entry(t, s)
	e.Registration.Fields["name"] = record.Register[string]{Value: name, At: e.Registration.Created}
	e.Registration.Fields["email"] = record.Register[string]{Value: "zhang@example.org", At: e.Registration.Created}
	h.tell(t, s, registered(map[string]record.RegistrationID{"zhang": e.Registration.ID}))
	if _, _, err := s.Add(t.Context(), "k", e, record.Tally{}); err != nil {
		t.Fatal(err)
	}
	other := add(t, s, "")
	order := record.Erasure{Registration: e.Registration.ID, Show: "lumen-2027", At: record.Stamp{Wall: time.Now().UnixMilli(), Node: "HALL"}}
	h.tell(t, s, order)
	end := last(t, s)
	h.tell(t, s, order, registered(map[string]record.RegistrationID{"zhang": e.Registration.ID}))
	if known(t, s, "zhang") || last(t, s) != end {
		t.Errorf("known again: %v; %d entries more", known(t, s, "zhang"), last(t, s)-end)
	}
	changes, err := s.Changes(t.Context(), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	receipts := 0
	for _, c := range changes {
		if bytes.Contains(c.Payload, []byte(name)) {
			t.Errorf("entry %d still has the name", c.Seq)
		}
		if c.Kind == record.KindErased {
			fact, err := wire.Decode(c.Kind, c.Payload)
			if r, ok := fact.(record.Erased); err != nil || !ok || r.Registration != e.Registration.ID || r.Node != c.Node {
				t.Errorf("receipt %+v, %v", fact, err)
			}
			receipts++
		}
	}
	if receipts != 1 {
		t.Errorf("%d receipts, want 1", receipts)
	}
	kept, err := s.Find(t.Context(), e.Registration.ID)
	if err != nil || kept.Registration.Erased != order.At || len(kept.Registration.Fields) > 0 || kept.Current().Badge.Now() != record.BadgeVoided {
		t.Errorf("kept %+v, %v", kept, err)
	}
	if kept, err := s.Find(t.Context(), other.Registration.ID); err != nil || kept.Registration.Field("name") == "" {
		t.Errorf("the neighbour is %+v, %v", kept, err)
	}
	h.tell(t, s, record.Erasure{Registration: "R-unknown", Show: "lumen-2027", At: order.At})
	if got := last(t, s); got != end+1 {
		t.Errorf("an erasure of somebody unknown wrote %d entries, want its receipt", got-end)
	}
	shut(t, s)
	if _, err := os.Stat(filepath.Join(dir, "kiosk.db")); err != nil {
		t.Fatal(err)
	}
}

func awaited(id record.RegistrationID, code string) record.Registration {
	at := record.Stamp{Wall: 5, Node: "HALL"}
	return record.Registration{
		ID: id, Show: "lumen-2027", Node: "HALL", Created: at, Source: record.SourceImport, Awaited: true, Code: code,
		Fields: map[record.FieldName]record.Register[string]{"name": {Value: "Ada", At: at}},
	}
}

// A pre-registration is found by its code until somebody has come with it, here
// or elsewhere.
func TestExpected(t *testing.T) {
	s, h, _ := paired(t)
	h.tell(t, s, awaited("R1", "EARLY1"), awaited("R2", "EARLY2"), awaited("R3", "EARLY3"))
	find := func(code string, want fault.Code) {
		t.Helper()
		if r, err := s.Expected(t.Context(), code); fault.CodeOf(err) != want || want == "" && r.Field("name") != "Ada" {
			t.Errorf("Expected(%q) = %+v, %v, want %q", code, r, err, want)
		}
	}
	find("early-1", "")
	find("https://example.org/t/EARLY2?x=1", "")
	find("EARLY", fault.NotFound)
	find("EARLY12", fault.NotFound)
	came := entry(t, s)
	came.Registration.ID, came.Badges[0].Registration = "R1", "R1"
	for i, want := range []bool{true, false} {
		_, fresh, err := s.Add(t.Context(), fmt.Sprint("key", i), came, record.Tally{})
		if fresh != want || !want && fault.CodeOf(err) != fault.Conflict {
			t.Errorf("Add %d = %v, %v, want %v", i, fresh, err, want)
		}
	}
	find("EARLY1", fault.Conflict)
	h.tell(t, s, registered(map[string]record.RegistrationID{"ada": "R2"}))
	find("EARLY2", fault.Conflict)
	h.tell(t, s, awaited("R1", "EARLY1"))
	find("EARLY1", fault.Conflict)
	h.tell(t, s, record.Erasure{Registration: "R3", Show: "lumen-2027", At: record.Stamp{Wall: 9, Node: "HALL"}}, awaited("R3", "EARLY3"))
	find("EARLY3", fault.NotFound)
}

var _ kiosk.Guests = (*store.Store)(nil)
