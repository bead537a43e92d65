package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"hallpass/cmd/internal/process"
)

var kills = flag.Int("kills", 6, "how often TestRun_KillLosesNothingAcked and TestBackup_KilledOnItsWay kill; 200 is the long form")

// stage is how far a backup has come, seen from outside.
type stage struct {
	name    string
	reached func(folder string) bool
}

var stages = []stage{
	{"begun", func(folder string) bool { return sizeOf(folder, ".hall.tar.part") > 0 }},
	{"copying", func(folder string) bool { return sizeOf(folder, ".hall.tar.part") > 100_000 }},
	{"checking", func(folder string) bool { return sizeOf(folder, ".backup-check-*") > 0 }},
	{"written", func(folder string) bool { return sizeOf(folder, "hall.tar") > 0 }},
}

func sizeOf(folder, name string) (size int64) {
	found, _ := filepath.Glob(filepath.Join(folder, name))
	for _, path := range found {
		if info, err := os.Stat(path); err == nil {
			size += info.Size()
		}
	}
	return size
}

// P1, P11: whether the hall or the backup is killed, at whatever stage, the file
// is there whole or not at all, the next backup takes its place, the hall has all
// that it acknowledged, and what is put back is in order.
func TestBackup_KilledOnItsWay(t *testing.T) {
	root := t.TempDir()
	data, listen := filepath.Join(root, "hall"), process.FreeAddress(t)
	hall := spawn(t, "-data", data, "-listen", listen)
	g := invite(t, data, hall.URL(), "Entrance")
	g.register(600)
	g.resume(t)
	injected, whole, none := map[string]int{}, 0, 0
	for round := range *kills {
		at, folder := stages[round%len(stages)], filepath.Join(root, fmt.Sprint("stick ", round))
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		acked, sending := make(chan struct{}, 10), sync.WaitGroup{} // some 50 facts a round, so that the long form stays small
		sending.Go(func() {
			if err := g.send(ctx, acked); err != nil {
				t.Error(err)
			}
		})
		file := filepath.Join(folder, "hall.tar")
		backup := exec.Command(os.Args[0], "backup", "-data", data, file)
		backup.Env = append(os.Environ(), "HALL_TEST_CHILD=1")
		if err := backup.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- backup.Wait() }()
		who := [...]string{"backup", "hall"}[round/len(stages)%2]
		if wait(at, folder, ended) {
			injected[who+" killed, "+at.name]++
		}
		if who == "hall" {
			hall.Kill()
		} else {
			_ = backup.Process.Kill()
		}
		<-ended
		stop()
		sending.Wait()
		if who == "hall" {
			hall = spawn(t, "-data", data, "-listen", listen)
		}
		if sizeOf(folder, "hall.tar") > 0 {
			whole++
		} else {
			none++
			must[struct{}](t, "backup", file, "-data", data, "-quick")
		}
		again := filepath.Join(folder, "again")
		if report := must[checked](t, "restore", file, "-data", again); !report.OK {
			t.Errorf("%s at %s: put back it is %+v", who, at.name, report)
		}
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
	}
	deliverRest(t.Context(), t, g)
	hall.Interrupt()
	holds(t, data, []*guest{g})
	if report := must[checked](t, "check", "-data", data); !report.OK {
		t.Errorf("in the end: %+v", report)
	}
	t.Logf("%d kills %v: %d whole backups, %d none, 0 halves; 0 facts lost, 0 twice", *kills, injected, whole, none)
}

// wait returns when the backup has come so far, and false if it has ended before.
func wait(at stage, folder string, ended chan error) bool {
	for {
		if at.reached(folder) {
			return true
		}
		select {
		case err := <-ended:
			ended <- err
			return at.reached(folder)
		case <-time.After(200 * time.Microsecond):
		}
	}
}
