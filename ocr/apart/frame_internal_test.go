package apart

import (
	"bytes"
	"context"
	"errors"
	"image"
	"io"
	"reflect"
	"strings"
	"testing"

	"hallpass/ocr"
)

// White-box: the stream is ours alone, and what a damaged process may put on
// it is not said through the exported API.

// Frames that are read again are the same; what is none is refused without
// taking memory for it (P9).
func FuzzFrame(f *testing.F) {
	for _, w := range []frame{
		{kind: hello, head: []byte(`{"engine":"x"}`)}, {kind: read, id: 7, head: []byte(`{"ms":1}`), body: []byte("pixels")}, {kind: pong},
	} {
		var b bytes.Buffer
		_ = w.write(&b)
		f.Add(b.Bytes())
	}
	f.Add([]byte("HPC1\x04aaaaaaaa\x00\x00\x00\x02\xff\xff\xff\xff{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := readFrame(bytes.NewReader(data), 1<<20)
		if err != nil {
			if !errors.Is(err, errFrame) && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Fatalf("%v is no error of the protocol", err)
			}
			return
		}
		var b bytes.Buffer
		_ = got.write(&b)
		again, err := readFrame(&b, 1<<20)
		if err != nil || !reflect.DeepEqual(got, again) {
			t.Errorf("%+v became %+v, %v", got, again, err)
		}
		card, _, broken := cardOf(got)
		if broken == nil && card.View != nil && len(card.View.Pix) != 4*card.View.Rect.Dx()*card.View.Rect.Dy() {
			t.Errorf("a view of %v in %d bytes", card.View.Rect, len(card.View.Pix))
		}
	})
}

// The child ends on what is no request, rather than guess (P9).
func TestServe_RefusesWhatIsNoRequest(t *testing.T) {
	stream := func(frames ...frame) string {
		var b bytes.Buffer
		for _, f := range frames {
			_ = f.write(&b)
		}
		return b.String()
	}
	for name, tt := range map[string]struct {
		in string
		ok bool
	}{
		"End":       {"", true},
		"Ping":      {stream(frame{kind: ping}), true},
		"Unknown":   {stream(frame{kind: cancel, id: 9}), true},
		"Garbage":   {strings.Repeat("GET / HTTP/1.1\r\n", 9), false},
		"CutHead":   {stream(frame{kind: ping})[:9], false},
		"CutBody":   {stream(orderOf(1, []byte("picture"), 1e9))[:35], false},
		"NoTime":    {stream(frame{kind: read, id: 1, head: []byte("{}")}), false},
		"NoJSON":    {stream(frame{kind: read, id: 1}), false},
		"WrongWay":  {stream(frame{kind: answer}), false},
		"Oversized": {stream(frame{kind: read})[:17] + "\x01\x40\x00\x01", false},
	} {
		s := &server{out: io.Discard, ready: make(chan struct{}), cancels: map[uint64]context.CancelFunc{}}
		if err := s.serve(t.Context(), strings.NewReader(tt.in)); (err == nil) != tt.ok {
			t.Errorf("%s = %v, want success %v", name, err, tt.ok)
		}
	}
}

// A view that is part of a larger picture comes across as itself.
func TestAnswer_ViewWithGaps(t *testing.T) {
	card := ocr.Card{View: sub()}
	got, err, broken := cardOf(answerOf(1, card, nil))
	if err != nil || broken != nil || got.View.Rect != card.View.Rect {
		t.Fatal(err, broken, got.View)
	}
	for y := card.View.Rect.Min.Y; y < card.View.Rect.Max.Y; y++ {
		for x := card.View.Rect.Min.X; x < card.View.Rect.Max.X; x++ {
			if got.View.RGBAAt(x, y) != card.View.RGBAAt(x, y) {
				t.Fatalf("pixel %d, %d differs", x, y)
			}
		}
	}
}

func sub() *image.RGBA {
	whole := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for i := range whole.Pix {
		whole.Pix[i] = byte(3 * i)
	}
	return whole.SubImage(image.Rect(5, 7, 31, 22)).(*image.RGBA)
}
