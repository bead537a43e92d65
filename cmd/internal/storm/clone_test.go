package storm_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	bolt "go.etcd.io/bbolt"

	"hallpass/cmd/internal/process"
)

// clone is a second kiosk that runs from an image of a stopped one's disk, which
// it cannot tell from its own.
func clone(t *testing.T, of *desk) *desk {
	t.Helper()
	d := &desk{data: filepath.Join(t.TempDir(), "kiosk"), listen: process.FreeAddress(t)}
	if err := os.CopyFS(d.data, os.DirFS(of.data)); err != nil {
		t.Fatal(err)
	}
	db, err := bolt.Open(filepath.Join(d.data, "kiosk.db"), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(func(tx *bolt.Tx) error { return tx.Bucket([]byte("redo")).Delete([]byte("home")) }); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	d.program = newProgram(t, "kiosk", slices.Clone(of.Args)...)
	for i, arg := range of.Args {
		switch arg {
		case "-data":
			d.Args[i+1] = d.data
		case "-listen":
			d.Args[i+1] = d.listen
		}
	}
	d.start()
	return d
}

func (d *desk) epoch(t *testing.T) string {
	t.Helper()
	var got struct{ Epoch string }
	if err := eventually("the kiosk's status", func() bool {
		_, ok := call("GET", "http://"+d.listen+"/api/v1/status", nil, nil, &got)
		return ok
	}); err != nil {
		t.Fatal(err)
	}
	return got.Epoch
}

// P1, P3: two kiosks that run from one disk's image, and one that is put back to
// an earlier image, lose nothing and double nothing, and nobody has to decide
// anything: the hall says that it knows another history, and the kiosk begins a
// new epoch by itself.
func TestClonedDisk(t *testing.T) {
	h := openHall(t)
	a := openDesk(t, h, "Entrance 1", h.listen)
	model := map[string]string{}
	var mu sync.Mutex // guards model
	register := func(d *desk, who string, n int) {
		for i := range n {
			mail := fmt.Sprintf("%s%d@quillon.example", who, i)
			id := d.register(mail, fmt.Sprint(who, i))
			mu.Lock()
			model[id] = mail
			mu.Unlock()
		}
	}
	register(a, "before", 3)
	a.settle(t)
	a.Interrupt()
	b := clone(t, a)
	a.start()
	var both sync.WaitGroup
	both.Go(func() { register(a, "first", 6) })
	both.Go(func() { register(b, "second", 6) })
	both.Wait()
	a.settle(t)
	b.settle(t)
	if a.epoch(t) == b.epoch(t) {
		t.Error("both tell one epoch")
	}
	h.holds(t, model)
	if err := eventually("the hall says that there are two", func() bool { return h.twin(t) }); err != nil {
		t.Error(err)
	}
	a.Interrupt()
	a.check(t)
	b.Interrupt()
	image := filepath.Join(t.TempDir(), "image")
	if err := os.CopyFS(image, os.DirFS(b.data)); err != nil {
		t.Fatal(err)
	}
	b.start()
	register(b, "later", 2)
	b.settle(t)
	b.Interrupt()
	b.check(t)
	b.data = image
	back := clone(t, b) // an earlier image is put back
	register(back, "back", 2)
	back.settle(t)
	h.holds(t, model)
	back.Interrupt()
	back.check(t)
	h.Kill()
	h.check(t)
}

// twin reports whether the dashboard is told of two kiosks on one disk.
func (h *hall) twin(t *testing.T) bool {
	var s struct{ Kiosks []struct{ Twin bool } }
	h.get(t, "/api/v1/stats", &s)
	return len(s.Kiosks) == 1 && s.Kiosks[0].Twin
}

// holds compares the hall with the model.
func (h *hall) holds(t *testing.T, model map[string]string) {
	t.Helper()
	got := map[string]string{}
	for _, v := range h.registrations(t) {
		if _, twice := got[v.ID]; twice || model[v.ID] != v.Fields["email"] {
			t.Errorf("%s is %q at the hall, twice %v, %q in the model", v.ID, v.Fields["email"], twice, model[v.ID])
		}
		got[v.ID] = v.Fields["email"]
	}
	var s struct{ Registrations, Quarantine, Conflicts int }
	h.get(t, "/api/v1/stats", &s)
	if len(got) != len(model) || s.Registrations != len(model) || s.Quarantine+s.Conflicts > 0 {
		t.Errorf("the hall lists %d and counts %+v of %d", len(got), s, len(model))
	}
}
