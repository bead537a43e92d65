//go:build cgo

package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hallpass/cmd/internal/process"
	"hallpass/ocr"
	"hallpass/ocr/apart"
)

const (
	mostMB   = 500             // that any bad input may take
	mostTime = 3 * time.Second // that it may take anybody's time
	// hung is how late an answer may be on a machine that does much else; it
	// comes within milliseconds of mostTime where nothing does.
	hung = 30 * time.Second
)

// realReader is the program's own reading process, with the engines of this
// machine; it fails the test if any input ends that process.
func realReader(tb testing.TB) *apart.Reader {
	tb.Helper()
	log := &process.Log{} // tells of processes that ended
	r, err := apart.Start(tb.Context(), apart.Options{
		Log:     slog.New(slog.NewTextHandler(log, nil)),
		Command: []string{os.Args[0], apartCommand, "-workers", "2"}, Env: append(readerEnv(os.Environ(), ""), asKiosk+"=1"),
		Workers: 2, MemoryMB: watched * mostMB,
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		tb.Logf("%+v", r.Stats())
		if err := r.Close(); err != nil {
			tb.Error(err)
		}
		for line := range strings.Lines(log.String()) {
			if !strings.Contains(line, "a picture took too long") { // which on a busy machine is nobody's fault
				tb.Errorf("bad input ended the process: %s", line)
			}
		}
	})
	return r
}

// answered reads one input and checks that it gets an answer: a card, or one of
// the errors that have a sentence, in time.
func answered(tb testing.TB, r *apart.Reader, name string, data []byte) (ocr.Card, error) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), mostTime)
	defer cancel()
	began := time.Now()
	card, err := r.Read(ctx, data)
	if took := time.Since(began); took > mostTime+hung {
		tb.Errorf("%s took %s, long after its time was up", name, took)
	}
	for _, known := range []error{nil, ocr.ErrLost, ocr.ErrNotPicture, ocr.ErrTooLarge, ocr.ErrBlank, context.DeadlineExceeded} {
		if errors.Is(err, known) {
			return card, err
		}
	}
	tb.Errorf("%s = %v, which has no sentence", name, err)
	return card, err
}

// P9: what people put before a camera or upload that is no card. Each has its
// answer, and what is read off it is not taken for sure. testdata/odd says in
// its file names what each is.
func TestBadInput_Odd(t *testing.T) {
	r := realReader(t)
	errs := map[string]error{"not_picture": ocr.ErrNotPicture, "too_large": ocr.ErrTooLarge, "blank": ocr.ErrBlank}
	files, err := filepath.Glob("testdata/odd/*")
	if err != nil || len(files) < 15 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(file)
		card, err := answered(t, r, name, data)
		kind, _, _ := strings.Cut(name, "-")
		if errors.Is(err, context.DeadlineExceeded) {
			t.Logf("%s: the time was up; this machine is busy", name)
			continue
		}
		blank := kind == "nobody" && errors.Is(err, ocr.ErrBlank) // as honest as fields that are doubtful
		if want := errs[kind]; !errors.Is(err, want) && !blank {
			t.Errorf("%s = %v, want %v", name, err, want)
		}
		for _, field := range []string{"name", "company"} {
			if f := card.Fields[field]; kind == "nobody" && f.Confidence >= ocr.Bar {
				t.Errorf("%s: %s %q is taken for sure", name, field, f.Text)
			}
		}
	}
	t.Logf("%d MB at the end", r.Stats().Resident>>20)
}
