//go:build !linux || !cgo

package heif

import (
	"hallpass/ocr/photo"
	"image"
)

type library struct{}

// Config returns photo.ErrHEIC: this build opens no library.
func (*Decoder) Config([]byte) (image.Config, error) { return image.Config{}, photo.ErrHEIC }

// Decode returns photo.ErrHEIC.
func (*Decoder) Decode([]byte) (image.Image, error) { return nil, photo.ErrHEIC }
