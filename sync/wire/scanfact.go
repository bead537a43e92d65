package wire

import (
	"cmp"
	"math"
	"time"

	"hallpass/sync/record"
)

// scanFact reads a fact of the kinds that make up a show; false if the library
// must. All texts of the fact are parts of one copy of the payload: who keeps
// one of them for long clones it.
func scanFact(kind record.Kind, payload []byte) (record.Fact, bool) {
	s := factScan{scan: scan{data: payload}, all: string(payload)}
	var fact record.Fact
	switch kind {
	case record.KindRegistration:
		fact = s.registration()
	case record.KindBadge:
		fact = s.badge()
	case record.KindLead:
		fact = s.lead()
	default:
		return nil, false
	}
	return fact, s.done()
}

type factScan struct {
	scan
	all string // data as text
}

func word[T ~string](s *factScan) T {
	from, to := s.text(math.MaxInt)
	return T(s.all[from:to])
}

func (s *factScan) stamp() record.Stamp {
	if s.count(majorArray, 3) != 3 {
		s.lose()
	}
	return record.Stamp{Wall: s.int64(), Counter: uint32(s.uint(math.MaxUint32)), Node: word[record.NodeID](s)}
}

func register[T cmp.Ordered](s *factScan, value func() T) (r record.Register[T]) {
	s.each(func(key uint64) {
		switch key {
		case 1:
			r.Value = value()
		case 2:
			r.At = s.stamp()
		case 3:
			r.Over = s.stamp()
		default:
			s.lose()
		}
	})
	return r
}

func (s *factScan) words() record.Register[string] {
	return register(s, func() string { return word[string](s) })
}

// table reads a map with texts for keys.
func table[K ~string, V any](s *factScan, value func() V) map[K]V {
	var m map[K]V
	s.eachText(func(from, to int) {
		if m == nil {
			m = make(map[K]V, 8) // one group of the runtime's map
		}
		m[K(s.all[from:to])] = value()
	})
	return m
}

func (s *factScan) registration() (r record.Registration) {
	s.each(func(key uint64) {
		switch key {
		case 1:
			r.ID = word[record.RegistrationID](s)
		case 2:
			r.Show = word[record.ShowID](s)
		case 3:
			r.Node = word[record.NodeID](s)
		case 4:
			r.Created = s.stamp()
		case 5:
			r.Source = word[record.Source](s)
		case 6:
			r.Category = register(s, func() record.CategoryID { return word[record.CategoryID](s) })
		case 7:
			r.Fields = table[record.FieldName](s, s.words)
		case 8:
			r.Answers = table[record.QuestionID](s, s.answer)
		case 9:
			r.Consents = table[record.ConsentID](s, s.consent)
		case 10:
			r.Erased = s.stamp()
		case 11:
			r.Awaited = s.bool()
		case 12:
			r.Code = word[string](s)
		default:
			s.lose()
		}
	})
	return r
}

func (s *factScan) answer() (a record.Answer) {
	s.each(func(key uint64) {
		switch key {
		case 1:
			a.Picks = make([]string, s.count(majorArray, maxElements))
			for i := range a.Picks {
				a.Picks[i] = word[string](s)
			}
		case 2:
			a.Text = word[string](s)
		case 3:
			a.At = s.stamp()
		case 4:
			a.Over = s.stamp()
		default:
			s.lose()
		}
	})
	return a
}

func (s *factScan) consent() (c record.Consent) {
	s.each(func(key uint64) {
		switch key {
		case 1:
			c.Given = s.bool()
		case 2:
			c.Version = uint32(s.uint(math.MaxUint32))
		case 3:
			c.At = s.stamp()
		default:
			s.lose()
		}
	})
	return c
}

func (s *factScan) badge() (b record.Badge) {
	s.each(func(key uint64) {
		switch key {
		case 1:
			b.ID = word[record.BadgeID](s)
		case 2:
			b.Registration = word[record.RegistrationID](s)
		case 3:
			b.Show = word[record.ShowID](s)
		case 4:
			b.Node = word[record.NodeID](s)
		case 5:
			b.Issue = uint16(s.uint(math.MaxUint16))
		case 6:
			b.Category = word[record.CategoryID](s)
		case 7:
			b.ShortCode = word[string](s)
		case 8:
			b.State = register(s, func() record.BadgeState { return word[record.BadgeState](s) })
		case 9:
			b.Reason = s.words()
		case 10:
			b.Voided = s.stamp()
		default:
			s.lose()
		}
	})
	return b
}

func (s *factScan) lead() (l record.Lead) {
	s.each(func(key uint64) {
		switch key {
		case 1:
			l.ID = word[record.LeadID](s)
		case 2:
			l.Show = word[record.ShowID](s)
		case 3:
			l.Exhibitor = word[record.ExhibitorID](s)
		case 4:
			l.Device = word[record.DeviceID](s)
		case 5:
			l.ClientID = word[string](s)
		case 6:
			l.Badge = word[record.BadgeID](s)
		case 7:
			l.At = s.time()
		case 8:
			l.Created = s.stamp()
		case 9:
			l.Rating = register(s, func() uint8 { return uint8(s.uint(math.MaxUint8)) })
		case 10:
			l.Notes = s.words()
		default:
			s.lose()
		}
	})
	return l
}

func (s *factScan) time() time.Time {
	at, err := time.Parse(time.RFC3339Nano, word[string](s))
	if err != nil {
		s.lose()
	}
	return at.UTC()
}
