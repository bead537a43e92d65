package photo

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
)

// errMoving is the reason for an animated WebP, of which no decoder here shows
// the first picture.
var errMoving = fmt.Errorf("%w: an animated picture", ErrNotPicture)

// Decoder decodes pictures that this package cannot, within the limits that it
// checks: Decode is called only for what Config finds small enough. Both return
// ErrHEIC when they can decode nothing at all, and are safe for concurrent use.
type Decoder interface {
	Config(data []byte) (image.Config, error)
	Decode(data []byte) (image.Image, error)
}

// Quick decodes photos that another decoder knows as well, sooner, to the same
// picture but for a level or two; what it refuses, that one judges. It gives only
// pictures of the size that was found within limits. It is safe for concurrent use.
type Quick interface {
	Decode(data []byte, size image.Point) (image.Image, error)
}

// refused knows the formats that are recognized and still not read, by their
// first bytes; nil for all others.
func refused(data []byte) error {
	switch {
	case heic(data):
		return ErrHEIC
	case len(data) > 20 && string(data[:4]) == "RIFF" && string(data[8:16]) == "WEBPVP8X" && data[20]&2 != 0:
		return errMoving
	}
	return nil
}

// heic looks at the brands of the first box (ISO/IEC 14496-12, section 4.3):
// those of HEVC pictures (ISO/IEC 23008-12, annex B), and AVIF's, which the same
// phones' neighbours save.
func heic(data []byte) bool {
	if len(data) < 16 || string(data[4:8]) != "ftyp" {
		return false
	}
	end := min(len(data), int(min(binary.BigEndian.Uint32(data), 256)))
	for at := 8; at+4 <= end; at += 4 {
		switch string(data[at : at+4]) {
		case "heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1", "avif":
			return true
		}
	}
	return false
}

// tiffChunk finds the Exif data of a PNG (eXIf, PNG third edition, section
// 11.3.3.2) or a WebP (EXIF, RFC 9649, section 2.7.1.5); nil when there is none.
func tiffChunk(data []byte) []byte {
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return chunk(data[8:], "eXIf", true)
	case len(data) > 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		// Some writers put JPEG's header before it.
		return bytes.TrimPrefix(chunk(data[12:], "EXIF", false), []byte("Exif\x00\x00"))
	}
	return nil
}

// chunk walks the chunks of a PNG (length, name, content, sum) or a WebP (name,
// length, content up to an even length) to the first of a name.
func chunk(data []byte, name string, png bool) []byte {
	for len(data) >= 8 {
		n, title := int64(binary.LittleEndian.Uint32(data[4:])), string(data[:4])
		rest := n & 1
		if png {
			n, title, rest = int64(binary.BigEndian.Uint32(data)), string(data[4:8]), 4
		}
		if 8+n > int64(len(data)) {
			return nil
		}
		if title == name {
			return data[8 : 8+n]
		}
		data = data[min(8+n+rest, int64(len(data))):]
	}
	return nil
}
