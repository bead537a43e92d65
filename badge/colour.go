package badge

import (
	"math"
	"strconv"
)

type colour struct{ r, g, b uint8 }

var (
	white   = colour{255, 255, 255}
	ink     = colour{0x14, 0x18, 0x1F} // the product's text colour
	neutral = colour{0x4A, 0x54, 0x63} // a category without a colour
	blue    = colour{0x0B, 0x57, 0xD0} // the product's accent
)

// parseColour reads "#RRGGBB".
func parseColour(text string) (colour, bool) {
	if len(text) != 7 || text[0] != '#' {
		return colour{}, false
	}
	n, err := strconv.ParseUint(text[1:], 16, 32)
	return colour{uint8(n >> 16), uint8(n >> 8), uint8(n)}, err == nil
}

// palette resolves a template's colour words for one page.
type palette struct{ accent, category colour }

func paletteOf(page Page) palette {
	p := palette{blue, neutral}
	if c, ok := parseColour(page.Show.Accent); ok {
		p.accent = c
	}
	if c, ok := parseColour(page.Person.CategoryColour); ok {
		p.category = c
	}
	return p
}

func (p palette) resolve(word string) colour {
	switch word {
	case "accent":
		return p.accent
	case "category":
		return p.category
	}
	if c, ok := parseColour(word); ok {
		return c
	}
	return ink
}

// on is the text colour that reads better on a ground.
func on(ground colour) colour {
	if contrast(white, ground) >= contrast(ink, ground) {
		return white
	}
	return ink
}

// contrast is WCAG 2.2's contrast ratio, 1–21.
func contrast(a, b colour) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// luminance is WCAG 2.2's relative luminance, 0–1.
func luminance(c colour) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.r) + 0.7152*linear(c.g) + 0.0722*linear(c.b)
}
