// Package showfile owns the JSON form of a show: the file that an organizer
// writes, what a kiosk's page reads, and the payload of a show's fact.
//
// Parse refuses unknown keys by name, because a misspelt "requird" would be
// found only at the entrance; every other refusal names the field as well. The
// form only grows, and a payload from a newer hall is read by ParsePayload.
package showfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// maxBytes bounds one show: 3,000 exhibitors in four languages take about 1 MB.
const maxBytes = 4 << 20

// Parse reads and validates one show, at most 4 MiB; it answers fault.Invalid
// or fault.RefusedFact with a sentence for whoever wrote the file.
func Parse(data []byte) (record.Show, error) { return parse(data, true) }

// ParsePayload is Parse for what another node wrote: keys that this program
// does not know yet are passed over, because the hall may be newer (P12).
func ParsePayload(data []byte) (record.Show, error) { return parse(data, false) }

func parse(data []byte, strict bool) (record.Show, error) {
	if len(data) > maxBytes {
		return record.Show{}, fault.New(fault.TooLarge, "The show file is larger than 4 MiB.")
	}
	var file show
	dec := json.NewDecoder(bytes.NewReader(data))
	if strict {
		dec.DisallowUnknownFields()
	}
	if err := dec.Decode(&file); err != nil {
		return record.Show{}, fault.Wrap(fault.Invalid, fmt.Sprintf("The show file cannot be read: %v.", err), err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return record.Show{}, fault.New(fault.Invalid, "The show file goes on after its closing brace.")
	}
	s, err := file.record()
	if err != nil {
		return record.Show{}, err
	}
	return s, s.Validate()
}

// Format writes a show in the form that Parse reads: the same show always gives
// the same bytes.
func Format(s record.Show) []byte {
	data, err := json.Marshal(fromRecord(s))
	if err != nil { // maps of strings, strings and numbers always marshal
		panic(fmt.Sprintf("showfile: %v", err))
	}
	return data
}

const dayLayout = "2006-01-02"

func (f show) record() (record.Show, error) {
	var day time.Time
	if f.FirstDay != "" {
		var err error
		if day, err = time.Parse(dayLayout, f.FirstDay); err != nil {
			return record.Show{}, fault.New(fault.Invalid, fmt.Sprintf("The first day %q is not a date such as 2027-04-21.", f.FirstDay)).WithField("first_day")
		}
	}
	s := record.Show{
		ID: f.ID, Edition: f.Edition, Name: f.Name, Accent: f.Accent, Logo: f.Logo, Languages: f.Languages,
		Timezone: f.Timezone, FirstDay: day, Days: f.Days, Idle: time.Duration(f.IdleSeconds) * time.Second,
		BadgeTemplate: f.BadgeTemplate, Rehearsal: f.Rehearsal, Learn: f.Learn, Revised: record.Stamp(f.Revised),
		Fields:     convert(f.Fields, func(r fieldRule) record.FieldRule { return record.FieldRule(r) }),
		Categories: convert(f.Categories, func(c category) record.Category { return record.Category(c) }),
		Consents:   convert(f.Consents, func(c consent) record.ConsentText { return record.ConsentText(c) }),
		Exhibitors: convert(f.Exhibitors, func(e exhibitor) record.Exhibitor { return record.Exhibitor(e) }),
		Gates:      convert(f.Gates, func(g gate) record.Gate { return record.Gate(g) }),
		Questions:  convert(f.Questions, question.record),
	}
	return s, nil
}

func fromRecord(s record.Show) show {
	f := show{
		ID: s.ID, Edition: s.Edition, Name: s.Name, Accent: s.Accent, Logo: s.Logo, Languages: s.Languages,
		Timezone: s.Timezone, Days: s.Days, IdleSeconds: int(s.Idle / time.Second),
		BadgeTemplate: s.BadgeTemplate, Rehearsal: s.Rehearsal, Learn: s.Learn, Revised: stamp(s.Revised),
		Fields:     list(s.Fields, func(r record.FieldRule) fieldRule { return fieldRule(r) }),
		Categories: list(s.Categories, func(c record.Category) category { return category(c) }),
		Consents:   list(s.Consents, func(c record.ConsentText) consent { return consent(c) }),
		Exhibitors: list(s.Exhibitors, func(e record.Exhibitor) exhibitor { return exhibitor(e) }),
		Gates:      list(s.Gates, func(g record.Gate) gate { return gate(g) }),
		Questions:  list(s.Questions, questionFrom),
	}
	if !s.FirstDay.IsZero() {
		f.FirstDay = s.FirstDay.Format(dayLayout)
	}
	return f
}

func (q question) record() record.Question {
	return record.Question{
		ID: q.ID, Text: q.Text, Kind: q.Kind, Required: q.Required, Categories: q.Categories,
		Options: convert(q.Options, func(o option) record.Option { return record.Option(o) }),
	}
}

func questionFrom(q record.Question) question {
	return question{
		ID: q.ID, Text: q.Text, Kind: q.Kind, Required: q.Required, Categories: q.Categories,
		Options: convert(q.Options, func(o record.Option) option { return option(o) }),
	}
}

// convert maps a list and keeps an empty one nil, so that a round trip is exact.
func convert[A, B any](list []A, to func(A) B) []B {
	if len(list) == 0 {
		return nil
	}
	out := make([]B, len(list))
	for i, a := range list {
		out[i] = to(a)
	}
	return out
}

// list is convert for the way out: an empty list reads as [], which every page
// may loop over.
func list[A, B any](from []A, to func(A) B) []B {
	if out := convert(from, to); out != nil {
		return out
	}
	return []B{}
}
