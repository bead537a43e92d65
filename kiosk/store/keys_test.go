package store_test

import (
	"bytes"
	"crypto/ed25519"
	"testing"
	"time"

	"hallpass/badge/token"
	"hallpass/kiosk/store"
	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// hall is the other side as far as keys go: it has a key, and says things in a
// journal of its own.
type hall struct {
	key  ed25519.PrivateKey
	node record.NodeID
	seq  uint64
}

func newHall() *hall {
	return &hall{key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{42}, 32)), node: "01M8000000000000000000000K"}
}

func (h *hall) public() ed25519.PublicKey { return h.key.Public().(ed25519.PublicKey) }

func (h *hall) pair(t testing.TB, s *store.Store) {
	t.Helper()
	err := s.Pair(t.Context(), store.Pairing{URL: "https://hall.example", Node: h.node, Hall: "HALL", HallKey: h.public(), Show: "lumen-2027"})
	if err != nil {
		t.Fatal(err)
	}
}

// raw is the node's id as statements carry it.
func (h *hall) raw() [16]byte {
	raw, err := h.node.Bytes()
	if err != nil {
		panic(err)
	}
	return raw
}

// certify says that a key of the kiosk counts from then on.
func (h *hall) certify(k record.Key, from time.Time, categories ...string) record.Key {
	text, err := token.Certificate{
		Key: k.Public, Node: h.raw(), Show: "lumen-2027", Issued: from, From: from, SignUntil: from.AddDate(0, 0, 7), Until: from.AddDate(0, 0, 30), Categories: categories,
	}.Sign(h.key)
	if err != nil {
		panic(err)
	}
	k.Certificate = record.Register[string]{Value: text, At: record.Stamp{Wall: from.UnixMilli(), Node: "HALL"}}
	return k
}

// tell has the kiosk apply facts of the hall.
func (h *hall) tell(t testing.TB, s *store.Store, facts ...record.Fact) {
	t.Helper()
	var changes []record.Change
	for _, f := range facts {
		h.seq++
		payload, err := wire.Encode(f)
		if err != nil {
			t.Fatal(err)
		}
		changes = append(changes, record.Change{Node: "HALL", Seq: h.seq, Stamp: record.Stamp{Wall: int64(h.seq), Node: "HALL"}, Kind: f.Kind(), Payload: payload, Salt: []byte{1}})
	}
	if err := s.Apply(t.Context(), "E1", changes); err != nil {
		t.Fatal(err)
	}
}

// said returns the keys that the kiosk has told of, the oldest first.
func said(t testing.TB, s *store.Store) (keys []record.Key) {
	t.Helper()
	changes, err := s.Changes(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		if c.Kind != record.KindKey {
			continue
		}
		fact, err := wire.Decode(c.Kind, c.Payload)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, fact.(record.Key))
	}
	return keys
}

// signs returns a badge of that category and the public key that signed it.
func signs(t testing.TB, s *store.Store, category string) (badge string, by ed25519.PublicKey) {
	t.Helper()
	badge, err := s.SignBadge(token.Claims{Badge: [16]byte{1, 0x9A, 9}, Issue: 1, Category: category})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range append(said(t, s), record.Key{Public: s.Key().Public().(ed25519.PublicKey)}) {
		if _, err := token.Open(badge, one(k.Public)); err == nil {
			return badge, k.Public
		}
	}
	t.Fatal("the badge is signed with a key that nobody was told of")
	return "", nil
}

// one is a ring of one key.
type one ed25519.PublicKey

func (o one) PublicKey(token.KeyID) (ed25519.PublicKey, bool) { return ed25519.PublicKey(o), true }

func identity(s *store.Store) ed25519.PublicKey { return s.Key().Public().(ed25519.PublicKey) }

