//go:build cgo

package turbo

// #cgo LDFLAGS: -ldl
// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"image"
	"unsafe"
)

type library struct{ calls C.calls }

// library opens it once; nil when it is not there or too old.
func (d *Decoder) library() *library {
	d.open.Do(func() {
		name := d.Name
		if name == "" {
			name = Library
		}
		c := C.CString(name)
		defer C.free(unsafe.Pointer(c))
		lib := new(library)
		if C.turbo_open(c, &lib.calls) == 0 {
			d.lib = lib
		}
	})
	return d.lib
}

var halvings = map[C.int]image.YCbCrSubsampleRatio{
	C.WHOLE: image.YCbCrSubsampleRatio444, C.HALF_WIDE: image.YCbCrSubsampleRatio422, C.HALF_BOTH: image.YCbCrSubsampleRatio420,
}

// Decode gives a photo of so many pixels as *image.YCbCr, halved as the file has
// it. What Go's decoder gives for the same file differs by a level or two at
// most. It returns ErrNotMine for everything that it leaves to others.
func (d *Decoder) Decode(data []byte, size image.Point) (image.Image, error) {
	lib := d.library()
	if lib == nil || len(data) == 0 {
		return nil, ErrNotMine
	}
	from, n := (*C.uchar)(unsafe.SliceData(data)), C.ulong(len(data))
	var w, h, halving C.int
	if C.turbo_size(&lib.calls, from, n, &w, &h, &halving) != 0 || size != image.Pt(int(w), int(h)) || min(w, h) < 1 {
		return nil, ErrNotMine
	}
	// The library fills whole pairs of pixels.
	out := image.NewYCbCr(image.Rect(0, 0, int(w+1)&^1, int(h+1)&^1), halvings[halving])
	plane := func(p []byte) *C.uchar { return (*C.uchar)(unsafe.SliceData(p)) }
	if C.turbo_decode(&lib.calls, from, n, w, h, plane(out.Y), C.int(out.YStride), plane(out.Cb), plane(out.Cr), C.int(out.CStride)) != 0 {
		return nil, ErrNotMine
	}
	return out.SubImage(image.Rect(0, 0, int(w), int(h))), nil
}
