package badge

import (
	"math"
	"slices"
	"strings"
	"unicode"
)

// arranger puts one page's things into a template's boxes, side by side.
type arranger struct {
	*Renderer
	page    Page
	texts   map[string]string
	colours palette
	plan    *plan
	side    side
	number  int // 0 the front, 1 the back
}

// arrange puts one page's texts into the template's boxes.
func (r *Renderer) arrange(page Page) (*plan, error) {
	p := &plan{}
	a := &arranger{Renderer: r, page: page, plan: p, colours: paletteOf(page), texts: r.texts(page, p)}
	a.side = side{w: r.template.WidthMM, h: r.template.HeightMM}
	for _, it := range r.template.items {
		if err := a.put(it); err != nil {
			return nil, err
		}
	}
	p.sides = append(p.sides, a.side)
	return p, nil
}

func (a *arranger) put(it item) error {
	box := it.Box.box()
	switch it.Kind {
	case "text":
		a.setText(it, a.texts[it.Text], box, a.colours.resolve(it.Colour))
	case "band":
		ground := a.colours.resolve(it.Fill)
		a.fill(box, ground)
		a.setText(it, a.texts[it.Text], box.inset(it.Pad), on(ground))
	case "rule":
		a.fill(box, a.colours.resolve(it.Fill))
	case "heading":
		a.setHeading(it, box)
	case "stack":
		a.setStack(it, box)
	case "qr":
		code, err := modules(a.page.Token, min(box.W, box.H))
		if err != nil {
			return err
		}
		side := min(box.W, box.H)
		square := Box{box.X + (box.W-side)/2, box.Y + (box.H-side)/2, side, side}
		a.side.codes = append(a.side.codes, placedCode{code, square})
	}
	return nil
}

func (a *arranger) fill(box Box, c colour) {
	a.side.shapes = append(a.side.shapes, boxShape(box.bleed(Box{0, 0, a.side.w, a.side.h}), c))
}

// groundOf is the colour of the last shape that holds a place.
func (a *arranger) groundOf(box Box) (colour, mono) {
	for _, s := range slices.Backward(a.side.shapes) {
		if s.box.holds(box) {
			return s.colour, s.mono
		}
	}
	return white, monoAuto
}

func (b rect) box() Box { return Box{b[0], b[1], b[2], b[3]} }

func (b Box) inset(x float64) Box { return Box{b.X + x, b.Y, b.W - 2*x, b.H} }

func (b Box) holds(in Box) bool {
	const grain = 1e-9
	return in.X >= b.X-grain && in.Y >= b.Y-grain && in.X+in.W <= b.X+b.W+grain && in.Y+in.H <= b.Y+b.H+grain
}

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

func (a *arranger) setText(it item, text string, box Box, c colour) {
	f := a.fonts.fit(it.Text, text, it.weight(), it.Size, box.W, box.H)
	a.set(it, f, box, c)
}

// set draws the lines of a fitted text in its box.
func (a *arranger) set(it item, f fitted, box Box, c colour) {
	a.plan.note(f.missing)
	if len(f.lines) == 0 {
		return
	}
	top := box.Y + share(it.Valign)*(box.H-f.height())
	ground, mono := a.groundOf(box)
	field := FieldBox{Name: it.Text, Side: a.number, SizePt: f.size, Short: f.short, Cut: f.cut}
	left, right := box.X+box.W, 0.0
	for i, line := range f.lines {
		w := line.width * f.size * mmPerPoint
		x := box.X + f.start(i, box.W, share(it.Align))
		a.side.lines = append(a.side.lines, textLine{x: x, baseline: top + f.baseline(i), size: f.size, colour: c, ground: ground, mono: mono, glyphs: line.glyphs})
		field.Lines = append(field.Lines, line.text)
		left, right = min(left, x), max(right, x+w)
	}
	field.Box = Box{grain(left), grain(top), grain(right - left), grain(f.height())}
	a.plan.report.Fields = append(a.plan.report.Fields, field)
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
func (a *arranger) setStack(stack item, box Box) {
	var parts []fitted
	var tops []float64 // from the stack's top
	height := 0.0
	for _, it := range stack.Items {
		f := a.fonts.fit(it.Text, a.texts[it.Text], it.weight(), it.Size, box.W, it.Height)
		if height > 0 && len(f.lines) > 0 {
			height += it.Space
		}
		parts, tops = append(parts, f), append(tops, height)
		height += f.height()
	}
	y := box.Y + share(stack.Valign)*(box.H-height)
	for i, it := range stack.Items {
		it.Align, it.Valign = stack.Align, "top"
		a.set(it, parts[i], Box{box.X, y + tops[i], box.W, parts[i].height()}, a.colours.resolve(it.Colour))
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
func (a *arranger) setHeading(it item, box Box) {
	detail := it
	detail.Text, detail.Weight = "detail", "regular"
	detail.Size.Best, detail.Size.Wrap = max(it.Size.Floor, roundSize(it.Size.Best*detailSize)), 0
	it.Text, it.Height, detail.Height = "show", box.H/2, box.H/2
	stack := item{Align: it.Align, Valign: "middle", Items: []item{it, detail}}
	if logo := a.page.Show.Logo; logo != nil {
		scale := min(box.H/logo.h, box.W*logoShare/logo.w)
		w, h := logo.w*scale, logo.h*scale
		room := box.W - w - logoGap*box.H
		text := 0.0
		for _, t := range stack.Items {
			f := a.fonts.fit(t.Text, a.texts[t.Text], t.weight(), t.Size, room, t.Height)
			text = max(text, f.width())
		}
		left := box.X + share(it.Align)*(room-text)
		place := Box{left, box.Y + (box.H-h)/2, w, h}
		a.side.pictures = append(a.side.pictures, placed{picture: logo, box: place, clip: boxShape(place, white)})
		box.X, box.W, stack.Align = left+box.W-room, room, "left"
	}
	a.setStack(stack, box)
}
