package journal_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/journal"
	"hallpass/sync/record"
)

// childFile makes the test binary a program that appends to a journal for ever
// and says each number once it is committed.
const childFile = "HALLPASS_TEST_JOURNAL"

func TestMain(m *testing.M) {
	if file := os.Getenv(childFile); file != "" {
		fmt.Fprintln(os.Stderr, appendForever(file))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func appendForever(file string) error {
	db, err := bolt.Open(file, 0o600, &bolt.Options{Timeout: 5 * time.Second})
	if err != nil {
		return err
	}
	j := journal.New(kiosk, life, "journal")
	for {
		var c record.Change
		err := db.Update(func(tx *bolt.Tx) (err error) {
			c, err = j.Append(tx, stamp(0), record.KindRegistration, make([]byte, rand.IntN(5000)))
			return err
		})
		if err != nil {
			return err
		}
		fmt.Println(c.Seq) // one write, no buffer
	}
}

// P1: kill -9 at any moment. Everything that was reported as saved is there, in
// order, and the journal goes on from where it is.
func TestAppend_KilledAgainAndAgain(t *testing.T) {
	file := filepath.Join(t.TempDir(), "journal.db")
	j := journal.New(kiosk, life, "journal")
	for round := range 10 {
		said := killAfter(t, file, 1+rand.IntN(60))
		db, err := bolt.Open(file, 0o600, &bolt.Options{Timeout: 5 * time.Second})
		if err != nil {
			t.Fatalf("round %d: the file does not open again: %v", round, err)
		}
		got := verify(t, db, j)
		if !got.OK() || got.Last.Seq < said || got.Verified != got.Last.Seq {
			t.Errorf("round %d: Verify = %+v, want %d entries or more, all in order", round, got, said)
		}
		if got.Last.Seq > said+1 { // one may have committed without being said
			t.Errorf("round %d: %d entries, but only %d were said", round, got.Last.Seq, said)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// killAfter runs the child, kills it after some lines and returns the last
// number that it said, or, if it said none, 0.
func killAfter(t *testing.T, file string, lines int) (said uint64) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childFile+"="+file)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	scanner := bufio.NewScanner(out)
	for n := 1; scanner.Scan(); n++ {
		if n == lines {
			if err := child.Process.Kill(); err != nil {
				t.Error(err)
			}
		}
		if said, err = strconv.ParseUint(scanner.Text(), 10, 64); err != nil {
			t.Errorf("the child says %q", scanner.Text())
		}
	}
	_ = child.Wait() // killed, as meant
	if said == 0 {
		t.Fatal("the child saved nothing")
	}
	return said
}
