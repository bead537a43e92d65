//go:build !cgo

package main

import (
	"context"
	"fmt"

	"hallpass/ocr"
)

// newEngine has no library to load in this build: "auto" is the engine that
// is unavailable, so that the kiosk offers the other ways to register.
func newEngine(_ context.Context, name string, _ int) (ocr.Engine, error) {
	if name == "auto" || name == "" {
		return ocr.Unavailable{}, nil
	}
	return nil, fmt.Errorf("engine %q: %w; build with cgo, or use -engine auto", name, ocr.ErrUnavailable)
}

// ensureOMP has nothing to do: no native library is loaded.
func ensureOMP() error { return nil }
