package ocr

import (
	"cmp"
	"image"
	"slices"
	"strings"
)

// Field is what the card says for one field.
type Field struct {
	Text string
	// Confidence is 0–1; see Bar.
	Confidence float64
	// Box is where it is printed in the view. It is empty when the engine did
	// not say.
	Box image.Rectangle
	// Why says in words, for an operator, what decided text and confidence.
	Why []string
	// More are further values of the same field, surest first, none twice.
	More []Alternative
}

// Alternative is one more value of a field, or another reading of it.
type Alternative struct {
	Text       string
	Confidence float64
}

// Extract decides which lines hold which field. The names are: name name_en
// title title_en company company_en department mobile phone fax email website
// address address_en wechat qq postcode. A card in one language has only the
// names without _en; on one in two, these hold what is in Latin letters.
// Numbers that fit no numbering plan are kept, below Bar. The first 300 lines
// are looked at, and the first 400 characters of each.
func Extract(lines []Line) map[string]Field {
	var ps []*piece
	for _, p := range pieces(lines) {
		ps = append(ps, p.split()...)
	}
	for _, p := range ps {
		p.settle()
	}
	ps = unwrap(ps)
	for _, p := range ps {
		p.tighten()
	}
	x := extraction{pieces: ps}
	x.nameThePerson()
	x.nameTheCompany()
	x.guessTitle()
	return x.fields()
}

// tighten takes out the blanks that engines leave beside Chinese characters.
func (p *piece) tighten() {
	rs := []rune(p.text)
	out := rs[:0:0]
	for i, r := range rs {
		if r == ' ' && i > 0 && i+1 < len(rs) && (han(rs[i-1]) || han(rs[i+1])) && p.field != "phone" && p.field != "fax" && p.field != "mobile" && p.field != "" {
			continue
		}
		out = append(out, r)
	}
	p.text = strings.TrimRight(string(out), ", ") // a comma went on to a line below
}

type extraction struct {
	pieces []*piece
}

// text is the surest value of a field so far.
func (x *extraction) text(field string) string {
	var best *piece
	for _, p := range x.pieces {
		if p.field == field && p.text != "" && (best == nil || p.sure() > best.sure()) {
			best = p
		}
	}
	if best == nil {
		return ""
	}
	return best.text
}

// sure is the piece's confidence as it is reported: the engine's, times how
// clearly the rules decided. What was misread seldom still fits a numbering
// plan, an e-mail's shape or a list of titles, so what fits is half as
// doubtful, unless the engine was guessing; a long address has more places to
// go wrong.
func (p *piece) sure() float64 {
	c := clamp(p.conf*p.rule, 0, 1)
	if doubt, ok := checked[p.field]; ok && p.rule >= 0.88 {
		trust := clamp((c-0.5)/0.3, 0, 1)
		return 1 - (1-c)*(1-(1-doubt)*trust)
	}
	if p.field == "address" {
		return 0.97 * c
	}
	return c
}

// checked is what is left of the doubt, by field; measured on the sample cards.
var checked = map[string]float64{
	"mobile": 0.5, "phone": 0.5, "fax": 0.5, "email": 0.5, "website": 0.6, "wechat": 0.6,
	"title": 0.6, "department": 0.5, "name": 0.65,
}

// leastName lets a rare family name pass, doubtful, when it is set nearly twice
// as large as the usual line.
const leastName = 0.28

// nameThePerson picks the best Chinese and the best Latin name among what is
// left. Names are printed larger than what stands around them.
func (x *extraction) nameThePerson() {
	address := x.text("email")
	usual := x.usualHeight()
	var han, latin *piece
	var hanScore, latinScore float64
	for _, p := range x.pieces {
		if p.label || p.text == "" || p.field != "" && p.rule > 0.7 {
			continue
		}
		size := clamp(float64(p.box.Dy())/usual, 0.5, 2.5)
		if s := chineseName(p.text); s > 0 {
			if s = s * (0.4 + 0.3*size); s > hanScore && s > leastName {
				han, hanScore = p, s
			}
		}
		if s := latinName(p.text); s > 0 {
			s = s*(0.4+0.3*size) + 0.5*inAddress(p.text, address)
			if inDomain(p.text, address, x.text("website")) {
				s -= 0.4
			}
			if s > latinScore && s > 0.45 {
				latin, latinScore = p, s
			}
		}
	}
	if han != nil {
		han.take("name", squeeze(han.text), clamp(0.55+0.45*hanScore, 0, 0.98))
	}
	if latin != nil {
		latin.take("name", latin.text, clamp(0.55+0.45*latinScore, 0, 0.98))
	}
}

func (x *extraction) usualHeight() float64 {
	var hs []int
	for _, p := range x.pieces {
		hs = append(hs, p.high)
	}
	if len(hs) == 0 {
		return 1
	}
	slices.Sort(hs)
	return max(1, float64(hs[len(hs)/2]))
}

// nameTheCompany takes a line that repeats the domain's letters when no line
// has a company's ending.
func (x *extraction) nameTheCompany() {
	if x.text("company") != "" {
		return
	}
	for _, p := range x.pieces {
		if p.field == "" && inDomain(p.text, x.text("email"), x.text("website")) {
			p.take("company", p.text, 0.8)
			return
		}
	}
}

// guessTitle takes the line under the name when no line has a title's words.
func (x *extraction) guessTitle() {
	if x.text("title") != "" {
		return
	}
	for _, n := range x.pieces {
		if n.field != "name" {
			continue
		}
		for _, p := range x.pieces {
			gap := p.box.Min.Y - n.box.Max.Y
			c, l, d := hans(p.text)
			if p.field == "" && d == 0 && (c >= 2 || l >= 4) && gap > -n.box.Dy()/4 && gap < n.box.Dy() && p.box.Dy() < n.box.Dy() && abs(p.box.Min.X-n.box.Min.X) < 2*n.box.Dy() {
				p.take("title", p.text, 0.5)
				return
			}
		}
	}
}

// fields gathers the pieces; of two languages the Latin goes to _en.
func (x *extraction) fields() map[string]Field {
	byField := map[string][]*piece{}
	for _, p := range x.pieces {
		if p.field != "" && p.text != "" && p.rule > 0 {
			byField[p.field] = append(byField[p.field], p)
		}
	}
	out := map[string]Field{}
	for name, ps := range byField {
		if english[name] {
			chinese, latin := byScript(ps)
			if len(chinese) > 0 && len(latin) > 0 {
				add(out, name+"_en", latin)
				ps = chinese
			}
		}
		add(out, name, ps)
	}
	return out
}

// english are the fields with a twin in Latin letters.
var english = map[string]bool{"name": true, "title": true, "company": true, "address": true}

func byScript(ps []*piece) (chinese, latin []*piece) {
	for _, p := range ps {
		if c, _, _ := hans(p.text); c > 0 {
			chinese = append(chinese, p)
		} else {
			latin = append(latin, p)
		}
	}
	return chinese, latin
}

func add(out map[string]Field, name string, ps []*piece) {
	slices.SortStableFunc(ps, func(a, b *piece) int { return cmp.Compare(b.sure(), a.sure()) })
	f := Field{Text: ps[0].text, Confidence: ps[0].sure(), Box: ps[0].box}
	for _, p := range ps[1:] {
		told := func(a Alternative) bool { return a.Text == p.text }
		if p.text != f.Text && !slices.ContainsFunc(f.More, told) {
			f.More = append(f.More, Alternative{p.text, p.sure()})
		}
	}
	out[name] = f
}
