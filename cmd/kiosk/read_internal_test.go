//go:build cgo

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// P9: a bad file has its reason in its line, later files are still read, and
// the command fails.
func TestRead_GoesOnAfterABadFile(t *testing.T) {
	noise := filepath.Join(t.TempDir(), "notes.jpg")
	if err := os.WriteFile(noise, []byte("no picture at all"), 0o600); err != nil {
		t.Fatal(err)
	}
	card := filepath.Join("..", "..", "ocr", "testdata", "english.jpg")
	var out, complaints bytes.Buffer
	err := runRead(t.Context(), []string{"-json", "-engine", "tesseract", noise, "missing.jpg", card}, &out, &complaints)
	if !errors.Is(err, errSomeUnread) {
		t.Errorf("runRead = %v, want %v", err, errSomeUnread)
	}
	var lines []map[string]any
	for line := range strings.Lines(out.String()) {
		var v map[string]any
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		lines = append(lines, v)
	}
	if len(lines) != 3 {
		t.Fatalf("%d lines, want one a file", len(lines))
	}
	for i, bad := range []bool{true, true, false} {
		if _, has := lines[i]["error"]; has != bad {
			t.Errorf("line %d: error %v, want one: %v", i, lines[i]["error"], bad)
		}
	}
	good := lines[2]
	if good["file"] != card || good["engine"] != "tesseract" || good["ms"].(float64) <= 0 {
		t.Errorf("file %v, engine %v, ms %v", good["file"], good["engine"], good["ms"])
	}
	phone := good["fields"].(map[string]any)["phone"].(map[string]any)
	if phone["text"] != "+44 20 7946 0160" || phone["confidence"].(float64) > 1 || len(phone["box"].([]any)) != 4 {
		t.Errorf("phone = %v", phone)
	}
}

func TestRead_RefusesWithAnAdvice(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "card.jpg"},
		{[]string{"-json"}, "card.jpg"},
		{[]string{"-json", "-explain", "x.jpg"}, "exclude each other"},
		{[]string{"-workers", "0", "x.jpg"}, "1 or more"},
		{[]string{"-json", "-engine", "eyes", "x.jpg"}, "use auto"},
	} {
		var out, complaints bytes.Buffer
		if err := runRead(t.Context(), c.args, &out, &complaints); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("runRead(%q) = %v, want advice with %q", c.args, err, c.want)
		}
	}
}

func TestRead_HelpHasAnExample(t *testing.T) {
	var out, complaints bytes.Buffer
	if err := runRead(t.Context(), []string{"-h"}, &out, &complaints); err != nil || !strings.Contains(complaints.String(), "Examples:") || !strings.Contains(complaints.String(), "personal data") {
		t.Errorf("runRead(-h) = %v, %q", err, complaints.String())
	}
}
