package store

import (
	"encoding/binary"
	"encoding/json"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

var (
	bucketMeta        = []byte("meta")
	bucketJournals    = []byte("journals")
	bucketForks       = []byte("forks")
	bucketShow        = []byte("show")
	bucketVisitors    = []byte("registrations")
	bucketVisitorLog  = []byte("registration_arrivals")
	bucketBadges      = []byte("badges")
	bucketBadgeHolder = []byte("badges_by_holder")
	bucketBadgeCode   = []byte("badges_by_code")
	bucketLeads       = []byte("leads")
	bucketLeadLog     = []byte("lead_arrivals")
	bucketLeadClient  = []byte("leads_by_client")
	bucketRefused     = []byte("quarantine")
	bucketRefusedKeys = []byte("quarantine_keys")
	bucketNodes       = []byte("nodes")
	bucketDevices     = []byte("devices")
	bucketCodes       = []byte("codes")
	bucketUsers       = []byte("users")
	bucketSessions    = []byte("sessions")
	bucketKeys        = []byte("keys")
	bucketBadgeKeys   = []byte("badge_keys")
	bucketRevoked     = []byte("revocations")
	bucketVersions    = []byte("versions")
	bucketConflicts   = []byte("conflicts")
	bucketDecisions   = []byte("decisions")
	bucketDecidedOn   = []byte("decisions_by_registration")
	bucketErasures    = []byte("erasures")
	bucketReceipts    = []byte("erasure_receipts")

	bucketPassages     = []byte("passages")
	bucketPassageGate  = []byte("passages_by_gate")
	bucketPassageBadge = []byte("passages_by_badge")

	bucketFigures  = []byte("figures")
	bucketDays     = []byte("days")
	bucketMinutes  = []byte("minutes")
	bucketContacts = []byte("contacts")
	bucketPersons  = []byte("persons")
	bucketMembers  = []byte("persons_members")

	keyFormat   = []byte("format")
	keySelf     = []byte("self")
	keyCurrent  = []byte("current")
	keyContacts = []byte("contacts")
	keyLog      = []byte("intake")  // which log belongs to the file
	keyApplied  = []byte("applied") // the last of its frames that the file holds
	keyTold     = []byte("told")    // up to which arrival kiosks know who has registered
)

// compound writes a composite key. All parts but the last have their length
// first, so that no two lists of parts give one key.
func compound(parts ...string) []byte {
	var key []byte
	for _, part := range parts[:len(parts)-1] {
		key = binary.BigEndian.AppendUint16(key, uint16(len(part)))
		key = append(key, part...)
	}
	return append(key, parts[len(parts)-1]...)
}

func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// inOrder are the buckets whose keys come nearly in order, because they begin
// with an id that does.
var inOrder = [][]byte{bucketVisitors, bucketBadges, bucketBadgeHolder, bucketLeads, bucketPassages, bucketContacts}

// fillInOrder has a transaction leave little room in pages that nothing will be
// inserted into: bbolt's half would make the file half as large again.
func fillInOrder(tx *bolt.Tx) {
	for _, name := range inOrder {
		tx.Bucket(name).FillPercent = 0.9
	}
}

// place reads the number at the end of a key.
func place(key []byte) uint64 { return binary.BigEndian.Uint64(key[len(key)-8:]) }

// next makes the bucket's next place; places only grow.
func next(b *bolt.Bucket) (uint64, error) {
	b.FillPercent = 0.9 // appended to, never inserted into
	n, err := b.NextSequence()
	if err != nil {
		return 0, fmt.Errorf("next place: %w", err)
	}
	return n, nil
}

func putJSON(b *bolt.Bucket, key []byte, form any) error {
	data, err := json.Marshal(form)
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	return b.Put(key, data)
}

// getJSON fails with hall.ErrNone if there is no such key.
func getJSON[F any](b *bolt.Bucket, key []byte) (form F, err error) {
	data := b.Get(key)
	if data == nil {
		return form, hall.ErrNone
	}
	if err := json.Unmarshal(data, &form); err != nil {
		return form, fmt.Errorf("decode entry: %w", err)
	}
	return form, nil
}

// getFact fails with hall.ErrNone if there is no such key.
func getFact[F record.Fact](b *bolt.Bucket, key []byte) (fact F, err error) {
	data := b.Get(key)
	if data == nil {
		return fact, hall.ErrNone
	}
	decoded, err := wire.Decode(fact.Kind(), data)
	if err != nil {
		return fact, fmt.Errorf("decode %s: %w", fact.Kind(), err)
	}
	return decoded.(F), nil
}
