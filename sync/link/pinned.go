package link

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"

	"hallpass/sync/fault"
)

// PinnedTLS accepts the server whose own certificate has this SHA-256
// fingerprint (of the DER) and no other. Names, dates and authorities are not
// asked: a hall signs its own certificate and a kiosk's clock may be wrong. Any
// other certificate answers fault.AuthDenied. The fingerprint is Paired's.
func PinnedTLS(fingerprint [32]byte) *tls.Config {
	return &tls.Config{
		MinVersion:         tls.VersionTLS13,
		InsecureSkipVerify: true, // replaced by the check below, which also runs on resumed sessions
		VerifyConnection: func(state tls.ConnectionState) error {
			got, err := leaf(state)
			if err != nil {
				return err
			}
			if subtle.ConstantTimeCompare(got[:], fingerprint[:]) != 1 {
				return fault.New(fault.AuthDenied, "The hall shows another certificate than at pairing. If the hall was set up anew, pair the kiosk again.")
			}
			return nil
		},
	}
}

func leaf(state tls.ConnectionState) ([32]byte, error) {
	if len(state.PeerCertificates) == 0 {
		return [32]byte{}, errors.New("the hall shows no certificate")
	}
	return sha256.Sum256(state.PeerCertificates[0].Raw), nil
}

// look returns the fingerprint that the hall shows, zeroes on plain http. It
// trusts nobody yet: the proofs of the pairing do.
func look(ctx context.Context, hall *url.URL) (fingerprint [32]byte, err error) {
	if hall.Scheme != "https" {
		return fingerprint, nil
	}
	port := hall.Port()
	if port == "" {
		port = "443"
	}
	dialer := tls.Dialer{Config: &tls.Config{MinVersion: tls.VersionTLS13, InsecureSkipVerify: true}}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(hall.Hostname(), port))
	if err != nil {
		return fingerprint, fmt.Errorf("look at the hall's certificate: %w", err)
	}
	defer conn.Close()
	return leaf(conn.(*tls.Conn).ConnectionState())
}
