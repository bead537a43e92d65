package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hallpass/ocr"
)

func paper() *ocr.Reader {
	return &ocr.Reader{Engine: &paperEngine{lines: []ocr.Line{
		{Text: "Ada Quill", Confidence: 1, Weakest: 1, Box: image.Rect(20, 20, 150, 60)},
		{Text: "E-mail: ada@quillon.example", Confidence: 1, Weakest: 1, Box: image.Rect(20, 120, 200, 140)},
	}}}
}

func open(t *testing.T, path string) image.Image {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return img
}

// The folder holds the photo, the view, each field's cut-out and the decisions,
// for the owner alone; two pictures of one name stand side by side.
func TestDebug_LeavesWhatWasSeen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "look")
	one, two := drawn(t, "card.png", 320), drawn(t, "card.png", 420)
	var out bytes.Buffer
	if err := (readFlags{debug: dir, workers: 2}).run(t.Context(), paper(), []string{one, two}, &out); err != nil {
		t.Fatal(err)
	}
	for name, width := range map[string]int{"card": 320, "card-2": 420} {
		if w := open(t, filepath.Join(dir, name+".outline.png")).Bounds().Dx(); w != width {
			t.Errorf("the photo of %s is %d pixels wide, want %d", name, w, width)
		}
		if w := open(t, filepath.Join(dir, name+".view.png")).Bounds().Dx(); w < width {
			t.Errorf("the view of %s is %d pixels wide, want %d and more", name, w, width)
		}
		crop := open(t, filepath.Join(dir, name+".field-email.png")).Bounds()
		if crop.Dx() < 180 || crop.Dx() > 230 || crop.Dy() > 60 {
			t.Errorf("the cut-out of %s is %v", name, crop)
		}
		var d decisions
		data, err := os.ReadFile(filepath.Join(dir, name+".decisions.json"))
		if err == nil {
			err = json.Unmarshal(data, &d)
		}
		if err != nil || d.Fields["email"].Text != "ada@quillon.example" || !slices.Equal(d.From["email"], []int{2}) {
			t.Errorf("decisions of %s: %v %+v", name, err, d)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s may be read by others: %v %v", e.Name(), info.Mode(), err)
		}
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder may be read by others: %v", err)
	}
	if !strings.Contains(out.String(), "ada@quillon.example") {
		t.Errorf("nothing is printed beside: %s", out.String())
	}
}

// Its own files are written again; another's is left alone and named.
func TestDebug_OverwritesOnlyItsOwn(t *testing.T) {
	dir := t.TempDir()
	f, files := readFlags{debug: dir, workers: 1}, []string{drawn(t, "card.png", 320)}
	var out bytes.Buffer
	for range 2 {
		if err := f.run(t.Context(), paper(), files, &out); err != nil {
			t.Fatal(err)
		}
	}
	foreign := filepath.Join(dir, "holiday.view.png")
	if err := os.WriteFile(foreign, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := f.run(t.Context(), paper(), []string{drawn(t, "holiday.png", 320)}, &out)
	if !errors.Is(err, errForeign) || !strings.Contains(err.Error(), foreign) {
		t.Errorf("run = %v, want %v for %s", err, errForeign, foreign)
	}
	if kept, err := os.ReadFile(foreign); err != nil || string(kept) != "mine" {
		t.Errorf("another's file is now %q, %v", kept, err)
	}
}

// A link that somebody laid is not followed out of the folder.
func TestDebug_FollowsNoLink(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(t.TempDir(), "target")
	if err := os.Symlink(target, filepath.Join(dir, "card.decisions.json")); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err := (readFlags{debug: dir, workers: 1}).run(t.Context(), paper(), []string{drawn(t, "card.png", 320)}, &out)
	if _, gone := os.Stat(target); !errors.Is(err, errForeign) || !errors.Is(gone, fs.ErrNotExist) {
		t.Errorf("run = %v, target %v", err, gone)
	}
}

// P9: a picture that failed leaves its reason, and the others are done.
func TestDebug_OfABadPicture(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(t.TempDir(), "noise.jpg")
	if err := os.WriteFile(bad, []byte("noise"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err := (readFlags{debug: dir, workers: 1}).run(t.Context(), paper(), []string{bad, drawn(t, "card.png", 320)}, &out)
	if !errors.Is(err, errSomeUnread) {
		t.Errorf("run = %v, want %v", err, errSomeUnread)
	}
	data, err := os.ReadFile(filepath.Join(dir, "noise.decisions.json"))
	if err != nil || !strings.Contains(string(data), `"error": "not a JPEG`) {
		t.Errorf("decisions: %v %s", err, data)
	}
	open(t, filepath.Join(dir, "card.view.png"))
	if _, err := os.Stat(filepath.Join(dir, "noise.outline.png")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what is no picture was drawn: %v", err)
	}
}

// A card on which nothing was found is drawn, so that one can see why.
func TestDebug_OfACardWithoutPrint(t *testing.T) {
	dir := t.TempDir()
	var out bytes.Buffer
	err := (readFlags{debug: dir, workers: 1}).run(t.Context(), &ocr.Reader{Engine: &paperEngine{}}, []string{drawn(t, "card.png", 320)}, &out)
	if !errors.Is(err, errSomeUnread) || !strings.Contains(out.String(), ocr.ErrBlank.Error()) {
		t.Errorf("run = %v: %s", err, out.String())
	}
	if w := open(t, filepath.Join(dir, "card.outline.png")).Bounds().Dx(); w != 320 {
		t.Errorf("the photo is %d pixels wide, want 320", w)
	}
}
