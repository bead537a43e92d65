// Package halltest owns what the tests of the hall share: a made-up show, a
// kiosk that speaks the protocol over a real websocket, and the suite that every
// hall.Log must pass. It writes no files and is not part of any program.
package halltest

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"hallpass/badge/token"
	"hallpass/sync/hall"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// Kiosk keeps a journal in memory. It makes the chain itself, from the
// description in package journal, so that the two check each other.
type Kiosk struct {
	Node    record.NodeID
	Epoch   record.Epoch
	Key     ed25519.PrivateKey
	Changes []record.Change

	show  record.ShowID
	clock *record.Clock
	chain [32]byte
}

// NewKiosk returns a kiosk with a key and an empty journal.
func NewKiosk(show record.ShowID) *Kiosk {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	k := &Kiosk{Node: record.NewID[record.NodeID](time.Now()), Key: key, show: show}
	k.clock = &record.Clock{Node: k.Node}
	k.NewDisk()
	return k
}

// NewDisk starts another life of the kiosk's disk.
func (k *Kiosk) NewDisk() {
	k.Epoch = record.NewID[record.Epoch](time.Now())
	k.Changes = nil
	k.chain = k.begin()
}

// Resume has the kiosk go on after these changes of its own.
func (k *Kiosk) Resume(changes []record.Change) {
	k.Changes, k.chain = changes, k.begin()
	if n := len(changes); n > 0 {
		k.chain = changes[n-1].Chain
		k.clock.Observe(changes[n-1].Stamp)
	}
}

// begin is the chain before the first change.
func (k *Kiosk) begin() [32]byte {
	return sha256.Sum256([]byte("hallpass journal v1" + string(k.Node) + string(k.Epoch)))
}

// Tick is the kiosk's clock.
func (k *Kiosk) Tick() record.Stamp { return k.clock.Tick() }

// After is the kiosk's clock for what replaces something of stamp s.
func (k *Kiosk) After(s record.Stamp) record.Stamp { return k.clock.After(s) }

// Paired is the kiosk as the hall's store keeps it.
func (k *Kiosk) Paired() hall.Node {
	public, _ := k.Key.Public().(ed25519.PublicKey)
	return hall.Node{ID: k.Node, Name: "Entrance " + string(k.Node[len(k.Node)-4:]), Key: public, Paired: time.Now()}
}

// Pair puts the kiosk into a store past the hall's rules.
func (k *Kiosk) Pair(t testing.TB, store hall.Nodes) {
	t.Helper()
	code := hall.Code{Text: string(wire.NewPairingCode()), Name: "Entrance", Expires: time.Now().Add(time.Hour)}
	if err := store.PutCode(t.Context(), code); err != nil {
		t.Fatal(err)
	}
	if err := store.RedeemKiosk(t.Context(), code.Text, k.Paired()); err != nil {
		t.Fatal(err)
	}
}

// Say adds facts to the journal and returns the last one's change.
func (k *Kiosk) Say(facts ...record.Fact) record.Change {
	var last record.Change
	for _, fact := range facts {
		payload, err := wire.Encode(fact)
		if err != nil {
			panic(fmt.Sprintf("halltest: %v", err))
		}
		last = k.SayBytes(fact.Kind(), payload)
	}
	return last
}

// SayBytes adds what need not be a fact.
func (k *Kiosk) SayBytes(kind record.Kind, payload []byte) record.Change {
	c := record.Change{
		Node: k.Node, Epoch: k.Epoch, Seq: uint64(len(k.Changes) + 1), Stamp: k.Tick(),
		Kind: kind, Payload: payload, Salt: make([]byte, 16),
	}
	rand.Read(c.Salt) // never fails
	header := text(nil, string(c.Node))
	header = text(header, string(c.Epoch))
	header = binary.BigEndian.AppendUint64(header, c.Seq)
	header = binary.BigEndian.AppendUint64(header, uint64(c.Stamp.Wall))
	header = binary.BigEndian.AppendUint32(header, c.Stamp.Counter)
	header = text(header, string(c.Stamp.Node))
	header = text(header, string(kind))
	h := sha256.New()
	h.Write(c.Salt)
	h.Write(header)
	h.Write(payload)
	c.Digest = [32]byte(h.Sum(nil))
	k.chain = sha256.Sum256(append(k.chain[:], c.Digest[:]...))
	c.Chain = k.chain
	k.Changes = append(k.Changes, c)
	return c
}

func text(b []byte, s string) []byte {
	b = binary.BigEndian.AppendUint16(b, uint16(len(s)))
	return append(b, s...)
}

