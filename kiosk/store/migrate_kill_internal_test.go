package store

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/badge/token"
	"hallpass/kiosk"
	"hallpass/sync/record"
)

var kills = flag.Int("kills", 2, "how often a kiosk is killed at each labelled moment of a migration and of a new life; 30 makes some 200")

// What the process that is killed is told: where its data are, what to do and at
// which moment to die.
const (
	dyingDir    = "KIOSK_STORE_DYING_DIR"
	dyingMoment = "KIOSK_STORE_DYING_MOMENT"
)

func die() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {} // it takes a moment
}

// laterSteps are two versions of a later program, which dies at a moment of one.
func laterSteps(at string) []func(*Store, *bolt.Tx) error {
	mortal := func(moment string) func(*Store, *bolt.Tx) error {
		return func(s *Store, tx *bolt.Tx) error {
			if err := s.rewrite(tx, s.person.Load().node); err != nil { // much is written
				return err
			}
			if moment == at {
				die()
			}
			_, err := tx.CreateBucket([]byte("later " + moment))
			return err
		}
	}
	load := func(s *Store, tx *bolt.Tx) error { who, err := identityOf(tx); s.person.Store(who); return err }
	return []func(*Store, *bolt.Tx) error{load, mortal("first"), load, mortal("second")}
}

// TestDying is the process that is killed.
func TestDying(t *testing.T) {
	dir, moment := os.Getenv(dyingDir), os.Getenv(dyingMoment)
	if dir == "" {
		return // a part of the tests below
	}
	if strings.HasPrefix(moment, "life ") {
		s, err := reopen(t, dir)
		if err == nil {
			err = s.db.Update(func(tx *bolt.Tx) error {
				if err := s.beginLife(tx); err != nil {
					return err
				}
				if moment == "life written" {
					die()
				}
				return nil
			})
		}
		if err == nil && moment == "life committed" {
			die()
		}
		t.Fatalf("it goes on: %v", err)
	}
	withSteps(t, laterSteps(moment)...)
	s, err := reopen(t, dir)
	if err == nil && moment == "committed" {
		die()
	}
	t.Fatalf("%s: %v, %v", moment, s, err)
}

// P1, P12: killed at any moment of a migration, or of the rewriting of its
// journal for a new life, a kiosk has its file as before or as after, whole, and
// everything that people were told.
func TestOpen_KilledWhileItMigrates_P12(t *testing.T) {
	killed := 0
	for _, moment := range []string{"first", "second", "committed", "life written", "life committed"} {
		for range *kills {
			dir, ids := t.TempDir(), map[record.RegistrationID]bool{}
			s, err := reopen(t, dir)
			if err != nil {
				t.Fatal(err)
			}
			for i := range 40 {
				id := record.NewID[record.RegistrationID](time.Now())
				ids[id] = true
				if err := addOne(s, id); err != nil {
					t.Fatalf("registration %d: %v", i, err)
				}
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			child := exec.Command(os.Args[0], "-test.run", "^TestDying$")
			child.Env = append(os.Environ(), dyingDir+"="+dir, dyingMoment+"="+moment)
			out, err := child.CombinedOutput()
			if child.ProcessState == nil || child.ProcessState.Success() || !bytes.Contains(fmt.Append(nil, err), []byte("killed")) {
				t.Fatalf("%s: the child ends with %v\n%s", moment, err, out)
			}
			killed++
			survives(t, dir, moment, ids)
		}
	}
	t.Logf("%d kills, 0 facts lost, 0 twice", killed)
}

// survives opens what is left with the older program, if that can read it, and
// with the later one.
func survives(t *testing.T, dir, moment string, ids map[record.RegistrationID]bool) {
	t.Helper()
	holds := func(s *Store) error {
		found := map[record.RegistrationID]int{}
		changes, err := s.Changes(t.Context(), 0, 1000)
		for _, c := range changes {
			if about, _ := aboutWhom(c); about != "" {
				found[about]++
			}
		}
		for id := range ids {
			if found[id] != 2 { // the registration and its badge
				err = errors.Join(err, fmt.Errorf("the journal speaks of %s %d times", id, found[id]))
			}
		}
		if report, bad := s.Check(t.Context()); bad != nil || !report.OK {
			err = errors.Join(err, bad, fmt.Errorf("%+v", report))
		}
		return errors.Join(err, s.Close())
	}
	if moment != "committed" {
		s, err := reopen(t, dir)
		if err == nil {
			err = holds(s)
		}
		if err != nil {
			t.Fatalf("%s: the older program: %v", moment, err)
		}
	}
	old := migrations
	migrations = append(old[:len(old):len(old)], laterSteps("")...)
	defer func() { migrations = old }()
	s, err := reopen(t, dir)
	if err == nil {
		err = holds(s)
	}
	if err != nil {
		t.Fatalf("%s: the later program: %v", moment, err)
	}
}

// addOne keeps a registration with a reserved badge: two entries of the journal.
func addOne(s *Store, id record.RegistrationID) error {
	badge := record.NewID[record.BadgeID](s.now())
	raw, err := badge.Bytes()
	if err != nil {
		return err
	}
	at := s.clock.Tick()
	_, _, err = s.Add(context.Background(), "", kiosk.Entry{
		Registration: record.Registration{ID: id, Show: "lumen-2027", Created: at},
		Badges: []kiosk.Badge{{Token: "TOKEN " + string(badge), Badge: record.Badge{
			ID: badge, Registration: id, Show: "lumen-2027", Issue: 1, ShortCode: token.ShortCode(raw),
			State: record.Register[record.BadgeState]{Value: record.BadgeReserved, At: at},
		}}},
	}, record.Tally{})
	return err
}
