package main

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// certificateLife outlasts any show: kiosks pin the certificate, so a new one
// would mean to pair them all again.
const certificateLife = 10 * 365 * 24 * time.Hour

// identity is what proves this hall to kiosks and browsers.
type identity struct {
	key         ed25519.PrivateKey
	certificate tls.Certificate
	fingerprint [32]byte
}

// openIdentity reads the keys of the data folder, or makes them once. Listen is
// put in the certificate's names, with what else this machine is called.
func openIdentity(dir, listen string) (identity, error) {
	var id identity
	key, err := openKey(filepath.Join(dir, "hall.key"), func() (crypto.Signer, error) {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		return key, err
	})
	if err != nil {
		return id, err
	}
	signer, ok := key.(ed25519.PrivateKey)
	if !ok {
		return id, errors.New("hall.key in the data folder is no Ed25519 key; restore it from a backup")
	}
	id.key = signer
	if id.certificate, err = openCertificate(dir, listen); err != nil {
		return id, err
	}
	id.fingerprint = sha256.Sum256(id.certificate.Certificate[0])
	return id, nil
}

func openCertificate(dir, listen string) (tls.Certificate, error) {
	key, err := openKey(filepath.Join(dir, "tls.key"), func() (crypto.Signer, error) {
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	})
	if err != nil {
		return tls.Certificate{}, err
	}
	path := filepath.Join(dir, "tls.crt")
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if data, err = selfSigned(key, listen); err == nil {
			err = writeFile(path, data)
		}
	}
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate: %w", err)
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return tls.Certificate{}, fmt.Errorf("%s is no certificate; restore it from a backup", path)
	}
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("%s is no certificate; restore it from a backup: %w", path, err)
	}
	public, ok := leaf.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(key.Public()) {
		return tls.Certificate{}, fmt.Errorf("%s does not belong to tls.key; restore both from a backup", path)
	}
	return tls.Certificate{Certificate: [][]byte{block.Bytes}, PrivateKey: key, Leaf: leaf}, nil
}

// openKey reads a PKCS #8 key, or makes and keeps one.
func openKey(path string, generate func() (crypto.Signer, error)) (crypto.Signer, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeKey(path, generate)
	}
	if err != nil {
		return nil, fmt.Errorf("key: %w", err)
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, fmt.Errorf("%s is no key; restore it from a backup", path)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	signer, ok := key.(crypto.Signer)
	if err != nil || !ok {
		return nil, fmt.Errorf("%s is no key; restore it from a backup", path)
	}
	return signer, nil
}

func makeKey(path string, generate func() (crypto.Signer, error)) (crypto.Signer, error) {
	key, err := generate()
	if err != nil {
		return nil, fmt.Errorf("make key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("make key: %w", err)
	}
	return key, writeFile(path, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// writeFile writes a file that only we may read, whole or not at all: a hall
// killed here must not come back with half a key.
func writeFile(path string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*") // 0600
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	_, err = bytes.NewReader(data).WriteTo(f)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), errors.Join(err, os.Remove(f.Name())))
	}
	return nil
}

func selfSigned(key crypto.Signer, listen string) ([]byte, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, fmt.Errorf("make serial: %w", err)
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "Hallpass hall"},
		NotBefore: now.Add(-24 * time.Hour), // a kiosk's clock may be behind
		NotAfter:  now.Add(certificateLife),
		KeyUsage:  x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	template.DNSNames, template.IPAddresses = names(listen)
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("make certificate: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), nil
}

// names is how this machine may be called: on itself, by its name, by its
// addresses, and as -listen has it.
func names(listen string) (dns []string, ips []net.IP) {
	dns = []string{"localhost"}
	ips = append(ips, net.IPv4(127, 0, 0, 1), net.IPv6loopback)
	if name, err := os.Hostname(); err == nil && name != "" {
		dns = append(dns, name)
	}
	ips = append(ips, ownAddresses()...)
	if host, _, err := net.SplitHostPort(listen); err == nil && host != "" {
		if ip := net.ParseIP(host); ip == nil {
			dns = append(dns, host)
		} else if !ip.IsUnspecified() {
			ips = append(ips, ip)
		}
	}
	slices.Sort(dns)
	return slices.Compact(dns), ips
}

// ownAddresses are this machine's in the network, IPv4 first.
func ownAddresses() []net.IP {
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var four, six []net.IP
	for _, a := range addresses {
		n, ok := a.(*net.IPNet)
		switch {
		case !ok || n.IP.IsLoopback() || n.IP.IsLinkLocalUnicast():
		case n.IP.To4() != nil:
			four = append(four, n.IP)
		default:
			six = append(six, n.IP)
		}
	}
	return append(four, six...)
}
