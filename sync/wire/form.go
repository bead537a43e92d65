package wire

import (
	"cmp"
	"time"

	"hallpass/sync/record"
)

// The tagged twins of the facts. Numbers are append-only: they stand in
// journals.

type stampForm struct {
	_       struct{} `cbor:",toarray"`
	Wall    int64
	Counter uint32
	Node    record.NodeID
}

// stampFrom gives nil for "never": the library leaves out a nil pointer, but
// never an array.
func stampFrom(s record.Stamp) *stampForm {
	if s.IsZero() {
		return nil
	}
	return &stampForm{Wall: s.Wall, Counter: s.Counter, Node: s.Node}
}

func (f *stampForm) record() record.Stamp {
	if f == nil {
		return record.Stamp{}
	}
	return record.Stamp{Wall: f.Wall, Counter: f.Counter, Node: f.Node}
}

type registerForm[T cmp.Ordered] struct {
	Value T          `cbor:"1,keyasint,omitempty"`
	At    *stampForm `cbor:"2,keyasint,omitempty"`
	Over  *stampForm `cbor:"3,keyasint,omitempty"`
}

func registerFrom[T cmp.Ordered](r record.Register[T]) registerForm[T] {
	return registerForm[T]{Value: r.Value, At: stampFrom(r.At), Over: stampFrom(r.Over)}
}

func (f registerForm[T]) record() record.Register[T] {
	return record.Register[T]{Value: f.Value, At: f.At.record(), Over: f.Over.record()}
}

type registrationForm struct {
	ID       record.RegistrationID                     `cbor:"1,keyasint"`
	Show     record.ShowID                             `cbor:"2,keyasint"`
	Node     record.NodeID                             `cbor:"3,keyasint,omitempty"`
	Created  *stampForm                                `cbor:"4,keyasint,omitempty"`
	Source   record.Source                             `cbor:"5,keyasint,omitempty"`
	Category registerForm[record.CategoryID]           `cbor:"6,keyasint,omitzero"`
	Fields   map[record.FieldName]registerForm[string] `cbor:"7,keyasint,omitempty"`
	Answers  map[record.QuestionID]answerForm          `cbor:"8,keyasint,omitempty"`
	Consents map[record.ConsentID]consentForm          `cbor:"9,keyasint,omitempty"`
	Erased   *stampForm                                `cbor:"10,keyasint,omitempty"`
	Awaited  bool                                      `cbor:"11,keyasint,omitempty"`
	Code     string                                    `cbor:"12,keyasint,omitempty"`
}

type answerForm struct {
	Picks []string   `cbor:"1,keyasint,omitempty"`
	Text  string     `cbor:"2,keyasint,omitempty"`
	At    *stampForm `cbor:"3,keyasint,omitempty"`
	Over  *stampForm `cbor:"4,keyasint,omitempty"`
}

type consentForm struct {
	Given   bool       `cbor:"1,keyasint,omitempty"`
	Version uint32     `cbor:"2,keyasint,omitempty"`
	At      *stampForm `cbor:"3,keyasint,omitempty"`
}

func registrationFrom(r record.Registration) registrationForm {
	return registrationForm{
		ID: r.ID, Show: r.Show, Node: r.Node, Source: r.Source, Awaited: r.Awaited, Code: r.Code,
		Created: stampFrom(r.Created), Erased: stampFrom(r.Erased),
		Category: registerFrom(r.Category),
		Fields:   convert(r.Fields, registerFrom[string]),
		Answers: convert(r.Answers, func(a record.Answer) answerForm {
			return answerForm{Picks: a.Picks, Text: a.Text, At: stampFrom(a.At), Over: stampFrom(a.Over)}
		}),
		Consents: convert(r.Consents, func(c record.Consent) consentForm {
			return consentForm{Given: c.Given, Version: c.Version, At: stampFrom(c.At)}
		}),
	}
}

func (f registrationForm) record() (record.Registration, error) {
	return record.Registration{
		ID: f.ID, Show: f.Show, Node: f.Node, Source: f.Source, Awaited: f.Awaited, Code: f.Code,
		Created: f.Created.record(), Erased: f.Erased.record(),
		Category: f.Category.record(),
		Fields:   convert(f.Fields, registerForm[string].record),
		Answers: convert(f.Answers, func(a answerForm) record.Answer {
			return record.Answer{Picks: a.Picks, Text: a.Text, At: a.At.record(), Over: a.Over.record()}
		}),
		Consents: convert(f.Consents, func(c consentForm) record.Consent {
			return record.Consent{Given: c.Given, Version: c.Version, At: c.At.record()}
		}),
	}, nil
}

