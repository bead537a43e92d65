package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"os"
	"os/exec"
	"time"

	"hallpass/cmd/internal/lifecycle"
	"hallpass/sync/link"
	"hallpass/sync/wire/echo"
)

// echoCommand is how a rehearsal calls this program to be the echo that the
// hall is held against: a process of its own, as the hall is.
const echoCommand = "rehearse-echo"

// echoReady is what the echo prints once it listens.
type echoReady struct {
	URL         string `json:"url"`
	Fingerprint string `json:"fingerprint"`
}

// serveEcho sends every message back until its input ends.
func serveEcho(ctx context.Context, out io.Writer) error {
	certificate, err := throwaway()
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	sum := sha256.Sum256(certificate.Certificate[0])
	err = json.NewEncoder(out).Encode(echoReady{"wss://" + l.Addr().String(), hex.EncodeToString(sum[:])})
	if err != nil {
		return errors.Join(err, l.Close())
	}
	ctx, end := context.WithCancel(ctx)
	defer end()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		end()
	}()
	secure := tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS13})
	return lifecycle.Serve(ctx, secure, echo.Handler(), slog.New(slog.DiscardHandler))
}

// throwaway is a certificate like a hall's, for an hour.
func throwaway() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	now := time.Now()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make certificate: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

// startEcho runs this program once more; stop ends it.
func startEcho(ctx context.Context, p programs) (url string, trust *tls.Config, stop func() error, err error) {
	self, err := os.Executable()
	if err != nil {
		return "", nil, nil, err
	}
	cmd := exec.CommandContext(ctx, self, echoCommand)
	cmd.Env, cmd.Stderr, cmd.SysProcAttr = p.environ, os.Stderr, attributes()
	in, err := cmd.StdinPipe()
	if err != nil {
		return "", nil, nil, err
	}
	said, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, nil, fmt.Errorf("start the echo: %w", err)
	}
	stop = func() error { return errors.Join(in.Close(), cmd.Wait()) }
	var ready echoReady
	if err := json.NewDecoder(said).Decode(&ready); err != nil {
		return "", nil, nil, errors.Join(fmt.Errorf("start the echo: %w", err), stop())
	}
	sum, err := hex.DecodeString(ready.Fingerprint)
	if err != nil || len(sum) != sha256.Size {
		return "", nil, nil, errors.Join(errors.New("the echo names no certificate"), stop())
	}
	return ready.URL, link.PinnedTLS([32]byte(sum)), stop, nil
}
