// Package cardscore compares what was read off cards with what is printed on
// them. It owns the rules of that comparison: which spellings are the same, how
// values are paired, and the figures that come of it. It reads no picture. A
// card without a result counts as a card of misses.
//
// The rules, for each field of a card:
//
//   - The truth is a list of values; so is the reading: FIELD.text and its more,
//     then FIELD_en.text and its more. Equal readings count once.
//   - Two values are equal if their keys are (see Key). A postcode that was read
//     apart may complete an address; qq and postcode never count by themselves.
//   - Each truth takes the first free reading with its key: exact. A truth left
//     over takes the first free reading within a tenth of its length in edits:
//     soft.
//   - F1 is 2 × right ÷ (printed + read).
//   - A reading is accepted from a bar of confidence on.
package cardscore

import (
	"slices"
	"strings"

	"hallpass/cmd/internal/readout"
)

// FieldNames are the fields that count, in the order of every table.
func FieldNames() []string {
	return []string{"name", "title", "company", "department", "mobile", "phone", "fax", "email", "website", "address", "wechat"}
}

// Truth is what is printed on one card.
type Truth struct {
	// Lang is zhs, zht, en or mix.
	Lang string
	// Fields holds the printed values of each field, none for most.
	Fields map[string][]string
}

// Value is one distinct reading of a field, and whether it is what is printed.
type Value struct {
	Text       string
	Confidence float64
	Exact      bool
	key        string
	keys       []string // any of them may match
}

// FieldResult is one field of one card compared.
type FieldResult struct {
	Field  string
	Truth  []string
	Values []Value
	Count  Count
}

// Wrong says that something printed is missing or something read is not there.
func (r FieldResult) Wrong() bool {
	return r.Count.Right < r.Count.Printed || r.Count.Read > r.Count.Right
}

// Card compares one card, field by field in the order of FieldNames. A result
// with an error, or nil, is a card of misses.
func Card(truth Truth, read *readout.Result) []FieldResult {
	fields := map[string]readout.Field{}
	if read != nil && read.Error == "" {
		fields = read.Fields
	}
	var out []FieldResult
	for _, name := range FieldNames() {
		r := FieldResult{Field: name, Truth: truth.Fields[name], Values: values(fields, name)}
		r.match()
		out = append(out, r)
	}
	return out
}

// values are the distinct readings of a field.
func values(fields map[string]readout.Field, name string) (out []Value) {
	var postcodes []string
	if name == "address" {
		for _, p := range readings(fields["postcode"]) {
			postcodes = append(postcodes, Key(name, p.Text))
		}
	}
	for _, from := range []string{name, name + "_en"} {
		for _, r := range readings(fields[from]) {
			v := Value{Text: r.Text, Confidence: r.Confidence, key: Key(name, r.Text)}
			if v.key == "" {
				continue
			}
			if i := slices.IndexFunc(out, func(o Value) bool { return o.key == v.key }); i >= 0 {
				out[i].Confidence = max(out[i].Confidence, v.Confidence)
				continue
			}
			v.keys = []string{v.key}
			for _, p := range postcodes {
				v.keys = append(v.keys, p+v.key, v.key+p)
			}
			out = append(out, v)
		}
	}
	return out
}

func readings(f readout.Field) (out []readout.Reading) {
	for _, r := range append([]readout.Reading{{Text: f.Text, Confidence: f.Confidence}}, f.More...) {
		if strings.TrimSpace(r.Text) != "" {
			out = append(out, r)
		}
	}
	return out
}

// match pairs truths with readings and counts.
func (r *FieldResult) match() {
	r.Count = Count{Printed: len(r.Truth), Read: len(r.Values)}
	taken := make([]bool, len(r.Values))
	take := func(fits func(Value) bool) bool {
		for i, v := range r.Values {
			if !taken[i] && fits(v) {
				taken[i] = true
				return true
			}
		}
		return false
	}
	var left []string
	for _, t := range r.Truth {
		k := Key(r.Field, t)
		if take(func(v Value) bool { return slices.Contains(v.keys, k) }) {
			r.Count.Right++
		} else {
			left = append(left, k)
		}
	}
	for i := range r.Values {
		r.Values[i].Exact = taken[i]
	}
	r.Count.Near = r.Count.Right
	for _, k := range left {
		limit := len([]rune(k)) / 10
		near := func(q string) bool { return distance(k, q, limit) <= limit }
		if limit > 0 && take(func(v Value) bool { return slices.ContainsFunc(v.keys, near) }) {
			r.Count.Near++
		}
	}
}
