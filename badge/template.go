package badge

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"unicode"
	"unicode/utf8"
)

// Template is a badge's layout, read from JSON by ParseTemplate or
// OpenTemplate; see the package comment for the format. It is a value and never
// changes.
type Template struct {
	Name              string
	WidthMM, HeightMM float64 // of one side as it is worn; see SheetMM
	items             []item
	back              []item
	backOn            string // page, below, beside; empty without a back
}

// item is one thing on a badge. Which members count depends on its kind.
type item struct {
	Kind    string     `json:"kind"`    // one of itemKeys
	Box     rect       `json:"box"`     // [x, y, w, h] in mm; a text in a stack and a line have none
	If      *condition `json:"if"`      // when it is there; nil is always
	Text    string     `json:"text"`    // text, band: which text, one of sources
	Say     string     `json:"say"`     // text, band: a text of the template's own
	Weight  string     `json:"weight"`  // regular (also if empty) or bold
	Size    fitRule    `json:"size"`    //
	Colour  string     `json:"colour"`  // text, line: #RRGGBB, "accent" or "category"; empty and band: black or white
	Fill    string     `json:"fill"`    // band, rule, rect, ellipse: likewise
	Outline string     `json:"outline"` // rect, ellipse: likewise
	Mono    mono       `json:"mono"`    // shapes, pictures: on a label printer
	Align   string     `json:"align"`   // left (also if empty), center, right
	Valign  string     `json:"valign"`  // top (also if empty), middle, bottom
	Height  float64    `json:"height"`  // a text in a stack: mm at most
	Space   float64    `json:"space"`   // a text in a stack: mm above it, unless it is the first that is not empty
	Pad     float64    `json:"pad"`     // band: mm left and right of its text
	Radius  float64    `json:"radius"`  // band, rect, pictures: mm of the corners
	Stroke  float64    `json:"stroke"`  // line, rect, ellipse, slot: mm of the stroke
	From    point      `json:"from"`    // line: its ends in mm
	To      point      `json:"to"`      //
	File    string     `json:"file"`    // picture: beside the template
	Data    string     `json:"data"`    // picture: or here, in base64
	Fit     string     `json:"fit"`     // pictures: contain (also if empty) or cover
	Behind  bool       `json:"behind"`  // picture: under everything
	Items   []item     `json:"items"`   // stack: its texts

	picture *Picture
}

type (
	rect  [4]float64
	point [2]float64
)

// Limits of what a template may ask for.
const (
	minSideMM, maxSideMM = 20, 420 // to A3, unfolded
	minPoints, maxPoints = 5, 144
	minQR                = 20 // mm with its quiet zone; smaller ones fail in hostile light
	maxTemplateBytes     = 4 << 20
	maxItems             = 200 // of a side
	maxTemplatePictures  = 16
	maxName, maxSay      = 64, 400 // characters
)

// sources are the texts a template may place.
var sources = [...]string{"name", "name_latin", "company", "title", "country", "category", "show", "detail", "short_code"}

// ParseTemplate reads a template and refuses one that could print badly: an
// unknown key or word, a box outside the page, two boxes that overlap, text
// half on a shape, text below 5 points or with no room for a line, a missing or
// small QR. The error names the item and the value. A template with pictures in
// files beside it needs OpenTemplate.
func ParseTemplate(data []byte) (Template, error) { return parseTemplate(data, nil) }

// OpenTemplate reads a template file, and the pictures it names from the same
// folder. It fails as ParseTemplate and ParsePicture do, and on more than 16
// pictures.
func OpenTemplate(fsys fs.FS, name string) (Template, error) {
	data, err := readSmall(fsys, name, maxTemplateBytes)
	if err != nil {
		return Template{}, fmt.Errorf("badge template: %w", err)
	}
	return parseTemplate(data, func(file string) ([]byte, error) {
		return readSmall(fsys, path.Join(path.Dir(name), file), maxPictureBytes)
	})
}

func parseTemplate(data []byte, beside func(file string) ([]byte, error)) (Template, error) {
	if len(data) > maxTemplateBytes {
		return Template{}, fmt.Errorf("badge template: %d bytes; the limit is %d", len(data), maxTemplateBytes)
	}
	if !utf8.Valid(data) {
		return Template{}, errors.New("badge template: the file is no UTF-8 text; save it as UTF-8")
	}
	t, err := decodeTemplate(data)
	if err == nil {
		err = t.check()
	}
	if err == nil {
		err = t.loadPictures(beside)
	}
	if err != nil {
		return Template{}, fmt.Errorf("badge template %q: %w", t.Name, err)
	}
	return t, nil
}

