package ocr

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

// The limits are checked on the header, before any pixel is decoded.
const (
	// maxPixels lets a phone's full 8160 × 6120 pass. A baseline JPEG decodes
	// to 1.5 bytes a pixel, so this is 75 MB.
	maxPixels = 50_000_000
	// maxHeavyPixels is for what decodes to 4–8 bytes a pixel: PNG, WebP,
	// progressive JPEG and JPEG in printing colours.
	maxHeavyPixels = 25_000_000
	// minSide is what twelve letters need at the least.
	minSide = 64
	// workSide is the longest side that work is done on: a card that fills
	// two thirds of it still has 2000 pixels, more than the engines use.
	workSide = 3264
)

// picture is an upright photo, small enough to work on.
type picture struct {
	pix   *image.RGBA
	scale float64 // source pixels per pixel of pix
	size  image.Point
}

// decode reads JPEG, PNG or WebP.
func decode(data []byte) (*picture, error) {
	open, heavy := opener(data)
	if open.decode == nil {
		return nil, ErrNotPicture
	}
	conf, err := open.config(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotPicture, err)
	}
	limit := maxPixels
	if heavy || conf.ColorModel == color.CMYKModel {
		limit = maxHeavyPixels
	}
	if conf.Width > limit || conf.Height > limit || conf.Width*conf.Height > limit {
		return nil, fmt.Errorf("%w: %d × %d pixels", ErrTooLarge, conf.Width, conf.Height)
	}
	if conf.Width < minSide || conf.Height < minSide {
		return nil, fmt.Errorf("%w: %d × %d pixels is too small", ErrNotPicture, conf.Width, conf.Height)
	}
	img, err := open.decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotPicture, err)
	}
	return newPicture(img, orientation(data)), nil
}

type format struct {
	config func(*bytes.Reader) (image.Config, error)
	decode func(*bytes.Reader) (image.Image, error)
}

// opener picks the decoder by the first bytes: a name or a content type proves
// nothing.
func opener(data []byte) (f format, heavy bool) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return format{
			func(r *bytes.Reader) (image.Config, error) { return jpeg.DecodeConfig(r) },
			func(r *bytes.Reader) (image.Image, error) { return jpeg.Decode(r) },
		}, progressive(data)
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return format{
			func(r *bytes.Reader) (image.Config, error) { return png.DecodeConfig(r) },
			func(r *bytes.Reader) (image.Image, error) { return png.Decode(r) },
		}, true
	case len(data) > 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return format{
			func(r *bytes.Reader) (image.Config, error) { return webp.DecodeConfig(r) },
			func(r *bytes.Reader) (image.Image, error) { return webp.Decode(r) },
		}, true
	}
	return format{}, false
}

// newPicture shrinks what is needlessly large, puts what is transparent on
// white and turns it upright.
func newPicture(img image.Image, turn int) *picture {
	b := img.Bounds()
	p := &picture{scale: 1, size: b.Size()}
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > workSide {
		p.scale = float64(long) / workSide
		w, h = max(1, int(float64(w)/p.scale)), max(1, int(float64(h)/p.scale))
	}
	p.pix = image.NewRGBA(image.Rect(0, 0, w, h))
	op := draw.Src
	if o, ok := img.(interface{ Opaque() bool }); ok && !o.Opaque() {
		op = draw.Over // nothing behind the print is paper
		draw.Draw(p.pix, p.pix.Rect, image.White, image.Point{}, draw.Src)
	}
	if p.scale == 1 {
		draw.Draw(p.pix, p.pix.Rect, img, b.Min, op)
	} else {
		draw.ApproxBiLinear.Scale(p.pix, p.pix.Rect, img, b, op, nil)
	}
	if turn >= 5 {
		p.size.X, p.size.Y = p.size.Y, p.size.X
	}
	p.pix = turned(p.pix, turn)
	return p
}
