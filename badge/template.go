package badge

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Template is a badge's layout, read from JSON by ParseTemplate; see the
// package comment for the format. It is a value and never changes.
type Template struct {
	Name              string
	WidthMM, HeightMM float64
	items             []item
}

// item is one thing on a badge. Which members count depends on Kind.
type item struct {
	Kind   string  `json:"kind"`   // text, stack, band, heading, rule, qr
	Box    rect    `json:"box"`    // [x, y, w, h] in mm; a text in a stack has none
	Text   string  `json:"text"`   // text, band: which text, one of sources
	Weight string  `json:"weight"` // regular (also if empty) or bold
	Size   fitRule `json:"size"`
	Colour string  `json:"colour"` // text: #RRGGBB, "accent" or "category"; bands choose black or white
	Fill   string  `json:"fill"`   // band, rule: likewise
	Align  string  `json:"align"`  // left (also if empty), center, right
	Valign string  `json:"valign"` // top (also if empty), middle, bottom
	Height float64 `json:"height"` // a text in a stack: mm at most
	Space  float64 `json:"space"`  // a text in a stack: mm above it, unless it is the first that is not empty
	Pad    float64 `json:"pad"`    // band: mm left and right of its text
	Items  []item  `json:"items"`  // stack: its texts
}

type rect [4]float64

// Limits of what a template may ask for.
const (
	minSideMM, maxSideMM = 20, 420 // to A3
	minPoints, maxPoints = 5, 144
	minQR                = 20 // mm with its quiet zone; smaller ones fail in hostile light
	maxTemplateBytes     = 64 << 10
)

// sources are the texts a template may place.
var sources = [...]string{"name", "name_latin", "company", "title", "country", "category", "show", "detail", "short_code"}

