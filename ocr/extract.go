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
func Extract(lines []Line) map[string]Field { return fields(decided(lines)) }

// decided are the stretches of a card's print, each with its field.
func decided(lines []Line) []*piece {
	lines, askew := levelled(lines[:min(len(lines), maxLines)])
	ps := pieces(lines)
	mendSharp(ps)
	attach(ps)
	ps = settleAll(ps)
	assignNumbers(ps)
	mendNet(ps)
	var open []*piece
	for _, p := range ps {
		if p.field == "" {
			p.useSecond()
			p.text = respace(p.text)
			p.blankBefore()
			p.dropIcon()
			p.dropDegree()
			p.dropHours()
			p.mendRole()
		}
		open = append(open, p.split()...)
	}
	joinRows(open)
	g := &page{pieces: open, usual: usualHeight(open)}
	g.email = personal(open)
	for _, p := range open {
		p.dropSignBehindName(g.email)
		if p.field == "email" || p.field == "website" {
			g.domains = append(g.domains, domainOf(p.text))
		}
	}
	g.weak = !slices.ContainsFunc(open, func(p *piece) bool { return p.field == "" && (companyLike(p.text) > 0.85 || bareForm(p.text)) })
	g.decide()
	g.twins()
	g.firm()
	g.guess()
	g.mendFamily()
	g.cross()
	g.crossAreas()
	g.restoreMarks()
	g.doubtAccents()
	g.evidence()
	for _, p := range g.pieces {
		p.box = askew.back(p.box)
	}
	return g.pieces
}

// settleAll gives pieces with a form of their own their fields; what stood
// beside a value is looked at too.
func settleAll(ps []*piece) (out []*piece) {
	for depth := 0; len(ps) > 0 && depth < 4; depth++ {
		var rest []*piece
		for _, p := range ps {
			more := p.settle()
			out = append(out, p)
			for _, q := range more {
				if q.field != "" && q.rule > 0 && q.rule != 1 || q.field == "mobile" || q.field == "phone" || q.field == "fax" {
					out = append(out, q)
				} else {
					rest = append(rest, q)
				}
			}
		}
		ps = rest
	}
	slices.SortStableFunc(out, func(a, b *piece) int { return cmp.Compare(a.row, b.row) })
	return out
}

// personal is the surest mail address that is not an office's, else the surest:
// what names are checked with.
func personal(ps []*piece) string {
	var own []*piece
	for _, p := range ps {
		if user, _, _ := strings.Cut(strings.ToLower(p.text), "@"); p.field == "email" && !officeMail[user] {
			own = append(own, p)
		}
	}
	if s := text(own, "email"); s != "" {
		return s
	}
	return text(ps, "email")
}

// officeMail are users of mail that a firm has, not a person.
var officeMail = map[string]bool{"office": true, "info": true, "sales": true, "service": true, "contact": true, "hr": true, "admin": true, "support": true, "mail": true, "hello": true, "enquiry": true, "enquiries": true, "inquiry": true, "marketing": true, "export": true, "team": true}

// text is the surest value of a field so far.
func text(ps []*piece, field string) string {
	var best *piece
	for _, p := range ps {
		if p.field == field && p.text != "" && (best == nil || p.sure() > best.sure()) {
			best = p
		}
	}
	if best == nil {
		return ""
	}
	return best.text
}

// fields gathers the pieces; of two languages the Latin goes to _en.
func fields(ps []*piece) map[string]Field {
	byField := map[string][]*piece{}
	for _, p := range ps {
		p.text = strings.TrimSpace(strings.ReplaceAll(p.text, string(gap), " "))
		if p.field != "" && p.field != "none" && p.text != "" && p.rule > 0 {
			byField[p.field] = append(byField[p.field], p)
		}
	}
	out := map[string]Field{}
	for name, ps := range byField {
		if english[name] {
			var chinese, latin []*piece
			for _, p := range ps {
				if c, _, _ := hans(p.text); c > 0 {
					chinese = append(chinese, p)
				} else {
					latin = append(latin, p)
				}
			}
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

func add(out map[string]Field, name string, ps []*piece) {
	slices.SortStableFunc(ps, func(a, b *piece) int {
		if x, y := chinesePrint(a.text), chinesePrint(b.text); name == "department" && x != y { // it has no twin
			if x {
				return -1
			}
			return 1
		}
		return cmp.Compare(b.sure(), a.sure())
	})
	f := Field{Text: ps[0].text, Confidence: ps[0].sure(), Box: ps[0].box, Why: ps[0].why}
	said := map[string]bool{sameKey(ps[0].text): true}
	for _, p := range ps[1:] {
		if k := sameKey(p.text); !said[k] {
			said[k] = true
			f.More = append(f.More, Alternative{p.text, p.sure()})
		}
	}
	out[name] = f
}

// sameKey is equal for values that differ only in blanks, case and script.
func sameKey(s string) string { return strings.TrimRight(fold(squeeze(s)), ".") }
