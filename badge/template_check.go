package badge

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxStroke keeps a stroke a stroke, in mm.
const maxStroke = 20

func (it item) check() error {
	if it.Kind == "line" {
		return errors.Join(it.checkLine(), it.checkWords())
	}
	if it.Box[2] <= 0 || it.Box[3] <= 0 {
		return fmt.Errorf("box %v: width and height must be above 0", it.Box)
	}
	if it.Box[0] < 0 || it.Box[1] < 0 {
		return fmt.Errorf("box %v leaves the page", it.Box)
	}
	if err := it.checkWords(); err != nil {
		return err
	}
	if it.Radius < 0 || it.Pad < 0 || it.Stroke < 0 || it.Stroke > maxStroke {
		return fmt.Errorf("radius %g, pad %g, stroke %g mm: use 0 or more, and a stroke up to %d", it.Radius, it.Pad, it.Stroke, maxStroke)
	}
	switch it.Kind {
	case "text", "band":
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
		if it.If != nil {
			return errors.New("a QR has no \"if\": every badge needs its code")
		}
	case "rect", "ellipse":
		return it.checkOutline()
	case "picture":
		return it.checkPicture()
	}
	return nil
}

func (it item) checkOutline() error {
	switch {
	case it.Fill == "" && it.Outline == "":
		return errors.New(`nothing to see: give "fill", or "outline" with "stroke"`)
	case (it.Outline == "") != (it.Stroke == 0):
		return errors.New(`"outline" and "stroke" need each other`)
	case 2*it.Stroke > min(it.Box[2], it.Box[3]):
		return fmt.Errorf("stroke %g mm is too wide for box %v", it.Stroke, it.Box)
	}
	return nil
}

func (it item) checkLine() error {
	switch {
	case it.From == it.To:
		return errors.New(`a line needs two different points, "from" and "to"`)
	case it.Stroke <= 0 || it.Stroke > maxStroke:
		return fmt.Errorf("stroke %g mm: use more than 0, up to %d", it.Stroke, maxStroke)
	}
	return nil
}

func (it item) checkPicture() error {
	switch {
	case (it.File == "") == (it.Data == ""):
		return errors.New(`give either "file", beside the template, or "data" in base64`)
	case it.File != "" && (!fs.ValidPath(it.File) || strings.ContainsAny(it.File, `/\:`) || it.File == "."):
		return fmt.Errorf("file %q: use the name of a file beside the template", it.File)
	case it.Behind && it.Mono != monoAuto:
		return errors.New(`a picture behind everything is never on a label; leave "mono" out`)
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
		{"fit", it.Fit, []string{"", "contain", "cover"}},
		{"mono", string(it.Mono), it.monos()},
	} {
		if !slices.Contains(word.allowed, word.value) {
			return fmt.Errorf("%s %q: use one of %q", word.key, word.value, word.allowed[1:])
		}
	}
	for _, word := range []struct{ key, value string }{{"colour", it.Colour}, {"fill", it.Fill}, {"outline", it.Outline}} {
		if _, ok := parseColour(word.value); !ok && word.value != "" && word.value != "accent" && word.value != "category" {
			return fmt.Errorf(`%s %q: use "#RRGGBB", "accent" or "category"`, word.key, word.value)
		}
	}
	return it.If.check()
}

// monos are the rules for black and white that a kind knows.
func (it item) monos() []string {
	switch it.Kind {
	case "picture", "logo", "portrait":
		return []string{"", string(monoSharp), string(monoAbsent)}
	}
	return []string{"", string(monoBlack), string(monoWhite), string(monoAbsent)}
}

// checkText makes sure that a text can always be fitted into w × h.
func (it item) checkText(w, h float64) error {
	s := it.Size
	switch {
	case it.Text != "" && it.Say != "":
		return errors.New(`give either "text" or "say"`)
	case it.Say != "" && (utf8.RuneCountInString(it.Say) > maxSay || containsControl(it.Say)):
		return fmt.Errorf("say: more than %d characters or a control character", maxSay)
	case it.Say == "" && !slices.Contains(sources[:], it.Text):
		return fmt.Errorf(`text %q: use one of %q, or "say"`, it.Text, sources)
	case s.Floor < minPoints || s.Best > maxPoints || s.Floor > s.Best || s.Wrap > s.Best || s.Wrap < 0:
		return fmt.Errorf("size of %q: floor ≤ best, between %d and %d points", it.label(), minPoints, maxPoints)
	case s.Lines < 0 || s.Lines > 6:
		return fmt.Errorf("size of %q: %d lines: use 1 to 6", it.label(), s.Lines)
	case h < s.Floor*(leastUp+leastDown)*mmPerPoint:
		return fmt.Errorf("%q: %g mm is too low for one line of %g points", it.label(), h, s.Floor)
	case w < 2*s.Floor*mmPerPoint:
		return fmt.Errorf("%q: %g mm is too narrow for two characters of %g points", it.label(), w, s.Floor)
	}
	return nil
}

// label is what a report calls a text.
func (it item) label() string {
	if it.Say != "" {
		return "say"
	}
	return it.Text
}

func (it item) checkStack() error {
	if len(it.Items) == 0 {
		return errors.New("a stack without texts")
	}
	need := 0.0
	for _, text := range it.Items {
		if err := text.checkWords(); err != nil {
			return err
		}
		if err := text.checkText(it.Box[2], text.Height); err != nil {
			return err
		}
		if text.Space < 0 {
			return fmt.Errorf("space %g mm above %q: use 0 or more", text.Space, text.label())
		}
		need += text.Space + text.Height
	}
	if need > it.Box[3]+1e-9 {
		return fmt.Errorf("heights and spaces add up to %g mm in a stack of %g mm", need, it.Box[3])
	}
	return nil
}
