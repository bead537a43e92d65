//go:build !race

package main

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// bomb is a PNG of a few bytes that says it is 50,000 × 50,000 pixels.
func bomb(tb testing.TB) []byte {
	tb.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		tb.Fatal(err)
	}
	data := out.Bytes()
	binary.BigEndian.PutUint32(data[16:], 50_000)
	binary.BigEndian.PutUint32(data[20:], 50_000)
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	return data
}

// A portrait comes from the folder that was named and from nowhere else, and what
// is no picture, or a bomb, costs that line alone (P9).
func TestBadge_Portraits(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "portraits")
	if err := os.MkdirAll(filepath.Join(folder, "deep"), 0o700); err != nil {
		t.Fatal(err)
	}
	var good bytes.Buffer
	if err := png.Encode(&good, image.NewRGBA(image.Rect(0, 0, 80, 100))); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"portraits/deep/good.png": good.Bytes(), "secret.png": good.Bytes(), "portraits/bomb.png": bomb(t),
		"portraits/large.png": append(good.Bytes(), make([]byte, 9<<20)...), "portraits/text.png": []byte("林晓"),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("../secret.png", filepath.Join(folder, "link.png")); err != nil {
		t.Fatal(err)
	}
	press, err := newBadgePress(badgeSettings{Template: "a6", Pictures: folder})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"":                "",
		"deep/good.png":   "",
		"none.png":        "open the portrait",
		"../secret.png":   "escapes",
		"link.png":        "escapes",
		"/etc/hostname":   "escapes",
		"deep":            "is no file",
		"bomb.png":        "50000×50000 pixels; the limit is",
		"large.png":       "the limit is 8388608",
		"text.png":        "no PNG or JPEG",
		"deep/good.png\n": "open the portrait",
	} {
		page, err := press.page(personLine{Name: "林晓", Category: "trade", Portrait: name})
		switch {
		case want == "" && (err != nil || (page.Person.Portrait != nil) != (name != "")):
			t.Errorf("%q: %v, %v", name, page.Person.Portrait, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%q = %v, want %q", name, err, want)
		}
	}
	blind, err := newBadgePress(badgeSettings{Template: "a6"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := blind.page(personLine{Name: "林晓", Category: "trade", Portrait: "deep/good.png"}); err == nil || !strings.Contains(err.Error(), "-portraits") {
		t.Errorf("without a folder = %v, want what to say", err)
	}
	if _, err := newBadgePress(badgeSettings{Template: "a6", Pictures: filepath.Join(dir, "none")}); err == nil {
		t.Error("a folder that is not there was taken")
	}
}
