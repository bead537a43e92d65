package store_test

import (
	"archive/tar"
	"compress/gzip"
	"crypto/ed25519"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"hallpass/kiosk/store"
	"hallpass/sync/record"
)

// unpack puts a folder that an earlier program made into a new one.
func unpack(t *testing.T, name string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	files := tar.NewReader(unzipped)
	for {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return dir
		}
		if err != nil {
			t.Fatal(err)
		}
		if header.Typeflag != tar.TypeReg {
			continue
		}
		data, err := io.ReadAll(files)
		if err != nil {
			t.Fatal(err)
		}
		write(t, dir, header.Name, string(data))
	}
}

// P12: a folder as the program of version 3 left it: registered alone, paired
// with a hall, with a badge key of its own, three changes acknowledged. All of
// it is there, in order, and can be added to.
func TestOpen_FolderOfVersion3_P12(t *testing.T) {
	dir := unpack(t, "version3.tar.gz")
	if _, err := store.Inspect(t.Context(), dir); err == nil {
		t.Error("an older file was checked as if it were up to date")
	}
	s := open(t, dir)
	standing, err := s.Standing(t.Context())
	if err != nil || standing.Node != newHall().node || standing.Last != 8 || standing.Acked != 3 || standing.Aside != 1 {
		t.Errorf("standing = %+v, %v", standing, err)
	}
	for _, key := range []string{"alone", "issued", "waiting"} {
		e, ok, err := s.Recall(t.Context(), key)
		if err != nil || !ok || e.Registration.Field("name") != "林晓" {
			t.Errorf("%s: found %v, %v", key, ok, err)
		}
		if issued := e.Badges[0].Now() == record.BadgeIssued; issued != (key == "issued") {
			t.Errorf("%s: the badge is %s", key, e.Badges[0].Now())
		}
	}
	if open, err := s.Open(t.Context()); err != nil || len(open) != 2 {
		t.Errorf("%d badges wait for the printer, %v, want 2", len(open), err)
	}
	keys := said(t, s)
	if _, by := signs(t, s, "trade"); len(keys) != 1 || !by.Equal(ed25519.PublicKey(keys[0].Public)) {
		t.Error("another key signs than the hall certified")
	}
	add(t, s, "afterwards")
	if got := last(t, s); got != 10 {
		t.Errorf("the journal goes on to %d, want 10", got)
	}
	report, err := s.Check(t.Context())
	if err != nil || !report.OK || report.Facts != 10 {
		t.Errorf("check = %+v, %v", report, err)
	}
}
