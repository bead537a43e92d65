package token

import (
	"crypto/ed25519"
	"encoding/binary"
	"errors"
	"time"
)

// ErrStatement is the one answer to a text that is no certificate or revocation
// of the hall asked for.
var ErrStatement = errors.New("token: not a statement of this hall")

const (
	statementVersion  = 1
	maxShow           = 32  // bytes of a show's id
	maxCategories     = 32  // in one certificate
	maxStatement      = 656 // characters, of the longest certificate
	certificateMagic  = 0x6362
	revocationMagic   = 0xDA09
	certificateLabel  = "hallpass key certificate v1\x00"
	revocationLabel   = "hallpass revocation v1\x00"
	statementOverhead = 2 + 1 + ed25519.SignatureSize
)

// seal signs what a statement says and writes it as text.
func seal(hall ed25519.PrivateKey, label string, magic uint16, said []byte) (string, error) {
	if len(hall) != ed25519.PrivateKeySize {
		return "", errors.New("token: the hall's key is no Ed25519 private key")
	}
	body := binary.BigEndian.AppendUint16(make([]byte, 0, statementOverhead+len(said)), magic)
	body = append(append(body, statementVersion), said...)
	return encodeBase45(append(body, ed25519.Sign(hall, append([]byte(label), body...))...)), nil
}

// unseal returns what the hall said, and false for anything it has not signed.
func unseal(hall ed25519.PublicKey, label string, magic uint16, text string) ([]byte, bool) {
	if len(text) > maxStatement || len(hall) != ed25519.PublicKeySize {
		return nil, false
	}
	data, ok := decodeBase45(text)
	if !ok || len(data) < statementOverhead {
		return nil, false
	}
	body, signature := data[:len(data)-ed25519.SignatureSize], data[len(data)-ed25519.SignatureSize:]
	if binary.BigEndian.Uint16(body) != magic || body[2] != statementVersion {
		return nil, false
	}
	return body[3:], ed25519.Verify(hall, append([]byte(label), body...), signature)
}

// reader takes a statement's parts in order; after one that is missing or out
// of its range, failed stays set.
type reader struct {
	data   []byte
	failed bool
}

func (r *reader) take(n int) []byte {
	if len(r.data) < n {
		r.failed = true
		return make([]byte, n)
	}
	part := r.data[:n]
	r.data = r.data[n:]
	return part
}

// second reads a time: seconds since 1970, of the years that a token knows.
func (r *reader) second() time.Time {
	n := binary.BigEndian.Uint64(r.take(8))
	if n > lastSecond {
		r.failed = true
		return time.Time{}
	}
	return time.Unix(int64(n), 0).UTC()
}

// show reads a show's id.
func (r *reader) show() string {
	id := string(r.take(int(r.take(1)[0])))
	if checkShow(id) != nil {
		r.failed = true
	}
	return id
}

// whole reports whether everything was there and nothing is left over.
func (r *reader) whole() bool { return !r.failed && len(r.data) == 0 }

// lastSecond is the end of the year 2199.
const lastSecond = 7_258_118_399

var errTime = errors.New("token: a time is not between 1970 and 2199, or two are in the wrong order")

// appendSecond cuts a time to its second.
func appendSecond(to []byte, t time.Time) ([]byte, error) {
	n := t.Unix()
	if n < 0 || n > lastSecond {
		return nil, errTime
	}
	return binary.BigEndian.AppendUint64(to, uint64(n)), nil
}

var errShow = errors.New("token: a show's id is 1 to 32 of a-z, 0-9, '-' and '_'")

func checkShow(id string) error {
	if id == "" || len(id) > maxShow {
		return errShow
	}
	for _, c := range []byte(id) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return errShow
		}
	}
	return nil
}

func appendShow(to []byte, id string) ([]byte, error) {
	if err := checkShow(id); err != nil {
		return nil, err
	}
	return append(append(to, byte(len(id))), id...), nil
}
