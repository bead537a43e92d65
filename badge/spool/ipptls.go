package spool

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"unicode"
)

// errCertificate: the printer is not the one that was there before.
var errCertificate = errors.New("the printer shows another certificate")

// pin decides whom to talk to over TLS. Printers make their own certificates,
// so one that no authority vouches for is trusted when it is the first, and
// alone from then on.
type pin struct {
	given string // SHA-256 of the certificate in hex, as the address says, or ""
	file  string // where the first one is kept, "" for memory only

	mu    sync.Mutex
	first string // as given, seen first
}

// newPin is the pin of the printer of that address; dir as in KeepIn.
func newPin(address, given, dir string) *pin {
	p := &pin{given: given}
	if dir != "" {
		plain := strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '.' || r == '-' {
				return r
			}
			return '_'
		}, address)
		p.file = filepath.Join(dir, "certificate-"+plain+".sha256")
	}
	return p
}

func (p *pin) config() *tls.Config {
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: true, // VerifyConnection does it
		VerifyConnection:   p.verify,
	}
}

func (p *pin) verify(c tls.ConnectionState) error {
	leaf := c.PeerCertificates[0] // a handshake without one fails before
	sum := sha256.Sum256(leaf.Raw)
	shown := hex.EncodeToString(sum[:])
	if p.given != "" {
		return compare(shown, p.given, "the address names")
	}
	others := x509.NewCertPool()
	for _, o := range c.PeerCertificates[1:] {
		others.AddCert(o)
	}
	_, err := leaf.Verify(x509.VerifyOptions{DNSName: c.ServerName, Intermediates: others})
	if err == nil && c.ServerName != "" { // without a name any certificate would do
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.keep(shown)
}

func compare(shown, want, whose string) error {
	if shown == want {
		return nil
	}
	return fmt.Errorf("%w: %s, %s %s", errCertificate, shown, whose, want)
}

// keep remembers the certificate of a printer that is new, and compares that
// of one that is not. The file holds the fingerprint in hex; who takes it away
// trusts the printer anew.
func (p *pin) keep(shown string) error {
	if p.file == "" {
		if p.first == "" {
			p.first = shown
		}
		return compare(shown, p.first, "before it was")
	}
	kept, err := os.ReadFile(p.file)
	switch {
	case err == nil:
		return compare(shown, strings.TrimSpace(string(kept)), "in "+p.file+" is")
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if err := os.MkdirAll(filepath.Dir(p.file), 0o700); err != nil {
		return err
	}
	part := p.file + ".part"
	if err := os.WriteFile(part, []byte(shown+"\n"), 0o600); err != nil {
		return err
	}
	return os.Rename(part, p.file)
}

// fingerprint reads SHA-256 in hex, with or without colons.
func fingerprint(text string) (string, bool) {
	text = strings.ToLower(strings.ReplaceAll(text, ":", ""))
	b, err := hex.DecodeString(text)
	return text, err == nil && len(b) == sha256.Size
}
