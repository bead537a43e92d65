package photo

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
)

// The limits are checked on the header, before any pixel is decoded.
const (
	// maxPixels lets a phone's full 8160 × 6120 pass.
	maxPixels = 50_000_000
	// maxDecoded is the bytes that a decoder may take: 8160 × 6120 as phones
	// write it (75 MB), 25 megapixels as PNG, 13 as progressive JPEG.
	maxDecoded = 100_000_000
	// MinSide is the shorter side of the smallest picture that is read, in
	// pixels: twelve letters need that.
	MinSide = 64
)

// heavy is the bytes from which a picture is Heavy: beside a phone's usual 12
// megapixels (18 MB) there is room for one such picture.
const heavy = 40_000_000

// Heavy says that decoding takes so much memory that such pictures are better
// read one after the other. heic is as for Decode.
func Heavy(data []byte, heic Decoder) bool {
	open := opener(data, heic)
	if open.decode == nil {
		return false
	}
	conf, err := open.config(bytes.NewReader(data))
	return err == nil && weight(data, conf)*float64(conf.Width)*float64(conf.Height) >= heavy
}

// withinLimits refuses what is too small to be read or too large to be decoded.
func withinLimits(data []byte, conf image.Config) error {
	w, h := conf.Width, conf.Height
	switch {
	case w > maxPixels || h > maxPixels || w*h > maxPixels || weight(data, conf)*float64(w)*float64(h) > maxDecoded:
		return fmt.Errorf("%w: %d × %d pixels", ErrTooLarge, w, h)
	case w < MinSide || h < MinSide:
		return fmt.Errorf("%w: %d × %d pixels is too small", ErrNotPicture, w, h)
	}
	return nil
}

// weight is how many bytes a pixel takes while it is decoded by the packages
// that decode uses; measured where it is not plain.
func weight(data []byte, conf image.Config) float64 {
	var out float64
	switch conf.ColorModel {
	case color.Gray16Model:
		out = 2
	case color.RGBAModel, color.NRGBAModel, color.CMYKModel:
		out = 4
	case color.RGBA64Model, color.NRGBA64Model:
		out = 8
	default: // grey, palette, or the planes of a JPEG or WebP
		out = 1
	}
	switch {
	case heic(data):
		return 4 // its planes, the decoder's, and a copy
	case data[0] == 0xff:
		samples, progressive := planes(data)
		if progressive {
			samples *= 5 // a coefficient has four bytes
		}
		if out < 4 { // not turned into colours afterwards
			return samples
		}
		return samples + out
	case data[0] == 0x89 && len(data) > 28 && data[28] != 0:
		return 1.5 * out // an interlaced PNG's last pass is half the picture
	case data[0] == 'R':
		if len(data) > 15 && string(data[12:16]) == "VP8 " {
			return 1.5
		}
		return 8 // lossless, or with transparency
	}
	return out
}

// planes reads a JPEG's frame header (T.81, B.2.2): samples a pixel over all
// components, and whether all coefficients are kept until the end. The worst is
// supposed where the header is not found.
func planes(data []byte) (samples float64, progressive bool) {
	samples, progressive = 3, true
	segments(data, func(marker byte, body []byte) bool {
		if marker != 0xc0 && marker != 0xc1 && marker != 0xc2 {
			return true
		}
		progressive = marker == 0xc2
		if len(body) < 6 || len(body) < 6+3*int(body[5]) {
			return false
		}
		most, sum := 1, 0
		for i := range int(body[5]) {
			h, v := int(body[7+3*i]>>4), int(body[7+3*i]&15)
			most = max(most, h*v)
			sum += h * v
		}
		samples = float64(sum) / float64(most)
		return false
	})
	return samples, progressive
}
