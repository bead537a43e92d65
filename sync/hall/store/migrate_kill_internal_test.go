package store

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall/halltest"
)

const migrateAt = "HALLPASS_MIGRATE_AT"

func die() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {} // it takes a moment
}

// twoSteps are those of a later program; it dies at one of its labelled moments.
func twoSteps(at string) map[uint64][]step {
	mortal := func(moment string) step {
		return func(tx *bolt.Tx) error {
			if moment == at {
				die()
			}
			_, err := tx.CreateBucketIfNotExists([]byte("later " + moment))
			return err
		}
	}
	return map[uint64][]step{format: {mortal("first"), mortal("between"), release("moon.phase"), mortal("last")}}
}

var migrating = []string{"first", "between", "last", "replayed", "committed"}

// P1, P12: a hall that is killed at any moment while it brings its file to a
// later format, with acknowledged facts still in its log, has the older file or
// the newer, each whole; the next start finishes, and nothing is lost or double.
func TestOpen_KilledWhileItMigrates_P12(t *testing.T) {
	if at := os.Getenv(migrateAt); at != "" {
		migrateAndDie(t, os.Getenv("HALLPASS_DATA"), at)
	}
	killed := 0
	for _, moment := range migrating {
		path, node := filepath.Join(t.TempDir(), "hall.db"), halltest.NewKiosk("lamps-2027")
		withShow(t, path).mustClose(t)
		acked := 0
		for range *kills {
			acked = max(acked, runAndDie(t, path, "apply", 2, node)) // facts in the log only
			child := exec.Command(os.Args[0], "-test.run", "^TestOpen_KilledWhileItMigrates_P12$")
			child.Env = append(os.Environ(), migrateAt+"="+moment, "HALLPASS_DATA="+path)
			out, err := child.CombinedOutput()
			if child.ProcessState == nil || child.ProcessState.Success() || !strings.Contains(fmt.Sprint(err), "killed") {
				t.Fatalf("%s: the child ends with %v\n%s", moment, err, out)
			}
			if killed++; moment == "replayed" || moment == "committed" {
				break // the file is of the later format now
			}
			if s, err := Open(path); err != nil { // the older program
				t.Fatalf("%s: the older program: %v", moment, err)
			} else {
				s.mustClose(t)
			}
		}
		s, err := open(path, format+1, twoSteps(""), nil)
		if err != nil {
			t.Fatalf("%s: %v", moment, err)
		}
		last, err := s.Cursor(t.Context(), node.Node, node.Epoch)
		if err != nil || int(last) < acked {
			t.Errorf("%s: %d entries, %v, and %d were acknowledged", moment, last, err, acked)
		}
		keep(t, s, node.Batch(1, len(node.Changes)))
		if got, want := registered(t, s), visitorsOf(node); got != want {
			t.Errorf("%s: %d registrations, want %d", moment, got, want)
		}
		sound(t, s)
	}
	t.Logf("%d kills, 0 facts lost, 0 twice", killed)
}

func migrateAndDie(t *testing.T, path, at string) {
	s, err := open(path, format+1, twoSteps(at), func(moment string) {
		if moment == at {
			die()
		}
	})
	if err == nil && at == "committed" {
		die()
	}
	t.Fatalf("%s: %v, %v", at, s, err)
}
