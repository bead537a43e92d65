package record

import "maps"

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

// Plus returns a fresh sum of both.
func (t Tally) Plus(u Tally) Tally {
	return Tally{
		Fields:     sum(t.Fields, u.Fields, FieldTally.Plus),
		Confusions: sum(t.Confusions, u.Confusions, func(a, b uint64) uint64 { return a + b }),
	}
}

// Equal reports whether both count the same.
func (t Tally) Equal(u Tally) bool {
	return maps.Equal(t.Fields, u.Fields) && maps.Equal(t.Confusions, u.Confusions)
}

// Empty reports whether nothing was counted.
func (t Tally) Empty() bool { return len(t.Fields)+len(t.Confusions) == 0 }

// Read is how many texts were read.
func (f FieldTally) Read() uint64 { return f.Sure.all() + f.Doubtful.all() }

// Plus returns the sum.
func (f FieldTally) Plus(g FieldTally) FieldTally {
	return FieldTally{Sure: f.Sure.plus(g.Sure), Doubtful: f.Doubtful.plus(g.Doubtful), Typed: f.Typed + g.Typed}
}

func (o Outcomes) all() uint64 { return o.Accepted + o.Corrected + o.Emptied }

func (o Outcomes) plus(p Outcomes) Outcomes {
	return Outcomes{o.Accepted + p.Accepted, o.Corrected + p.Corrected, o.Emptied + p.Emptied}
}

// sum adds two maps key by key into a fresh one; nil if both are empty.
func sum[K comparable, V any](a, b map[K]V, plus func(V, V) V) map[K]V {
	if len(a)+len(b) == 0 {
		return nil
	}
	out := make(map[K]V, max(len(a), len(b)))
	maps.Copy(out, a)
	for k, v := range b {
		if old, ok := out[k]; ok {
			v = plus(old, v)
		}
		out[k] = v
	}
	return out
}
