//go:build cgo

package tesseract

import (
	"fmt"
	"image"
	"os"
	"slices"

	"github.com/otiai10/gosseract/v2"
)

// reader is what one worker reads with.
type reader struct {
	latin model
	// han are the Chinese scripts: simplified, and traditional where its data
	// is installed.
	han []model
}

// installed looks which language data is there. English and simplified Chinese
// are needed; traditional Chinese is used when present.
func installed() (traditional bool, err error) {
	have, err := gosseract.GetAvailableLanguages()
	if err != nil {
		return false, fmt.Errorf("list tesseract languages: %w", err)
	}
	for lang, pkg := range map[string]string{"eng": "tesseract-ocr", "chi_sim": "tesseract-ocr-chi-sim"} {
		if !slices.Contains(have, lang) {
			return false, fmt.Errorf("tesseract data %q is missing; install %s", lang, pkg)
		}
	}
	return slices.Contains(have, "chi_tra"), nil
}

// newReader loads a worker's own models; the shared ones are nil where the
// worker needs its own or the data is missing.
func newReader(simplified, traditional *shared) (*reader, error) {
	latin, err := newClient("eng")
	if err != nil {
		return nil, err
	}
	r := &reader{latin: own{latin}}
	if simplified != nil {
		r.han = append(r.han, simplified)
	} else {
		client, err := newClient("chi_sim")
		if err != nil {
			latin.Close()
			return nil, err
		}
		r.han = append(r.han, own{client})
	}
	if traditional != nil {
		r.han = append(r.han, traditional)
	}
	return r, nil
}

// newClient loads a client and proves that it reads.
func newClient(lang string) (_ *gosseract.Client, err error) {
	c := gosseract.NewClient()
	defer func() {
		if err != nil {
			c.Close()
		}
	}()
	if err := c.SetLanguage(lang); err != nil {
		return nil, err
	}
	vars := map[gosseract.SettableVariable]string{
		// 13 is one line taken as it is. SetPageSegMode would be lost by the
		// initialization.
		"tessedit_pageseg_mode": "13",
		"tessedit_do_invert":    "0", // even has turned light print round
		"debug_file":            os.DevNull,
		"user_defined_dpi":      "300",
	}
	for k, v := range vars {
		if err := c.SetVariable(k, v); err != nil {
			return nil, err
		}
	}
	blank := image.NewGray(image.Rect(0, 0, 64, 64))
	for i := range blank.Pix {
		blank.Pix[i] = 255
	}
	if err := c.SetImageFromBytes(pgm(blank)); err != nil {
		return nil, err
	}
	if _, err := c.GetBoundingBoxes(gosseract.RIL_WORD); err != nil {
		return nil, err
	}
	return c, nil
}

// close frees the worker's own models.
func (r *reader) close() {
	for _, m := range append(r.han, r.latin) {
		if m, ok := m.(own); ok {
			m.client.Close()
		}
	}
}

// pgm is the plainest format that the library reads from memory.
func pgm(g *image.Gray) []byte {
	b := g.Bounds()
	out := make([]byte, 0, b.Dx()*b.Dy()+20)
	out = fmt.Appendf(out, "P5\n%d %d\n255\n", b.Dx(), b.Dy())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		out = append(out, g.Pix[g.PixOffset(b.Min.X, y):][:b.Dx()]...)
	}
	return out
}

// read recognizes a grey picture once.
func read(c *gosseract.Client, g *image.Gray) ([]gosseract.BoundingBox, error) {
	if err := c.SetImageFromBytes(pgm(g)); err != nil {
		return nil, fmt.Errorf("hand the picture to tesseract: %w", err)
	}
	words, err := c.GetBoundingBoxes(gosseract.RIL_WORD)
	if err != nil {
		return nil, fmt.Errorf("read with tesseract: %w", err)
	}
	return words, nil
}

// margin is the white around a line that is handed over alone.
const margin = 8

// cut copies one line onto white.
func cut(g *image.Gray, b image.Rectangle) *image.Gray {
	pad := max(4, b.Dy()/8)
	out := image.NewGray(image.Rect(0, 0, b.Dx()+2*margin, b.Dy()+2*margin))
	for i := range out.Pix {
		out.Pix[i] = 255
	}
	src := b.Inset(-min(pad, margin)).Intersect(g.Rect)
	for y := src.Min.Y; y < src.Max.Y; y++ {
		copy(out.Pix[out.PixOffset(src.Min.X-b.Min.X+margin, y-b.Min.Y+margin):], g.Pix[g.PixOffset(src.Min.X, y):][:src.Dx()])
	}
	return out
}
