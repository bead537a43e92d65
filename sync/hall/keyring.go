package hall

import (
	"crypto/ed25519"
	"sync"

	"hallpass/badge/token"
	"hallpass/sync/record"
)

// keyring holds the paired kiosks by id and by the key that signs their badges.
type keyring struct {
	mu    sync.RWMutex // guards nodes, keys
	nodes map[record.NodeID]Node
	keys  map[token.KeyID]ed25519.PublicKey
}

func newKeyring() *keyring {
	return &keyring{nodes: map[record.NodeID]Node{}, keys: map[token.KeyID]ed25519.PublicKey{}}
}

func (k *keyring) add(n Node) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.nodes[n.ID] = n
	k.keys[token.KeyIDOf(n.Key)] = n.Key
}

func (k *keyring) node(id record.NodeID) (Node, bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	n, ok := k.nodes[id]
	return n, ok
}

// PublicKey implements token.Keys. The key of a kiosk out of service still
// proves the badges that it printed before.
func (k *keyring) PublicKey(id token.KeyID) (ed25519.PublicKey, bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	key, ok := k.keys[id]
	return key, ok
}
