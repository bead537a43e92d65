package badge

import (
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

	side   side
	paper  Box // where the side's edges are cut; a fold is none
	number int // 0 the front, 1 the back
}

// arrange puts one page's texts into the template's boxes.
func (r *Renderer) arrange(page Page) (*plan, error) {
	p := &plan{}
	a := &arranger{Renderer: r, page: page, plan: p, colours: paletteOf(page), texts: r.texts(page, p)}
	t := r.template
	if err := a.arrangeSide(t.items); err != nil || t.backOn == "" {
		p.sides = []side{a.side}
		return p, err
	}
	front := a.side
	a.number = 1
	if err := a.arrangeSide(t.back); err != nil {
		return nil, err
	}
	if t.backOn == "page" {
		p.sides = []side{front, a.side}
		return p, nil
	}
	a.unfold(&front)
	p.sides = []side{front}
	return p, nil
}

// unfold puts the back beside the front as it is printed before folding.
func (a *arranger) unfold(front *side) {
	t := a.template
	if a.template.backOn == "below" {
		a.side.turn(t.WidthMM, t.HeightMM, t.HeightMM)
	} else {
		a.side.shift(t.WidthMM)
	}
	front.join(a.side)
	front.w, front.h = t.SheetMM()
	for i := range a.plan.report.Fields {
		f := &a.plan.report.Fields[i]
		switch {
		case f.Side == 0:
		case t.backOn == "below":
			f.Box = Box{grain(t.WidthMM - f.Box.X - f.Box.W), grain(2*t.HeightMM - f.Box.Y - f.Box.H), f.Box.W, f.Box.H}
		default:
			f.Box.X = grain(f.Box.X + t.WidthMM)
		}
	}
}

// arrangeSide lays shapes before what may stand on them, whatever their order.
func (a *arranger) arrangeSide(items []item) error {
	t := a.template
	a.side, a.paper = side{w: t.WidthMM, h: t.HeightMM}, Box{0, 0, t.WidthMM, t.HeightMM}
	switch t.backOn {
	case "below":
		a.paper.H += t.HeightMM
	case "beside":
		a.paper.W += t.WidthMM
		a.paper.X -= t.WidthMM * float64(a.number)
	}
	for _, first := range []bool{true, false} {
		for _, it := range items {
			if it.under() != first || !it.If.holds(a.page.Person, a.there) {
				continue
			}
			if err := a.put(it); err != nil {
				return err
			}
		}
	}
	return nil
}

// there tells whether the page has a text or a picture.
func (a *arranger) there(what string) bool {
	switch what {
	case "logo":
		return a.page.Show.Logo != nil
	case "portrait":
		return a.page.Person.Portrait != nil
	}
	line, _ := clean(a.texts[what])
	return line != ""
}

func (a *arranger) put(it item) error {
	box := it.Box.box()
	switch it.Kind {
	case "text":
		a.setText(it, box)
	case "band":
		a.add(rectPath(box.bleed(a.paper), it.Radius), it.Radius == 0, a.colours.resolve(it.Fill), it.Mono)
		a.setText(it, box.inset(it.Pad))
	case "rule":
		a.add(rectPath(box.bleed(a.paper), 0), true, a.colours.resolve(it.Fill), it.Mono)
	case "rect", "ellipse":
		a.putShape(it, box)
	case "line":
		a.add(linePath(it.From[0], it.From[1], it.To[0], it.To[1], it.Stroke), it.From[0] == it.To[0] || it.From[1] == it.To[1], a.colours.resolve(it.Colour), it.Mono)
	case "heading":
		a.setHeading(it, box)
	case "stack":
		a.setStack(it, box)
	case "slot":
		if it.Stroke > 0 {
			r := min(box.W, box.H) / 2
			a.add(outline(rectPath(box, r), rectPath(box.grow(-it.Stroke), r-it.Stroke)), false, neutral, monoBlack)
		}
	case "picture":
		a.putPicture(it, it.picture)
	case "logo":
		a.putPicture(it, a.page.Show.Logo)
	case "portrait":
		a.putPicture(it, a.page.Person.Portrait)
	case "qr":
		return a.putCode(box)
	}
	return nil
}

// putCode makes the page white below the code, whatever lies there.
func (a *arranger) putCode(box Box) error {
	side := min(box.W, box.H)
	square := Box{box.X + (box.W-side)/2, box.Y + (box.H-side)/2, side, side}
	code, err := modules(a.page.Token, side)
	if err != nil {
		return err
	}
	covered := slices.ContainsFunc(a.side.shapes, func(s shape) bool { return s.box.rect().overlaps(square.rect()) }) ||
		slices.ContainsFunc(a.side.under, func(p placed) bool { return p.clip.box.rect().overlaps(square.rect()) })
	if covered {
		a.add(rectPath(square, 0), true, white, monoWhite)
	}
	a.side.codes = append(a.side.codes, placedCode{code, square})
	return nil
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
