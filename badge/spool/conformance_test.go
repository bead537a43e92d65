package spool_test

import (
	"path/filepath"
	"strings"
	"testing"

	"hallpass/badge/spool"
	"hallpass/badge/spool/spooltest"
	"hallpass/badge/spool/virtual"
)

var page = spooltest.Job("").PDF

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

func pdfs(t testing.TB, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestPrinter runs the suite that every kind of printer passes.
func TestPrinter(t *testing.T) {
	cups := startServer(t)
	for name, kind := range map[string]spooltest.Kind{
		"ipp": {
			Start: func(t testing.TB) spooltest.Rig {
				v := startPrinter(t)
				if err := v.Load(t.Context(), 86, 54, 250); err != nil {
					t.Fatal(err)
				}
				return spooltest.Rig{
					Media:   "86x54",
					Open:    func(t testing.TB) spool.Printer { return open(t, v.URI()) },
					Printed: func(t testing.TB) int { return len(pdfs(t, v.Badges())) },
					Raise:   func(t testing.TB, faults ...string) { raise(t, v, faults...) },
				}
			},
			Faults: []string{"media-empty", "media-needed", "media-jam", "cover-open", "marker-supply-empty"},
		},
		"cups": {
			Start:  func(t testing.TB) spooltest.Rig { r, _ := queued(t, cups); return r },
			Faults: []string{"media-empty", "cover-open", "media-needed"},
		},
		"folder": {
			Start: func(t testing.TB) spooltest.Rig {
				dir := filepath.Join(t.TempDir(), "made by the first job")
				return spooltest.Rig{
					Open:    func(t testing.TB) spool.Printer { return open(t, "folder:"+dir) },
					Printed: func(t testing.TB) int { return len(pdfs(t, dir)) },
				}
			},
		},
	} {
		t.Run(name, func(t *testing.T) { spooltest.Run(t, kind) })
	}
}

func TestOpen_BadAddress(t *testing.T) {
	for _, uri := range []string{"", "printer", "ipp://", "ipp:///ipp/print", "http://localhost/", "zpl", "ipp://a b/",
		"ipp://user:secret@host/", "ipp://host/?media=huge", "ipp://host/?media=0x5",
		"ipps://host/?sha256=abc", "ipp://host/?colour=red", "ipps://user:secret@host/?a=b", "gopher://user:secret@host", "dnssd:", "dnssd:name",
		"dnssd:name._ftp._tcp.local", "dnssd:name._ipp._tcp.local?x=1", "dnssd://%zz._ipp._tcp.local",
		"folder:", "folder://host/dir", "folder:/d?files=0", "folder:/d?files=x",
		"folder:/d?megabytes=-1", "folder:/d?colour=red"} {
		_, err := spool.Open(uri)
		if err == nil {
			t.Errorf("Open(%q) succeeded", uri)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("Open(%q) = %v tells the password", uri, err)
		}
	}
}
