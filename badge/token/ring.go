package token

import (
	"cmp"
	"crypto/ed25519"
	"strings"
	"sync"
	"time"
)

// Reason says to staff why a token is refused. Whoever is not staff hears
// ErrToken and nothing else.
type Reason string

// The reasons. The list only grows.
const (
	Genuine    Reason = ""
	Forged     Reason = "forged"     // no token, or altered, or not by the key that it names
	UnknownKey Reason = "unknown"    // of another show, or by a kiosk that nobody here has heard of
	Early      Reason = "early"      // by a key whose certificate begins later
	Expired    Reason = "expired"    // by a key whose badges no longer count
	NotAllowed Reason = "notallowed" // of a category that the key may not sign
	Revoked    Reason = "revoked"    // by a kiosk that was taken out of service
	Voided     Reason = "voided"     // by the void of this very issue; said by those who have heard of it, never by a Ring
)

// Finding is what a ring makes of a token. Claims and Key are zero where the
// signature does not hold.
type Finding struct {
	Claims Claims
	Key    Certificate
	Reason Reason
	// Doubtful: the kiosk was revoked later than this badge says it was made.
	// Whoever knows the badges that arrived before the revocation asks for it
	// there; a thief could have written any date.
	Doubtful bool
}

// Ring knows which keys may sign badges of one show, by statements of its hall.
// Statements may come in any order and any number of times (P4); only the
// hall's public key must be known beforehand. Its methods may be called from
// any goroutine.
type Ring struct {
	show string
	hall ed25519.PublicKey

	mu      sync.RWMutex // guards all below
	keys    map[KeyID][]certified
	revoked map[[16]byte]Revocation
}

// NewRing returns a ring without keys.
func NewRing(show string, hall ed25519.PublicKey) *Ring {
	return &Ring{show: show, hall: hall, keys: map[KeyID][]certified{}, revoked: map[[16]byte]Revocation{}}
}

// Add takes a certificate or a revocation as text. It answers ErrStatement for
// what this hall has not signed for this show.
func (r *Ring) Add(statement string) error {
	if c, err := OpenCertificate(r.hall, statement); err == nil && c.Show == r.show {
		r.certify(certified{c, statement})
		return nil
	}
	v, err := OpenRevocation(r.hall, statement)
	if err != nil || v.Show != r.show {
		return ErrStatement
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if old, ok := r.revoked[v.Node]; !ok || stricter(v, old) {
		r.revoked[v.Node] = v
	}
	return nil
}

// certified is a certificate and how it is written.
type certified struct {
	Certificate
	text string
}

// certify keeps the later of two certificates of one key. Four bytes do not tell
// keys apart for sure, so one id may stand for several.
func (r *Ring) certify(c certified) {
	id := KeyIDOf(c.Key)
	r.mu.Lock()
	defer r.mu.Unlock()
	kept := r.keys[id]
	for i, old := range kept {
		if old.Key.Equal(c.Key) {
			if later(c, old) {
				kept[i] = c
			}
			return
		}
	}
	r.keys[id] = append(kept, c)
}

// later orders two certificates of one key; how they arrived does not matter.
func later(a, b certified) bool {
	return cmp.Or(a.Issued.Compare(b.Issued), cmp.Compare(a.text, b.text)) > 0
}

// stricter orders two revocations of one kiosk: what is void stays void.
func stricter(a, b Revocation) bool {
	if a.All != b.All {
		return a.All
	}
	return a.Since.Before(b.Since)
}

// Open returns the claims of a genuine token, and ErrToken for anything else,
// whatever is wrong with it.
func (r *Ring) Open(text string, at time.Time) (Claims, error) {
	found := r.Judge(text, at)
	if found.Reason != Genuine {
		return Claims{}, ErrToken
	}
	return found.Claims, nil
}

// Judge tells staff what a token is worth at a time.
func (r *Ring) Judge(text string, at time.Time) Finding {
	r.mu.RLock()
	defer r.mu.RUnlock()
	seek := &named{ring: r}
	claims, err := Open(text, seek)
	for err != nil && seek.next < len(seek.found) { // another key of the same id
		claims, err = Open(text, seek)
	}
	switch {
	case err != nil && seek.asked && len(seek.found) == 0 && strings.HasPrefix(text, start):
		return Finding{Reason: UnknownKey}
	case err != nil:
		return Finding{Reason: Forged}
	}
	found := Finding{Claims: claims, Key: seek.found[seek.next-1].Certificate}
	found.Reason, found.Doubtful = r.weigh(claims, found.Key, at)
	return found
}

// weigh decides about a token whose signature holds.
func (r *Ring) weigh(claims Claims, key Certificate, at time.Time) (why Reason, doubtful bool) {
	revoked, isRevoked := r.revoked[key.Node]
	switch {
	case isRevoked && (revoked.All || !claims.Made().Before(revoked.Since)):
		return Revoked, false
	case at.Before(key.From):
		return Early, false
	case !at.Before(key.Until):
		return Expired, false
	case !key.signs(claims.Category):
		return NotAllowed, false
	}
	return Genuine, isRevoked
}

// start is what every token begins with.
const start = "HP1"

// named hands Open, one by one, the keys that have the id in a token.
type named struct {
	ring  *Ring
	found []certified
	next  int
	asked bool
}

// PublicKey implements Keys.
func (n *named) PublicKey(id KeyID) (ed25519.PublicKey, bool) {
	if !n.asked {
		n.asked, n.found = true, n.ring.keys[id]
	}
	if n.next >= len(n.found) {
		return nil, false
	}
	n.next++
	return n.found[n.next-1].Key, true
}
