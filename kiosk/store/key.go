package store

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	keyName      = "kiosk.key"
	badgeKeyName = "badge.key"
	keyBlock     = "PRIVATE KEY" // RFC 7468 §10
)

// LoadKey reads the key that signs badges from a data folder without opening
// kiosk.db, so that it works beside a running kiosk. fs.ErrNotExist if there is
// none.
func LoadKey(dir string) (ed25519.PrivateKey, error) {
	key, err := readKey(dir, badgeKeyName)
	if errors.Is(err, fs.ErrNotExist) {
		return readKey(dir, keyName)
	}
	return key, err
}

func readKey(dir, name string) (ed25519.PrivateKey, error) {
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return nil, fmt.Errorf("read key: %w", err)
	}
	block, _ := pem.Decode(data)
	if block == nil || block.Type != keyBlock {
		return nil, fmt.Errorf("%s is damaged; put it back from the backup", name)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, ok := parsed.(ed25519.PrivateKey)
	if err != nil || !ok {
		return nil, fmt.Errorf("%s is no Ed25519 key; put it back from the backup", name)
	}
	return key, nil
}

// showKey keeps badge.key as a copy of the key that signs badges now, once that
// is another than kiosk.key. kiosk.db decides; where the copy cannot be written,
// whoever reads it goes on with the key before, whose badges count as well.
func (s *Store) showKey(key ed25519.PrivateKey) {
	kept, err := readKey(s.dir, badgeKeyName)
	if key.Equal(s.key) || err == nil && kept.Equal(key) || s.look {
		return
	}
	if data, err := keyFile(key); err == nil {
		_ = writeFile(s.dir, badgeKeyName, data)
	}
}

func keyFile(key ed25519.PrivateKey) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: keyBlock, Bytes: der}), nil
}

// loadKey makes the key of a fresh folder. A crash between key and data file
// leaves a key that the next start takes.
func loadKey(dir string, fresh bool) (ed25519.PrivateKey, error) {
	key, err := readKey(dir, keyName)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if !fresh {
		return nil, fmt.Errorf("%s is missing beside the data file; put it back from the backup", keyName)
	}
	_, key, err = ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	data, err := keyFile(key)
	if err != nil {
		return nil, err
	}
	if err := writeFile(dir, keyName, data); err != nil {
		return nil, fmt.Errorf("keep key: %w", full(err))
	}
	return key, nil
}

// writeFile makes a file that appears whole or not at all.
func writeFile(dir, name string, data []byte) (err error) {
	part := filepath.Join(dir, "."+name+".part")
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = bytes.NewReader(data).WriteTo(f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(part))
	}
	if err := os.Rename(part, filepath.Join(dir, name)); err != nil {
		return err
	}
	return syncDir(dir)
}

func publicOf(key ed25519.PrivateKey) []byte { return key.Public().(ed25519.PublicKey) }
