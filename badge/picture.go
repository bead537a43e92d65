package badge

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
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

// Picture is a show's logo, a portrait or a template's own picture, made ready
// once for all badges.
type Picture struct {
	name    string       // from its bytes, so that equal pictures are one image in a document
	onPaper encoded      // on white
	through encoded      // with its transparency; empty if it has none
	image   *image.NRGBA // the same pixels
	w, h    float64      // their numbers
}

// encoded is a picture as gofpdf takes it.
type encoded struct {
	kind string // PNG or JPG
	data []byte
}

// ParsePicture reads a PNG or JPEG and makes it small enough for a badge. It
// fails on anything else and on a picture above 8 MB or 40 megapixels (20 of 16
// bits a channel), before decoding it.
func ParsePicture(data []byte) (*Picture, error) { return parsePicture(data, keptPictureSide) }

// parsePicture keeps a longer side of keep pixels at most.
func parsePicture(data []byte, keep int) (*Picture, error) {
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
	deep := config.ColorModel == color.RGBA64Model || config.ColorModel == color.NRGBA64Model // take twice the memory
	most := map[bool]int{false: maxPicturePixels, true: maxPicturePixels / 2}[deep]
	if config.Width < 1 || config.Height < 1 || config.Width > most/config.Height {
		return nil, fmt.Errorf("badge: the picture has %d×%d pixels; the limit is %d", config.Width, config.Height, most)
	}
	source, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("badge: decode the picture: %w", err)
	}
	scale := min(1, float64(keep)/float64(max(config.Width, config.Height)))
	w, h := int(float64(config.Width)*scale), int(float64(config.Height)*scale)
	if w < 1 || h < 1 {
		return nil, errors.New("badge: the picture is far too long for a badge")
	}
	small := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(small, small.Bounds(), source, source.Bounds(), draw.Src, nil)
	return newPicture(small)
}

func newPicture(img *image.NRGBA) (p *Picture, err error) {
	p = &Picture{image: img, w: float64(img.Rect.Dx()), h: float64(img.Rect.Dy())}
	flat := image.NewRGBA(img.Rect)
	draw.Draw(flat, flat.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(flat, flat.Rect, img, image.Point{}, draw.Over)
	if p.onPaper, err = encodePicture(flat); err == nil && !img.Opaque() {
		p.through, err = encodePicture(img)
	}
	if err != nil {
		return nil, fmt.Errorf("badge: keep the picture: %w", err)
	}
	p.name = fmt.Sprintf("%x", sha256.Sum256(p.onPaper.data))
	return p, nil
}

// encodePicture keeps a photograph as JPEG, which is several times smaller than PNG
// and goes into a PDF as it is; flat art and transparency as PNG.
func encodePicture(img interface {
	image.Image
	Opaque() bool
}) (encoded, error) {
	var asPNG, asJPEG bytes.Buffer
	err := png.Encode(&asPNG, img)
	if err != nil || !img.Opaque() || asPNG.Len() < 64<<10 {
		return encoded{"PNG", asPNG.Bytes()}, err
	}
	if err = jpeg.Encode(&asJPEG, img, &jpeg.Options{Quality: 90}); err != nil || asJPEG.Len() > asPNG.Len()/3 {
		return encoded{"PNG", asPNG.Bytes()}, err
	}
	return encoded{"JPG", asJPEG.Bytes()}, nil
}

// on is the picture for a ground, and its name in a document.
func (p *Picture) on(paper bool) (name string, form encoded) {
	if paper || p.through.data == nil {
		return p.name, p.onPaper
	}
	return p.name + "+", p.through
}

// pixels are the picture as it is kept; they may be transparent.
func (p *Picture) pixels() image.Image { return p.image }

// mean is the colour of a part of the picture on white; the part in shares of
// its sides.
func (p *Picture) mean(part Box) colour {
	area := image.Rect(int(part.X*p.w), int(part.Y*p.h), int((part.X+part.W)*p.w)+1, int((part.Y+part.H)*p.h)+1).Intersect(p.image.Rect)
	var r, g, b, n int
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			c := p.image.NRGBAAt(x, y)
			over := func(v uint8) int { return (int(v)*int(c.A) + 255*(255-int(c.A))) / 255 }
			r, g, b, n = r+over(c.R), g+over(c.G), b+over(c.B), n+1
		}
	}
	if n == 0 {
		return white
	}
	return colour{uint8(r / n), uint8(g / n), uint8(b / n)}
}
