package apart

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"time"

	"hallpass/ocr"
)

// greeting is the head of the child's first frame.
type greeting struct {
	Engine string `json:"engine"`
	Error  string `json:"error,omitempty"`
}

// order is the head of a request.
type order struct {
	MS int64 `json:"ms"` // time left
}

// outcome is the head of an answer; the view's pixels are its body.
type outcome struct {
	Code string          `json:"code,omitempty"`
	Text string          `json:"text,omitempty"`
	Card ocr.Card        `json:"card"`
	View image.Rectangle `json:"view"`
}

// codes are the errors that come across as themselves.
var codes = []struct {
	code string
	is   error
}{
	{"heic", ocr.ErrHEIC}, // before what it also is
	{"not_picture", ocr.ErrNotPicture},
	{"too_large", ocr.ErrTooLarge},
	{"blank", ocr.ErrBlank},
	{"busy", ocr.ErrBusy},
	{"unavailable", ocr.ErrUnavailable},
	{"lost", ocr.ErrLost},
	{"deadline", context.DeadlineExceeded},
	{"canceled", context.Canceled},
}

// told is an error of the child's as the parent has it: its words and what it
// is to errors.Is.
type told struct {
	text string
	is   error
}

func (t *told) Error() string { return t.text }
func (t *told) Unwrap() error { return t.is }

// maxText bounds an error's words.
const maxText = 300

func refusal(err error) outcome {
	o := outcome{Code: "other", Text: err.Error()}
	if len(o.Text) > maxText {
		o.Text = o.Text[:maxText]
	}
	for _, c := range codes {
		if errors.Is(err, c.is) {
			o.Code = c.code
			break
		}
	}
	return o
}

// answerOf is the frame that carries a card or why there is none.
func answerOf(id uint64, card ocr.Card, err error) frame {
	var o outcome
	var pixels []byte
	if err != nil {
		o = refusal(err)
	} else {
		if card.View != nil {
			o.View, pixels = card.View.Rect, packed(card.View)
		}
		o.Card, o.Card.View = card, nil
	}
	head, err := json.Marshal(o)
	if err == nil && (len(head) > maxHead || len(pixels) > maxView) {
		err = fmt.Errorf("the card takes %d and %d bytes", len(head), len(pixels))
	}
	if err != nil { // a number that is none, say; plain words always marshal
		pixels = nil
		head, _ = json.Marshal(refusal(fmt.Errorf("pass on card: %w", err)))
	}
	return frame{kind: answer, id: id, head: head, body: pixels}
}

// packed is a view's pixels without gaps between rows.
func packed(v *image.RGBA) []byte {
	w, h := 4*v.Rect.Dx(), v.Rect.Dy()
	if v.Stride == w && len(v.Pix) == w*h {
		return v.Pix
	}
	out := make([]byte, 0, w*h)
	for y := range h {
		out = append(out, v.Pix[y*v.Stride:][:w]...)
	}
	return out
}

// cardOf is the other way round. Its second error is the protocol's, not the
// picture's.
func cardOf(f frame) (card ocr.Card, err, broken error) {
	var o outcome
	if err := json.Unmarshal(f.head, &o); err != nil {
		return ocr.Card{}, nil, fmt.Errorf("%w: %w", errFrame, err)
	}
	if o.Code != "" {
		t := &told{text: o.Text}
		for _, c := range codes {
			if c.code == o.Code {
				t.is = c.is
			}
		}
		return ocr.Card{}, t, nil
	}
	w, h := o.View.Dx(), o.View.Dy()
	if w < 0 || h < 0 || w > maxView || h > maxView || 4*w*h != len(f.body) {
		return ocr.Card{}, nil, fmt.Errorf("%w: view of %d × %d in %d bytes", errFrame, w, h, len(f.body))
	}
	card = o.Card
	if len(f.body) > 0 {
		card.View = &image.RGBA{Pix: f.body, Stride: 4 * w, Rect: o.View}
	}
	return card, nil, nil
}

// orderOf is the frame that asks for a picture to be read within left.
func orderOf(id uint64, picture []byte, left time.Duration) frame {
	head, _ := json.Marshal(order{MS: max(1, left.Milliseconds())}) // a number always marshals
	return frame{kind: read, id: id, head: head, body: picture}
}
