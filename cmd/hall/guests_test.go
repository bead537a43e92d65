package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hallpass/badge/token"
	"hallpass/cmd/internal/process"
	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/hall/store"
	"hallpass/sync/hall/web"
	"hallpass/sync/record"
	"hallpass/sync/record/showfile"
)

// visited is a data folder with visitors, each with a badge.
func visited(t *testing.T, people int) (dir string, badges []record.Badge) {
	t.Helper()
	dir = t.TempDir()
	s, err := store.Open(filepath.Join(dir, "hall.db"))
	if err != nil {
		t.Fatal(err)
	}
	show := halltest.Show()
	at := record.Stamp{Wall: time.Now().UnixMilli(), Node: "hall"}
	k := halltest.NewKiosk(show.ID)
	for range people {
		r := k.Visitor(map[record.FieldName]string{"name": "Ida Example"})
		b, _ := k.Badge(r, 1, record.BadgeIssued)
		k.Say(r, b)
		badges = append(badges, b)
	}
	for _, batch := range []hall.Batch{{Own: []hall.Own{{Fact: revised(show, at), Stamp: at, Announce: true}}}, k.Batch(1, 2*people)} {
		if _, err := s.Append(t.Context(), []hall.Batch{batch}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir, badges
}

// file writes a file of the test's own.
func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Lists, erasures, voids and the show's setup, by command, with a hall that is
// stopped and one that runs.
func TestGuests_Commands(t *testing.T) {
	dir, badges := visited(t, 2)
	list := file(t, "visitors.csv", "Name,Company,Code,Category,Lunch\nAda Example,Nordlicht,EARLY1,trade,yes\nBo Example,Aurora,EARLY2,nonsense,no\n")
	renamed := halltest.Show()
	renamed.Name = record.Text{"en": "Lamps, renamed"}
	setup := file(t, "show.json", string(showfile.Format(renamed)))
	for i, state := range []string{"stopped", "running"} {
		if state == "running" {
			h := spawn(t, "-data", dir, "-listen", process.FreeAddress(t))
			defer h.Interrupt()
		}
		codes := filepath.Join(t.TempDir(), "codes.csv")
		b := badges[i]
		for _, c := range []struct {
			args []string
			want string
		}{
			{[]string{"import", "-dry-run", list}, []string{"nothing was kept; 1 added", "nothing was kept; 0 added"}[i]},
			{[]string{"import", "-codes", codes, list}, []string{"1 added, 0 updated, 0 unchanged", "0 added, 0 updated, 1 unchanged"}[i]},
			{[]string{"import", list}, "1 lines cannot be used\n  line 3"},
			{[]string{"import", list}, "mean nothing to the show: Lunch"},
			{[]string{"show"}, `"id":"lamps-2027"`},
			{[]string{"show", "set", setup}, "the show lamps-2027 is set up anew"},
			{[]string{"show"}, "Lamps, renamed"},
			{[]string{"void", "-reason", "lost", token.FormatShort(b.ShortCode)}, token.FormatShort(b.ShortCode) + ", issue 1, is void from now on"},
			{[]string{"void", "-reason", "stolen", string(b.ID)}, "was void already, since "},
			{[]string{"erase", string(b.Registration)}, string(b.Registration)},
			{[]string{"erase", "-list"}, "0 receipts, done everywhere"}, // no kiosk is paired here
		} {
			status, out, errs := call(t, append(c.args, "-data", dir)...)
			if status != 0 || !strings.Contains(out, c.want) {
				t.Errorf("%s: hall %s: %d %q %q, want %q", state, strings.Join(c.args, " "), status, out, errs, c.want)
			}
		}
		if data, err := os.ReadFile(codes); err != nil || string(data) != "line,code\n2,EARLY1\n" {
			t.Errorf("%s: codes = %q, %v", state, data, err)
		}
		if again := must[web.VoidReply](t, "void", "-data", dir, "-reason", "lost", string(b.ID)); again.Fresh || again.Reason != "lost" || again.At == nil {
			t.Errorf("%s: void -json = %+v", state, again)
		}
		if report := must[hall.ImportReport](t, "import", "-data", dir, "-key", "Code", list); report.Failed != 1 || len(report.Problems) != 1 {
			t.Errorf("%s: import -json = %+v", state, report)
		}
	}
}

// P9: what will not do is refused with a sentence that says what will.
func TestGuests_CommandsRefuse(t *testing.T) {
	dir, badges := visited(t, 1)
	id := string(badges[0].ID)
	other := halltest.Show()
	other.ID = "moths-2027"
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"import"}, "name one CSV file"},
		{[]string{"import", "a.csv", "b.csv"}, "name one CSV file"},
		{[]string{"import", filepath.Join(dir, "none.csv")}, "no such file"},
		{[]string{"import", "-columns", "Ref", file(t, "a.csv", "name\nAda\n")}, `"Ref" is not HEADER=NAME`},
		{[]string{"import", "-columns", "Ref=code", file(t, "a.csv", "name\nAda\n")}, "Ref"},
		{[]string{"import", "-category", "nonsense", file(t, "a.csv", "name\nAda\n")}, "nonsense"},
		{[]string{"import", file(t, "empty.csv", "")}, "hall import: "},
		{[]string{"import", file(t, "shoes.csv", "shoe,size\nleft,42\n")}, "hall import: "},
		{[]string{"show", "set"}, "hall show set FILE"},
		{[]string{"show", "reset", "x.json"}, "hall show set FILE"},
		{[]string{"show", "set", filepath.Join(dir, "none.json")}, "none.json"},
		{[]string{"show", "set", file(t, "bad.json", `{"idd": 1}`)}, "bad.json"},
		{[]string{"show", "set", file(t, "other.json", string(showfile.Format(other)))}, "another show"},
		{[]string{"erase"}, "name one registration"},
		{[]string{"erase", "-list", "R1"}, "name one registration"},
		{[]string{"erase", "nobody"}, "no such registration"},
		{[]string{"void", "-reason", "lost"}, "name one badge"},
		{[]string{"void", id}, "-reason"},
		{[]string{"void", "-reason", "Ida Example lost it", id}, "in one word"},
		{[]string{"void", "-reason", "lost", "7KQ4M-2XPTC"}, "No such badge has reached the hall"},
		{[]string{"void", "-reason", "lost", "HP1NO"}, "No such badge has reached the hall"},
		{[]string{"void", "-reasn", "lost", id}, "reasn"},
	} {
		status, out, errs := call(t, append([]string{c.args[0], "-data", dir}, c.args[1:]...)...)
		if status != 1 || out != "" || !strings.Contains(errs, c.want) {
			t.Errorf("hall %s: %d %q %q, want a sentence with %q", strings.Join(c.args, " "), status, out, errs, c.want)
		}
	}
	if report := must[checked](t, "check", "-data", dir); !report.OK || report.Facts != 3 { // the show, a visitor, a badge
		t.Errorf("check = %+v, want the data as they were", report)
	}
}
