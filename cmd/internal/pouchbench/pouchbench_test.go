// Package pouchbench sets the way from a kiosk to the hall beside what one
// would take instead: a PouchDB on the device that replicates to an
// express-pouchdb, both over LevelDB. It has a benchmark and no code of its own.
//
// The npm packages are fetched on the first run, in the versions and with the
// hashes of package-lock.json, into the user's cache folder; nothing of them is
// run while they are installed, and nothing of Hallpass uses them.
package pouchbench_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hallpass/cmd/internal/process"
	kioskstore "hallpass/kiosk/store"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

const (
	devices = 20
	each    = 300 // facts of each that PouchDB replicates; it takes seconds for as many
)

// Devices that were offline come back at once, in one process, and hand over
// what they have to a server in another: Hallpass over TLS, each fact verified,
// committed with fsync and acknowledged; PouchDB the first 300 of the same facts
// of each device over plain HTTP. Both in batches of at most 200, two under way.
func BenchmarkPouchDB(b *testing.B) {
	modules, dir := install(b), b.TempDir()
	for range b.N {
		data := filepath.Join(dir, "rehearsal")
		ours := rehearse(b, dir, data)
		var lists []string
		for i := range devices {
			lists = append(lists, filepath.Join(dir, fmt.Sprintf("device-%d.ndjson", i)))
			writeDocuments(b, filepath.Join(data, "kiosks", fmt.Sprintf("kiosk-%03d", i+1)), lists[i])
		}
		theirs := replicate(b, modules, dir, lists)
		b.ReportMetric(ours, "facts/s")
		b.ReportMetric(theirs, "pouchdb-documents/s")
		b.ReportMetric(ours/theirs, "times-pouchdb")
		if err := errors.Join(os.RemoveAll(data), os.RemoveAll(filepath.Join(dir, "pouch"))); err != nil {
			b.Fatal(err)
		}
	}
}

// install returns a folder with node_modules as package-lock.json has them.
func install(b *testing.B) string {
	b.Helper()
	lock, err := os.ReadFile("package-lock.json")
	if err != nil {
		b.Fatal(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		b.Fatal(err)
	}
	sum := sha256.Sum256(lock)
	home := filepath.Join(cache, "hallpass", "pouchbench-"+hex.EncodeToString(sum[:6]))
	if _, err := os.Stat(home); err == nil {
		return home
	}
	if err := os.MkdirAll(filepath.Dir(home), 0o700); err != nil {
		b.Fatal(err)
	}
	part, err := os.MkdirTemp(filepath.Dir(home), "part-")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = os.RemoveAll(part) })
	for _, name := range []string{"package.json", "package-lock.json"} {
		data, err := os.ReadFile(name)
		if err == nil {
			err = os.WriteFile(filepath.Join(part, name), data, 0o600)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	// ci takes exactly what the lock names and refuses another hash.
	cmd := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
	cmd.Dir = part
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("npm ci (apt install npm?): %v\n%s", err, out)
	}
	if err := os.Rename(part, home); err != nil && !errors.Is(err, fs.ErrExist) {
		b.Fatal(err)
	}
	return home
}

// rehearse has the kiosks hand over full journals, and returns facts a second.
func rehearse(b *testing.B, dir, data string) float64 {
	b.Helper()
	if err := process.Build(dir, "expo", "hall"); err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(dir, "expo"), "rehearse", "-kiosks", fmt.Sprint(devices), "-booths", "0", "-watchers", "0", "-rate", "0", "-for", "15s", "-data", data, "-json")
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	var account struct {
		Stored uint64  `json:"facts_stored"`
		Rate   float64 `json:"facts_per_second"`
	}
	if err == nil {
		err = json.Unmarshal(out, &account)
	}
	if err != nil || account.Stored < devices*each {
		b.Fatalf("rehearse: %v, %d facts stored, want %d at least; %s", err, account.Stored, devices*each, said.String())
	}
	return account.Rate
}

// writeDocuments writes the kiosk's first facts as JSON, one a line, as lean as
// somebody would who writes for PouchDB.
func writeDocuments(b *testing.B, kiosk, file string) {
	b.Helper()
	s, err := kioskstore.Open(kiosk, kioskstore.Options{})
	if err != nil {
		b.Fatal(err)
	}
	changes, err := s.Changes(context.Background(), 0, each)
	if err = errors.Join(err, s.Close()); err != nil || len(changes) != each {
		b.Fatalf("%d changes, %v; want %d", len(changes), err, each)
	}
	f, err := os.Create(file)
	if err != nil {
		b.Fatal(err)
	}
	to := json.NewEncoder(f)
	for _, c := range changes {
		fact, err := wire.Decode(c.Kind, c.Payload)
		if err == nil {
			err = to.Encode(document(c, fact))
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
}

func document(c record.Change, fact record.Fact) map[string]any {
	d := map[string]any{"_id": fmt.Sprintf("%s/%08d", c.Node, c.Seq), "kind": c.Kind, "at": c.Stamp.Wall}
	switch f := fact.(type) {
	case record.Registration:
		fields, picks, given := map[record.FieldName]string{}, map[record.QuestionID][]string{}, map[record.ConsentID]bool{}
		for name, field := range f.Fields {
			fields[name] = field.Value
		}
		for id, answer := range f.Answers {
			picks[id] = answer.Picks
		}
		for id, consent := range f.Consents {
			given[id] = consent.Given
		}
		d["id"], d["category"], d["fields"], d["answers"], d["consents"] = f.ID, f.Category.Value, fields, picks, given
	case record.Badge:
		d["id"], d["registration"], d["issue"], d["category"], d["code"], d["state"] = f.ID, f.Registration, f.Issue, f.Category, f.ShortCode, f.State.Value
	}
	return d
}

// replicate returns documents a second.
func replicate(b *testing.B, modules, dir string, lists []string) float64 {
	b.Helper()
	folder := filepath.Join(dir, "pouch")
	if err := os.MkdirAll(filepath.Join(folder, "server"), 0o700); err != nil {
		b.Fatal(err)
	}
	server := exec.Command("node", "server.mjs", modules, filepath.Join(folder, "server"))
	server.Stderr = os.Stderr
	in, err := server.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	said, err := server.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := errors.Join(in.Close(), server.Wait()); err != nil {
			b.Error(err)
		}
	}()
	url, err := bufio.NewReader(said).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	device := exec.Command("node", append([]string{"replicate.mjs", modules, folder, strings.TrimSpace(url)}, lists...)...)
	device.Stderr = os.Stderr
	out, err := device.Output()
	var account struct {
		Written, Failures, Stored int
		Seconds                   float64
	}
	if err == nil {
		err = json.Unmarshal(out, &account)
	}
	if err != nil || account.Written != devices*each || account.Stored != devices*each || account.Failures != 0 {
		b.Fatalf("replicate: %v, %+v; want %d documents", err, account, devices*each)
	}
	return float64(account.Written) / account.Seconds
}
