package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func cardbench(t *testing.T, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	var out, complaints bytes.Buffer
	err = run(t.Context(), args, &out, &complaints)
	return out.String(), complaints.String(), err
}

// faked adds the flags that make the test program stand in for the others.
func faked(t *testing.T, args ...string) []string {
	t.Helper()
	t.Setenv("CARDBENCH_FAKE", "1")
	return append([]string{"-kiosk", os.Args[0], "-tesseract", os.Args[0]}, args...)
}

// row returns the cells of the first line of a table that starts with these.
func row(t *testing.T, text string, first ...string) []string {
	t.Helper()
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if len(cells) > len(first) && strings.Join(cells[:len(first)], "|") == strings.Join(first, "|") {
			return cells
		}
	}
	t.Fatalf("no row %q in\n%s", first, text)
	return nil
}

// Four cards, of which every tier but the hard one is read half right: name
// right, e-mail missing, and a fax that is not there.
func TestMeasure_TablesAndCost(t *testing.T) {
	known, other := folder(t, "known", "a_en", "b_zhs"), folder(t, "unseen", "c_en", "d_zhs")
	kept := t.TempDir()
	out, progress, err := cardbench(t, faked(t, "-cards", known+","+other, "-engine", "auto", "-sample", "3", "-keep", kept, "-errors", "2", "-worst", "1")...)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		cells string
		want  string
	}{
		{"known (fitted)|mild|auto", "2|50.0|0.0|50.0|0|50.0 %|100.0 %|22.5|100|100|0"},
		{"unseen|hard|auto", "2|0.0|0.0|0.0|0|0.0 %|0.0 %|0.0|–|–|2"},
		{"unseen|ALL|auto", "6|40.0|0.0|40.0|0|33.3 %|100.0 %|22.5|100|100|2"},
	} {
		cells := row(t, out, strings.Split(c.cells, "|")...)
		if got := strings.Join(cells[3:], "|"); got != c.want {
			t.Errorf("%s: %s, want %s", c.cells, got, c.want)
		}
	}
	if cells := row(t, out, "0.95"); cells[1] != "100.0 % of 4" || cells[2] != "100.0 % of 4" {
		t.Errorf("reliability: %q", cells)
	}
	cost := row(t, out, "auto", "3")
	if cost[2] != "100" || cost[5] == "0" || !strings.HasSuffix(cost[6], " ×") || !strings.HasSuffix(cost[7], " ×") {
		t.Errorf("cost: %q", cost)
	}
	if !strings.Contains(out, `- clean/c_en email: printed ["ada@quillon.example"], read`) || strings.Count(out, "\n- ") != 6 || !strings.Contains(out, "- clean/c_en: 2, in fax, email\n") {
		t.Errorf("mistakes: %s", out)
	}
	if !strings.Contains(progress, "auto reads 6 pictures of unseen") {
		t.Errorf("progress: %s", progress)
	}
	again, _, err := cardbench(t, "-cards", other, "-replay", filepath.Join(kept, "unseen.auto.ndjson"), "-as-read")
	if err != nil {
		t.Fatal(err)
	}
	if cells := row(t, again, "unseen", "mild", "fake"); cells[4] != "50.0" {
		t.Errorf("what was kept reads %q", cells)
	}
}

func TestMeasure_EveryFigureAsJSON(t *testing.T) {
	out, _, err := cardbench(t, faked(t, "-cards", folder(t, "other", "c_en", "d_zhs"), "-engine", "auto,ppocr", "-json", "-sample", "2")...)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Scores []struct {
			Cards, Engine, Tier, Lang string
			Fitted                    bool
			F1                        float64
		}
		Costs []cost
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Scores) != 2*4*3 || len(got.Costs) != 2 {
		t.Fatalf("%d rows and %d costs: %s", len(got.Scores), len(got.Costs), out)
	}
	if s := got.Scores[0]; s.Cards != "other" || !s.Fitted || s.Engine != "auto" || s.Tier != "clean" || s.Lang != "zhs" || s.F1 != 50 {
		t.Errorf("first row %+v", s)
	}
	if c := got.Costs[1]; c.Engine != "ppocr" || c.Cards != 2 || c.P95 != 100 || c.RSS == 0 || c.Ratio <= 0 || c.RatioOne <= 0 || c.Workers != 2 {
		t.Errorf("cost %+v", c)
	}
}

func TestSoak_WatchesMemory(t *testing.T) {
	out, _, err := cardbench(t, faked(t, "-cards", folder(t, "other", "c_en", "d_zhs"), "-engine", "auto", "-soak", "25")...)
	if err != nil {
		t.Fatal(err)
	}
	if cells := row(t, out, "auto", "25"); len(cells) != 5 || cells[4] == "0" {
		t.Errorf("memory: %q", cells)
	}
}

// The first tenth warms up; a leak shows between the second tenth and the last.
func TestSoak_SeesGrowth(t *testing.T) {
	var leaks outcome
	for i := range 100 {
		leaks.residentMB = append(leaks.residentMB, 100+i)
	}
	if g := growthOf("auto", leaks); g.Cards != 100 || g.Early != 115 || g.Late != 195 {
		t.Errorf("growth %+v", g)
	}
	if g := growthOf("auto", outcome{residentMB: []int{7}}); g.Early != 7 || g.Late != 7 {
		t.Errorf("growth of one card %+v", g)
	}
}

