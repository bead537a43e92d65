package ocr

import "image"

// Upright decodes a picture as Read sees it: turned the way it was taken, with
// white behind what is transparent, and shrunk to at most 3264 pixels a side. A
// Quad is scaled to it by its width over Card.Width. heic is as Reader.HEIC. It
// returns ErrNotPicture or ErrTooLarge.
func Upright(data []byte, heic Decoder) (*image.RGBA, error) {
	p, err := decode(data, heic, nil)
	if err != nil {
		return nil, err
	}
	return p.pix, nil
}
