package main

import (
	"fmt"
	"image"
	"strings"
	"unicode"

	"hallpass/ocr"
)

// fieldNames are all the fields of a card, in the order of every listing.
var fieldNames = [...]string{
	"name", "name_en", "title", "title_en", "company", "company_en", "department", "mobile", "phone", "fax",
	"email", "website", "address", "address_en", "wechat", "qq", "postcode",
}

// leastLegible is the confidence below which a line's letters are a guess.
const leastLegible = 0.5

// origins say where each field came from and why the other lines came to
// nothing, as far as it can be seen from outside.
type origins struct {
	// fields holds the lines of each field by index.
	fields map[string][]int
	// unused are the lines that no field came from, with the reason.
	unused []unusedLine
}

type unusedLine struct {
	index int
	why   string
}

// originsOf looks for each field's lines: those within its box that have
// letters in common with it, and those that hold one of its further values.
func originsOf(card ocr.Card) origins {
	o := origins{fields: map[string][]int{}}
	used := make([]bool, len(card.Lines))
	for _, name := range fieldNames {
		f, ok := card.Fields[name]
		if !ok {
			continue
		}
		for i, l := range card.Lines {
			if from(f, l) {
				o.fields[name] = append(o.fields[name], i)
				used[i] = true
			}
		}
	}
	for i, l := range card.Lines {
		if !used[i] {
			o.unused = append(o.unused, unusedLine{i, o.reason(card, l)})
		}
	}
	return o
}

func from(f ocr.Field, l ocr.Line) bool {
	line := letters(l.Text)
	if overlap(f.Box, l.Box) && alike(line, letters(f.Text)) {
		return true
	}
	for _, m := range f.More {
		if text := letters(m.Text); text != "" && (strings.Contains(line, text) || len(line) > 5 && strings.Contains(text, line)) {
			return true
		}
	}
	return false
}

// overlap says that half of the smaller box lies in the other.
func overlap(a, b image.Rectangle) bool {
	size := func(r image.Rectangle) int { return r.Dx() * r.Dy() }
	return 2*size(a.Intersect(b)) > min(size(a), size(b))
}

// alike says that half of the letters of the shorter text are in the other:
// readings are mended and joined before they are a field.
func alike(a, b string) bool {
	short, long := []rune(a), b
	if len(a) > len(b) {
		short, long = []rune(b), a
	}
	found := 0
	for _, r := range short {
		if strings.ContainsRune(long, r) {
			found++
		}
	}
	return 2*found > len(short)
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// reason says why a line came to nothing: what it would be if it stood alone,
// or that nothing is known about it.
func (o origins) reason(card ocr.Card, l ocr.Line) string {
	if letters(l.Text) == "" {
		return "no letters or digits"
	}
	if l.Confidence < leastLegible {
		return fmt.Sprintf("hardly legible (%.2f)", l.Confidence)
	}
	alone := ocr.Extract([]ocr.Line{l})
	for _, name := range fieldNames {
		if _, would := alone[name]; !would {
			continue
		}
		if f, has := card.Fields[name]; has {
			return fmt.Sprintf("alone it would be %s; %q was better", name, f.Text)
		}
		return fmt.Sprintf("alone it would be %s; beside the other lines it is not", name)
	}
	return "fits no field: no label, no pattern and no place that is known"
}