// What the reader says about itself is told, and half a result is none.
func TestMeasure_EngineFails(t *testing.T) {
	cards := folder(t, "other", "c_en", "d_zhs")
	for engine, want := range map[string]string{"blind": "library not found; install it", "babble": "not a result", "tired": "exit status 1"} {
		if _, _, err := cardbench(t, faked(t, "-cards", cards, "-engine", engine)...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", engine, err, want)
		}
	}
	if _, _, err := cardbench(t, "-cards", cards, "-kiosk", filepath.Join(t.TempDir(), "kiosk")); err == nil || !strings.Contains(err.Error(), "make build") {
		t.Errorf("without a reader: %v", err)
	}
}

// A file of results is decided again, each card counted where its truth is.
func TestReplay_DecidesAgain(t *testing.T) {
	one, two := folder(t, "known", "a_en"), folder(t, "unseen", "c_en", "d_zhs")
	file := filepath.Join(t.TempDir(), "read.ndjson")
	put(t, file, `{"file":"x/mild/a_en.jpg","engine":"e","fields":{"name":{"text":"wrong","confidence":1}},"lines":[{"text":"E-mail: ada@quillon.example","confidence":1,"weakest":1,"box":[0,0,300,30]}]}
{"file":"x/mild/c_en.jpg","engine":"e","fields":{},"lines":[],"error":"blank"}
{"file":"x/mild/unknown.jpg","engine":"e","fields":{},"lines":[]}
`)
	out, _, err := cardbench(t, "-cards", one+","+two, "-replay", file)
	if err != nil {
		t.Fatal(err)
	}
	if cells := row(t, out, "known (fitted)", "mild", "e"); cells[4] != "66.7" {
		t.Errorf("decided again: %q", cells)
	}
	if cells := row(t, out, "unseen", "mild", "e"); cells[4] != "0.0" || cells[len(cells)-1] != "2" {
		t.Errorf("an error and a missing card: %q", cells)
	}
	out, _, err = cardbench(t, "-cards", one, "-replay", file, "-as-read")
	if err != nil {
		t.Fatal(err)
	}
	if cells := row(t, out, "known (fitted)", "mild", "e"); cells[4] != "0.0" {
		t.Errorf("as it was read: %q", cells)
	}
	if _, _, err := cardbench(t, "-cards", folder(t, "third", "z_en"), "-replay", file); err == nil || !strings.Contains(err.Error(), "no card of these folders") {
		t.Errorf("a file of other cards: %v", err)
	}
}

func TestPerfect_DecidesOnWhatIsPrinted(t *testing.T) {
	out, _, err := cardbench(t, "-cards", folder(t, "other", "c_en", "d_zhs"), "-perfect")
	if err != nil {
		t.Fatal(err)
	}
	if cells := row(t, out, "other (fitted)", "perfect", "perfect"); cells[4] != "100.0" {
		t.Errorf("perfect lines: %q", cells)
	}
}

// Only what stands between the marks is written anew.
func TestReadme_BetweenTheMarks(t *testing.T) {
	cards, file := folder(t, "other", "c_en"), filepath.Join(t.TempDir(), "README.md")
	put(t, file, "# Top\n\n"+readmeFrom+"\nold\n"+readmeTo+"\n\nend\n")
	if _, _, err := cardbench(t, "-cards", cards, "-perfect", "-readme", file); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got := string(data)
	if !strings.HasPrefix(got, "# Top\n\n"+readmeFrom+"\n\nFields read right") || !strings.HasSuffix(got, "|\n\n"+readmeTo+"\n\nend\n") || strings.Contains(got, "old") {
		t.Errorf("the file is now\n%s", got)
	}
	put(t, file, "no marks")
	if _, _, err := cardbench(t, "-cards", cards, "-perfect", "-readme", file); err == nil || !strings.Contains(err.Error(), "bench-ocr") {
		t.Errorf("a file without marks: %v", err)
	}
}

func TestFlags_RefuseWithAnAdvice(t *testing.T) {
	cards := folder(t, "other", "c_en")
	for _, c := range []struct {
		args string
		want string
	}{
		{"-cards " + cards + " -perfect -replay x", "exclude"},
		{"-cards " + cards + " -as-read", "-replay"},
		{"-cards " + cards + " mild", "-cards"},
		{"-cards ,", "no folder"},
		{"-cards " + cards + " -workers 0", "-workers"},
		{"-cards " + cards + " -soak -1", "-soak"},
		{"-cards " + t.TempDir(), "-cards"},
		{"-cards " + cards + " -tier dim", "no pictures"},
		{"-cards " + cards + " -replay " + cards + "/missing", "missing"},
	} {
		if _, _, err := cardbench(t, strings.Fields(c.args)...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.args, err, c.want)
		}
	}
	if _, help, err := cardbench(t, "-h"); err != nil || !strings.Contains(help, "Example") {
		t.Errorf("-h: %v %s", err, help)
	}
}