// ParseTemplate reads a template and refuses one that could print badly: an
// unknown key or word, a box outside the page, two boxes that overlap, text
// below 5 points or with no room for a line, a missing or small QR. The error
// names the item and the value.
func ParseTemplate(data []byte) (Template, error) {
	if len(data) > maxTemplateBytes {
		return Template{}, fmt.Errorf("badge template: %d bytes; the limit is %d", len(data), maxTemplateBytes)
	}
	var file struct {
		Name   string  `json:"name"`
		Width  float64 `json:"width"`
		Height float64 `json:"height"`
		Items  []item  `json:"items"`
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&file); err != nil {
		return Template{}, fmt.Errorf("badge template: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Template{}, errors.New("badge template: text after the last brace")
	}
	t := Template{Name: file.Name, WidthMM: file.Width, HeightMM: file.Height, items: file.Items}
	if err := t.check(); err != nil {
		return Template{}, fmt.Errorf("badge template %q: %w", t.Name, err)
	}
	return t, nil
}

func (t Template) check() error {
	for _, side := range []float64{t.WidthMM, t.HeightMM} {
		if side < minSideMM || side > maxSideMM {
			return fmt.Errorf("side %g mm: use %d to %d", side, minSideMM, maxSideMM)
		}
	}
	codes := 0
	for i, it := range t.items {
		if err := it.check(); err != nil {
			return fmt.Errorf("item %d (%s): %w", i+1, it.Kind, err)
		}
		if it.Box[0] < 0 || it.Box[1] < 0 || it.Box[0]+it.Box[2] > t.WidthMM || it.Box[1]+it.Box[3] > t.HeightMM {
			return fmt.Errorf("item %d (%s): box %v leaves the page", i+1, it.Kind, it.Box)
		}
		for j, other := range t.items[:i] {
			if it.Box.overlaps(other.Box) {
				return fmt.Errorf("items %d (%s) and %d (%s) overlap", j+1, other.Kind, i+1, it.Kind)
			}
		}
		if it.Kind == "qr" {
			codes++
		}
	}
	if codes != 1 {
		return fmt.Errorf("%d items of kind qr: use one", codes)
	}
	return nil
}

func (a rect) overlaps(b rect) bool {
	return a[0] < b[0]+b[2] && b[0] < a[0]+a[2] && a[1] < b[1]+b[3] && b[1] < a[1]+a[3]
}

func (it item) check() error {
	if it.Box[2] <= 0 || it.Box[3] <= 0 {
		return fmt.Errorf("box %v: width and height must be above 0", it.Box)
	}
	if err := it.checkWords(); err != nil {
		return err
	}
	switch it.Kind {
	case "text", "band":
		if it.Pad < 0 {
			return fmt.Errorf("pad %g mm: use 0 or more", it.Pad)
		}
		return it.checkText(it.Box[2]-2*it.Pad, it.Box[3])
	case "heading":
		it.Text = "show"
		return it.checkText(it.Box[2]*(1-logoShare)-it.Box[3]*logoGap, it.Box[3]/2)
	case "stack":
		return it.checkStack()
	case "qr":
		if min(it.Box[2], it.Box[3]) < minQR {
			return fmt.Errorf("box %v: a QR needs at least %d mm with its quiet zone", it.Box, minQR)
		}
	case "rule":
	default:
		return fmt.Errorf("kind %q: use text, stack, band, heading, rule or qr", it.Kind)
	}
	return nil
}

func (it item) checkWords() error {
	for _, word := range []struct {
		key, value string
		allowed    []string
	}{
		{"weight", it.Weight, []string{"", "regular", "bold"}},
		{"align", it.Align, []string{"", "left", "center", "right"}},
		{"valign", it.Valign, []string{"", "top", "middle", "bottom"}},
	} {
		if !slices.Contains(word.allowed, word.value) {
			return fmt.Errorf("%s %q: use one of %q", word.key, word.value, word.allowed[1:])
		}
	}
	for key, value := range map[string]string{"colour": it.Colour, "fill": it.Fill} {
		if _, ok := parseColour(value); !ok && value != "" && value != "accent" && value != "category" {
			return fmt.Errorf(`%s %q: use "#RRGGBB", "accent" or "category"`, key, value)
		}
	}
	return nil
}

// checkText makes sure that a text can always be fitted into w × h.
func (it item) checkText(w, h float64) error {
	s := it.Size
	switch {
	case !slices.Contains(sources[:], it.Text):
		return fmt.Errorf("text %q: use one of %q", it.Text, sources)
	case s.Floor < minPoints || s.Best > maxPoints || s.Floor > s.Best || s.Wrap > s.Best || s.Wrap < 0:
		return fmt.Errorf("size of %q: floor ≤ best, between %d and %d points", it.Text, minPoints, maxPoints)
	case s.Lines < 0 || s.Lines > 6:
		return fmt.Errorf("size of %q: %d lines: use 1 to 6", it.Text, s.Lines)
	case h < s.Floor*(leastUp+leastDown)*mmPerPoint:
		return fmt.Errorf("%q: %g mm is too low for one line of %g points", it.Text, h, s.Floor)
	case w < 2*s.Floor*mmPerPoint:
		return fmt.Errorf("%q: %g mm is too narrow for two characters of %g points", it.Text, w, s.Floor)
	}
	return nil
}

func (it item) checkStack() error {
	if len(it.Items) == 0 {
		return errors.New("a stack without texts")
	}
	need := 0.0
	for _, text := range it.Items {
		if text.Kind != "text" || text.Box != (rect{}) || len(text.Items) > 0 {
			return errors.New("a stack holds texts without boxes")
		}
		if err := text.checkWords(); err != nil {
			return err
		}
		if err := text.checkText(it.Box[2], text.Height); err != nil {
			return err
		}
		if text.Space < 0 {
			return fmt.Errorf("space %g mm above %q: use 0 or more", text.Space, text.Text)
		}
		need += text.Space + text.Height
	}
	if need > it.Box[3]+1e-9 {
		return fmt.Errorf("heights and spaces add up to %g mm in a stack of %g mm", need, it.Box[3])
	}
	return nil
}
