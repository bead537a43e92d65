package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"hallpass/cmd/internal/process"
	"hallpass/sync/hall/store"
)

// madeData is a folder in which a hall has run.
func madeData(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	s, err := store.Open(filepath.Join(dir, dataFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := openIdentity(dir, ""); err != nil {
		t.Fatal(err)
	}
	must[account](t, "user", "-data", dir, "-name", "dana") // makes the sample show as well
	return dir
}

func alter(t *testing.T, dir string, f func(*bolt.Tx) error) {
	t.Helper()
	db, err := bolt.Open(filepath.Join(dir, dataFile), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Update(f), db.Close()); err != nil {
		t.Fatal(err)
	}
}

// P9, P12: every command on data that it cannot use says why and what to do,
// and fails; the file is the same afterwards.
func TestCommands_OnDataTheyCannotUse(t *testing.T) {
	newer, foreign, junk, cut := madeData(t), t.TempDir(), t.TempDir(), madeData(t)
	alter(t, newer, func(tx *bolt.Tx) error {
		return tx.Bucket([]byte("meta")).Put([]byte("format"), binary.BigEndian.AppendUint64(nil, 99))
	})
	alter(t, foreign, func(tx *bolt.Tx) error { _, err := tx.CreateBucket([]byte("recipes")); return err })
	if err := os.WriteFile(filepath.Join(junk, dataFile), bytes.Repeat([]byte("junk"), 5000), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(cut, dataFile), []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	commands := [][]string{{"check"}, {"check", "-json"}, {"user", "-name", "eve"}, {"exhibitor"}, {"pair", "-kiosk", "Entrance 1"}, {"run", "-listen", "127.0.0.1:0"}}
	for _, c := range []struct{ dir, want string }{
		{newer, "format 99, written by a newer hall; this one reads up to 5: install the newer program"},
		{foreign, "this is not a hall's data file; set -data"},
		{junk, "is not a hall's data file, or it is damaged; restore a backup or set -data"},
		{cut, "is not a hall's data file, or it is damaged; restore a backup or set -data"},
	} {
		before, err := os.ReadFile(filepath.Join(c.dir, dataFile))
		if err != nil {
			t.Fatal(err)
		}
		for _, args := range commands {
			status, out, errs := call(t, append(args, "-data", c.dir)...)
			if status != 1 || !strings.Contains(errs, c.want) || out != "" || strings.Contains(errs, "goroutine") {
				t.Errorf("hall %v: status %d, %q, %q, want 1 and %q", args, status, out, errs, c.want)
			}
		}
		if after, err := os.ReadFile(filepath.Join(c.dir, dataFile)); err != nil || len(after) != len(before) {
			t.Errorf("%s: the file has %d bytes, had %d, %v", c.want, len(after), len(before), err)
		}
	}
}

// The file is held but nobody answers: a hall that starts or ends just now.
func TestCommands_OnAHeldFile(t *testing.T) {
	dir := madeData(t)
	held, err := store.Open(filepath.Join(dir, dataFile))
	if err != nil {
		t.Fatal(err)
	}
	status, _, errs := call(t, "check", "-data", dir)
	if status != 1 || !strings.Contains(errs, "data file locked by another hall; stop it or set -data") {
		t.Errorf("status %d, %q", status, errs)
	}
	if err := held.Close(); err != nil {
		t.Fatal(err)
	}
	if report := must[checked](t, "check", "-data", dir); !report.OK {
		t.Errorf("afterwards: %+v", report)
	}
}

// P11: the report of damaged data is complete as JSON too, and the status says
// that something is wrong.
func TestCheck_DamagedDataAsJSON(t *testing.T) {
	dir := madeData(t)
	alter(t, dir, func(tx *bolt.Tx) error { return tx.Bucket([]byte("show")).Put([]byte("current"), []byte{0xFF}) })
	status, out, errs := call(t, "check", "-data", dir, "-json")
	for _, want := range []string{`"ok":false`, `"facts":1`, `"journal_verified":true`, `"problems":["the show cannot be read`} {
		if status != 1 || !strings.Contains(out, want) || strings.Count(out, "\n") != 1 {
			t.Errorf("status %d, %q, %q, want %q", status, out, errs, want)
		}
	}
}

// Whoever owns the socket of the folder is asked; one that is no hall, or of
// another version, is named, and a dead one is passed over.
func TestControl_SocketOfSomethingElse(t *testing.T) {
	dir := madeData(t)
	l, err := net.Listen("unix", filepath.Join(dir, "control.sock"))
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.NotFoundHandler()}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	for _, args := range [][]string{{"check"}, {"exhibitor"}, {"user", "-name", "eve"}, {"pair", "-kiosk", "E"}} {
		if status, _, errs := call(t, append(args, "-data", dir)...); status != 1 || !strings.Contains(errs, `the running program answers "404 Not Found"; is it another version?`) {
			t.Errorf("hall %v: status %d, %q", args, status, errs)
		}
	}
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	<-done
	dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(dir, "control.sock"), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	dead.SetUnlinkOnClose(false) // as after kill -9
	if err := dead.Close(); err != nil {
		t.Fatal(err)
	}
	if report := must[checked](t, "check", "-data", dir); !report.OK {
		t.Errorf("beside a dead socket: %+v", report)
	}
}

// P9: each key or certificate that is not what it should be is named with its
// cure, and nothing is made in its place: kiosks have pinned them.
func TestIdentity_RefusesWhatIsNotItsOwn(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	otherKey := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	for _, c := range []struct{ name, file, text, want string }{
		{"EmptyHallKey", "hall.key", "", "hall.key is no key; restore it from a backup"},
		{"HallKeyOfAnotherKind", "hall.key", otherKey, "hall.key in the data folder is no Ed25519 key; restore it from a backup"},
		{"HallKeyCut", "hall.key", "-----BEGIN PRIVATE KEY-----\nMC4C\n-----END PRIVATE KEY-----\n", "hall.key is no key; restore"},
		{"EmptyTLSKey", "tls.key", "", "tls.key is no key; restore it from a backup"},
		{"TLSKeyOfAnother", "tls.key", otherKey, "tls.crt does not belong to tls.key; restore both from a backup"},
		{"EmptyCertificate", "tls.crt", "", "tls.crt is no certificate; restore it from a backup"},
		{"CertificateIsAKey", "tls.crt", otherKey, "tls.crt is no certificate; restore it from a backup"},
	} {
		dir := t.TempDir()
		if _, err := openIdentity(dir, ""); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, c.file)
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := openIdentity(dir, ""); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		if left, err := os.ReadFile(path); err != nil || string(left) != c.text {
			t.Errorf("%s: the file was changed, %v", c.name, err)
		}
	}
}

// P11: all that a hall holds, saved while it runs or not, goes into a new hall
// that has its key, and into no other.
func TestCheck_Save(t *testing.T) {
	dir, file := madeData(t), filepath.Join(t.TempDir(), "hall.journal")
	status, out, errs := call(t, "check", "-data", dir, "-save", file, "-json")
	if status != 0 || !strings.Contains(out, `"ok":true`) || !strings.Contains(errs, "hall.journal: 1 changes of 1 journals; written and verified") {
		t.Errorf("stopped: %d %q %q", status, out, errs)
	}
	if status, _, errs := call(t, "check", "-data", dir, "-save", file); status != 1 || !strings.Contains(errs, "is there already") {
		t.Errorf("over another file: %d %q", status, errs)
	}
	hall := spawn(t, "-data", dir, "-listen", process.FreeAddress(t))
	if status, _, errs := call(t, "check", "-data", dir, "-save", file+"2"); status != 0 || !strings.Contains(errs, "written and verified") {
		t.Errorf("running: %d %q", status, errs)
	}
	hall.Interrupt()
	fresh := madeData(t)
	if status, _, errs := call(t, "journal", "import", "-data", fresh, file+"2"); status != 1 || !strings.Contains(errs, "saved by another hall") {
		t.Errorf("into another hall: %d %q", status, errs)
	}
	key, err := os.ReadFile(filepath.Join(dir, "hall.key"))
	if err == nil {
		err = os.WriteFile(filepath.Join(fresh, "hall.key"), key, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if status, out, errs := call(t, "journal", "import", "-data", fresh, file+"2"); status != 0 || !strings.Contains(out, "0 quarantined") {
		t.Errorf("into a hall with its key: %d %q %q", status, out, errs)
	}
}
