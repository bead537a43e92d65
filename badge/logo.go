package badge

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // logos come as JPEG or PNG
	"image/png"

	"golang.org/x/image/draw"
)

// Limits of a logo: what is read, and what is kept, which is sharp at 300 dpi
// on a third of an A6 badge.
const (
	maxLogoBytes  = 8 << 20
	maxLogoPixels = 40_000_000
	keptLogoSide  = 480
)

// Logo is a show's picture, made ready once for all badges.
type Logo struct {
	name          string // from its bytes, so that equal logos are one image in a document
	png           []byte
	width, height float64
}

// ParseLogo reads a PNG or JPEG, makes it small enough for a badge and sets it
// on white. It fails on anything else and on a picture above 8 MB or 40
// megapixels, before decoding it.
func ParseLogo(data []byte) (*Logo, error) {
	if len(data) > maxLogoBytes {
		return nil, fmt.Errorf("badge: the logo has %d bytes; the limit is %d", len(data), maxLogoBytes)
	}
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err == nil && format != "png" && format != "jpeg" { // gofpdf brings more decoders
		err = image.ErrFormat
	}
	if err != nil {
		return nil, fmt.Errorf("badge: the logo is no PNG or JPEG: %w", err)
	}
	if config.Width < 1 || config.Height < 1 || config.Width*config.Height > maxLogoPixels {
		return nil, fmt.Errorf("badge: the logo has %d×%d pixels; the limit is %d", config.Width, config.Height, maxLogoPixels)
	}
	source, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("badge: decode the logo: %w", err)
	}
	scale := min(1, keptLogoSide/float64(max(config.Width, config.Height)))
	w, h := int(float64(config.Width)*scale), int(float64(config.Height)*scale)
	if w < 1 || h < 1 {
		return nil, errors.New("badge: the logo is far too long for a badge")
	}
	flat := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(flat, flat.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(flat, flat.Bounds(), source, source.Bounds(), draw.Over, nil)
	var out bytes.Buffer
	if err := png.Encode(&out, flat); err != nil {
		return nil, fmt.Errorf("badge: keep the logo: %w", err)
	}
	return &Logo{name: fmt.Sprintf("%x", sha256.Sum256(out.Bytes())), png: out.Bytes(), width: float64(w), height: float64(h)}, nil
}
