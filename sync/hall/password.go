package hall

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"

	"golang.org/x/crypto/argon2"
)

// Argon2id as the OWASP password storage cheat sheet has it for servers with
// little memory: 2 passes, 19 MiB, 1 thread; 41 ms on the machine we measured.
const (
	argonTime    = 2
	argonKiB     = 19 * 1024
	argonThreads = 1
	argonLength  = 32
	saltLength   = 16
)

// hashing bounds the memory that sign-ins take: two at a time, 38 MiB.
type hashing chan struct{}

func newHashing() hashing { return make(hashing, 2) }

func (h hashing) hash(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case h <- struct{}{}:
		defer func() { <-h }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(password), salt, argonTime, argonKiB, argonThreads, argonLength), nil
}

// matches takes as long for a user that does not exist, given a zero User.
func (h hashing) matches(ctx context.Context, user User, password string) (bool, error) {
	salt := user.Salt
	if salt == nil {
		salt = make([]byte, saltLength)
	}
	got, err := h.hash(ctx, password, salt)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, user.Password) == 1, nil
}

// secret returns 32 random bytes as text, and the hash that is stored of it.
// Random bytes need no slow hash: there is nothing to guess.
func secret() (text string, hash [32]byte) {
	var random [32]byte
	rand.Read(random[:]) // never fails
	text = base64.RawURLEncoding.EncodeToString(random[:])
	return text, sha256.Sum256([]byte(text))
}