// P2, P5: a new key signs from the hall's certificate on, also after a restart;
// until then, and without a hall, the old one does. Badges of both count.
func TestRotate_SignsOnceCertified_P5(t *testing.T) {
	dir, h := t.TempDir(), newHall()
	s := open(t, dir)
	if err := s.Rotate(t.Context()); err == nil {
		t.Error("a kiosk without a hall has made a key")
	}
	h.pair(t, s)
	for range 2 { // the second time one is waiting
		if err := s.Rotate(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	keys := said(t, s)
	if len(keys) != 1 || !wire.KeyProven(keys[0]) || keys[0].Node != h.node {
		t.Fatalf("the kiosk tells of %+v, want one proven key", keys)
	}
	first, by := signs(t, s, "trade")
	if !by.Equal(identity(s)) {
		t.Error("a key signs that the hall has not certified")
	}
	now := time.Now()
	h.tell(t, s, h.certify(record.Key{Public: identity(s), Node: h.node, Show: "lumen-2027"}, now), h.certify(keys[0], now))
	second, by := signs(t, s, "trade")
	if !by.Equal(ed25519.PublicKey(keys[0].Public)) {
		t.Error("the certified key does not sign")
	}
	for restart := range 2 {
		if found, err := s.Judge(t.Context(), first, now); err != nil || found.Reason != token.Genuine {
			t.Errorf("restart %d: a badge of the old key: %+v, %v", restart, found, err)
		}
		if found, err := s.Judge(t.Context(), second, now); err != nil || found.Reason != token.Genuine {
			t.Errorf("restart %d: a badge of the new key: %+v, %v", restart, found, err)
		}
		if _, by = signs(t, s, "trade"); !by.Equal(ed25519.PublicKey(keys[0].Public)) {
			t.Errorf("restart %d: another key signs", restart)
		}
		if beside, err := store.LoadKey(dir); err != nil || !bytes.Equal(beside.Public().(ed25519.PublicKey), keys[0].Public) {
			t.Errorf("restart %d: kiosk badge beside it signs with another key, %v", restart, err)
		}
		shut(t, s)
		s = open(t, dir)
	}
	// A restored hall tells everything again; the key that signs stays.
	h.seq = 0
	h.tell(t, s, h.certify(record.Key{Public: identity(s), Node: h.node, Show: "lumen-2027"}, now), h.certify(keys[0], now))
	if _, by = signs(t, s, "trade"); !by.Equal(ed25519.PublicKey(keys[0].Public)) {
		t.Error("after the hall was restored another key signs")
	}
}

// The hall's wish for another key is done in the transaction that hears it, and
// sent at once.
func TestApply_RetiredKeyIsReplaced(t *testing.T) {
	s, h := open(t, t.TempDir()), newHall()
	h.pair(t, s)
	now := time.Now()
	own := h.certify(record.Key{Public: identity(s), Node: h.node, Show: "lumen-2027"}, now)
	h.tell(t, s, own)
	drain(s)
	own.Retired = record.Stamp{Wall: now.UnixMilli(), Node: "HALL"}
	h.tell(t, s, own)
	keys := said(t, s)
	if len(keys) != 1 {
		t.Fatalf("%d keys made, want one", len(keys))
	}
	select {
	case <-s.Wake():
	default:
		t.Error("the link is not told to send it")
	}
	// Certified and retired at once, as a kiosk hears it that was away: that key
	// signs, and the next one is made.
	next := h.certify(keys[0], now)
	next.Retired = record.Stamp{Wall: now.UnixMilli() + 1, Node: "HALL"}
	h.tell(t, s, next)
	if _, by := signs(t, s, "trade"); !by.Equal(ed25519.PublicKey(keys[0].Public)) || len(said(t, s)) != 2 {
		t.Errorf("%d keys made, want another and the certified one to sign", len(said(t, s)))
	}
}

func drain(s *store.Store) {
	select {
	case <-s.Wake():
	default:
	}
}

// A key is replaced a day before its time is over, once, and never by a kiosk
// whose clock runs away more than once a day; an old key goes on signing (P2).
func TestRotateIfDue(t *testing.T) {
	now := time.Now()
	s, err := store.Open(t.TempDir(), store.Options{Show: sampleShow("lumen-2027"), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, s) })
	h := newHall()
	due := func(want bool, when string) {
		t.Helper()
		if made, err := s.RotateIfDue(t.Context()); made != want || err != nil {
			t.Errorf("%s: made %v, %v, want %v", when, made, err, want)
		}
	}
	due(false, "alone")
	h.pair(t, s)
	due(false, "before the hall's first word")
	begin := now
	h.tell(t, s, h.certify(record.Key{Public: identity(s), Node: h.node, Show: "lumen-2027"}, begin))
	now = begin.Add(6*24*time.Hour - time.Minute)
	due(false, "six days later")
	now = begin.Add(6*24*time.Hour + time.Minute)
	due(true, "a day before its end")
	due(false, "a moment later")
	now = begin.AddDate(0, 0, 20)
	due(false, "long after, without a hall")
	if _, by := signs(t, s, "trade"); !by.Equal(identity(s)) {
		t.Error("without a hall the old key does not sign any more")
	}
	h.tell(t, s, h.certify(said(t, s)[0], begin)) // by the hall's clock it is over already
	due(true, "a new key whose time is over")
	h.tell(t, s, h.certify(said(t, s)[1], begin))
	due(false, "again within a day")
}

// A kiosk signs only what its certificate allows.
func TestSignBadge_CategoriesOfTheCertificate(t *testing.T) {
	s, h := open(t, t.TempDir()), newHall()
	h.pair(t, s)
	signs(t, s, "vip") // until the hall says otherwise
	if !s.Show().Categories[0].Self {
		t.Error("visitors cannot choose trade")
	}
	h.tell(t, s, h.certify(record.Key{Public: identity(s), Node: h.node, Show: "lumen-2027"}, time.Now().Add(-time.Second), "vip"))
	if s.Show().Categories[0].Self {
		t.Error("visitors may choose a category that this kiosk cannot print")
	}
	h.tell(t, s, h.certify(record.Key{Public: identity(s), Node: h.node, Show: "lumen-2027"}, time.Now(), "public", "trade"))
	signs(t, s, "trade")
	if _, err := s.SignBadge(token.Claims{Issue: 1, Category: "vip"}); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("signs a badge that nobody would take: %v", err)
	}
}

