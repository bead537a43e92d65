//go:build cgo

package tesseract

import (
	"context"
	"image"
	"regexp"
	"unicode"

	"github.com/otiai10/gosseract/v2"

	"hallpass/ocr"
)

const (
	// sureLatin is the confidence from which a line read with the Latin model
	// is not read again: Chinese print read with it stays below 0.7.
	sureLatin = 0.86
	// noise is the confidence up to which a line is a picture, not print.
	noise = 0.25
	// trials is how many lines are read in both Chinese scripts before one
	// is believed for the card.
	trials = 6
)

// page finds the lines of an evened view and reads each.
func (r *reader) page(ctx context.Context, grey *image.Gray) ([]ocr.Line, error) {
	p := page{reader: r, grey: grey, votes: make([]float64, len(r.han))}
	boxes := find(grey)
	for _, b := range boxes {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := p.read(b); err != nil {
			return nil, err
		}
	}
	return p.lines()
}

// page is one card while it is read.
type page struct {
	*reader
	grey  *image.Gray
	tries int
	votes []float64 // by script: confidence summed over the trial lines
	done  []reading
}

// reading is what one line may say: by the Latin model, or by script.
type reading struct {
	box   image.Rectangle
	latin ocr.Line
	words []gosseract.BoundingBox // of latin
	han   []ocr.Line              // empty when latin is sure
}

func (p *page) read(b image.Rectangle) error {
	img := cut(p.grey, b)
	rd := reading{box: b}
	var err error
	if rd.words, err = p.latin.read(img); err != nil {
		return err
	}
	rd.latin = whole(rd.words)
	if rd.latin.Confidence < sureLatin {
		rd.han = make([]ocr.Line, len(p.han))
		best := p.best()
		if rd.han[best], err = one(p.han[best], img, rd.words); err != nil {
			return err
		}
		if p.tries < trials && len(p.han) > 1 && hanIn(rd.han[best].Text) > 2 {
			if err := p.compare(&rd, img, best); err != nil {
				return err
			}
		}
	}
	p.done = append(p.done, rd)
	return nil
}

// compare reads a line in the other scripts too and lets it vote.
func (p *page) compare(rd *reading, img *image.Gray, done int) (err error) {
	p.tries++
	for i, c := range p.han {
		if i != done {
			if rd.han[i], err = one(c, img, rd.words); err != nil {
				return err
			}
		}
		p.votes[i] += rd.han[i].Confidence * float64(hanIn(rd.han[i].Text))
	}
	return nil
}

func (p *page) best() int {
	best := 0
	for i, v := range p.votes {
		if v > p.votes[best] {
			best = i
		}
	}
	return best
}

// lines settles what each line says, now that the card's script is known, and
// reads again what was read in the other one.
func (p *page) lines() ([]ocr.Line, error) {
	var out []ocr.Line
	p.askRegion()
	script := p.best()
	for _, rd := range p.done {
		line := rd.latin
		if rd.han != nil {
			if rd.han[script].Text == "" {
				var err error
				if rd.han[script], err = one(p.han[script], cut(p.grey, rd.box), rd.words); err != nil {
					return nil, err
				}
			}
			line = better(rd.latin, rd.han[script])
		}
		if line.Text != "" && line.Confidence > noise {
			line.Box = rd.box
			out = append(out, line)
		}
	}
	return out, nil
}

// askRegion lets the numbers and domains on the card vote, which are read well
// in any script: the mainland prints simplified, Hong Kong, Macau and Taiwan
// traditional. The models alone turn one script into the other quite sure of
// themselves.
func (p *page) askRegion() {
	if len(p.votes) < 2 || p.tries == 0 {
		return
	}
	for _, rd := range p.done {
		switch {
		case traditionalSigns.MatchString(rd.latin.Text):
			p.votes[1] += regionVote
		case simplifiedSigns.MatchString(rd.latin.Text):
			p.votes[0] += regionVote
		}
	}
}

// regionVote is worth four more characters.
const regionVote = 4

var (
	traditionalSigns = regexp.MustCompile(`(?i)\+\s?(886|852|853)|\((852|853)\)|\.(tw|hk|mo)\b`)
	simplifiedSigns  = regexp.MustCompile(`(?i)\+\s?86\b|\b1[3-9]\d[ -]?\d{4}[ -]?\d{4}\b|\.cn\b`)
)

// better keeps the Latin reading unless the other is surer: a line with
// Chinese in it never looks good to the Latin model.
func better(latin, han ocr.Line) ocr.Line {
	switch n := hanIn(han.Text); {
	case n == 0 && latin.Confidence+0.03 >= han.Confidence:
		return latin
	case n == 1 && len(han.Text) > 12 && latin.Confidence+0.1 >= han.Confidence:
		return latin // a "T" taken for 工
	}
	if han.Confidence > latin.Confidence-0.1 {
		return han
	}
	return latin
}

// one reads a picture of a single line with a Chinese model; where that finds
// Latin letters and digits, the Latin model's words take their place.
func one(m model, img *image.Gray, latin []gosseract.BoundingBox) (ocr.Line, error) {
	words, err := m.read(img)
	if err != nil {
		return ocr.Line{}, err
	}
	return whole(mix(words, latin)), nil
}

// whole makes one line of words.
func whole(words []gosseract.BoundingBox) ocr.Line {
	lines := join(words)
	if len(lines) == 0 {
		return ocr.Line{}
	}
	return merged(lines)
}

func hanIn(s string) (n int) {
	for _, c := range s {
		if unicode.Is(unicode.Han, c) {
			n++
		}
	}
	return n
}
