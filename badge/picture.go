package badge

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // pictures come as JPEG or PNG
	"image/png"

	"golang.org/x/image/draw"
)

// Limits of a picture: what is read, and what is kept, which is sharp at 300
// dpi on a third of an A6 badge.
const (
	maxPictureBytes  = 8 << 20
	maxPicturePixels = 40_000_000
	keptPictureSide  = 480
)

// Picture is a show's logo or a portrait, made ready once for all badges.
type Picture struct {
	name string      // from its bytes, so that equal pictures are one image in a document
	png  []byte      // for the PDF
	flat image.Image // the same pixels
	w, h float64     // their numbers
}

// ParsePicture reads a PNG or JPEG, makes it small enough for a badge and sets
// it on white. It fails on anything else and on a picture above 8 MB or 40
// megapixels, before decoding it.
func ParsePicture(data []byte) (*Picture, error) {
	if len(data) > maxPictureBytes {
		return nil, fmt.Errorf("badge: the picture has %d bytes; the limit is %d", len(data), maxPictureBytes)
	}
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err == nil && format != "png" && format != "jpeg" { // gofpdf brings more decoders
		err = image.ErrFormat
	}
	if err != nil {
		return nil, fmt.Errorf("badge: the picture is no PNG or JPEG: %w", err)
	}
	if config.Width < 1 || config.Height < 1 || config.Width*config.Height > maxPicturePixels {
		return nil, fmt.Errorf("badge: the picture has %d×%d pixels; the limit is %d", config.Width, config.Height, maxPicturePixels)
	}
	source, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("badge: decode the picture: %w", err)
	}
	scale := min(1, keptPictureSide/float64(max(config.Width, config.Height)))
	w, h := int(float64(config.Width)*scale), int(float64(config.Height)*scale)
	if w < 1 || h < 1 {
		return nil, errors.New("badge: the picture is far too long for a badge")
	}
	flat := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(flat, flat.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(flat, flat.Bounds(), source, source.Bounds(), draw.Over, nil)
	var out bytes.Buffer
	if err := png.Encode(&out, flat); err != nil {
		return nil, fmt.Errorf("badge: keep the picture: %w", err)
	}
	return &Picture{name: fmt.Sprintf("%x", sha256.Sum256(out.Bytes())), png: out.Bytes(), flat: flat, w: float64(w), h: float64(h)}, nil
}

// pixels are the picture as it is kept.
func (p *Picture) pixels() image.Image { return p.flat }