type badgeForm struct {
	ID           record.BadgeID                  `cbor:"1,keyasint"`
	Registration record.RegistrationID           `cbor:"2,keyasint"`
	Show         record.ShowID                   `cbor:"3,keyasint"`
	Node         record.NodeID                   `cbor:"4,keyasint,omitempty"`
	Issue        uint16                          `cbor:"5,keyasint"`
	Category     record.CategoryID               `cbor:"6,keyasint,omitempty"`
	ShortCode    string                          `cbor:"7,keyasint,omitempty"`
	State        registerForm[record.BadgeState] `cbor:"8,keyasint,omitzero"`
	Reason       registerForm[string]            `cbor:"9,keyasint,omitzero"`
	Voided       *stampForm                      `cbor:"10,keyasint,omitempty"`
}

func badgeFrom(b record.Badge) badgeForm {
	return badgeForm{
		ID: b.ID, Registration: b.Registration, Show: b.Show, Node: b.Node, Issue: b.Issue,
		Category: b.Category, ShortCode: b.ShortCode, Voided: stampFrom(b.Voided),
		State: registerFrom(b.State), Reason: registerFrom(b.Reason),
	}
}

func (f badgeForm) record() (record.Badge, error) {
	return record.Badge{
		ID: f.ID, Registration: f.Registration, Show: f.Show, Node: f.Node, Issue: f.Issue,
		Category: f.Category, ShortCode: f.ShortCode, Voided: f.Voided.record(),
		State: f.State.record(), Reason: f.Reason.record(),
	}, nil
}

type leadForm struct {
	ID        record.LeadID        `cbor:"1,keyasint"`
	Show      record.ShowID        `cbor:"2,keyasint,omitempty"`
	Exhibitor record.ExhibitorID   `cbor:"3,keyasint"`
	Device    record.DeviceID      `cbor:"4,keyasint,omitempty"`
	ClientID  string               `cbor:"5,keyasint,omitempty"`
	Badge     record.BadgeID       `cbor:"6,keyasint"`
	At        string               `cbor:"7,keyasint"`
	Created   *stampForm           `cbor:"8,keyasint,omitempty"`
	Rating    registerForm[uint8]  `cbor:"9,keyasint,omitzero"`
	Notes     registerForm[string] `cbor:"10,keyasint,omitzero"`
}

func leadFrom(l record.Lead) leadForm {
	return leadForm{
		ID: l.ID, Show: l.Show, Exhibitor: l.Exhibitor, Device: l.Device, ClientID: l.ClientID,
		Badge: l.Badge, At: l.At.UTC().Format(time.RFC3339Nano), Created: stampFrom(l.Created),
		Rating: registerFrom(l.Rating), Notes: registerFrom(l.Notes),
	}
}

func (f leadForm) record() (record.Lead, error) {
	at, err := time.Parse(time.RFC3339Nano, f.At)
	return record.Lead{
		ID: f.ID, Show: f.Show, Exhibitor: f.Exhibitor, Device: f.Device, ClientID: f.ClientID,
		Badge: f.Badge, At: at.UTC(), Created: f.Created.record(),
		Rating: f.Rating.record(), Notes: f.Notes.record(),
	}, err
}

// passageForm is small: a show has a million of them.
type passageForm struct {
	ID     record.PassageID `cbor:"1,keyasint"`
	Show   record.ShowID    `cbor:"2,keyasint"`
	Gate   record.GateID    `cbor:"3,keyasint"`
	Device record.DeviceID  `cbor:"4,keyasint,omitempty"`
	Badge  record.BadgeID   `cbor:"5,keyasint,omitempty"`
	Issue  uint16           `cbor:"6,keyasint,omitempty"`
	Way    record.Direction `cbor:"7,keyasint"`
	At     int64            `cbor:"8,keyasint"`
	Reason string           `cbor:"9,keyasint,omitempty"`
}

func passageFrom(p record.Passage) passageForm {
	return passageForm{
		ID: p.ID, Show: p.Show, Gate: p.Gate, Device: p.Device, Badge: p.Badge, Issue: p.Issue,
		Way: p.Direction, At: p.At.UnixMilli(), Reason: p.Reason,
	}
}

func (f passageForm) record() (record.Passage, error) {
	return record.Passage{
		ID: f.ID, Show: f.Show, Gate: f.Gate, Device: f.Device, Badge: f.Badge, Issue: f.Issue,
		Direction: f.Way, At: time.UnixMilli(f.At).UTC(), Reason: f.Reason,
	}, nil
}

// convert maps a map's values and keeps an empty one nil.
func convert[K comparable, A, B any](m map[K]A, to func(A) B) map[K]B {
	if len(m) == 0 {
		return nil
	}
	out := make(map[K]B, len(m))
	for k, a := range m {
		out[k] = to(a)
	}
	return out
}
