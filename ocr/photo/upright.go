package photo

import "image"

// Upright is a picture's Pix alone. heic is as for Decode, and so are the errors.
func Upright(data []byte, heic Decoder) (*image.RGBA, error) {
	p, err := Decode(data, heic, nil)
	if err != nil {
		return nil, err
	}
	return p.Pix, nil
}
