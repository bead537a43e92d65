package wire

import (
	"math"
	"slices"
	"strings"

	"hallpass/sync/record"
)

// putFact writes the facts that a visitor waits for, a registration and a badge,
// as the library does their forms: keys ascend by their bytes, what is empty is
// left out. False if the library must.
func putFact(fact record.Fact) ([]byte, bool) {
	p := put{b: make([]byte, 0, 1024)}
	switch f := fact.(type) {
	case record.Registration:
		p.registration(f)
	case record.Badge:
		p.badge(f)
	default:
		return nil, false
	}
	return slices.Clip(p.b), true
}

// put writes CBOR of definite lengths (RFC 8949, section 4.2.1).
type put struct{ b []byte }

// head writes what begins every item: its major type and a number.
func (p *put) head(major byte, n uint64) {
	major <<= 5
	switch {
	case n < 24:
		p.b = append(p.b, major|byte(n))
	case n <= math.MaxUint8:
		p.b = append(p.b, major|24, byte(n))
	case n <= math.MaxUint16:
		p.b = append(p.b, major|25, byte(n>>8), byte(n))
	case n <= math.MaxUint32:
		p.b = append(p.b, major|26, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	default:
		p.b = append(p.b, major|27, byte(n>>56), byte(n>>48), byte(n>>40), byte(n>>32), byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
}

func (p *put) text(s string) {
	p.head(majorText, uint64(len(s)))
	p.b = append(p.b, s...)
}

// form writes a map with small numbers for keys. Of up to 23 entries the length
// is one byte, which is set at the end.
type form struct {
	*put
	at int
}

func (p *put) begin() form {
	p.head(majorMap, 0)
	return form{p, len(p.b) - 1}
}

// key says that an entry follows.
func (f form) key(n uint64) {
	f.b[f.at]++
	f.head(majorUint, n)
}

// word writes a text, if there is one.
func (f form) word(key uint64, s string) {
	if s != "" {
		f.key(key)
		f.text(s)
	}
}

func (f form) stamp(key uint64, s record.Stamp) {
	if s.IsZero() {
		return
	}
	f.key(key)
	f.head(majorArray, 3)
	if s.Wall < 0 {
		f.head(majorInt, uint64(-(s.Wall + 1)))
	} else {
		f.head(majorUint, uint64(s.Wall))
	}
	f.head(majorUint, uint64(s.Counter))
	f.text(string(s.Node))
}

func (p *put) register(value string, at, over record.Stamp) {
	f := p.begin()
	f.word(1, value)
	f.stamp(2, at)
	f.stamp(3, over)
}

// words writes a register, if anything was ever said of it.
func (f form) words(key uint64, value string, at, over record.Stamp) {
	if value != "" || !at.IsZero() || !over.IsZero() {
		f.key(key)
		f.register(value, at, over)
	}
}

// putTable writes a map with texts for keys, if it has an entry.
func putTable[K ~string, V any](f form, key uint64, m map[K]V, value func(V)) {
	if len(m) == 0 {
		return
	}
	f.key(key)
	f.head(majorMap, uint64(len(m)))
	names := make([]K, 0, 16)
	for name := range m {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b K) int { // by their bytes, of which the length is first
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(string(a), string(b))
	})
	for _, name := range names {
		f.text(string(name))
		value(m[name])
	}
}

func (p *put) registration(r record.Registration) {
	f := p.begin()
	f.key(1)
	f.text(string(r.ID))
	f.key(2)
	f.text(string(r.Show))
	f.word(3, string(r.Node))
	f.stamp(4, r.Created)
	f.word(5, string(r.Source))
	f.words(6, string(r.Category.Value), r.Category.At, r.Category.Over)
	putTable(f, 7, r.Fields, func(w record.Register[string]) { f.register(w.Value, w.At, w.Over) })
	putTable(f, 8, r.Answers, f.answer)
	putTable(f, 9, r.Consents, f.consent)
	f.stamp(10, r.Erased)
	if r.Awaited {
		f.key(11)
		f.yes()
	}
	f.word(12, r.Code)
}

func (p *put) yes() { p.b = append(p.b, 0xf5) }

func (p *put) answer(a record.Answer) {
	f := p.begin()
	if len(a.Picks) > 0 {
		f.key(1)
		f.head(majorArray, uint64(len(a.Picks)))
		for _, pick := range a.Picks {
			f.text(pick)
		}
	}
	f.word(2, a.Text)
	f.stamp(3, a.At)
	f.stamp(4, a.Over)
}

func (p *put) consent(c record.Consent) {
	f := p.begin()
	if c.Given {
		f.key(1)
		f.yes()
	}
	if c.Version != 0 {
		f.key(2)
		f.head(majorUint, uint64(c.Version))
	}
	f.stamp(3, c.At)
}

func (p *put) badge(b record.Badge) {
	f := p.begin()
	f.key(1)
	f.text(string(b.ID))
	f.key(2)
	f.text(string(b.Registration))
	f.key(3)
	f.text(string(b.Show))
	f.word(4, string(b.Node))
	f.key(5)
	f.head(majorUint, uint64(b.Issue))
	f.word(6, string(b.Category))
	f.word(7, b.ShortCode)
	f.words(8, string(b.State.Value), b.State.At, b.State.Over)
	f.words(9, b.Reason.Value, b.Reason.At, b.Reason.Over)
	f.stamp(10, b.Voided)
}
