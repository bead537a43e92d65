// Package heif decodes HEIC and AVIF photos, as phones save them, with the
// system's libheif (LGPL-3.0, Debian's package libheif1). It owns that library:
// it is opened when the first such photo comes, so that a kiosk without it runs
// as well, and only what is stable since its version 1.0 is called.
//
// It refuses everything when the library is not there, with photo.ErrHEIC. It
// decodes the primary picture only, upright as the file says, in eight bits. It
// is C and C++ that works on files of strangers: whoever calls Decode does so in
// a process that may die (package apart), after Config told a size within limits.
package heif

import (
	"errors"
	"sync"

	"hallpass/ocr/photo"
)

// Library is the name Debian installs.
const Library = "libheif.so.1"

// errBroken is a file that the library cannot decode.
var errBroken = errors.New("a broken HEIC or AVIF file")

// Decoder decodes with a library. The zero value uses Library. It is safe for
// concurrent use and must not be copied.
type Decoder struct {
	// Name is the library's file, found as the system's loader finds it.
	Name string

	open sync.Once // guards the rest
	lib  *library
}

var _ photo.Decoder = (*Decoder)(nil)
