package token

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Certificate is a hall's word that a kiosk's key signs badges of a show. Times
// count to the second.
type Certificate struct {
	Key  ed25519.PublicKey
	Node [16]byte // the kiosk's id
	Show string   // 1 to 32 of a–z, 0–9, "-" and "_"
	// Issued orders the certificates of one key: the last one counts.
	Issued time.Time
	// From the first the key signs, until the second it is to be replaced, and
	// until the third what it signed counts. In this order, 1970 to 2199.
	From, SignUntil, Until time.Time
	Categories             []string // that it may sign, sorted and each once, at most 32; none for all
}

// Sign writes the certificate with the hall's signature: 225 to 656 characters
// of QR's alphanumeric alphabet. The same certificate and key give the same
// text. It fails on what Certificate says that cannot be.
func (c Certificate) Sign(hall ed25519.PrivateKey) (string, error) {
	if len(c.Key) != ed25519.PublicKeySize {
		return "", errors.New("token: the certified key is no Ed25519 public key")
	}
	if c.SignUntil.Before(c.From) || c.Until.Before(c.SignUntil) {
		return "", errTime
	}
	said := append(bytes.Clone(c.Key), c.Node[:]...)
	var err error
	for _, t := range []time.Time{c.Issued, c.From, c.SignUntil, c.Until} {
		if said, err = appendSecond(said, t); err != nil {
			return "", err
		}
	}
	if said, err = appendShow(said, c.Show); err != nil {
		return "", err
	}
	if said, err = appendCategories(said, c.Categories); err != nil {
		return "", err
	}
	return seal(hall, certificateLabel, certificateMagic, said)
}

// OpenCertificate returns what a hall certified, and ErrStatement for a text
// that is no certificate of the hall with that public key.
func OpenCertificate(hall ed25519.PublicKey, text string) (Certificate, error) {
	said, ok := unseal(hall, certificateLabel, certificateMagic, text)
	if !ok {
		return Certificate{}, ErrStatement
	}
	r := reader{data: said}
	c := Certificate{
		Key: ed25519.PublicKey(bytes.Clone(r.take(ed25519.PublicKeySize))), Node: [16]byte(r.take(16)),
		Issued: r.second(), From: r.second(), SignUntil: r.second(), Until: r.second(), Show: r.show(),
	}
	c.Categories = r.categories()
	if !r.whole() || c.SignUntil.Before(c.From) || c.Until.Before(c.SignUntil) {
		return Certificate{}, ErrStatement
	}
	return c, nil
}

// signs reports whether the key may sign badges of that category.
func (c Certificate) signs(category string) bool {
	return len(c.Categories) == 0 || slices.Contains(c.Categories, category)
}

func appendCategories(to []byte, categories []string) ([]byte, error) {
	if len(categories) > maxCategories {
		return nil, fmt.Errorf("token: %d categories in a certificate, at most %d", len(categories), maxCategories)
	}
	to = append(to, byte(len(categories)))
	for i, id := range categories {
		if err := CheckCategory(id); err != nil {
			return nil, err
		}
		if i > 0 && id <= categories[i-1] {
			return nil, errors.New("token: the categories of a certificate are not sorted, each once")
		}
		packed := packCategory(id)
		to = append(to, packed[:]...)
	}
	return to, nil
}

func (r *reader) categories() (ids []string) {
	for range min(int(r.take(1)[0]), maxCategories+1) {
		id, ok := unpackCategory(r.take(categoryBytes))
		if !ok || len(ids) == maxCategories || len(ids) > 0 && id <= ids[len(ids)-1] {
			r.failed = true
			return nil
		}
		ids = append(ids, id)
	}
	return ids
}
