package spool_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"hallpass/badge/spool"
	"hallpass/badge/spool/virtual"
)

// page is the smallest thing that every PDF reader takes for a page.
var page = []byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n" +
	"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
	"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 243 153]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")

// startPrinter runs a real IPP printer for one test.
func startPrinter(t testing.TB) *virtual.Printer {
	t.Helper()
	p, err := virtual.Start(t.Context(), t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

func open(t testing.TB, uri string) spool.Printer {
	t.Helper()
	p, err := spool.Open(uri)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// until polls a job until its state is one of those wanted.
func until(t testing.TB, p spool.Printer, name string, want ...spool.JobState) spool.JobStatus {
	t.Helper()
	var s spool.JobStatus
	poll(t, fmt.Sprintf("job %s to be %v", name, want), func() bool {
		var err error
		s, err = p.Job(t.Context(), name)
		for _, w := range want {
			if s.State == w {
				return err == nil
			}
		}
		return false
	})
	return s
}

func poll(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("waited 30 s for %s", what)
		}
		<-time.After(5 * time.Millisecond)
	}
}

func pdfs(t testing.TB, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestPrinter is the one suite that every kind of printer passes.
func TestPrinter(t *testing.T) {
	kinds := map[string]func(t *testing.T) (p spool.Printer, printed string){
		"ipp": func(t *testing.T) (spool.Printer, string) {
			p := startPrinter(t)
			return open(t, p.URI()), p.Badges()
		},
		"folder": func(t *testing.T) (spool.Printer, string) {
			dir := filepath.Join(t.TempDir(), "made by the first job")
			return open(t, "folder:"+dir), dir
		},
	}
	for kind, start := range kinds {
		t.Run(kind, func(t *testing.T) {
			p, printed := start(t)
			t.Run("Prints", func(t *testing.T) { testPrints(t, p, printed) })
			t.Run("P6_SentTwicePrintsOnce", func(t *testing.T) { testTwice(t, p, printed) })
			t.Run("UnknownJob", func(t *testing.T) { testUnknown(t, p) })
			t.Run("BadName", func(t *testing.T) { testBadName(t, p) })
			t.Run("CancelTooLate", func(t *testing.T) { testCancelLate(t, p) })
			t.Run("CallerGivesUp", func(t *testing.T) { testGiveUp(t, p, printed) })
		})
	}
}

func testPrints(t *testing.T, p spool.Printer, printed string) {
	s, err := p.Status(t.Context())
	if err != nil || s.State != "idle" || !s.Accepting || len(s.Reasons) != 0 || s.Name == "" {
		t.Fatalf("Status = %+v, %v; want idle, accepting, named, no reasons", s, err)
	}
	if err := p.Submit(t.Context(), spool.Job{Name: "7KQ4M2XPTC-1", PDF: page}); err != nil {
		t.Fatal(err)
	}
	until(t, p, "7KQ4M2XPTC-1", spool.Completed)
	got, err := os.ReadFile(filepath.Join(printed, "7KQ4M2XPTC-1.pdf"))
	if err != nil || string(got) != string(page) {
		t.Fatalf("printed %d bytes, %v; want the %d of the page", len(got), err, len(page))
	}
}

func testTwice(t *testing.T, p spool.Printer, printed string) {
	before := len(pdfs(t, printed))
	job := spool.Job{Name: "twice-1", PDF: page}
	var all sync.WaitGroup
	for range 8 { // all at once, as after a reconnect
		all.Go(func() {
			if err := p.Submit(t.Context(), job); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	until(t, p, job.Name, spool.Completed)
	if err := p.Submit(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	if got := len(pdfs(t, printed)) - before; got != 1 {
		t.Fatalf("printed %d times, want once", got)
	}
}

func testUnknown(t *testing.T, p spool.Printer) {
	s, err := p.Job(t.Context(), "never-sent")
	if err != nil || s.State != spool.Unknown {
		t.Fatalf("Job = %+v, %v; want unknown", s, err)
	}
	if s, err = p.Cancel(t.Context(), "never-sent"); err != nil || s.State != spool.Unknown {
		t.Fatalf("Cancel = %+v, %v; want unknown", s, err)
	}
}

func testBadName(t *testing.T, p spool.Printer) {
	for _, name := range []string{"", ".hidden", "../up", "a/b", "a b", "张伟", "nul\x00", strings.Repeat("x", 101)} {
		if err := p.Submit(t.Context(), spool.Job{Name: name, PDF: page}); !errors.Is(err, spool.ErrRefused) {
			t.Errorf("Submit(%q) = %v, want ErrRefused", name, err)
		}
		if _, err := p.Job(t.Context(), name); !errors.Is(err, spool.ErrRefused) {
			t.Errorf("Job(%q) = %v, want ErrRefused", name, err)
		}
		if _, err := p.Cancel(t.Context(), name); !errors.Is(err, spool.ErrRefused) {
			t.Errorf("Cancel(%q) = %v, want ErrRefused", name, err)
		}
	}
}

func testCancelLate(t *testing.T, p spool.Printer) {
	if err := p.Submit(t.Context(), spool.Job{Name: "late-1", PDF: page}); err != nil {
		t.Fatal(err)
	}
	until(t, p, "late-1", spool.Completed)
	if s, err := p.Cancel(t.Context(), "late-1"); err != nil || s.State != spool.Completed {
		t.Fatalf("Cancel = %+v, %v; want completed: it was too late", s, err)
	}
}

func testGiveUp(t *testing.T, p spool.Printer, printed string) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.Submit(ctx, spool.Job{Name: "given-up", PDF: page}); !errors.Is(err, context.Canceled) {
		t.Errorf("Submit = %v, want context.Canceled", err)
	}
	if _, err := p.Job(ctx, "given-up"); !errors.Is(err, context.Canceled) {
		t.Errorf("Job = %v, want context.Canceled", err)
	}
	if _, err := p.Status(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Status = %v, want context.Canceled", err)
	}
	if _, err := os.Stat(filepath.Join(printed, "given-up.pdf")); err == nil {
		t.Error("printed all the same")
	}
}

func TestOpen_BadAddress(t *testing.T) {
	for _, uri := range []string{"", "printer", "ipp://", "ipp:///ipp/print", "http://localhost/", "zpl", "ipp://a b/",
		"ipp://user:secret@host/", "folder:", "folder://host/dir", "folder:/d?files=0", "folder:/d?files=x",
		"folder:/d?megabytes=-1", "folder:/d?colour=red"} {
		_, err := spool.Open(uri)
		if err == nil {
			t.Errorf("Open(%q) succeeded", uri)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("Open(%q) = %v tells the password", uri, err)
		}
	}
}
