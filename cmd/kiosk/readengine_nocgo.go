//go:build !cgo

package main

import (
	"context"
	"fmt"

	"hallpass/ocr"
	"hallpass/ocr/heif"
)

// newEngine has no library to load in this build: "auto" is the engine that
// is unavailable, so that the kiosk offers the other ways to register.
func newEngine(_ context.Context, name string, _ int) (ocr.Engine, error) {
	if name == "auto" || name == "" {
		return ocr.Unavailable{}, nil
	}
	return nil, fmt.Errorf("engine %q: %w; build with cgo, or use -engine auto", name, ocr.ErrUnavailable)
}

// newReader is newEngine with nobody to give a second opinion.
func newReader(ctx context.Context, name string, workers int) (*ocr.Reader, func() error, error) {
	engine, err := newEngine(ctx, name, workers)
	if err != nil {
		return nil, nil, err
	}
	return &ocr.Reader{Engine: engine, HEIC: new(heif.Decoder)}, engine.Close, nil
}

// second gives a second opinion; here there is none.
type second interface {
	ocr.Rereader
	Close() error
}

func wantsSecond(ocr.Engine) bool { return false }

func newSecond(context.Context, int) (second, error) { return nil, ocr.ErrUnavailable }

func aboutEngines(context.Context) engines {
	return engines{Engine: "none", Do: "this program was built without cgo; build it with a C compiler"}
}

// ensureEnv has nothing to do: no native library is loaded.
func ensureEnv() error { return nil }
