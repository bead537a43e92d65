package ocr

import (
	"image"
	"regexp"
	"strings"
	"unicode/utf8"
)

// No card has more or longer lines; what is beyond comes from a page of a book,
// and the work on it grows with the square.
const (
	maxLines = 300
	maxText  = 400 // characters of a line, and of lines joined to one value
)

// piece is a stretch of a line that holds one value, or the lines joined to
// one.
type piece struct {
	text     string
	alt      string // another engine's reading of the same print, "" for none
	field    string // "" while open
	label    bool   // a printed label said so
	word     string // the label as printed
	conf     float64
	weak     float64 // the weakest character, 0 when unknown
	altOf    float64 // the other engine's confidence
	rule     float64 // how sure the rules are of field, 0–1
	box      image.Rectangle
	row      int // index of the line
	high     int // of one line of print, also when several have been joined
	lines    int // how many lines were joined
	up       bool
	letter   bool   // its label is a single letter
	unlisted bool   // its label is of no list
	unsure   string // the characters that the engine is not sure of
	desk     bool   // its label names a telephone that stands on a desk
	why      []string
	facts    facts
}

// facts are what confidence goes by, beside the engine's own.
type facts struct {
	fits     bool    // a plan, a shape or a list
	agrees   bool    // two engines read the same
	differs  bool    // two engines read different things
	repaired bool    // signs were exchanged
	crossed  float64 // how much another field says the same, 0–1
	guessed  bool    // by place only
	margin   float64 // how much likelier the field was than any other, 0–1
	strange  float64 // share of words that no list knows, 0–1
	legible  float64 // of the whole card, 0–1
	rivals   float64 // other values of the same field in the same script, 0–2
	twin     bool    // a value of the same field in the other script
	against  bool    // the mail address is a person's, and not of this name
	oddOne   bool    // without a label among values that have them
}

func (p *piece) take(field, text string, rule float64, why string) {
	p.field, p.text, p.rule = field, text, rule
	if why != "" {
		p.why = append(p.why, why)
	}
}

// pieces cleans the lines and cuts them where a label or a separator begins a
// new value.
func pieces(lines []Line) []*piece {
	var out []*piece
	lines = withoutList(lines[:min(len(lines), maxLines)])
	for i, l := range mendBroken(lines[:min(len(lines), maxLines)]) {
		l.Text = script().oneScript(l.Text)
		text := barsIn(clean(withGaps(l)))
		if text == "" {
			continue
		}
		parts := cutLine(text)
		if services(text) {
			parts = []string{text}
		}
		alts := cutLine(clean(short(l.Second.Text)))
		if len(alts) != len(parts) {
			alts = nil
		}
		at := 0
		for k, part := range parts {
			from := at
			at += len(part)
			t := strings.Trim(part, " \t|/｜丨·;，、")
			t = strings.TrimLeft(t, ", )）】」")
			if strings.Trim(t, ",. ") == "" {
				continue
			}
			p := &piece{text: t, conf: clamp(l.Confidence, 0, 1), weak: clamp(l.Weakest, 0, 1), rule: 1, row: i, box: l.Box, lines: 1, up: l.Upright}
			if alts != nil {
				p.alt, p.altOf = strings.Trim(alts[k], " \t|/｜丨·,;，、"), clamp(l.Second.Confidence, 0, 1)
			}
			p.narrow(l, text, from, at)
			p.high = p.box.Dy()
			if p.up {
				p.high = p.box.Dx()
			}
			p.readLabel()
			p.dropMark()
			p.dropAside()
			if p.field == "" && services(p.text) {
				p.field, p.why = "none", append(p.why, "a list of services")
			}
			p.measure(l)
			out = append(out, p)
		}
	}
	return out
}

// sureSign is the confidence of a character from which lists of words do not
// correct it.
const sureSign = 0.9

// measure takes the confidence of the value's own characters, where the engine
// tells them apart.
func (p *piece) measure(l Line) {
	rs := []rune(l.Text)
	if len(l.Sure) != len(rs) || p.text == "" {
		return
	}
	var signs []rune
	var sure []float64
	for i, r := range rs {
		if r = plain(r); r > ' ' && r != '\u3000' {
			signs, sure = append(signs, r), append(sure, l.Sure[i])
		}
	}
	value := []rune(squeeze(p.text))
	at := strings.Index(string(signs), string(value))
	if at < 0 {
		return
	}
	from := utf8.RuneCountInString(string(signs)[:at])
	p.conf, p.weak = 0, 1
	p.unsure = ""
	for i, v := range sure[from : from+len(value)] {
		if v < sureSign {
			p.unsure += string(value[i])
		}
		p.conf += clamp(v, 0, 1) / float64(len(value))
		p.weak = min(p.weak, clamp(v, 0, 1))
	}
	p.weak = max(p.weak, 0.001) // 0 is "not told"
}

