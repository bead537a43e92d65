package badge

import "cmp"

func (it item) weight() weight {
	if it.Weight == "bold" {
		return bold
	}
	return regular
}

// textOf is what an item says on this page.
func (a *arranger) textOf(it item) string {
	switch {
	case !it.If.holds(a.page.Person, a.there):
		return ""
	case it.Say != "":
		return it.Say
	}
	return a.texts[it.Text]
}

func (a *arranger) setText(it item, box Box) {
	a.set(it, a.fit(it, box.W, box.H), box)
}

func (a *arranger) fit(it item, w, h float64) fitted {
	return a.fonts.fit(it.label(), a.textOf(it), it.weight(), it.Size, w, h)
}

// set draws the lines of a fitted text in its box.
func (a *arranger) set(it item, f fitted, box Box) {
	a.plan.note(f.missing)
	if len(f.lines) == 0 {
		return
	}
	ground, mono := a.groundOf(box)
	c := on(ground)
	if it.Colour != "" {
		c = readable(a.colours.resolve(it.Colour), ground)
	}
	top := box.Y + share(it.Valign)*(box.H-f.height())
	field := FieldBox{Name: it.label(), Side: a.number, SizePt: f.size, Short: f.short, Cut: f.cut}
	left, right := box.X+box.W, 0.0
	for i, line := range f.lines {
		em := f.size * mmPerPoint
		x := box.X + f.start(i, box.W, share(it.Align))
		a.side.lines = append(a.side.lines, textLine{x: x, baseline: top + f.baseline(i), size: f.size, colour: c, ground: ground, mono: mono, glyphs: line.glyphs})
		field.Lines = append(field.Lines, line.text)
		left = min(left, x, x+line.ink.left*em)
		right = max(right, x+line.width*em, x+line.ink.right*em)
	}
	field.Box = Box{grain(left), grain(top), grain(right - left), grain(f.height())}
	a.plan.report.Fields = append(a.plan.report.Fields, field)
}

// setStack sets texts under each other; an empty one takes no room, so the
// rest moves together.
func (a *arranger) setStack(stack item, box Box) {
	var parts []fitted
	var tops []float64 // from the stack's top
	height := 0.0
	for _, it := range stack.Items {
		f := a.fit(it, box.W, it.Height)
		if height > 0 && len(f.lines) > 0 {
			height += it.Space
		}
		parts, tops = append(parts, f), append(tops, height)
		height += f.height()
	}
	y := box.Y + share(stack.Valign)*(box.H-height)
	for i, it := range stack.Items {
		it.Align, it.Valign = stack.Align, "top"
		a.set(it, parts[i], Box{box.X, y + tops[i], box.W, parts[i].height()})
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
	it.If, detail.If = nil, nil // it is there
	detail.Text, detail.Weight = "detail", "regular"
	detail.Size.Best, detail.Size.Wrap = max(it.Size.Floor, roundSize(it.Size.Best*detailSize)), 0
	it.Text, it.Height, detail.Height = "show", box.H/2, box.H/2
	stack := item{Align: it.Align, Valign: cmp.Or(it.Valign, "middle"), Items: []item{it, detail}}
	if logo := a.page.Show.Logo; logo != nil {
		scale := min(box.H/logo.h, box.W*logoShare/logo.w)
		w, h := logo.w*scale, logo.h*scale
		room := box.W - w - logoGap*box.H
		text := 0.0
		for _, t := range stack.Items {
			f := a.fit(t, room, t.Height)
			text = max(text, f.width())
		}
		left := box.X + share(it.Align)*(room-text)
		place := Box{left, box.Y + (box.H-h)/2, w, h}
		a.side.pictures = append(a.side.pictures, placed{picture: logo, box: place, clip: boxShape(place, white), paper: a.onPaper(place)})
		box.X, box.W, stack.Align = left+box.W-room, room, "left"
	}
	a.setStack(stack, box)
}
