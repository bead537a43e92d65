package ocr

import (
	"context"
	"errors"
	"fmt"
	"image"

	"hallpass/ocr/photo"
)

// The ways a picture can fail. Read wraps them; test with errors.Is.
var (
	ErrNotPicture  = photo.ErrNotPicture
	ErrHEIC        = photo.ErrHEIC // an ErrNotPicture
	ErrTooLarge    = photo.ErrTooLarge
	ErrBlank       = errors.New("nothing is printed on the card")
	ErrBusy        = errors.New("all readers are busy")
	ErrUnavailable = errors.New("this program was built without a card reader")
	ErrLost        = errors.New("the reader stopped over this picture")
)

// Line is one line of print as an engine read it.
type Line struct {
	Text string
	// Confidence is the engine's own, 0–1.
	Confidence float64
	// Box is where the line stands in the view, in its pixels.
	Box image.Rectangle
	// Upright marks a column of characters set from top to bottom.
	Upright bool
	// Weakest is the confidence of the least certain character, 0–1; 0 when
	// the engine does not tell characters apart.
	Weakest float64
	// At holds, for each character of Text, where its middle stands in the
	// view: x, or y when Upright, in pixels. It is nil when the engine does
	// not say.
	At []int
	// Sure holds the confidence of each character of Text, 0–1. It is nil when
	// the engine does not tell.
	Sure []float64
	// Also holds, for each character of Text, what else it may be, likeliest
	// first; nothing where it is sure. It is nil when the engine does not tell,
	// and after both readings are fused.
	Also [][]Guess
	// Second is another engine's reading of the same box; its Text is empty
	// when none was asked or it read nothing.
	Second Reading
}

// Guess is a character that may be printed, with an engine's confidence, 0–1.
type Guess struct {
	Rune rune
	Sure float64
}

// Reading is what one engine read, with its own confidence, 0–1.
type Reading struct {
	Text       string
	Confidence float64
}

// Turned is the error of an Engine that finds the print of a view on its side
// or upside down. Reader turns the view and, unless Read is set, asks again,
// once.
type Turned struct {
	// Quarters is how many quarter turns clockwise make the print upright, 1–3.
	Quarters int
	// Read says that the lines that come with it are those of the turned view,
	// in its pixels; otherwise they are of the view as it is, as good as can be.
	Read bool
}

// Error names the turn.
func (t *Turned) Error() string {
	return fmt.Sprintf("the print stands %d quarter turns off", t.Quarters)
}

// Engine finds and reads the lines of a rectified card. It is safe for
// concurrent use, queues a bounded number of calls, and returns ErrBusy beyond
// that and ctx.Err() when ctx ends first.
type Engine interface {
	// Name is "tesseract", "ppocr" or "none".
	Name() string
	// Lines reads the whole view. A view without print gives no lines and no
	// error.
	Lines(ctx context.Context, view *image.RGBA) ([]Line, error)
	// Close waits for the calls under way and frees the native memory.
	Close() error
}

// Rereader reads where it is told to. Reader asks it for a second opinion.
type Rereader interface {
	// Reread reads each box of the view as a single line. The answer has one
	// line for each ask, empty where it read nothing or has no such script.
	Reread(ctx context.Context, view *image.RGBA, asks []Ask) ([]Line, error)
}

// Ask is one box to be read again.
type Ask struct {
	Box    image.Rectangle
	Script Script
	// Pure says that the first engine is sure of all letters and digits among
	// the Chinese, or saw none.
	Pure bool
}

// Script is what a box is expected to hold.
type Script int

// The scripts of an Ask.
const (
	Latin       Script = iota // Latin letters and digits
	Simplified                // Chinese, with Latin letters and digits between
	Traditional               // the same in traditional characters
)

// Unavailable stands in for an engine in a build without one: every call
// returns ErrUnavailable, and the kiosk offers the other ways to register.
type Unavailable struct{}

var _ Engine = Unavailable{}

// Name is "none".
func (Unavailable) Name() string { return "none" }

// Lines returns ErrUnavailable.
func (Unavailable) Lines(context.Context, *image.RGBA) ([]Line, error) {
	return nil, ErrUnavailable
}

// Close does nothing.
func (Unavailable) Close() error { return nil }