// narrow sets the box to where bytes from–to of the text stand, about.
func (p *piece) narrow(l Line, text string, from, to int) {
	if from == 0 && to == len(text) {
		return
	}
	n := float64(max(1, utf8.RuneCountInString(text)))
	a, b := float64(utf8.RuneCountInString(text[:from]))/n, float64(utf8.RuneCountInString(text[:to]))/n
	if l.Upright {
		p.box.Min.Y, p.box.Max.Y = l.Box.Min.Y+int(a*float64(l.Box.Dy())), l.Box.Min.Y+int(b*float64(l.Box.Dy()))
		return
	}
	p.box.Min.X, p.box.Max.X = l.Box.Min.X+int(a*float64(l.Box.Dx())), l.Box.Min.X+int(b*float64(l.Box.Dx()))
}

// readSite takes the name of a site off the address behind it.
func (p *piece) readSite() bool {
	site, rest := siteBefore(p.text)
	if site == "" {
		site, rest = latinSiteBefore(p.text)
	}
	if site == "" {
		return false
	}
	p.why = append(p.why, "label \""+site+"\"")
	p.field, p.label, p.text, p.alt = "address", true, rest, ""
	return true
}

// readBracketed takes a label of no list off, set in brackets before a value that
// labels stand before: "【茶园】云南省…".
func (p *piece) readBracketed() bool {
	m := bracketed.FindStringSubmatch(p.text)
	if m == nil || promised(m[2]) == "" {
		return false
	}
	p.why = append(p.why, "label \""+m[1]+"\"")
	p.field, p.label, p.text, p.alt, p.word = promised(m[2]), true, m[2], "", m[1]
	return true
}

// bracketed is a Chinese word in brackets before something else.
var bracketed = regexp.MustCompile(`^[\[【「『<《]\s*(\p{Han}{2,6})\s*[\]】」』>》]\s*[:：]?\s*(.+)$`)

// zeroLabel is the letter of an office's number, read as a digit: "0:(701) …".
var zeroLabel = regexp.MustCompile(`^0 ?: ?(?:\b|(\(|\+))`)

// readLabel takes the label off the piece's text, and off its second reading.
func (p *piece) readLabel() {
	p.text = zeroLabel.ReplaceAllString(p.text, "O: $1")
	field, rest := takeLabel(p.text)
	if rest != "" {
		if f := wholeLabel(p.text); f != "" {
			field, rest = f, ""
		}
	}
	if field == "" {
		field, rest = misread(p.text)
	}
	if field == "" {
		field, rest = compoundLabel(p.text)
	}
	if field == "" {
		if f, value := behindLabel(p.text); f != "" {
			p.why = append(p.why, "label \""+strings.Trim(p.text[len(value):], " ()（）[]【】")+"\" behind it")
			p.field, p.label, p.text = f, true, value
			if _, v := behindLabel(p.alt); p.alt != "" {
				p.alt = v
			}
			return
		}
		if value, ok := strings.CutSuffix(fold(p.text), "地址"); ok && runes(value) > 6 && placeLike(value) > 0.8 { // a label behind its value
			p.why = append(p.why, "label \"地址\" behind it")
			p.field, p.label, p.text, p.alt = "address", true, string([]rune(p.text)[:runes(value)]), ""
			return
		}
		if p.readSite() || p.readBracketed() {
			return
		}
		if head, number, ok := unlistedLabel(p.text); ok {
			p.why = append(p.why, "label \""+head+"\", of no list")
			p.field, p.label, p.unlisted, p.text, p.word = "phone", true, true, number, head
			if at := strings.IndexAny(p.alt, "+(0123456789"); at > 0 {
				p.alt = p.alt[at:]
			}
			return
		}
		if rest := behindSite(p.text); rest != "" {
			p.why = append(p.why, "label \""+strings.Trim(p.text[:len(p.text)-len(rest)], separators)+"\"")
			p.field, p.label, p.text = "address", true, rest
			if at := strings.IndexAny(p.alt, ":："); at > 0 {
				p.alt = strings.TrimLeft(p.alt[at:], separators)
			}
		}
		return
	}
	printed := strings.Trim(p.text[:len(p.text)-len(rest)], separators)
	p.field, p.label, p.text, p.word = field, true, rest, printed
	p.letter = len(printed) == 1
	p.desk = strings.ContainsAny(fold(printed), "办公司座固总直线专热服务传机") || strings.ContainsAny(strings.ToLower(printed), "odf") || strings.Contains(strings.ToLower(printed), "main")
	p.why = append(p.why, "label \""+printed+"\"")
	if p.alt != "" {
		if f, r := takeLabel(p.alt); f != "" {
			p.alt = r
		} else if _, r := misread(p.alt); r != p.alt {
			p.alt = r
		}
	}
}

// dropMark leaves out marks of certification, "RoHS" or "ISO 9001": they are
// printed on cards and are no field of one.
func (p *piece) dropMark() {
	t := tokens(strings.Trim(p.text, "()（）[] "))
	if c, _, _ := hans(p.text); p.label || c > 0 || len(t) == 0 || len(t) > 6 {
		return
	}
	marks := 0
	for _, w := range t {
		switch {
		case words().common["mark"][w]:
			marks++
		case digitsIn(w)*2 < len(w):
			return
		}
	}
	if marks > 0 {
		p.field, p.why = "none", append(p.why, "a mark of certification")
	}
}