// SheetMM is the size of a printed page: of one side, or of both when the badge
// is folded.
func (t Template) SheetMM() (w, h float64) {
	switch t.backOn {
	case "below":
		return t.WidthMM, 2 * t.HeightMM
	case "beside":
		return 2 * t.WidthMM, t.HeightMM
	}
	return t.WidthMM, t.HeightMM
}

// Slots are the holes that the template keeps clear, on the printed page of each
// side: a program that shows a badge draws them as holes. Each is as round as
// it is high.
func (t Template) Slots() (sides [][]Box) {
	sides = append(sides, nil)
	if t.backOn == "page" {
		sides = append(sides, nil)
	}
	for _, it := range t.items {
		if it.Kind == "slot" {
			sides[0] = append(sides[0], it.Box.box())
		}
	}
	for _, it := range t.back {
		b := it.Box.box()
		switch {
		case it.Kind != "slot":
			continue
		case t.backOn == "below":
			b.X, b.Y = t.WidthMM-b.X-b.W, 2*t.HeightMM-b.Y-b.H
		case t.backOn == "beside":
			b.X += t.WidthMM
		}
		sides[len(sides)-1] = append(sides[len(sides)-1], b)
	}
	return sides
}

func (t Template) check() error {
	if utf8.RuneCountInString(t.Name) > maxName || containsControl(t.Name) {
		return fmt.Errorf("the name has more than %d characters or a control character", maxName)
	}
	w, h := t.SheetMM()
	for _, side := range []float64{t.WidthMM, t.HeightMM, w, h} {
		if side < minSideMM || side > maxSideMM {
			return fmt.Errorf("side %g mm: use %d to %d", side, minSideMM, maxSideMM)
		}
	}
	if len(t.items) == 0 {
		return errors.New("the front has no items")
	}
	codes := 0
	for _, half := range []struct {
		of    string
		items []item
	}{{"", t.items}, {"the back: ", t.back}} {
		n, err := t.checkSide(half.items)
		if err == nil && n > 1 {
			err = fmt.Errorf("%d items of kind qr: use one", n)
		}
		if err != nil {
			return fmt.Errorf("%s%w", half.of, err)
		}
		codes += n
	}
	if codes == 0 {
		return errors.New("0 items of kind qr: use one")
	}
	return nil
}

// checkSide returns how many codes there are on it.
func (t Template) checkSide(items []item) (codes int, err error) {
	if len(items) > maxItems {
		return 0, fmt.Errorf("%d items; the limit is %d", len(items), maxItems)
	}
	for i, it := range items {
		if err := it.check(); err != nil {
			return 0, fmt.Errorf("item %d (%s): %w", i+1, it.Kind, err)
		}
		if it.Kind == "qr" {
			codes++
		}
	}
	return codes, checkPlaces(items, Box{0, 0, t.WidthMM, t.HeightMM})
}

// loadPictures makes the template's own pictures ready, sharp at 300 dpi.
func (t Template) loadPictures(beside func(file string) ([]byte, error)) error {
	loaded := 0
	for _, items := range [][]item{t.items, t.back} {
		for i := range items {
			it := &items[i]
			if it.Kind != "picture" {
				continue
			}
			if loaded++; loaded > maxTemplatePictures {
				return fmt.Errorf("more than %d pictures", maxTemplatePictures)
			}
			if err := it.load(beside); err != nil {
				return fmt.Errorf("item %d (picture): %w", i+1, err)
			}
		}
	}
	return nil
}

func (it *item) load(beside func(file string) ([]byte, error)) error {
	data, err := base64.StdEncoding.DecodeString(it.Data)
	if err != nil {
		return fmt.Errorf("data: %w", err)
	}
	if it.File != "" {
		if beside == nil {
			return fmt.Errorf("%q lies beside a template file, and this one is none; embed it as \"data\"", it.File)
		}
		if data, err = beside(it.File); err != nil {
			return err
		}
	}
	const dotsPerMM = 300 / 25.4
	it.picture, err = parsePicture(data, int(max(it.Box[2], it.Box[3])*dotsPerMM))
	it.Data = ""
	return err
}

func containsControl(s string) bool {
	for _, r := range s {
		if unicode.IsControl(r) {
			return true
		}
	}
	return false
}