// P9: words that the hall has not signed, or about another show, change nothing.
func TestApply_OtherHallsKeysAreNoWord(t *testing.T) {
	s, h, other := open(t, t.TempDir()), newHall(), newHall()
	h.pair(t, s)
	if err := s.Rotate(t.Context()); err != nil {
		t.Fatal(err)
	}
	key := said(t, s)[0]
	other.key = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{43}, 32))
	elsewhere := h.certify(key, time.Now())
	elsewhere.Show = "lamps-2027"
	h.tell(t, s, other.certify(key, time.Now()), elsewhere)
	if _, by := signs(t, s, "trade"); !by.Equal(identity(s)) {
		t.Error("a key signs that another hall has certified")
	}
	if at, err := s.Standing(t.Context()); err != nil || at.Aside != 1 {
		t.Errorf("aside = %d, %v, want the other show's", at.Aside, err)
	}
	alone := open(t, t.TempDir())
	badge, err := alone.SignBadge(token.Claims{Issue: 1, Category: "trade"})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]token.Reason{badge: token.Genuine, badge[:147] + ":::": token.Forged} {
		if found, err := alone.Judge(t.Context(), text, time.Now()); err != nil || found.Reason != want {
			t.Errorf("alone: %q, %v, want %q", found.Reason, err, want)
		}
	}
}

// P5: a revocation that another kiosk hears of voids badges there too, offline.
func TestJudge_KnowsOfRevokedKiosks_P5(t *testing.T) {
	s, h := open(t, t.TempDir()), newHall()
	h.pair(t, s)
	now := time.Now()
	stolen := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, 32))
	node := record.NewID[record.NodeID](now)
	raw, err := node.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	thief := *h
	thief.node = node
	h.tell(t, s, thief.certify(record.Key{Public: stolen.Public().(ed25519.PublicKey), Node: node, Show: "lumen-2027"}, now.Add(-time.Hour)))
	badge, err := token.Sign(stolen, token.Claims{Badge: raw, Issue: 1, Category: "trade"})
	if err != nil {
		t.Fatal(err)
	}
	if found, err := s.Judge(t.Context(), badge, now); err != nil || found.Reason != token.Genuine {
		t.Errorf("before: %+v, %v", found, err)
	}
	h.tell(t, s, h.revocation(node, now.Add(-time.Minute), false))
	if found, err := s.Judge(t.Context(), badge, now); err != nil || found.Reason != token.Revoked {
		t.Errorf("after: %+v, %v", found, err)
	}
}

func (h *hall) revocation(node record.NodeID, since time.Time, all bool) record.Revocation {
	raw, err := node.Bytes()
	if err != nil {
		panic(err)
	}
	text, err := token.Revocation{Node: raw, Show: "lumen-2027", At: since.Add(time.Minute), Since: since, All: all}.Sign(h.key)
	if err != nil {
		panic(err)
	}
	return record.Revocation{Node: node, Show: "lumen-2027", At: record.Stamp{Wall: since.Add(time.Minute).UnixMilli(), Node: "HALL"}, Since: since.Unix(), All: all, Statement: text}
}
