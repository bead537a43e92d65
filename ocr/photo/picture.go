// Package photo turns the bytes of a picture into upright pixels within limits:
// JPEG, PNG, WebP, and what decoders that are handed in know. It owns formats,
// Exif orientation and the memory that decoding takes, and refuses by the header
// alone whatever would take too much. All its errors are ErrNotPicture or
// ErrTooLarge.
package photo

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/webp"
)

// workSide is the longest side that work is done on. A phone's 4032 pixels
// are halved: a card that fills two thirds still has all that a view
// shows, and of a smaller one the view is drawn from the full picture.
const workSide = 3264

// Picture is an upright photo, small enough to work on.
type Picture struct {
	// Pix is the photo: turned the way it was taken, white behind what is
	// transparent, at most 3264 pixels a side.
	Pix *image.RGBA
	// Scale is how many pixels of the source one of Pix stands for, a side.
	Scale float64
	// Size is the upright source's.
	Size image.Point

	img  image.Image // as decoded, not yet upright
	turn int         // its Exif orientation
}

// Decode reads JPEG, PNG or WebP, and HEIC where heic is not nil; photo, if not
// nil, is tried before Go's decoder. It returns ErrNotPicture, ErrHEIC or
// ErrTooLarge, the last before any pixel is decoded.
func Decode(data []byte, heic Decoder, photo Quick) (*Picture, error) {
	open := opener(data, heic)
	if open.decode == nil {
		if err := refused(data); err != nil {
			return nil, err
		}
		return nil, ErrNotPicture
	}
	conf, err := open.config(bytes.NewReader(data))
	if err != nil {
		return nil, notPicture(err)
	}
	if err := withinLimits(data, conf); err != nil {
		return nil, err
	}
	img, err := sooner(photo, data, conf, open.decode)
	if err != nil {
		return nil, notPicture(err)
	}
	return newPicture(img, orientation(data)), nil
}

func notPicture(err error) error {
	if errors.Is(err, ErrNotPicture) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrNotPicture, err)
}

type format struct {
	config func(*bytes.Reader) (image.Config, error)
	decode func(*bytes.Reader) (image.Image, error)
}

// jpegStart is how every JPEG file begins (ITU-T T.81, B.1.1.3).
var jpegStart = []byte("\xff\xd8\xff")

// opener picks the decoder by the first bytes: a name or a content type proves
// nothing.
func opener(data []byte, other Decoder) format {
	switch {
	case refused(data) != nil && (other == nil || !heic(data)):
		return format{}
	case heic(data):
		return format{
			func(*bytes.Reader) (image.Config, error) { return other.Config(data) },
			func(*bytes.Reader) (image.Image, error) { return other.Decode(data) },
		}
	case bytes.HasPrefix(data, jpegStart):
		return format{
			func(r *bytes.Reader) (image.Config, error) { return jpeg.DecodeConfig(r) },
			func(r *bytes.Reader) (image.Image, error) { return jpeg.Decode(r) },
		}
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return format{
			func(r *bytes.Reader) (image.Config, error) { return png.DecodeConfig(r) },
			func(r *bytes.Reader) (image.Image, error) { return png.Decode(r) },
		}
	case len(data) > 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return format{
			func(r *bytes.Reader) (image.Config, error) { return webp.DecodeConfig(r) },
			func(r *bytes.Reader) (image.Image, error) { return webp.Decode(r) },
		}
	}
	return format{}
}

// sooner decodes with photo the JPEG that it takes, and everything else with decode.
func sooner(photo Quick, data []byte, conf image.Config, decode func(*bytes.Reader) (image.Image, error)) (image.Image, error) {
	if photo != nil && bytes.HasPrefix(data, jpegStart) {
		if img, err := photo.Decode(data, image.Pt(conf.Width, conf.Height)); err == nil {
			return img, nil
		}
	}
	return decode(bytes.NewReader(data))
}

// newPicture puts what is transparent on white, shrinks what is needlessly large
// and turns it upright.
func newPicture(img image.Image, turn int) *Picture {
	b := img.Bounds()
	by := (max(b.Dx(), b.Dy()) + workSide - 1) / workSide
	p := &Picture{img: img, turn: turn, Scale: float64(by), Size: b.Size()}
	if turn >= 5 {
		p.Size.X, p.Size.Y = p.Size.Y, p.Size.X
	}
	p.Pix = turned(shrunk(img, b, by), turn)
	return p
}
