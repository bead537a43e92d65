// Package turbo decodes JPEG photos with the system's libjpeg-turbo (IJG, BSD
// and zlib licences; Debian's package libturbojpeg0), in a quarter of the time
// that Go's own decoder takes. It owns that library: it is opened when the first
// photo comes, so that a kiosk without it runs as well.
//
// It decodes what phones and cameras write: brightness and two colours, whole or
// halved. Everything else, and every file at which the library as much as
// hesitates, it refuses with ErrNotMine; the caller then has Go's decoder judge
// it, so that what is a picture and what is not does not depend on the library.
// It is C that works on files of strangers: whoever calls Decode does so in a
// process that may die (package apart), after the size was found within limits.
//
// What is called of the library has been stable since its version 2.1.
package turbo

import (
	"errors"
	"sync"
)

// Library is the name Debian installs.
const Library = "libturbojpeg.so.0"

// ErrNotMine leaves a file to another decoder.
var ErrNotMine = errors.New("turbo: not for this decoder")

// Decoder decodes with a library. The zero value uses Library. It is safe for
// concurrent use and must not be copied.
type Decoder struct {
	// Name is the library's file, found as the system's loader finds it.
	Name string

	open sync.Once // guards the rest
	lib  *library
}
