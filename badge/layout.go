package badge

import (
	"math"
	"slices"
	"strings"
	"unicode"
)

// plan is a page with everything in its place, in millimetres.
type plan struct {
	fills   []fill
	lines   []textLine
	logo    *Logo
	logoBox Box
	code    [][]bool // QR modules, true is dark
	codeBox Box      // with the quiet zone
	report  Report
}

type fill struct {
	box    Box
	colour colour
}

type textLine struct {
	x, baseline float64
	size        float64 // points
	colour      colour
	glyphs      []glyph
}

// arrange puts one page's texts into the template's boxes.
func (r *Renderer) arrange(page Page) (*plan, error) {
	p := &plan{}
	colours := paletteOf(page)
	texts := r.texts(page, p)
	for _, it := range r.template.items {
		box := Box{it.Box[0], it.Box[1], it.Box[2], it.Box[3]}
		switch it.Kind {
		case "text":
			r.setText(p, it, texts[it.Text], box, colours.resolve(it.Colour))
		case "band":
			ground := colours.resolve(it.Fill)
			p.fills = append(p.fills, fill{box, ground})
			r.setText(p, it, texts[it.Text], box.inset(it.Pad), on(ground))
		case "rule":
			p.fills = append(p.fills, fill{box, colours.resolve(it.Fill)})
		case "heading":
			r.setHeading(p, it, texts, page.Show.Logo, box, colours)
		case "stack":
			r.setStack(p, it, texts, box, colours)
		case "qr":
			code, err := modules(page.Token, min(box.W, box.H))
			if err != nil {
				return nil, err
			}
			p.code, p.codeBox = code, box
		}
	}
	return p, nil
}

func (b Box) inset(x float64) Box { return Box{b.X + x, b.Y, b.W - 2*x, b.H} }

// texts are a page's texts by the names that templates use. A name that cannot
// be printed as written gives way to its Latin form, and the Latin form is not
// said twice.
func (r *Renderer) texts(page Page, p *plan) map[string]string {
	person := page.Person
	name, _ := clean(person.Name)
	latin, _ := clean(person.NameLatin)
	_, missing := r.fonts.shape(bold, name)
	_, alsoMissing := r.fonts.shape(bold, latin)
	if latin != "" && (name == "" || slices.ContainsFunc(missing, isLetter) && !slices.ContainsFunc(alsoMissing, isLetter)) {
		p.note(missing)
		name = latin
	}
	if strings.EqualFold(name, latin) {
		latin = ""
	}
	return map[string]string{
		"name": name, "name_latin": latin, "company": person.Company, "title": person.Title, "country": person.Country,
		"category": person.CategoryLabel, "show": page.Show.Name, "detail": page.Show.Detail, "short_code": page.ShortCode,
	}
}

func isLetter(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || r == unicode.ReplacementChar })
}

func (p *plan) note(missing []string) {
	for _, m := range missing {
		if !slices.Contains(p.report.Missing, m) {
			p.report.Missing = append(p.report.Missing, m)
		}
	}
}

func (it item) weight() weight {
	if it.Weight == "bold" {
		return bold
	}
	return regular
}

func (r *Renderer) setText(p *plan, it item, text string, box Box, c colour) {
	f := r.fonts.fit(it.Text, text, it.weight(), it.Size, box.W, box.H)
	p.set(it, f, box, c)
}

// set draws the lines of a fitted text in its box. The last line's descent may
// hang out of a line's height, never out of the box by more than the grain.
func (p *plan) set(it item, f fitted, box Box, c colour) {
	p.note(f.missing)
	if len(f.lines) == 0 {
		return
	}
	top := box.Y + share(it.Valign)*(box.H-f.height())
	field := FieldBox{Name: it.Text, SizePt: f.size, Short: f.short, Cut: f.cut}
	left, right := box.X+box.W, 0.0
	for i, line := range f.lines {
		w := width(line) * f.size * mmPerPoint
		x := box.X + share(it.Align)*(box.W-w)
		baseline := top + (float64(i)*lineHeight+ascent)*f.size*mmPerPoint
		p.lines = append(p.lines, textLine{x, baseline, f.size, c, line})
		field.Lines = append(field.Lines, spell(line))
		left, right = min(left, x), max(right, x+w)
	}
	field.Box = Box{grain(left), grain(top), grain(right - left), grain(f.height())}
	p.report.Fields = append(p.report.Fields, field)
}

// grain rounds to 0.01 mm, finer than any printer.
func grain(mm float64) float64 { return math.Round(mm*100) / 100 }

// share is how much of the free room lies before a text.
func share(word string) float64 {
	switch word {
	case "center", "middle":
		return 0.5
	case "right", "bottom":
		return 1
	}
	return 0
}

// setStack sets texts under each other; an empty one takes no room, so the
// rest moves together.
func (r *Renderer) setStack(p *plan, stack item, texts map[string]string, box Box, colours palette) {
	var parts []fitted
	var tops []float64 // from the stack's top
	height := 0.0
	for _, it := range stack.Items {
		f := r.fonts.fit(it.Text, texts[it.Text], it.weight(), it.Size, box.W, it.Height)
		if height > 0 && len(f.lines) > 0 {
			height += it.Space
		}
		parts, tops = append(parts, f), append(tops, height)
		height += f.height()
	}
	y := box.Y + share(stack.Valign)*(box.H-height)
	for i, it := range stack.Items {
		it.Align, it.Valign = stack.Align, "top"
		p.set(it, parts[i], Box{box.X, y + tops[i], box.W, parts[i].height()}, colours.resolve(it.Colour))
	}
}

// Proportions of a heading.
const (
	logoShare  = 0.4  // of the width at most
	logoGap    = 0.25 // of the height
	detailSize = 0.72 // of the name's size
)

// setHeading sets the show's logo and, beside it, its name over its detail.
// Both together are aligned; without a logo the texts stand alone.
func (r *Renderer) setHeading(p *plan, it item, texts map[string]string, logo *Logo, box Box, colours palette) {
	detail := it
	detail.Text, detail.Weight = "detail", "regular"
	detail.Size.Best, detail.Size.Wrap = max(it.Size.Floor, roundSize(it.Size.Best*detailSize)), 0
	it.Text, it.Height, detail.Height = "show", box.H/2, box.H/2
	stack := item{Align: it.Align, Valign: "middle", Items: []item{it, detail}}
	if logo != nil {
		scale := min(box.H/logo.height, box.W*logoShare/logo.width)
		w, h := logo.width*scale, logo.height*scale
		room := box.W - w - logoGap*box.H
		text := 0.0
		for _, t := range stack.Items {
			f := r.fonts.fit(t.Text, texts[t.Text], t.weight(), t.Size, room, t.Height)
			text = max(text, f.width())
		}
		left := box.X + share(it.Align)*(room-text)
		p.logo, p.logoBox = logo, Box{left, box.Y + (box.H-h)/2, w, h}
		box.X, box.W, stack.Align = left+box.W-room, room, "left"
	}
	r.setStack(p, stack, texts, box, colours)
}
