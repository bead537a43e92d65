package kiosk

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// Form is what the visitor confirmed, before it is a registration.
type Form struct {
	Fields   map[record.FieldName]string
	Category record.CategoryID
	Answers  map[record.QuestionID]record.Answer // Picks or Text; At is ignored
	Consents map[record.ConsentID]bool
	Source   record.Source
	Card     string // the card that it came from, forgotten once saved; may be ""
	Code     string // of the pre-registration that is confirmed; may be ""
}

// maxField is the longest text of one field, in characters: the longest
// address on a card that we know has 200.
const maxField = 300

// cardFields are the names that a card reader gives. A form may bring any of
// them; only those that the show asks for are kept (P8).
var cardFields = []record.FieldName{
	"name", "name_en", "title", "title_en", "company", "company_en", "department", "mobile", "phone", "fax",
	"email", "website", "address", "address_en", "wechat", "qq", "postcode", "country",
}

// registration checks the form against the show and makes the fact of it.
func (f Form) registration(show record.Show, at record.Stamp) (record.Registration, error) {
	r := record.Registration{Show: show.ID, Node: at.Node, Created: at, Source: f.Source}
	switch f.Source {
	case record.SourceCard, record.SourceTyped, record.SourcePreregistration:
	default:
		return r, invalid("source", "The source is none of card, typed, preregistration.")
	}
	var err error
	if r.Category, err = f.category(show, at); err != nil {
		return r, err
	}
	if r.Fields, err = f.fields(show, at); err != nil {
		return r, err
	}
	if r.Answers, err = f.answers(show, at); err != nil {
		return r, err
	}
	r.Consents, err = f.consents(show, at)
	return r, err
}

func (f Form) category(show record.Show, at record.Stamp) (record.Register[record.CategoryID], error) {
	for _, c := range show.Categories {
		if c.ID == f.Category && c.Self {
			return record.Register[record.CategoryID]{Value: c.ID, At: at}, nil
		}
	}
	return record.Register[record.CategoryID]{}, invalid("category", "Please choose one of the visitor categories.")
}

func (f Form) fields(show record.Show, at record.Stamp) (map[record.FieldName]record.Register[string], error) {
	for name := range f.Fields {
		asked := slices.ContainsFunc(show.Fields, func(r record.FieldRule) bool { return r.Name == name })
		if !asked && !slices.Contains(cardFields, name) {
			return nil, invalid("fields", "The form has a field that this show does not know.")
		}
	}
	out := map[record.FieldName]record.Register[string]{}
	for _, rule := range show.Fields {
		text, err := clean(f.Fields[rule.Name], string(rule.Name))
		switch {
		case err != nil:
			return nil, err
		case text == "" && rule.Required:
			return nil, invalid(string(rule.Name), "Please fill in this field.")
		case text != "":
			out[rule.Name] = record.Register[string]{Value: text, At: at}
		}
	}
	return out, nil
}

// clean makes one line of a text: no control characters, single spaces.
func clean(text, field string) (string, error) {
	if !utf8.ValidString(text) {
		return "", invalid(field, "The text has characters that cannot be kept.")
	}
	text = record.OneLine(text)
	if utf8.RuneCountInString(text) > maxField {
		return "", invalid(field, fmt.Sprintf("Please use at most %d characters.", maxField))
	}
	return text, nil
}

func (f Form) answers(show record.Show, at record.Stamp) (map[record.QuestionID]record.Answer, error) {
	for id := range f.Answers {
		if !slices.ContainsFunc(show.Questions, func(q record.Question) bool { return q.ID == id }) {
			return nil, invalid("answers", "The form answers a question that this show does not ask.")
		}
	}
	out := map[record.QuestionID]record.Answer{}
	for _, q := range show.Questions {
		if len(q.Categories) > 0 && !slices.Contains(q.Categories, f.Category) {
			continue // answered before the visitor chose another category
		}
		answer, err := pick(q, f.Answers[q.ID])
		if err != nil {
			return nil, err
		}
		empty := len(answer.Picks) == 0 && answer.Text == ""
		if empty && q.Required {
			return nil, invalid(string(q.ID), "Please answer this question.")
		}
		if !empty {
			answer.At = at
			out[q.ID] = answer
		}
	}
	return out, nil
}

// pick keeps of an answer what the question's kind allows.
func pick(q record.Question, a record.Answer) (record.Answer, error) {
	if q.Kind == record.QuestionText {
		text, err := clean(a.Text, string(q.ID))
		if err == nil && len(a.Picks) > 0 {
			err = invalid(string(q.ID), "This question is answered in words.")
		}
		return record.Answer{Text: text}, err
	}
	if len(a.Picks) == 0 && a.Text != "" {
		a = record.Answer{Picks: []string{a.Text}} // one option's id instead of a list
	}
	picks := slices.Compact(slices.Sorted(slices.Values(a.Picks)))
	for _, id := range picks {
		if !slices.ContainsFunc(q.Options, func(o record.Option) bool { return o.ID == id }) {
			return record.Answer{}, invalid(string(q.ID), "Please choose one of the answers given.")
		}
	}
	if a.Text != "" || q.Kind == record.QuestionSingle && len(picks) > 1 {
		return record.Answer{}, invalid(string(q.ID), "Please choose one answer.")
	}
	return record.Answer{Picks: picks}, nil
}

// consents notes every text of the show with what was said to it: not ticked
// is a refusal.
func (f Form) consents(show record.Show, at record.Stamp) (map[record.ConsentID]record.Consent, error) {
	out := map[record.ConsentID]record.Consent{}
	for _, text := range show.Consents {
		given := f.Consents[text.ID]
		if text.Required && !given {
			return nil, fault.New(fault.ConsentRequired, "The badge cannot be made without this consent.").WithField(string(text.ID))
		}
		out[text.ID] = record.Consent{Given: given, Version: text.Version, At: at}
	}
	for id := range f.Consents {
		if _, ok := out[id]; !ok {
			return nil, invalid("consents", "The form agrees to a text that this show does not have.")
		}
	}
	return out, nil
}

// says reports whether r was made of this form. What was corrected since, and
// what the show no longer asks, is not compared.
func (f Form) says(show record.Show, r record.Registration) bool {
	stands := func(known bool, at record.Stamp) bool { return !known || at == r.Created }
	if f.Source != r.Source || f.Category != r.Category.Value && stands(true, r.Category.At) {
		return false
	}
	for _, rule := range show.Fields {
		text, err := clean(f.Fields[rule.Name], string(rule.Name))
		if old, ok := r.Fields[rule.Name]; err != nil || text != old.Value && stands(ok, old.At) {
			return false
		}
	}
	for _, q := range show.Questions {
		if len(q.Categories) > 0 && !slices.Contains(q.Categories, f.Category) {
			continue
		}
		a, err := pick(q, f.Answers[q.ID])
		old, ok := r.Answers[q.ID]
		if err != nil || stands(ok, old.At) && (a.Text != old.Text || !slices.Equal(a.Picks, old.Picks)) {
			return false
		}
	}
	for _, text := range show.Consents {
		if old, ok := r.Consents[text.ID]; f.Consents[text.ID] != old.Given && stands(ok, old.At) {
			return false
		}
	}
	return true
}

func invalid(field, message string) error {
	return fault.New(fault.Invalid, message).WithField(field)
}
