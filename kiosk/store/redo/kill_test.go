package redo_test

import (
	"bufio"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk/store/redo"
)

var kills = flag.Int("kills", 36, "how often the process that saves is killed")

// The process that is killed: where, and at which moment for the how manieth
// time.
const (
	mortalDir    = "REDO_TEST_DIR"
	mortalMoment = "REDO_TEST_MOMENT"
	mortalCount  = "REDO_TEST_COUNT"
)

// moments are all that a save, a commit and a start go through.
var moments = []string{"write", "written", "synced", "commit", "replay", "committed"}

const writers = 3

// TestMortal is the process that is killed: a few writers at once, each of
// which counts up, and says what it was told is saved.
func TestMortal(t *testing.T) {
	dir := os.Getenv(mortalDir)
	if dir == "" {
		return // a part of the test below
	}
	count, err := strconv.Atoi(os.Getenv(mortalCount))
	if err != nil {
		t.Fatal(err)
	}
	var left atomic.Int64
	left.Store(int64(count))
	d, err := redo.Open(filepath.Join(dir, name), redo.Options{Wait: time.Minute, Idle: 2 * time.Millisecond, Most: 3 << 10, At: func(moment string) {
		if moment == os.Getenv(mortalMoment) && left.Add(-1) == 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Update(func(tx *bolt.Tx) error { _, err := tx.CreateBucketIfNotExists(things); return err }); err != nil {
		t.Fatal(err)
	}
	fmt.Println("open", 0)
	next := counts(t, d)
	var writing sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			for n := next[w]; n < next[w]+2000; n++ {
				key, value := fmt.Appendf(nil, "%d %08d", w, n), fmt.Appendf(nil, "value %d", n)
				if err := d.Save(func(tx *redo.Tx) error { return tx.Put(things, key, value) }); err != nil {
					t.Error(err)
				}
				fmt.Println(w, n)
			}
		})
	}
	writing.Wait()
}

// counts is how far each writer got; a hole in its lines is a loss.
func counts(t *testing.T, d *redo.DB) (next [writers]int) {
	t.Helper()
	err := d.View(func(tx *redo.Reader) error {
		next = [writers]int{}
		return tx.Bucket(things).ForEach(func(k, v []byte) error {
			var w, n int
			if _, err := fmt.Sscanf(string(k), "%d %d", &w, &n); err != nil || string(v) != fmt.Sprintf("value %d", n) {
				return fmt.Errorf("line %q is %q, %v", k, v, err)
			}
			if n != next[w] {
				return fmt.Errorf("writer %d has no line %d but %d", w, next[w], n)
			}
			next[w]++
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return next
}

// P1: killed at every moment of a save, a commit or a start, again and again,
// what was said to be saved is there, in order, and nothing else.
func TestSave_KilledAtEveryMoment_P1(t *testing.T) {
	dir := folder(t)
	shut(t, open(t, dir, redo.Options{}))
	random, deaths := rand.New(rand.NewPCG(5, 8)), map[string]int{}
	for round := range *kills {
		moment := moments[round%len(moments)]
		count := 1 + random.IntN(40)
		if moment == "replay" {
			count = 1
		}
		said, died := killed(t, dir, moment, count)
		if died {
			deaths[moment]++
		}
		d := open(t, crashed(t, dir), redo.Options{}) // the folder itself is for the next process
		for w, next := range counts(t, d) {
			if next < said[w] {
				t.Fatalf("round %d, killed at %s: writer %d was told of %d saves, %d are there", round, moment, w, said[w], next)
			}
		}
		shut(t, d)
	}
	for _, moment := range moments {
		if deaths[moment] == 0 && *kills >= 3*len(moments) {
			t.Errorf("nobody was killed at %q", moment)
		}
	}
	t.Logf("%d kills, nothing lost: %v", *kills, deaths)
}

// killed runs the mortal process and returns how many saves each writer was
// told of, and whether it died at the moment; a start that has nothing to replay
// is killed from outside.
func killed(t *testing.T, dir, moment string, count int) (said [writers]int, died bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestMortal$", "-test.timeout=5m")
	cmd.Env = append(os.Environ(), mortalDir+"="+dir, mortalMoment+"="+moment, fmt.Sprint(mortalCount, "=", count))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines, from := bufio.NewScanner(out), false
	for lines.Scan() {
		var w, n int
		if _, err := fmt.Sscan(lines.Text(), &w, &n); err == nil && w < writers {
			said[w] = max(said[w], n+1)
		}
		if moment == "replay" && said[0] > 5 {
			from = true
			_ = cmd.Process.Kill()
		}
	}
	if err := cmd.Wait(); err == nil {
		t.Fatalf("the mortal process ended by itself, to be killed at %s", moment)
	}
	return said, !from
}
