package record

import (
	"cmp"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// Source says how a registration came about.
type Source string

// The sources. The list is append-only.
const (
	SourceCard            Source = "card"
	SourceTyped           Source = "typed"
	SourcePreregistration Source = "preregistration"
	SourceImport          Source = "import"
	SourceRehearsal       Source = "rehearsal" // of nobody: made up by "expo rehearse"
)

// Registration is the form as the visitor confirmed it, and every later
// correction of it.
type Registration struct {
	ID       RegistrationID
	Show     ShowID
	Node     NodeID // where it was confirmed
	Created  Stamp
	Source   Source
	Category Register[CategoryID]
	Fields   map[FieldName]Register[string]
	Answers  map[QuestionID]Answer
	Consents map[ConsentID]Consent
	Erased   Stamp // not zero: the person's data was taken out

	// Awaited marks a pre-registration with which nobody has come yet: it counts
	// in no figure. Whoever confirms the form at a kiosk writes it under the same
	// ID, not awaited, and that wins.
	Awaited bool
	Code    string // what the visitor brings to be found by, see IsCode; empty if nothing
}

// Answer is what was picked or typed for one question.
type Answer struct {
	Picks []string // option ids, sorted; one for a single choice
	Text  string   // for an open question
	At    Stamp
	Over  Stamp // what it replaced, see Version
}

// Join returns the later answer; a tie is broken by content.
func (a Answer) Join(b Answer) Answer {
	order := cmp.Or(a.At.Compare(b.At), slices.Compare(a.Picks, b.Picks), strings.Compare(a.Text, b.Text), a.Over.Compare(b.Over))
	if order >= 0 {
		return a
	}
	return b
}

// Consent is what the visitor said to one consent text, and to which version.
type Consent struct {
	Given   bool
	Version uint32
	At      Stamp
}

// Join returns the later word; of two with one stamp the refusal, because
// nothing may be disclosed on a doubtful consent (P7).
func (c Consent) Join(d Consent) Consent {
	switch order := cmp.Or(c.At.Compare(d.At), cmp.Compare(c.Version, d.Version)); {
	case order > 0, order == 0 && !c.Given:
		return c
	default:
		return d
	}
}

// MergeRegistrations joins two versions of one registration; both must have the
// same ID. An erasure wins always and leaves no fields, answers or consents.
func MergeRegistrations(a, b Registration) Registration {
	first, second := a, b
	if origin(b, a) < 0 {
		first, second = b, a
	}
	out := first // ID, Show, Node, Created, Source and Awaited of whoever recorded first
	out.Code = max(first.Code, second.Code)
	out.Erased = later(first.Erased, second.Erased)
	out.Category = first.Category.Join(second.Category)
	if !out.Erased.IsZero() {
		out.Fields, out.Answers, out.Consents, out.Code = nil, nil, nil, ""
		return out
	}
	out.Fields = joinMaps(first.Fields, second.Fields)
	out.Answers = joinMaps(first.Answers, second.Answers)
	out.Consents = joinMaps(first.Consents, second.Consents)
	return out
}

// origin orders two versions by who recorded first. What a visitor confirmed
// comes before what was known in advance.
func origin(a, b Registration) int {
	awaited := func(r Registration) int {
		if r.Awaited {
			return 1
		}
		return 0
	}
	return cmp.Or(
		cmp.Compare(awaited(a), awaited(b)),
		a.Created.Compare(b.Created),
		cmp.Compare(a.Node, b.Node),
		cmp.Compare(a.Show, b.Show),
		cmp.Compare(a.Source, b.Source),
	)
}

// Field returns a field's text, "" if it was never written.
func (r Registration) Field(name FieldName) string { return r.Fields[name].Value }

// Counts reports whether somebody has registered: a pre-registration counts in no
// figure until its visitor comes.
func (r Registration) Counts() bool { return !r.Awaited }

// Kind is KindRegistration.
func (Registration) Kind() Kind { return KindRegistration }

// Limits on one registration: the longest text on the cards that we know is an
// address of 200 characters; the rest is room, not an invitation.
const (
	maxText    = 1000 // characters in one field or open answer
	maxEntries = 64   // fields, answers or consents
)

// Validate refuses a registration without ids or beyond the limits.
func (r Registration) Validate() error {
	switch {
	case r.ID == "":
		return refused("id", "The registration has no id.")
	case r.Show == "":
		return refused("show", "The registration names no show.")
	case r.Created.IsZero():
		return refused("created", "The registration has no time.")
	case max(len(r.Fields), len(r.Answers), len(r.Consents)) > maxEntries:
		return refused("fields", "The registration has too many fields.")
	case r.Code != "" && !IsCode(r.Code):
		return refused("code", "The code is not 6 to 64 capital letters and digits.")
	}
	for name, field := range r.Fields {
		if !fits(field.Value) {
			return refused(string(name), "The text is too long or not text.")
		}
	}
	for id, answer := range r.Answers {
		if !fits(answer.Text) || len(answer.Picks) > maxEntries {
			return refused(string(id), "The answer is too long or not text.")
		}
	}
	return nil
}

// IsCode reports whether a text is the code of a pre-registration in its normal
// form: 6 to 64 capital letters and digits of ASCII. Shorter ones are guessed.
func IsCode(text string) bool {
	return len(text) >= 6 && len(text) <= 64 && strings.Trim(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// CodeOf reads a code as it was scanned or typed: small letters count as
// capitals, spaces and dashes are for the eye, and of a URL the value of "code"
// or else the last part of the path counts. It is empty for what is no code.
func CodeOf(text string) string {
	text = strings.TrimSpace(text)
	if u, err := url.Parse(text); err == nil && u.Scheme != "" && u.Host != "" {
		if text = u.Query().Get("code"); text == "" {
			text = path.Base(u.Path)
		}
	}
	text = strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(text))
	if !IsCode(text) {
		return ""
	}
	return text
}

// maxID bounds every id that a fact names, in bytes: four of them fit a key of
// a store, and a listing of a million stays small.
const maxID = 128

func isID[T ~string](id T) bool {
	return len(id) >= 1 && len(id) <= maxID && utf8.ValidString(string(id))
}

func fits(text string) bool {
	return utf8.ValidString(text) && utf8.RuneCountInString(text) <= maxText
}
