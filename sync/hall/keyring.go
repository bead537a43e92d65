package hall

import (
	"bytes"
	"cmp"
	"crypto/ed25519"
	"slices"
	"sync"

	"hallpass/badge/token"
	"hallpass/sync/record"
)

// keyring holds the paired kiosks, the keys that sign their badges, and who was
// taken out of service. It is a view: moved on by what the Log has committed.
type keyring struct {
	hall ed25519.PublicKey
	ring *token.Ring // what anybody with our public key would make of a badge

	mu      sync.RWMutex // guards all below
	nodes   map[record.NodeID]Node
	keys    map[string]record.Key // by public key
	revoked map[record.NodeID]record.Revocation
}

func newKeyring(show record.ShowID, hall ed25519.PublicKey) *keyring {
	return &keyring{
		hall: hall, ring: token.NewRing(string(show), hall),
		nodes: map[record.NodeID]Node{}, keys: map[string]record.Key{}, revoked: map[record.NodeID]record.Revocation{},
	}
}

func (k *keyring) add(n Node) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.nodes[n.ID] = n
}

func (k *keyring) node(id record.NodeID) (Node, bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	n, ok := k.nodes[id]
	return n, ok
}

// named returns the paired nodes of that id or name.
func (k *keyring) named(who string) (found []Node) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	for _, n := range k.nodes {
		if string(n.ID) == who || n.Name == who {
			found = append(found, n)
		}
	}
	return found
}

// learn takes a key as the log has it. Another hall's signature is no news.
func (k *keyring) learn(key record.Key) {
	if key.Certificate.Value != "" {
		_ = k.ring.Add(key.Certificate.Value) // a hall that was given a new key certifies anew, see due
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys[string(key.Public)] = key
}

func (k *keyring) revoke(r record.Revocation) {
	_ = k.ring.Add(r.Statement) // as in learn; what counts here is the fact itself
	k.mu.Lock()
	defer k.mu.Unlock()
	k.revoked[r.Node] = r
}

func (k *keyring) revocation(id record.NodeID) (record.Revocation, bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	r, ok := k.revoked[id]
	return r, ok
}

// spent reports whether the key was that of a kiosk out of service.
func (k *keyring) spent(public []byte) bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	key, known := k.keys[string(public)]
	_, revoked := k.revoked[key.Node]
	return known && revoked
}

// ofNode returns a kiosk's keys, the oldest first.
func (k *keyring) ofNode(id record.NodeID) (keys []record.Key) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	for _, key := range k.keys {
		if key.Node == id {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, func(a, b record.Key) int {
		return cmp.Or(a.Made.Compare(b.Made), bytes.Compare(a.Public, b.Public))
	})
	return keys
}

// all returns every paired kiosk, in the order of pairing.
func (k *keyring) all() (nodes []Node) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	for _, n := range k.nodes {
		nodes = append(nodes, n)
	}
	slices.SortFunc(nodes, func(a, b Node) int { return cmp.Or(a.Paired.Compare(b.Paired), cmp.Compare(a.ID, b.ID)) })
	return nodes
}
