package ocr_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"testing"

	"hallpass/ocr"
	"hallpass/ocr/flat"
	"hallpass/ocr/scenetest"
)

// deepPNG is pngHeader with other bits a channel, channels and interlacing
// (PNG §11.2.2).
func deepPNG(w, h uint32, bits, channels, interlaced byte) []byte {
	out := pngHeader(w, h)
	out[24], out[25], out[28] = bits, channels, interlaced
	return binary.BigEndian.AppendUint32(out[:29], crc32.ChecksumIEEE(out[12:29]))
}

// sampled changes how a JPEG of three components claims to be sampled, and
// whether it is progressive (T.81, B.2.2).
func sampled(data []byte, w, h uint16, luma, marker byte) []byte {
	out := resized(data, w, h)
	at := bytes.Index(out, []byte{0xff, 0xc0})
	out[at+1], out[at+11] = marker, luma
	return out
}

// P9: what counts is the bytes that decoding takes, 100 MB: a phone's usual
// pictures pass in any form, what would take several times as much does not.
func TestReader_LimitsAreBytes(t *testing.T) {
	photo := scenetest.Sample(t, "english.jpg")
	for _, c := range []struct {
		situation string
		data      []byte
		large     bool
	}{
		{"JPEG50MegapixelsAsPhonesWrite", sampled(photo, 8160, 6120, 0x22, 0xc0), false},
		{"JPEG49MegapixelsFullColour", sampled(photo, 8100, 6100, 0x11, 0xc0), true},
		{"Progressive12Megapixels", sampled(photo, 4032, 3024, 0x22, 0xc2), false},
		{"Progressive24Megapixels", sampled(photo, 5712, 4284, 0x22, 0xc2), true},
		{"Progressive12MegapixelsFullColour", sampled(photo, 4032, 3024, 0x11, 0xc2), true},
		{"PNG24Megapixels", pngHeader(5700, 4300), false},
		{"PNG24Megapixels16Bit", deepPNG(5700, 4300, 16, 2, 0), true},
		{"PNG24MegapixelsInterlaced", deepPNG(5700, 4300, 8, 2, 1), true},
		{"PNG24MegapixelsGreyInterlaced", deepPNG(5700, 4300, 8, 0, 1), false},
		{"WebPLossless24Megapixels", webpLossless(5700, 4300), true},
		{"WebPLossless12Megapixels", webpLossless(4000, 3000), false},
	} {
		// The pixels are missing or others, so none of them is a picture.
		_, err := flat.Preview(c.data)
		if got := errors.Is(err, ocr.ErrTooLarge); got != c.large || err == nil {
			t.Errorf("%s = %v, want too large %v", c.situation, err, c.large)
		}
	}
}

// webpLossless is the header of a lossless picture alone (VP8L, 3).
func webpLossless(w, h uint32) []byte {
	body := binary.LittleEndian.AppendUint32([]byte("WEBPVP8L\x05\x00\x00\x00\x2f"), w-1|(h-1)<<14)
	body = append(body, 0) // chunks are even
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}
