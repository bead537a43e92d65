package ocr

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Merged is what several pictures of one person's card say together.
type Merged struct {
	// Fields have the confidence of the surest picture that says so, or more
	// where pictures agree. Every value of every picture is in Text or More.
	Fields map[string]Field
	// From tells for each field which picture its Text and Box are of, as an
	// index into what Merge was given.
	From map[string]int
}

const (
	// agreedDoubt is what is left of the doubt when a second picture reads the
	// same. On made cards photographed twice, of the fields that one photo was
	// sure of 9 in 100 were wrong, of those that both were sure of 6.
	agreedDoubt = 2.0 / 3
	// leastAgreed is how sure each must be to count.
	leastAgreed = 0.5
	// unsure is the most that a field can have of which no picture alone is
	// sure, since pictures repeat each other's mistakes (of such fields that
	// two agreed on, 80 in 100 were right), or that two sure pictures read
	// differently (65 in 100). It is below Bar, so that the visitor looks.
	unsure = Bar - 0.01
)

// Merge puts together what was read off several pictures of a card: its two
// sides, or the same side again. For each field the surest reading wins, one
// that several pictures give is surer, and the others go to More. What stands
// on one side in Chinese and on the other in Latin letters becomes a pair, the
// latter under name_en, title_en, company_en and address_en. A picture given
// twice counts once; the order of pictures decides nothing but ties, which the
// earlier wins. It returns false, and nothing, when a picture shows the card
// of a person other than those before it.
func Merge(pictures ...map[string]Field) (Merged, bool) {
	m := meeting{readings: map[string][]heard{}, chinese: map[string]bool{}}
	for i, p := range pictures {
		if i > 0 && !knows(p, pictures[:i]) {
			return Merged{}, false
		}
		for _, base := range paired {
			chinese, _, _ := hans(p[base].Text)
			m.chinese[base] = m.chinese[base] || chinese > 0
		}
	}
	for i, p := range pictures {
		if slices.ContainsFunc(pictures[:i], func(q map[string]Field) bool { return reflect.DeepEqual(p, q) }) {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(p)) {
			m.hear(i, name, p[name])
		}
	}
	out := Merged{Fields: map[string]Field{}, From: map[string]int{}}
	for name, all := range m.readings {
		out.Fields[name], out.From[name] = decideField(name, all)
	}
	return out, true
}

// paired are the fields that have a twin in Latin letters.
var paired = []string{"name", "title", "company", "address"}

// meeting collects what is read for each field.
type meeting struct {
	readings map[string][]heard
	chinese  map[string]bool // paired fields that some picture has in Chinese
}

// heard is one picture's value for a field.
type heard struct {
	Field
	picture int
}

func (m *meeting) hear(picture int, name string, f Field) {
	if f.Text == "" {
		return
	}
	if chinese, latin, _ := hans(f.Text); m.chinese[name] && chinese == 0 && latin > 0 {
		name += "_en"
	}
	m.readings[name] = append(m.readings[name], heard{f, picture})
}

// decideField picks the surest of a field's readings and keeps the rest beside it.
func decideField(name string, all []heard) (Field, int) {
	groups := inVoices(name, all)
	slices.SortStableFunc(groups, func(a, b voices) int { return cmp.Compare(b.confidence, a.confidence) })
	best := groups[0]
	f := best.best.Field
	f.Confidence = best.confidence
	if best.pictures > 1 {
		f.Why = append(slices.Clone(f.Why), "pictures agree")
	}
	for _, g := range groups[1:] {
		if g.confidence >= Bar && f.Confidence >= Bar && nearValue(name, f.Text, g.best.Text) {
			f.Confidence = unsure
			f.Why = append(slices.Clone(f.Why), "pictures differ")
		}
	}
	f.More = otherValues(name, f.Text, groups)
	return f, best.best.picture
}

// voices are the readings of a field that say the same.
type voices struct {
	best       heard // the surest
	confidence float64
	pictures   int
}

func inVoices(name string, all []heard) []voices {
	var out []voices
	for _, r := range all {
		i := slices.IndexFunc(out, func(g voices) bool { return sameValue(name, g.best.Text, r.Text) })
		if i < 0 {
			out = append(out, voices{r, r.Confidence, 1})
			continue
		}
		g := &out[i]
		g.pictures++
		g.confidence = g.surer(r.Confidence)
		if r.Confidence > g.best.Confidence {
			r.More = slices.Concat(r.More, g.best.More)
			g.best = r
		} else {
			g.best.More = slices.Concat(g.best.More, r.More)
		}
	}
	return out
}

// surer is the group's confidence with one more reading of that confidence.
func (g *voices) surer(more float64) float64 {
	surest := max(g.best.Confidence, more)
	if min(g.best.Confidence, more) < leastAgreed {
		return max(g.confidence, surest)
	}
	c := 1 - agreedDoubt*(1-surest)
	if surest < Bar {
		c = max(surest, min(c, unsure))
	}
	return max(g.confidence, c)
}

// otherValues are all values but the chosen one, surest first, none twice.
func otherValues(name, chosen string, groups []voices) []Alternative {
	var all []Alternative
	for i, g := range groups {
		if i > 0 {
			all = append(all, Alternative{g.best.Text, g.confidence})
		}
		all = append(all, g.best.More...)
	}
	slices.SortStableFunc(all, func(a, b Alternative) int { return cmp.Compare(b.Confidence, a.Confidence) })
	var out []Alternative
	for _, a := range all {
		known := func(b Alternative) bool { return sameValue(name, a.Text, b.Text) }
		if !sameValue(name, a.Text, chosen) && !slices.ContainsFunc(out, known) {
			out = append(out, a)
		}
	}
	return out
}

// knows weighs what names a person: what is the same against what differs. It
// needs one of the earlier pictures to be of the same person, or none to speak
// against it.
func knows(p map[string]Field, earlier []map[string]Field) bool {
	return slices.ContainsFunc(earlier, func(q map[string]Field) bool { return likeness(p, q) >= 0 })
}

// likeness is over 0 for what two cards of one person have in common, under 0
// for what only different people's cards show. A misread character weighs
// nothing, nor does what colleagues share.
func likeness(a, b map[string]Field) (sum float64) {
	for _, k := range []struct {
		field       string
		same, other float64
	}{
		{"mobile", 2, 1.5}, {"email", 2, 1.5}, {"wechat", 1, 0}, {"name", 1.5, 2}, {"name_en", 1.5, 2},
	} {
		x, y := a[k.field].Text, b[k.field].Text
		if k.field == "email" { // colleagues share what follows the @
			x, _, _ = strings.Cut(x, "@")
			y, _, _ = strings.Cut(y, "@")
		}
		hx, _, _ := hans(x)
		hy, _, _ := hans(y)
		switch {
		case valueKey(k.field, x) == "" || valueKey(k.field, y) == "" || (hx > 0) != (hy > 0):
		case sameValue(k.field, x, y):
			sum += k.same
		case !nearValue(k.field, x, y):
			sum -= k.other
		}
	}
	return sum
}