// Visitor is a registration with these fields, agreed to be shown.
func (k *Kiosk) Visitor(fields map[record.FieldName]string) record.Registration {
	at := k.Tick()
	r := record.Registration{
		ID: record.NewID[record.RegistrationID](time.Now()), Show: k.show, Node: k.Node, Created: at, Source: record.SourceTyped,
		Category: record.Register[record.CategoryID]{Value: "trade", At: at},
		Fields:   map[record.FieldName]record.Register[string]{},
		Consents: map[record.ConsentID]record.Consent{"card": {Given: true, Version: 1, At: at}},
	}
	for name, value := range fields {
		r.Fields[name] = record.Register[string]{Value: value, At: at}
	}
	return r
}

// Badge is an issue of a registration, and the token that is printed on it.
func (k *Kiosk) Badge(r record.Registration, issue uint16, state record.BadgeState) (record.Badge, string) {
	at := k.Tick()
	b := record.Badge{
		ID: record.NewID[record.BadgeID](time.Now()), Registration: r.ID, Show: k.show, Node: k.Node, Issue: issue,
		Category: r.Category.Value, State: record.Register[record.BadgeState]{Value: state, At: at},
	}
	id, err := b.ID.Bytes()
	if err != nil {
		panic(err)
	}
	b.ShortCode = token.ShortCode(id)
	text, err := token.Sign(k.Key, token.Claims{Badge: id, Issue: issue, Category: string(b.Category), FirstDay: time.Date(2027, 4, 21, 0, 0, 0, 0, time.UTC), Days: 4})
	if err != nil {
		panic(err)
	}
	return b, text
}

// Passage is a scan of a badge now, let through.
func (k *Kiosk) Passage(b record.Badge, gate record.GateID, way record.Direction) record.Passage {
	at := k.Tick()
	client := fmt.Sprint(at.Counter) // one tick, one scan
	return record.Passage{
		ID: record.PassageIDOf(at.Time(), record.DeviceID(k.Node), client), Show: k.show, Gate: gate, Device: record.DeviceID(k.Node),
		Badge: b.ID, Issue: b.Issue, Direction: way, At: at.Time(),
	}
}

// Dial connects and says hello; url is the hall's link, ws:// or wss://.
func (k *Kiosk) Dial(ctx context.Context, url string, trust *tls.Config) (*wire.Conn, wire.Welcome, error) {
	conn, header, err := wire.Dial(ctx, url, trust)
	if err != nil {
		return nil, wire.Welcome{}, err
	}
	welcome, err := k.Hello(ctx, conn, header.Get(wire.NonceHeader))
	if err != nil {
		return nil, welcome, fmt.Errorf("hello: %w (close: %v)", err, conn.Close(1000, ""))
	}
	return conn, welcome, nil
}

// Hello proves the kiosk and returns the hall's answer.
func (k *Kiosk) Hello(ctx context.Context, conn *wire.Conn, header string) (wire.Welcome, error) {
	nonce, err := wire.ParseNonce(header)
	if err != nil {
		return wire.Welcome{}, err
	}
	err = conn.Send(ctx, wire.Hello{
		Protocol: wire.Protocol, Node: k.Node, Epoch: k.Epoch, Show: k.show, Version: "test",
		Last:  record.Cursor{Epoch: k.Epoch, Seq: uint64(len(k.Changes))},
		Proof: wire.ProveLink(k.Key, nonce, k.Node), Now: time.Now().UnixMilli(),
	})
	if err != nil {
		return wire.Welcome{}, err
	}
	frame, err := conn.Receive(ctx)
	if err != nil {
		return wire.Welcome{}, err
	}
	switch f := frame.(type) {
	case wire.Welcome:
		return f, nil
	case wire.Bye:
		return wire.Welcome{}, Refused{f}
	}
	return wire.Welcome{}, fmt.Errorf("a %T instead of a welcome", frame)
}

// Refused is a Bye as an error.
type Refused struct{ Bye wire.Bye }

// Error gives the code and the sentence.
func (r Refused) Error() string { return r.Bye.Code + ": " + r.Bye.Message }

// Send sends the changes from first to last and waits for the acknowledgement.
// What the hall says in between is acknowledged.
func (k *Kiosk) Send(ctx context.Context, conn *wire.Conn, first, last int) error {
	if err := conn.Send(ctx, wire.Batch{First: uint64(first), Changes: k.Changes[first-1 : last]}); err != nil {
		return err
	}
	for {
		frame, err := conn.Receive(ctx)
		if err != nil {
			return err
		}
		switch f := frame.(type) {
		case wire.Ack:
			if f.Seq != uint64(last) {
				return fmt.Errorf("ack %d, want %d", f.Seq, last)
			}
			return nil
		case wire.Bye:
			return Refused{f}
		case wire.Batch:
			if err := conn.Send(ctx, wire.Ack{Seq: f.First + uint64(len(f.Changes)) - 1}); err != nil {
				return err
			}
		}
	}
}
