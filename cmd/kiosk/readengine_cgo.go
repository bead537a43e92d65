//go:build cgo

package main

import (
	"context"
	"fmt"
	"os"
	"syscall"

	"hallpass/ocr"
	"hallpass/ocr/ppocr"
	"hallpass/ocr/tesseract"
)

// newEngine starts the named card reader with so many workers; "auto" takes
// the best one there is. It fails with what to install when its library or
// data is missing.
func newEngine(ctx context.Context, name string, workers int) (ocr.Engine, error) {
	switch name {
	case "auto", "", "tesseract":
		return tesseract.New(ctx, tesseract.Options{Workers: workers})
	case "ppocr":
		return ppocr.New(ctx, ppocr.Options{Workers: max(2, workers), Dir: os.Getenv("HALLPASS_READER")})
	}
	return nil, fmt.Errorf("no engine %q; use auto, ppocr or tesseract", name)
}

// ensureOMP starts the program again with OMP_THREAD_LIMIT=1 if the variable
// is not set: Tesseract's library reads it before main, and without it each
// card takes four times as long. It must be called first in main. It returns
// only when nothing had to be done or the restart was refused.
func ensureOMP() error {
	const name = "OMP_THREAD_LIMIT"
	if _, set := os.LookupEnv(name); set {
		return nil
	}
	exe, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find own program: %w", err)
	}
	return syscall.Exec(exe, os.Args, append(os.Environ(), name+"=1"))
}
