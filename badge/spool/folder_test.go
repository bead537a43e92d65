package spool_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hallpass/badge/spool"
	"hallpass/badge/spool/spooltest"
)

func TestFolder_P9_FullByCount(t *testing.T) {
	dir := t.TempDir()
	p := open(t, "folder:"+dir+"?files=2")
	submit(t, p, "b-1")
	submit(t, p, "b-2")
	err := p.Submit(t.Context(), spool.Job{Name: "b-3", PDF: page})
	if !errors.Is(err, spool.ErrSpoolFull) || !strings.Contains(err.Error(), dir) {
		t.Fatalf("Submit = %v, want ErrSpoolFull naming the folder", err)
	}
	if s, err := p.Status(t.Context()); err != nil || s.State != "stopped" || s.Accepting ||
		strings.Join(s.Reasons, " ") != "spool-area-full" {
		t.Fatalf("Status = %+v, %v; want stopped, spool-area-full", s, err)
	}
	submit(t, p, "b-1") // there already: no room needed

	if err := os.Remove(filepath.Join(dir, "b-1.pdf")); err != nil { // someone took a badge
		t.Fatal(err)
	}
	submit(t, p, "b-3")
}

func TestFolder_P9_FullByBytes(t *testing.T) {
	dir := t.TempDir()
	p := open(t, "folder:"+dir+"?megabytes=1")
	half := make([]byte, 400<<10)
	for _, name := range []string{"b-1", "b-2"} {
		if err := p.Submit(t.Context(), spool.Job{Name: name, PDF: half}); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Submit(t.Context(), spool.Job{Name: "b-3", PDF: half}); !errors.Is(err, spool.ErrSpoolFull) {
		t.Fatalf("Submit = %v, want ErrSpoolFull", err)
	}
	submit(t, p, "b-4") // small enough
}

// The kernel says ENOSPC: the part file is a link to /dev/full.
func TestFolder_P1_DiskFull(t *testing.T) {
	dir := t.TempDir()
	p := open(t, "folder:"+dir)
	if err := os.Symlink("/dev/full", filepath.Join(dir, ".b-1.part")); err != nil {
		t.Fatal(err)
	}
	err := p.Submit(t.Context(), spool.Job{Name: "b-1", PDF: page})
	if !errors.Is(err, spool.ErrSpoolFull) || !strings.Contains(err.Error(), "give it more room") {
		t.Fatalf("Submit = %v, want ErrSpoolFull with what to do", err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Fatalf("left behind: %v", left)
	}
	submit(t, p, "b-1") // room again
	spooltest.Until(t, p, "b-1", spool.Completed)
}

// A part file from a power cut is neither a badge nor in the way.
func TestFolder_P1_PowerCutWhileWriting(t *testing.T) {
	dir := t.TempDir()
	p := open(t, "folder:"+dir)
	if err := os.WriteFile(filepath.Join(dir, ".b-1.part"), []byte("%PDF half and more than the page to come"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := p.Job(t.Context(), "b-1"); err != nil || s.State != spool.Unknown {
		t.Fatalf("Job = %+v, %v; want unknown", s, err)
	}
	submit(t, p, "b-1")
	got, err := os.ReadFile(filepath.Join(dir, "b-1.pdf"))
	if err != nil || string(got) != string(page) {
		t.Fatalf("file holds %q, %v; want the page", got, err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Fatalf("left behind: %v", left)
	}
}

func TestFolder_NotAFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, filepath.Join(file, "below")} {
		p := open(t, "folder:"+dir)
		if err := p.Submit(t.Context(), spool.Job{Name: "b-1", PDF: page}); !errors.Is(err, spool.ErrUnreachable) {
			t.Errorf("Submit to %s = %v, want ErrUnreachable", dir, err)
		}
	}
}

func TestFolder_P7_OnlyOwnerReads(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "spool")
	submit(t, open(t, "folder:"+dir), "b-1")
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, "b-1.pdf"): 0o600} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: mode %v, %v; want %v", filepath.Base(path), info.Mode().Perm(), err, want)
		}
	}
}

func BenchmarkSubmitFolder(b *testing.B) {
	p := open(b, "folder:"+b.TempDir()+"?files=10000000&megabytes=100000")
	pdf := make([]byte, 12<<10)
	for n := 0; b.Loop(); n++ {
		if err := p.Submit(b.Context(), spool.Job{Name: fmt.Sprintf("b-%d", n), PDF: pdf}); err != nil {
			b.Fatal(err)
		}
	}
}

// Who prints the folder takes a badge out at once, before anybody asked about
// it: it came out all the same, and is not written again.
func TestFolder_P6_TakenAtOnceCameOut(t *testing.T) {
	dir := t.TempDir()
	p := open(t, "folder:"+dir)
	submit(t, p, "b-1")
	if err := os.Remove(filepath.Join(dir, "b-1.pdf")); err != nil {
		t.Fatal(err)
	}
	if s, err := p.Job(t.Context(), "b-1"); err != nil || s.State != spool.Completed {
		t.Errorf("Job = %+v, %v; want completed", s, err)
	}
	submit(t, p, "b-1")
	if left := pdfs(t, dir); len(left) != 0 {
		t.Errorf("written again: %v", left)
	}
}

// A folder that cannot be made, such as one on a stick that is not there, says
// so before a badge is sent, and a badge sent all the same was not printed.
func TestFolder_P6_CannotBeMade(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "stick")
	if err := os.Symlink(filepath.Join(t.TempDir(), "gone", "deep"), dir); err != nil {
		t.Fatal(err)
	}
	p := open(t, "folder:"+dir)
	if s, err := p.Status(t.Context()); !errors.Is(err, spool.ErrUnreachable) || s.State != "unreachable" {
		t.Errorf("Status = %+v, %v; want unreachable", s, err)
	}
	if err := p.Submit(t.Context(), spool.Job{Name: "b-1", PDF: page}); !errors.Is(err, spool.ErrNotSent) {
		t.Errorf("Submit = %v, want ErrNotSent: nothing was printed", err)
	}
}
