// Package readout owns the form in which "kiosk read -json" tells what it read:
// one JSON object a line and picture. It holds everything that the decision
// about fields is made of, so that a file of such lines can be decided again
// without pictures and engines. It reads no picture and decides nothing; a line
// that is no such object is an error that names the line.
//
//	{"file":…, "ms":…, "engine":…, "view":[w,h], "quad":[[x,y]×4], "turn":1–3,
//	 "code":{"text":…,"box":[x,y,w,h]}, "others":…, "unfamiliar":true,
//	 "fields":{"name":{"text":…,"confidence":0–1,"box":[x,y,w,h],"why":[…],"more":[{"text":…,"confidence":…}]}, …},
//	 "lines":[{"text":…,"confidence":…,"box":[x,y,w,h],"upright":true,"weakest":…,"at":[…],"sure":[…],
//	          "second":{"text":…,"confidence":…}}, …],
//	 "error":…}
//
// Boxes are pixels of the view, the quad pixels of the upright picture, turn
// the quarter turns clockwise that brought the print upright, code the QR code on
// the card, others how many further cards the picture shows, and unfamiliar says
// that the print is Japanese or hardly legible. Keys whose value is nothing are left out, but for fields and lines.
package readout

import (
	"image"
	"math"
	"time"

	"hallpass/ocr"
)

// Result is what one picture says, or why it could not be read.
type Result struct {
	File string `json:"file"`
	// MS is from bytes to fields, in milliseconds.
	MS     float64      `json:"ms"`
	Engine string       `json:"engine"`
	View   [2]int       `json:"view,omitzero"`
	Quad   [][2]float64 `json:"quad,omitempty"`
	Turn   int          `json:"turn,omitempty"`
	Code   *Code        `json:"code,omitempty"`
	Others int          `json:"others,omitempty"`
	// Unfamiliar is as ocr.Card has it.
	Unfamiliar bool             `json:"unfamiliar,omitempty"`
	Fields     map[string]Field `json:"fields"`
	Lines      []Line           `json:"lines"`
	Error      string           `json:"error,omitempty"`
}

// Code is a QR code on the card.
type Code struct {
	Text string `json:"text"`
	Box  [4]int `json:"box"`
}

// Field is one field; its confidence has three decimals.
type Field struct {
	Text       string    `json:"text"`
	Confidence float64   `json:"confidence"`
	Box        [4]int    `json:"box"`
	Why        []string  `json:"why,omitempty"`
	More       []Reading `json:"more,omitempty"`
}

// Reading is a text with a confidence.
type Reading struct {
	Text       string  `json:"text"`
	Confidence float64 `json:"confidence"`
}

// Line is one line of print; its confidences have six decimals, so that
// deciding again decides the same.
type Line struct {
	Text       string  `json:"text"`
	Confidence float64 `json:"confidence"`
	Box        [4]int  `json:"box"`
	Upright    bool    `json:"upright,omitempty"`
	Weakest    float64 `json:"weakest,omitempty"`
	At         []int   `json:"at,omitempty"`
	// Sure has three decimals.
	Sure   []float64 `json:"sure,omitempty"`
	Second Reading   `json:"second,omitzero"`
}

// Failed is the result of a picture that could not be read.
func Failed(file, engine string, err error) Result {
	return Result{File: file, Engine: engine, Fields: map[string]Field{}, Lines: []Line{}, Error: err.Error()}
}

// Of is the result of a card that was read in so much time.
func Of(file string, card ocr.Card, took time.Duration) Result {
	r := Result{
		File: file, MS: rounded(took.Seconds()*1000, 10), Engine: card.Engine,
		Fields: Fields(card.Fields), Lines: []Line{}, Turn: card.Turn, Others: card.Others, Unfamiliar: card.Unfamiliar,
	}
	if card.Code != nil {
		r.Code = &Code{card.Code.Text, boxOf(card.Code.Box)}
	}
	if card.View != nil {
		r.View = [2]int{card.View.Rect.Dx(), card.View.Rect.Dy()}
	}
	if card.Quad != nil {
		for _, p := range card.Quad {
			r.Quad = append(r.Quad, [2]float64{rounded(p.X, 10), rounded(p.Y, 10)})
		}
	}
	for _, l := range card.Lines {
		r.Lines = append(r.Lines, lineOf(l))
	}
	return r
}

// Fields are the fields that ocr.Extract decided on.
func Fields(fields map[string]ocr.Field) map[string]Field {
	out := map[string]Field{}
	for name, f := range fields {
		g := Field{Text: f.Text, Confidence: rounded(f.Confidence, 1e3), Box: boxOf(f.Box), Why: f.Why}
		for _, m := range f.More {
			g.More = append(g.More, Reading{m.Text, rounded(m.Confidence, 1e3)})
		}
		out[name] = g
	}
	return out
}

func lineOf(l ocr.Line) Line {
	var sure []float64
	for _, v := range l.Sure {
		sure = append(sure, rounded(v, 1e3))
	}
	return Line{
		Text: l.Text, Confidence: rounded(l.Confidence, 1e6), Box: boxOf(l.Box), Upright: l.Upright,
		Weakest: rounded(l.Weakest, 1e6), At: l.At, Sure: sure,
		Second: Reading{l.Second.Text, rounded(l.Second.Confidence, 1e6)},
	}
}

// Print returns the lines as the engine gave them, for ocr.Extract.
func (r Result) Print() []ocr.Line {
	out := make([]ocr.Line, 0, len(r.Lines))
	for _, l := range r.Lines {
		out = append(out, ocr.Line{
			Text: l.Text, Confidence: l.Confidence, Upright: l.Upright, Weakest: l.Weakest, At: l.At, Sure: l.Sure,
			Box:    image.Rect(l.Box[0], l.Box[1], l.Box[0]+l.Box[2], l.Box[1]+l.Box[3]),
			Second: ocr.Reading{Text: l.Second.Text, Confidence: l.Second.Confidence},
		})
	}
	return out
}

func rounded(v, per float64) float64 { return math.Round(v*per) / per }

func boxOf(r image.Rectangle) [4]int { return [4]int{r.Min.X, r.Min.Y, r.Dx(), r.Dy()} }
