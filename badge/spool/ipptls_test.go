package spool_test

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hallpass/badge/spool"
	"hallpass/badge/spool/spooltest"
	"hallpass/badge/spool/virtual"
)

// shown is the fingerprint of the certificate that a printer shows.
func shown(t testing.TB, v *virtual.Printer) string {
	t.Helper()
	host, _, _ := strings.Cut(strings.TrimPrefix(v.URI(), "ipp://"), "/")
	c, err := tls.Dial("tcp", host, &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	sum := sha256.Sum256(c.ConnectionState().PeerCertificates[0].Raw)
	return hex.EncodeToString(sum[:])
}

// colons writes a fingerprint as openssl does.
func colons(sum string) string {
	return strings.ToUpper(strings.Join(slices.Collect(func(yield func(string) bool) {
		for pair := range slices.Chunk([]byte(sum), 2) {
			if !yield(string(pair)) {
				return
			}
		}
	}), ":"))
}

func TestIPPS_PrintsToTheCertificateThatTheAddressNames(t *testing.T) {
	v := startPrinter(t)
	sum := shown(t, v)
	for _, given := range []string{sum, colons(sum)} {
		p := open(t, v.SecureURI()+"?sha256="+given)
		name := "b-" + given[:5]
		spooltest.Submit(t, p, spooltest.Job(strings.ReplaceAll(name, ":", "-")))
	}
	p := open(t, v.SecureURI()+"?sha256="+strings.Repeat("0", 64))
	if s, err := p.Status(t.Context()); !errors.Is(err, spool.ErrRefused) || !slices.Contains(s.Reasons, "certificate-changed") {
		t.Errorf("Status = %+v, %v; want certificate-changed, ErrRefused", s, err)
	}
	if err := p.Submit(t.Context(), spooltest.Job("never")); !errors.Is(err, spool.ErrNotSent) || !errors.Is(err, spool.ErrRefused) {
		t.Errorf("Submit = %v, want ErrRefused and ErrNotSent", err)
	}
}

// Another printer takes the place of ours: no badge goes to it, also after the
// kiosk was started anew, until somebody takes the old fingerprint away.
func TestIPPS_P7_AnotherPrinterInItsPlace(t *testing.T) {
	keep := filepath.Join(t.TempDir(), "made when needed")
	v := startPrinter(t)
	kiosk := func() spool.Printer {
		p, err := spool.Open(v.SecureURI(), spool.KeepIn(keep))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	p, memory := kiosk(), open(t, v.SecureURI())
	for _, p := range []spool.Printer{p, memory, kiosk()} {
		if _, err := p.Status(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	at := port(t, v)
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	other, err := virtual.Start(t.Context(), t.TempDir(), at)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	for name, p := range map[string]spool.Printer{"Running": p, "Restarted": kiosk(), "Memory": memory} {
		if err := p.Submit(t.Context(), spooltest.Job("never")); !errors.Is(err, spool.ErrNotSent) || !errors.Is(err, spool.ErrRefused) {
			t.Errorf("%s: Submit = %v, want ErrRefused and ErrNotSent", name, err)
		}
	}
	files, err := filepath.Glob(filepath.Join(keep, "certificate-*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("kept %v, %v; want one file", files, err)
	}
	if err := os.Remove(files[0]); err != nil {
		t.Fatal(err)
	}
	spooltest.Submit(t, p, spooltest.Job("now-1"))
}
