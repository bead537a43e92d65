//go:build cgo

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	"hallpass/ocr"
	"hallpass/ocr/heif"
	"hallpass/ocr/ppocr"
	"hallpass/ocr/tesseract"
	"hallpass/ocr/turbo"
)

// newEngine starts the named card reader with so many workers. "auto" is ppocr
// where the reader pack is there and verifies, else tesseract. It fails with
// what to install when a library or data is missing. HALLPASS_READER names the
// pack's folder.
func newEngine(ctx context.Context, name string, workers int) (ocr.Engine, error) {
	switch name {
	case "auto", "":
		e, err := newPPOCR(ctx, workers)
		if err == nil || ctx.Err() != nil {
			return e, err
		}
		t, also := tesseract.New(ctx, tesseract.Options{Workers: workers})
		if also != nil {
			return nil, errors.Join(err, also)
		}
		return t, nil
	case "ppocr":
		e, err := newPPOCR(ctx, workers)
		if errors.Is(err, ppocr.ErrNoPack) {
			err = fmt.Errorf("%w; %s", err, packAdvice)
		}
		return e, err
	case "tesseract":
		return tesseract.New(ctx, tesseract.Options{Workers: workers})
	}
	return nil, fmt.Errorf("no engine %q; use auto, ppocr or tesseract", name)
}

// leastThreads is how many threads one card may use: a visitor waits for it.
const leastThreads = 2

func newPPOCR(ctx context.Context, workers int) (ocr.Engine, error) {
	pack, err := ppocr.Find(os.Getenv(packVariable))
	if err != nil {
		return nil, err
	}
	return ppocr.New(ctx, ppocr.Options{Pack: pack, Workers: max(leastThreads, workers)})
}

// newReader starts the named engine. Where "auto" is ppocr, Tesseract gives a
// second opinion if it is installed. stop ends both.
func newReader(ctx context.Context, name string, workers int) (r *ocr.Reader, stop func() error, err error) {
	engine, err := newEngine(ctx, name, workers)
	if err != nil {
		return nil, nil, err
	}
	r, stop = &ocr.Reader{Engine: engine, HEIC: new(heif.Decoder), JPEG: new(turbo.Decoder)}, engine.Close
	if name == "ppocr" || !wantsSecond(engine) {
		return r, stop, nil
	}
	second, err := newSecond(ctx, workers)
	switch {
	case ctx.Err() != nil:
		return nil, nil, errors.Join(ctx.Err(), engine.Close())
	case err == nil: // without a second opinion, more is shown as doubtful
		r.Second = second
		stop = func() error { return errors.Join(engine.Close(), second.Close()) }
	}
	return r, stop, nil
}

// second gives a second opinion.
type second interface {
	ocr.Rereader
	Close() error
}

// wantsSecond says whether an engine is helped by a second opinion.
func wantsSecond(e ocr.Engine) bool { return e.Name() == "ppocr" }

// newSecond loads Tesseract for second opinions.
func newSecond(ctx context.Context, workers int) (second, error) {
	return tesseract.New(ctx, tesseract.Options{Workers: max(leastThreads, workers), Second: true})
}

// aboutEngines says which engine "auto" would take, and why. It loads what it
// speaks of, but reads nothing.
func aboutEngines(ctx context.Context) engines {
	a := engines{Engine: "none", Tesseract: tesseract.Version(), TesseractMissing: tesseract.Missing()}
	if a.TesseractMissing == "" {
		a.Engine = "tesseract"
	}
	pack, err := ppocr.Find(os.Getenv(packVariable))
	if err == nil {
		a.Pack, a.Verified, a.Library = pack.Dir, pack.Own, pack.Runtime
		var e *ppocr.Engine
		if e, err = ppocr.New(ctx, ppocr.Options{Pack: pack, Workers: 1}); err == nil {
			a.Engine, a.Runtime = "ppocr", e.Runtime()
			err = e.Close()
		}
	}
	if err != nil {
		a.PackMissing, a.Do = err.Error(), packAdvice
	}
	return a
}

// ensureEnv starts the program again with readingEnv where it is not set, and
// with a short command line: the libraries look at both before main, and without
// OMP_THREAD_LIMIT each card takes four times as long. It must be called first
// in main. It returns only when nothing had to be done or the restart was
// refused.
func ensureEnv() error {
	var missing []string
	for _, e := range readingEnv {
		name, _, _ := strings.Cut(e, "=")
		if _, set := os.LookupEnv(name); !set {
			missing = append(missing, e)
		}
	}
	args, err := withoutNames(os.Args)
	if err != nil {
		return fmt.Errorf("shorten the command line: %w", err)
	}
	if len(missing) == 0 && len(args) == len(os.Args) {
		return nil
	}
	exe, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find own program: %w", err)
	}
	return syscall.Exec(exe, args, append(os.Environ(), missing...))
}
