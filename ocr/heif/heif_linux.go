//go:build cgo

package heif

// #cgo LDFLAGS: -ldl
// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"fmt"
	"hallpass/ocr/photo"
	"image"
	"image/color"
	"unsafe"
)

type library struct{ calls C.calls }

// library opens it once; nil when it is not there or too old.
func (d *Decoder) library() *library {
	d.open.Do(func() {
		name := C.CString(d.name())
		defer C.free(unsafe.Pointer(name))
		lib := new(library)
		if C.open_library(name, &lib.calls) == 0 {
			d.lib = lib
		}
	})
	return d.lib
}

func (d *Decoder) name() string {
	if d.Name == "" {
		return Library
	}
	return d.Name
}

// Config gives the size of the primary picture, upright, without decoding it.
// It returns photo.ErrHEIC when the library is not installed, or an error of its own
// for what is no such file.
func (d *Decoder) Config(data []byte) (image.Config, error) {
	lib := d.library()
	if lib == nil {
		return image.Config{}, photo.ErrHEIC
	}
	var w, h C.int
	if err := broken(C.size(&lib.calls, unsafe.Pointer(unsafe.SliceData(data)), C.size_t(len(data)), &w, &h)); err != nil {
		return image.Config{}, err
	}
	return image.Config{ColorModel: color.YCbCrModel, Width: int(w), Height: int(h)}, nil
}

// Decode gives the primary picture upright, as *image.YCbCr. Its errors are those
// of Config.
func (d *Decoder) Decode(data []byte) (image.Image, error) {
	lib := d.library()
	if lib == nil {
		return nil, photo.ErrHEIC
	}
	var p C.photo
	err := broken(C.decode(&lib.calls, unsafe.Pointer(unsafe.SliceData(data)), C.size_t(len(data)), &p))
	defer C.release(&lib.calls, &p)
	if err != nil {
		return nil, err
	}
	out := image.NewYCbCr(image.Rect(0, 0, int(p.w), int(p.h)), image.YCbCrSubsampleRatio420)
	for i, to := range [3][]byte{out.Y, out.Cb, out.Cr} {
		stride, from := out.CStride, int(p.stride[i])
		if i == 0 {
			stride = out.YStride
		}
		plane := unsafe.Slice((*byte)(p.plane[i]), from*(len(to)/stride))
		for y := range len(to) / stride {
			copy(to[y*stride:(y+1)*stride], plane[y*from:])
		}
	}
	return out, nil
}

func broken(code C.int) error {
	if code == 0 {
		return nil
	}
	return fmt.Errorf("%w (%d)", errBroken, int(code))
}
