package badge

import (
	"fmt"
	"image"
	"image/color"
)

// Resolutions that a page can be drawn at, and how large it may get: A4 at 600
// dpi in black and white is 35 MB.
const (
	minDPI, maxDPI = 72, 600
	maxDots        = 36_000_000
)

// Bitmaps draws a badge for a label printer of dpi dots an inch (203 and 300
// are usual, 72 to 600 work): one picture for each side, in dots of white
// (index 0) and black (index 1). Everything stands where PDF puts it, to the
// dot: letters begin on whole dots, so that a letter looks the same wherever it
// stands, and so do the modules of the QR, which becomes less than one dot a
// module smaller. A dark ground becomes black and a light one white within a
// frame; text is the opposite of its ground; pictures are dithered; a template
// may say otherwise. The same page gives the same dots. It fails as PDF does,
// and on another dpi.
func (r *Renderer) Bitmaps(page Page, dpi int) ([]*image.Paletted, Report, error) {
	var sides []*image.Paletted
	report, err := r.drawSides(page, dpi, func(bounds image.Rectangle) surface {
		img := image.NewPaletted(bounds, color.Palette{color.White, color.Black})
		sides = append(sides, img)
		return &dots{img: img, letters: &r.fonts.drawn.letters, kept: &r.fonts.drawn.pictures}
	})
	if err != nil {
		return nil, Report{}, err
	}
	return sides, report, nil
}

// Images draws a badge in colour for a screen, at 72 to 600 dpi: one picture
// for each side, with what PDF draws in the same places. It fails as PDF does.
func (r *Renderer) Images(page Page, dpi int) ([]*image.RGBA, Report, error) {
	var sides []*image.RGBA
	report, err := r.drawSides(page, dpi, func(bounds image.Rectangle) surface {
		img := newPaper(bounds)
		sides = append(sides, img)
		return &paint{img: img}
	})
	if err != nil {
		return nil, Report{}, err
	}
	return sides, report, nil
}

// drawSides arranges a page and draws each of its sides on what start returns.
func (r *Renderer) drawSides(page Page, dpi int, start func(image.Rectangle) surface) (report Report, err error) {
	defer func() {
		// As in PDF: nothing is known to panic, and a kiosk must not stop.
		if p := recover(); p != nil {
			err = fmt.Errorf("badge: draw: %v", p)
		}
	}()
	if dpi < minDPI || dpi > maxDPI {
		return Report{}, fmt.Errorf("badge: %d dpi; use %d to %d", dpi, minDPI, maxDPI)
	}
	p, err := r.arrange(page)
	if err != nil {
		return Report{}, err
	}
	for _, side := range p.sides {
		s := newSheet(side, dpi, &r.fonts.drawn)
		s.private = page.Person.Portrait
		if n := s.bounds.Dx() * s.bounds.Dy(); n > maxDots {
			return Report{}, fmt.Errorf("badge: %d dots a side; the limit is %d: use fewer dpi", n, maxDots)
		}
		s.surface = start(s.bounds)
		err := s.draw(side)
		s.close()
		if err != nil {
			return Report{}, err
		}
	}
	return p.report, nil
}

// drawn is what was drawn lately and may be drawn again: the outlines of
// letters, and shows' pictures.
type drawn struct {
	glyphs   glyphShapes
	letters  stamps
	pictures pictures
	pens     pens
}
