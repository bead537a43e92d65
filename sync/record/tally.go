package record

import (
	"cmp"
	"maps"
	"slices"
)

// Tally is what visitors made of what card readers read, over many cards: how
// often, never what. It holds no text, nobody's id and no time.
type Tally struct {
	Fields map[FieldName]FieldTally
	// Confusions counts cards: one card tells of a confusion once.
	Confusions map[Confusion]uint64
}

// FieldTally is a Tally's part of one field. What was read is split by whether
// the visitor saw it marked as doubtful; what was not read was never marked.
type FieldTally struct {
	Sure, Doubtful Outcomes
	Typed          uint64 // nothing was read, the visitor wrote it
}

// Outcomes counts what became of texts that were read.
type Outcomes struct {
	Accepted  uint64 // as read, but for letter case and spaces
	Corrected uint64
	Emptied   uint64
}

// Confusion is one character that was read where another was meant.
type Confusion struct {
	Read, Meant rune
}

// OnCard reports whether card readers give fields of that name; there is no
// tally of any other.
func (n FieldName) OnCard() bool {
	switch n {
	case "name", "name_en", "title", "title_en", "company", "company_en", "department", "mobile", "phone", "fax",
		"email", "website", "address", "address_en", "wechat", "qq", "postcode":
		return true
	}
	return false
}

// Plus returns a fresh sum of all.
func (t Tally) Plus(more ...Tally) Tally {
	out := Tally{Fields: map[FieldName]FieldTally{}, Confusions: map[Confusion]uint64{}}
	for _, u := range append([]Tally{t}, more...) {
		for name, f := range u.Fields {
			out.Fields[name] = out.Fields[name].Plus(f)
		}
		for c, n := range u.Confusions {
			out.Confusions[c] += n
		}
	}
	return out
}

// Equal reports whether both count the same.
func (t Tally) Equal(u Tally) bool {
	return maps.Equal(t.Fields, u.Fields) && maps.Equal(t.Confusions, u.Confusions)
}

// Empty reports whether nothing was counted.
func (t Tally) Empty() bool { return len(t.Fields)+len(t.Confusions) == 0 }

// Frequent returns the confusions, those on most cards first.
func (t Tally) Frequent() []Confusion {
	return slices.SortedFunc(maps.Keys(t.Confusions), func(a, b Confusion) int {
		return cmp.Or(cmp.Compare(t.Confusions[b], t.Confusions[a]), cmp.Compare(a.Read, b.Read), cmp.Compare(a.Meant, b.Meant))
	})
}

// Plus returns the sum.
func (f FieldTally) Plus(g FieldTally) FieldTally {
	return FieldTally{Sure: f.Sure.plus(g.Sure), Doubtful: f.Doubtful.plus(g.Doubtful), Typed: f.Typed + g.Typed}
}

func (o Outcomes) plus(p Outcomes) Outcomes {
	return Outcomes{o.Accepted + p.Accepted, o.Corrected + p.Corrected, o.Emptied + p.Emptied}
}
