//go:build !linux || !cgo

package heif

import (
	"image"

	"hallpass/ocr"
)

type library struct{}

// Config returns ocr.ErrHEIC: this build opens no library.
func (*Decoder) Config([]byte) (image.Config, error) { return image.Config{}, ocr.ErrHEIC }

// Decode returns ocr.ErrHEIC.
func (*Decoder) Decode([]byte) (image.Image, error) { return nil, ocr.ErrHEIC }
