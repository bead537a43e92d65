package photo

import (
	"errors"
	"fmt"
)

// The ways a picture can fail; test with errors.Is.
var (
	ErrNotPicture = errors.New("not a JPEG, PNG or WebP picture")
	ErrTooLarge   = errors.New("the picture has too many pixels")
	// errHEIC0 is an errNotPicture0 with a reason of its own: phones of one maker
	// save such files, and their owners can do something about it.
	ErrHEIC = fmt.Errorf("%w: HEIC and AVIF pictures cannot be read; save it as JPEG, or set the phone's camera to the most compatible format", ErrNotPicture)
)
