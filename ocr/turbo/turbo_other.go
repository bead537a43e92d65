//go:build !linux || !cgo

package turbo

import "image"

type library struct{}

// Decode returns ErrNotMine: this build opens no library.
func (*Decoder) Decode([]byte, image.Point) (image.Image, error) { return nil, ErrNotMine }
