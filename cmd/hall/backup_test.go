package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hallpass/cmd/internal/process"
	"hallpass/sync/link"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// resume connects and sends what the hall says that it lacks.
func (g *guest) resume(t *testing.T) wire.Welcome {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	address := "wss" + strings.TrimPrefix(g.paired.URL, "https") + "/api/v1/link"
	conn, welcome, err := g.Dial(ctx, address, link.PinnedTLS(g.paired.Fingerprint))
	if err != nil {
		t.Fatal(err)
	}
	for first := int(welcome.Read.Seq) + 1; first <= len(g.Changes); first += 20 {
		if err := g.Send(ctx, conn, first, min(first+19, len(g.Changes))); err != nil {
			t.Fatal(err)
		}
	}
	if err := conn.Close(1000, ""); err != nil {
		t.Log(err)
	}
	return welcome
}

func (g *guest) register(n int) {
	for range n {
		g.Say(g.Visitor(map[record.FieldName]string{"mobile": fmt.Sprintf("+4477009%05d", len(g.Changes))}))
	}
}

// P1, P3, P11: a backup made while kiosks send is whole; put back after the hall
// is lost, in a new epoch, it gets from the kiosks what it lacks, once.
func TestBackup_RestoredHallCatchesUp(t *testing.T) {
	root := t.TempDir()
	data, file, again := filepath.Join(root, "hall"), filepath.Join(root, "hall.tar"), filepath.Join(root, "again", "hall")
	listen := process.FreeAddress(t)
	hall := spawn(t, "-data", data, "-listen", listen)
	g := invite(t, data, hall.URL(), "Entrance 1")
	g.register(300)
	sent := make(chan wire.Welcome, 1)
	go func() {
		defer close(sent)
		sent <- g.resume(t)
	}()
	type made struct {
		Facts    int
		Verified bool `json:"journal_verified"`
	}
	if got := must[made](t, "backup", file, "-data", data); !got.Verified || got.Facts < 1 {
		t.Errorf("backup = %+v", got)
	}
	before := <-sent
	g.register(50)
	g.resume(t)
	hall.Kill()
	if report := must[checked](t, "restore", file, "-data", again); !report.OK {
		t.Fatalf("restored: %+v", report)
	}
	if status, _, errs := call(t, "restore", file, "-data", again); status == 0 || !strings.Contains(errs, "is not empty") {
		t.Errorf("restored over data: %d %q", status, errs)
	}
	hall = spawn(t, "-data", again, "-listen", listen)
	welcome := g.resume(t)
	if welcome.Epoch == before.Epoch || welcome.Node != before.Node || welcome.Read.Seq > 300 {
		t.Errorf("the restored hall says %+v, want the same hall in another epoch, behind", welcome)
	}
	if again := g.resume(t); again.Read.Seq != 350 {
		t.Errorf("read %d in the end, want 350", again.Read.Seq)
	}
	hall.Interrupt()
	report := must[checked](t, "check", "-data", again)
	if !report.OK {
		t.Errorf("in the end: %+v", report)
	}
}

// P9: what is no whole backup is refused and leaves nothing behind.
func TestRestore_Refuses(t *testing.T) {
	root := t.TempDir()
	data, file := filepath.Join(root, "hall"), filepath.Join(root, "hall.tar")
	spawn(t, "-data", data, "-listen", process.FreeAddress(t)).Interrupt()
	if status, _, errs := call(t, "backup", "-data", data, "-quick", file); status != 0 {
		t.Fatalf("backup of a stopped hall: %s", errs)
	}
	if status, _, errs := call(t, "backup", "-data", data, file); status == 0 || !strings.Contains(errs, "is there already") {
		t.Errorf("over a backup: %d %q", status, errs)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	flipped := append([]byte{}, whole...)
	flipped[len(flipped)/2] ^= 1
	for name, content := range map[string][]byte{"Empty": nil, "Text": []byte("my backup"), "Cut": whole[:len(whole)/2], "Flipped": flipped} {
		bad := filepath.Join(root, name)
		if err := os.WriteFile(bad, content, 0o600); err != nil {
			t.Fatal(err)
		}
		status, _, errs := call(t, "restore", "-data", filepath.Join(root, "new"), bad)
		if status == 0 || !strings.Contains(errs, "no backup of a hall, or it is damaged") {
			t.Errorf("%s: %d %q", name, status, errs)
		}
	}
	left, err := filepath.Glob(filepath.Join(root, ".*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if _, err := os.Stat(filepath.Join(root, "new")); err == nil {
		t.Error("a data folder was made of a bad backup")
	}
}
