package ocr

import (
	"context"
	"errors"
	"fmt"
	"image"
	"slices"
	"sync"
	"time"

	"hallpass/ocr/flat"
	"hallpass/ocr/photo"
	"hallpass/ocr/pixels"
	"hallpass/ocr/plane"
	"hallpass/ocr/qr"
)

// Bar is the confidence from which a field is shown as sure. With both engines,
// on 28 made-up cards of fourteen layouts that nothing was written or fitted for,
// 98 of 100 fields from 0.9 on are exactly what is printed, on scans and photos;
// they are 73 % of what is printed on a scan, 67 and 49 on an easy and a hard
// photo. On cards of the fit it is 99 to 100 of 100. "make bench-ocr" prints the
// figures.
const Bar = 0.9

// Reader reads cards. It is safe for concurrent use.
type Reader struct {
	// Engine reads the lines; nil is Unavailable.
	Engine Engine
	// Second, if not nil, is asked again what Engine is not sure of.
	Second Rereader
	// HEIC, if not nil, decodes HEIC and AVIF photos; without it Read returns
	// ErrHEIC for them.
	HEIC photo.Decoder
	// JPEG, if not nil, is tried before Go's decoder, which takes whatever
	// it refuses. It may only give what that would give, sooner.
	JPEG photo.Quick

	heavy sync.Mutex // held while a picture is read that takes much memory
}

// Card is what one photo says.
type Card struct {
	// Engine names who read it.
	Engine string
	// Quad is the card's outline in the pixels of the upright source picture;
	// nil when the picture shows nothing but the card.
	Quad *plane.Quad
	// Others is how many further cards the picture shows, as far as outlines
	// stand out. The largest of them, near the middle, is the one that is read.
	Others int
	// Width and Height are the upright source picture's.
	Width, Height int
	// View is the flat card, its print upright.
	View *image.RGBA
	// Turn is how many quarter turns clockwise the view was given after the
	// picture's own orientation, 0–3. Quad's first corner is the view's.
	Turn int
	// Fields are keyed by the names Extract gives.
	Fields map[string]Field
	// Code is the QR code on the card that says most; nil when there is none.
	// It has been heard in Fields.
	Code *qr.Code
	// Lines are what the engine read, top to bottom.
	Lines []Line
	// Unfamiliar says that the print is Japanese, of a script the engine was
	// never taught, or hardly legible; then no name, title or address is sure.
	Unfamiliar bool
	Elapsed    time.Duration
}

// Read decodes a picture, finds the card on it, reads its lines, asks the
// second engine what is in doubt, and decides which field each line is. It
// returns ErrNotPicture, ErrHEIC, ErrTooLarge, ErrBlank, ErrBusy,
// ErrUnavailable, or ctx.Err() when ctx ends first.
func (r *Reader) Read(ctx context.Context, data []byte) (Card, error) {
	start := time.Now()
	defer r.oneByOne(data)()
	p, err := photo.Decode(data, r.HEIC, r.JPEG)
	if err != nil {
		return Card{}, err
	}
	card, err := r.look(ctx, p)
	if err != nil {
		return Card{}, err
	}
	weigh(card.Lines)
	if r.Second != nil {
		if err := ask(ctx, r.Second, card.View, card.Lines); err != nil {
			return Card{}, err
		}
	}
	fuse(card.Lines)
	card.decide()
	card.Elapsed = time.Since(start)
	return card, nil
}

// oneByOne lets one heavy picture be in memory at a time. The caller defers what
// it returns.
func (r *Reader) oneByOne(data []byte) (done func()) {
	if !photo.Heavy(data, r.HEIC) {
		return func() {}
	}
	r.heavy.Lock()
	return r.heavy.Unlock
}

// look finds the card and reads its lines and codes. Where what was taken for
// it says little, it may be a photograph or a panel on it, and where print runs
// off it, a part: then the whole picture is read too, and counts if it says more.
func (r *Reader) look(ctx context.Context, p *photo.Picture) (Card, error) {
	engine := r.Engine
	if engine == nil {
		engine = Unavailable{}
	}
	card := Card{Engine: engine.Name(), Width: p.Size.X, Height: p.Size.Y}
	all := card
	card.flatten(p)
	told, err := card.see(ctx, engine)
	clearly := card.doubted()
	if err == nil && card.Quad != nil && (!told || clearly > 0) {
		all.View = flat.Whole(p)
		var more bool
		if more, err = all.see(ctx, engine); !told || legibly(all.Lines) > clearly*legibly(card.Lines) {
			card, told = all, more
		}
	}
	if err == nil && !told {
		err = ErrBlank
	}
	return card, err
}

// flatten draws the card flat along its outline, or the whole picture where none
// stands out.
func (c *Card) flatten(p *photo.Picture) {
	found, ok := flat.Find(p.Pix)
	if !ok || aroundCode(p.Pix, found.Quad) {
		c.View = flat.Whole(p)
		return
	}
	source := found.Quad.Scaled(p.Scale)
	c.View, c.Quad, c.Others = flat.Draw(p, found.Quad), &source, found.Others
}

// aroundCode says that an outline is that of a code, whose rim stands out more
// than a white card's on white.
func aroundCode(pix *image.RGBA, q plane.Quad) bool {
	if w, h := q.Sides(); max(w, h) > 1.35*min(w, h) {
		return false
	}
	return slices.ContainsFunc(qr.Find(pix), func(c qr.Code) bool {
		return 2*float64(c.Box.Dx()*c.Box.Dy()) > q.Area()
	})
}

