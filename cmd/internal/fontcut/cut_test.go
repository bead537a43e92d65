package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hallpass/badge/script"
)

var fonts = filepath.Join("..", "..", "..", "assets", "fonts")

// cutOne runs the tool on a list of one font and returns what it wrote and said.
func cutOne(t *testing.T, j job, from string, flags ...string) (font []byte, out string, err error) {
	t.Helper()
	dir := t.TempDir()
	list := filepath.Join(dir, "list.json")
	data, err := json.Marshal([]job{j})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(list, data, 0o600); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	if err := run(append(flags, "-list", list, "-from", from, "-o", dir), &said); err != nil {
		return nil, said.String(), err
	}
	font, err = readFont(filepath.Join(dir, j.File+".ttf.gz"))
	return font, said.String(), err
}

func indexes(t *testing.T, font []byte, text string) (out []uint16) {
	t.Helper()
	f, err := script.Parse(font)
	if err != nil {
		t.Fatal(err)
	}
	glyphs, ok := f.Shape([]rune(text), false)
	if !ok {
		t.Fatalf("%q cannot be shaped", text)
	}
	for _, g := range glyphs {
		out = append(out, g.Index)
	}
	return out
}

// Without layout a font keeps the characters asked for and no other, in new
// numbers, and cutting twice gives the same bytes.
func TestRun_CutsCharacters(t *testing.T) {
	j := job{File: "Small", From: "NotoSansSC-Bold.ttf", Characters: []string{"0041-0043", "4E00", "11FFFF"[1:]}}
	font, out, err := cutOne(t, j, fonts, "-hash")
	if err != nil {
		t.Fatal(err)
	}
	if got := indexes(t, font, "ABC一D"); got[0] != 1 || got[3] != 4 || got[4] != 0 {
		t.Errorf("glyphs %v, want 1, 2, 3, 4 and none for D", got)
	}
	if len(font) > 3<<10 || !strings.Contains(out, "| `Small` | 4 |") {
		t.Errorf("%d bytes, said %q", len(font), out)
	}
	if again, _, err := cutOne(t, j, fonts, "-hash"); err != nil || !bytes.Equal(font, again) {
		t.Errorf("cut again: other bytes, %v", err)
	}
	if checksum(font) != 0xB1B0AFBA {
		t.Errorf("the checksum of the file is %08x", checksum(font))
	}
}

// With layout a font still shapes: the Thai vowel am splits in two, as in the
// font it was cut from.
func TestRun_KeepsLayout(t *testing.T) {
	dir := t.TempDir()
	whole, err := readFont(filepath.Join(fonts, "NotoSansThai-Bold.ttf.gz"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "Thai.ttf"), whole, 0o600); err != nil {
		t.Fatal(err)
	}
	font, _, err := cutOne(t, job{File: "Small", From: "Thai.ttf", Characters: []string{"0E01-0E05", "0E33", "0E4D", "0E32"}, Layout: true}, dir, "-hash")
	if err != nil {
		t.Fatal(err)
	}
	got, want := indexes(t, font, "กำ"), indexes(t, whole, "กำ")
	if len(got) != 3 || len(want) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("glyphs %v, want %v", got, want)
	}
	if len(font) >= len(whole) {
		t.Errorf("%d bytes of %d", len(font), len(whole))
	}
}

func TestRun_Refuses(t *testing.T) {
	broken := t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, "Broken.ttf"), []byte("no font at all"), 0o600); err != nil {
		t.Fatal(err)
	}
	good := job{File: "Small", From: "NotoSansSC-Bold.ttf", Package: "npm x", Characters: []string{"0041"}}
	for name, c := range map[string]struct {
		job   job
		from  string
		flags []string
		want  string
	}{
		"another hash":    {good, fonts, nil, "the list wants"},
		"no source":       {good, broken, nil, "it comes with npm x"},
		"no folder":       {good, filepath.Join(broken, "none"), nil, "none"},
		"broken":          {job{From: "Broken.ttf", Characters: good.Characters}, broken, []string{"-hash"}, errFont.Error()},
		"no characters":   {job{From: good.From, Characters: []string{"E000"}}, fonts, []string{"-hash"}, "none of the characters"},
		"bad characters":  {job{From: good.From, Characters: []string{"A to Z"}}, fonts, []string{"-hash"}, "write them as"},
		"characters back": {job{From: good.From, Characters: []string{"5A-41"}}, fonts, []string{"-hash"}, "write them as"},
	} {
		if _, _, err := cutOne(t, c.job, c.from, c.flags...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: err = %v, want %q", name, err, c.want)
		}
	}
	if err := run(nil, nil); err == nil {
		t.Error("no arguments were accepted")
	}
}

// The shipped list is well formed and names the fonts that lie there.
func TestList(t *testing.T) {
	data, err := os.ReadFile("list.json")
	if err != nil {
		t.Fatal(err)
	}
	var jobs []job
	if err := json.Unmarshal(data, &jobs); err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(fonts, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range jobs {
		info, err := os.Stat(filepath.Join(fonts, j.File+".ttf.gz"))
		if err != nil || len(j.SHA256) != 64 || j.From == "" || j.Package == "" {
			t.Errorf("%s: %+v, %v", j.File, j, err)
			continue
		}
		if info.Size() > 1<<20 || !strings.Contains(string(readme), "| `"+j.File+"` |") {
			t.Errorf("%s: %d bytes, or not in the README of the fonts", j.File, info.Size())
		}
	}
	there, err := filepath.Glob(filepath.Join(fonts, "*.gz"))
	if err != nil || len(there) != len(jobs) {
		t.Errorf("%d fonts lie there, %d are listed, %v", len(there), len(jobs), err)
	}
}
