package storm_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"
)

// run is one command of a program, and what it printed.
func run(t *testing.T, wantStatus int, name string, args ...string) string {
	t.Helper()
	c := exec.Command(filepath.Join(programs, name), args...)
	out, _ := c.CombinedOutput()
	if got := c.ProcessState.ExitCode(); got != wantStatus {
		t.Fatalf("%s %v: status %d, want %d: %s", name, args, got, wantStatus, out)
	}
	return string(out)
}

// P1, P3, P11: a kiosk whose journal is damaged before the hall has it keeps all
// that its visitors were told; saved to a file, the hall takes in every one, once.
func TestSalvage(t *testing.T) {
	h := openHall(t)
	d := openDesk(t, h, "Entrance 1", h.listen)
	want := map[string]string{}
	register := func(from, to int) {
		for i := from; i < to; i++ {
			mail := fmt.Sprintf("visitor%d@quillon.example", i)
			want[d.register(mail, fmt.Sprint("key-", i))] = mail
		}
	}
	register(0, 3)
	d.settle(t)
	h.Interrupt()
	register(3, 9)
	d.Interrupt()
	db, err := bolt.Open(filepath.Join(d.data, "kiosk.db"), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bolt.Tx) error { // an entry in the midst of what the hall lacks
		b := tx.Bucket([]byte("journal"))
		k, _ := b.Cursor().Last()
		k = append([]byte{}, k...)
		k[7] -= 7
		v := append([]byte{}, b.Get(k)...)
		v[len(v)/2] ^= 0x10
		return b.Put(k, v)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "entrance-1.journal")
	if said := run(t, 1, "kiosk", "check", "-data", d.data, "-save", file); !strings.Contains(said, "told anew after the damage") || !strings.Contains(said, "  lost: change ") {
		t.Errorf("check says %s", said)
	}
	for range 2 {
		run(t, 0, "hall", "journal", "import", "-data", h.data, file)
	}
	h.start()
	got := map[string]string{}
	for _, v := range h.registrations(t) {
		if got[v.ID] != "" {
			t.Errorf("%s is there twice", v.ID)
		}
		got[v.ID] = v.Fields["email"]
	}
	for id, mail := range want {
		if got[id] != mail {
			t.Errorf("%s is %q at the hall, want %q", id, got[id], mail)
		}
	}
	if s := h.stats(t); s.Registrations != len(want) {
		t.Errorf("the hall counts %+v of %d", s, len(want))
	}
	h.check(t)
}