// decide fills in the fields, by the lines and the code.
func (c *Card) decide() {
	c.Fields = Extract(c.Lines)
	if c.Unfamiliar = unfamiliar(c.Lines); c.Unfamiliar {
		doubtWords(c.Fields)
	}
	if c.Code != nil {
		c.Fields = mergeCode(c.Fields, *c.Code)
	}
}

const (
	// sparse is less print than a card has: of 396 made-up photos the least
	// came to 72, but for one, which was half a card.
	sparse = 60
	// squarest is the least ratio of a card's sides; ISO 7810 has 1.59, most
	// countries' cards 1.6 to 1.8.
	squarest = 1.4
)

// partly says that what was drawn flat looks like a panel of a card: little
// print, and not the shape of a card.
func (c *Card) partly() bool {
	w, h := c.View.Rect.Dx(), c.View.Rect.Dy()
	return legibly(c.Lines) < sparse && float64(max(w, h)) < squarest*float64(min(w, h))
}

// doubted is how many times as much the whole picture must say to count instead
// of what was drawn flat; 0 where nothing speaks against that.
func (c *Card) doubted() float64 {
	switch {
	case c.cut():
		return 1
	case c.partly():
		return 1.5
	}
	return 0
}

// cut says that print runs off one side of what was drawn flat, as it never runs
// off a card: three lines do. Of 468 made-up photos it was so of two, whose
// outline was wrong; of no other even two lines did.
func (c *Card) cut() bool {
	const near, several = 2, 3 // pixels, lines
	left, right := 0, 0
	for _, l := range c.Lines {
		if runes(l.Text) < 3 {
			continue
		}
		if l.Box.Min.X <= near {
			left++
		}
		if l.Box.Max.X >= c.View.Rect.Max.X-near {
			right++
		}
	}
	return max(left, right) >= several
}

// see fills in lines and code, and says whether there are any to speak of.
func (c *Card) see(ctx context.Context, engine Engine) (told bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	if bare(c.View) {
		return false, nil
	}
	seen, found := c.View, make(chan []qr.Code, 1)
	go func() { found <- qr.Find(seen) }()
	if err := c.read(ctx, engine); err != nil {
		return false, err
	}
	codes := <-found
	if c.View != seen { // it was turned
		codes = qr.Find(c.View)
	}
	c.Lines = outside(codes, c.Lines)
	c.Code = telling(codes)
	return printed(c.Lines) || c.Code != nil && len(FieldsOf(*c.Code)) > 0, nil
}

// read fills in the lines; a view that lies on its side is turned, once, unless
// it reads worse so.
func (c *Card) read(ctx context.Context, engine Engine) error {
	lines, err := engine.Lines(ctx, c.View)
	if t := (*Turned)(nil); errors.As(err, &t) && t.Quarters > 0 && t.Quarters < 4 {
		before := *c
		before.Lines = lines
		c.turn(t.Quarters)
		if t.Read {
			c.Lines = lines
			return nil
		}
		lines, err = engine.Lines(ctx, c.View)
		if errors.As(err, &t) {
			err = nil // its mind is made up once; whatever it read stands
		}
		if err == nil && legibly(lines) < legibly(before.Lines) {
			*c = before
			return nil
		}
	}
	if err != nil {
		return fmt.Errorf("read lines: %w", err)
	}
	c.Lines = lines
	return nil
}

// turn gives the view so many quarter turns clockwise, 1–3.
func (c *Card) turn(quarters int) {
	c.View = pixels.Turn(c.View, quarters)
	c.Turn = (c.Turn + quarters) % 4
	if c.Quad != nil {
		var q plane.Quad
		for i := range q {
			q[i] = c.Quad[(i+4-quarters)%4]
		}
		c.Quad = &q
	}
}

// legibly is how many letters, digits and characters were read, each counted
// by its line's confidence.
func legibly(lines []Line) (sum float64) {
	for _, l := range lines {
		c, n, d := hans(l.Text)
		sum += float64(c+n+d) * l.Confidence
	}
	return sum
}

// Crop is the part of the view where a field is printed, with a little around
// it; nil when the card has no such field.
func (c Card) Crop(field string) image.Image {
	f, ok := c.Fields[field]
	if !ok || f.Box.Empty() || c.View == nil {
		return nil
	}
	pad := max(6, f.Box.Dy()/4)
	box := f.Box.Inset(-pad).Intersect(c.View.Rect)
	if box.Empty() {
		return nil
	}
	return c.View.SubImage(box)
}

// printed says whether any line holds two letters or digits.
func printed(lines []Line) bool {
	for _, l := range lines {
		if a, b, c := hans(l.Text); a+b+c >= 2 {
			return true
		}
	}
	return false
}

// bare says that a view has no sharp detail at all, so that no engine need be
// asked: fewer than one pixel in 3000 differs clearly from one two pixels away.
func bare(v *image.RGBA) bool {
	w, h := v.Rect.Dx(), v.Rect.Dy()
	sharp := 0
	for y := h / 40; y < h-h/40; y++ {
		row := v.Pix[y*v.Stride:]
		for x := w / 40; x < w-w/40-2; x++ {
			if d := int(row[4*x+1]) - int(row[4*x+9]); d > 24 || d < -24 {
				sharp++
			}
		}
	}
	return sharp*3000 < w*h
}
