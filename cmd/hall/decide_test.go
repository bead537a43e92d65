package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hallpass/cmd/internal/process"
	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/hall/store"
	"hallpass/sync/record"
)

// quarrelsome is a data folder in which two kiosks disagree, and one fact was
// refused.
func quarrelsome(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	s, err := store.Open(filepath.Join(dir, "hall.db"))
	if err != nil {
		t.Fatal(err)
	}
	show := halltest.Show()
	at := record.Stamp{Wall: time.Now().UnixMilli(), Node: "hall"}
	batches := []hall.Batch{{Own: []hall.Own{{Fact: revised(show, at), Stamp: at, Announce: true}}}}
	a, b := halltest.NewKiosk(show.ID), halltest.NewKiosk(show.ID)
	r := a.Visitor(map[record.FieldName]string{"name": "Ida Example", "company": "Quilon"})
	a.Say(r, record.Rewrite(r, r.Set("field.company", record.Version{Text: "Quillon", At: record.Stamp{Wall: at.Wall + 10, Node: a.Node}})))
	b.Say(record.Rewrite(r, r.Set("field.company", record.Version{Text: "Quillon Ltd", At: record.Stamp{Wall: at.Wall + 20, Node: b.Node}})))
	b.SayBytes("moon.phase", []byte("full"))
	for _, batch := range append(batches, a.Batch(1, 2), b.Batch(1, 2)) {
		if _, err := s.Append(t.Context(), []hall.Batch{batch}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func revised(show record.Show, at record.Stamp) record.Show {
	show.Revised = at
	return show
}

// What people decide works with a running hall and without, and says what to do.
func TestDecide_Commands(t *testing.T) {
	for _, state := range []string{"stopped", "running"} {
		t.Run(state, func(t *testing.T) {
			dir := quarrelsome(t)
			if state == "running" {
				spawn(t, "-data", dir, "-listen", process.FreeAddress(t))
			}
			decide(t, dir)
		})
	}
}

func decide(t *testing.T, dir string) {
	t.Helper()
	status, out, errs := call(t, "conflicts", "-data", dir)
	id, _, _ := strings.Cut(out, "\n")
	if status != 0 || !strings.HasPrefix(id, "field.company.") || !strings.Contains(out, "  1  Quillon  ") || !strings.Contains(out, "(stands)") {
		t.Fatalf("conflicts: %d\n%s%s", status, out, errs)
	}
	for _, c := range []struct{ args, want string }{
		{"conflicts -choose X", "-side"},
		{"conflicts -choose X -side 1", "no such conflict"},
		{"conflicts -choose " + id + " -side 3", "2 sides"},
		{"quarantine discard -id 1", "-reason"},
		{"quarantine discard -reason x", "hall quarantine list"},
		{"quarantine retry", "-all"},
		{"quarantine retry -id 1", "update it"},
		{"quarantine retry -id 9", "Nothing stands there"},
	} {
		status, _, errs := call(t, append(strings.Fields(c.args), "-data", dir)...)
		if status != 1 || !strings.Contains(errs, c.want) {
			t.Errorf("hall %s: %d %q, want a sentence with %q", c.args, status, errs, c.want)
		}
	}
	if status, _, errs := call(t, "conflicts", "-data", dir, "-choose", id, "-side", "1", "-by", "Dana 丹"); status != 0 {
		t.Fatal(errs)
	}
	if _, out, errs := call(t, "conflicts", "-data", dir); out != "" {
		t.Errorf("after the choice: %s%s", out, errs)
	}
	if _, out, errs := call(t, "quarantine", "-data", dir); !strings.HasPrefix(out, "1 ") || !strings.Contains(out, "moon.phase") {
		t.Errorf("quarantine: %s%s", out, errs)
	}
	if _, out, errs := call(t, "quarantine", "retry", "-all", "-data", dir); out != "0 taken in, 1 refused as before.\n" {
		t.Errorf("retry: %s%s", out, errs)
	}
	if status, _, errs := call(t, "quarantine", "discard", "-id", "1", "-reason", "no moon here", "-by", "Dana 丹", "-data", dir); status != 0 {
		t.Fatal(errs)
	}
	_, out, errs = call(t, "quarantine", "list", "-discarded", "-data", dir)
	if !strings.Contains(out, "Discarded by Dana 丹: no moon here") {
		t.Errorf("discarded: %s%s", out, errs)
	}
	if report := must[struct{ OK bool }](t, "check", "-data", dir, "-json"); !report.OK {
		t.Errorf("check: %+v", report)
	}
}
