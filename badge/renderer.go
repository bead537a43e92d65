package badge

import (
	"errors"
	"fmt"
	"io"
)

// maxPages bounds the memory of one document.
const maxPages = 5000

// Renderer draws badges of one template. It never changes: any number of
// goroutines may call PDF.
type Renderer struct {
	template Template
	fonts    *Fonts
}

// New refuses a zero template and nil fonts.
func New(template Template, fonts *Fonts) (*Renderer, error) {
	if len(template.items) == 0 || fonts == nil {
		return nil, errors.New("badge: a renderer needs a parsed template and fonts")
	}
	return &Renderer{template, fonts}, nil
}

// Template is what New was given.
func (r *Renderer) Template() Template { return r.template }

// PDF writes one document with the sides of each of pages, and returns a report
// for each page. The same pages give the same bytes. No text can make it fail; an
// empty or far too long token, no pages or more than 5,000, and a failing
// writer do. Nothing is written if the layout fails.
func (r *Renderer) PDF(w io.Writer, pages []Page) (reports []Report, err error) {
	// gofpdf panics on input it does not expect. None is known to reach it; a
	// kiosk must not stop if one does.
	defer func() {
		if p := recover(); p != nil {
			reports, err = nil, fmt.Errorf("badge: draw: %v", p)
		}
	}()
	if len(pages) == 0 || len(pages) > maxPages {
		return nil, fmt.Errorf("badge: %d pages; use 1 to %d", len(pages), maxPages)
	}
	plans := make([]*plan, len(pages))
	reports = make([]Report, len(pages))
	for i, page := range pages {
		if plans[i], err = r.arrange(page); err != nil {
			return nil, fmt.Errorf("page %d: %w", i+1, err)
		}
		reports[i] = plans[i].report
	}
	return reports, write(w, plans)
}
