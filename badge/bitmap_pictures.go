package badge

import (
	"image"
	"slices"
	"sync"

	"golang.org/x/image/draw"
)

// keptPictures bounds the pictures that are kept at a size: 4 bytes a pixel, a
// show's logo at 300 dpi is 0.6 MB.
const (
	keptPictures  = 8
	largestToKeep = 1 << 20 // pixels
)

// pictures keeps pictures at the sizes they were drawn in lately, for any
// number of goroutines: a show's logo stands on every badge.
type pictures struct {
	mu    sync.Mutex // guards ready
	ready []readyPicture
}

type readyPicture struct {
	of         *Picture
	turned     bool
	whole, own image.Rectangle // from its corner
	img        *image.RGBA
	dots       map[dotsOf][]uint8 // what dither made of it
}

// dotsOf is what the dots of a picture depend on beside the picture: each row
// goes the other way.
type dotsOf struct {
	mono mono
	odd  bool
}

func (p readyPicture) same(q readyPicture) bool {
	return p.of == q.of && p.turned == q.turned && p.whole == q.whole && p.own == q.own
}

// of returns the part of a picture that is seen, in place; whole is where all
// of it would lie. The caller must not change it. A visitor's portrait is not
// to be kept.
func (k *pictures) of(p placed, whole, seen image.Rectangle, keep bool) *image.RGBA {
	corner := seen.Min
	want := readyPicture{of: p.picture, turned: p.turned, whole: whole.Sub(corner), own: seen.Sub(corner)}
	img := k.find(want)
	if img == nil {
		img = scaled(p.picture.pixels(), want)
		if keep && seen.Dx()*seen.Dy() <= largestToKeep {
			want.img = img
			k.keep(want)
		}
	}
	moved := *img
	moved.Rect = seen
	return &moved
}

func scaled(source image.Image, want readyPicture) *image.RGBA {
	if want.turned { // draw it upright, then turn what is seen
		whole, own := want.whole, want.own
		want.whole = image.Rect(own.Max.X-whole.Max.X, own.Max.Y-whole.Max.Y, own.Max.X-whole.Min.X, own.Max.Y-whole.Min.Y)
	}
	img := image.NewRGBA(want.own)
	draw.CatmullRom.Scale(img, want.whole, source, source.Bounds(), draw.Src, nil)
	if want.turned {
		turnPixels(img)
	}
	return img
}

// turnPixels turns a picture without gaps between its rows by 180°.
func turnPixels(img *image.RGBA) {
	pix := img.Pix
	for i, j := 0, len(pix)-4; i < j; i, j = i+4, j-4 {
		a, b := (*[4]byte)(pix[i:]), (*[4]byte)(pix[j:])
		*a, *b = *b, *a
	}
}

// dots is dither of a whole picture, remembered if the picture is.
func (k *pictures) dots(img *image.RGBA, m mono) []uint8 {
	how := dotsOf{m, img.Rect.Min.Y%2 != 0}
	is := func(p readyPicture) bool {
		return len(p.img.Pix) > 0 && len(img.Pix) > 0 && &p.img.Pix[0] == &img.Pix[0]
	}
	k.mu.Lock()
	i := slices.IndexFunc(k.ready, is)
	var made []uint8
	if i >= 0 {
		made = k.ready[i].dots[how]
	}
	k.mu.Unlock()
	if made != nil {
		return made
	}
	made = dither(img, nil, m)
	k.mu.Lock()
	defer k.mu.Unlock()
	if i := slices.IndexFunc(k.ready, is); i >= 0 {
		if k.ready[i].dots == nil {
			k.ready[i].dots = map[dotsOf][]uint8{}
		}
		k.ready[i].dots[how] = made
	}
	return made
}

func (k *pictures) find(want readyPicture) *image.RGBA {
	k.mu.Lock()
	defer k.mu.Unlock()
	i := slices.IndexFunc(k.ready, want.same)
	if i < 0 {
		return nil
	}
	found := k.ready[i]
	k.ready = append(slices.Delete(k.ready, i, i+1), found) // the latest last
	return found.img
}

func (k *pictures) keep(p readyPicture) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.ready) >= keptPictures {
		k.ready = slices.Delete(k.ready, 0, 1)
	}
	k.ready = append(k.ready, p)
}
