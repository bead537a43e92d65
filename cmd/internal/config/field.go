package config

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// field is one setting: where its value goes and where it came from.
type field struct {
	key, about string
	fallback   string // the default as text; empty for a zero value
	from       string // empty while it is the default
	value      reflect.Value
}

type fields []*field

// fieldsOf reads the tags. A struct that breaks the rules is a programmer's
// mistake, found at the first start.
func fieldsOf(c any) (fields, error) {
	v := reflect.ValueOf(c)
	if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct {
		return nil, fmt.Errorf("config: settings are a %T, not a pointer to a struct", c)
	}
	var out fields
	for i := range v.Elem().NumField() {
		f := &field{value: v.Elem().Field(i)}
		var tagged bool
		f.key, f.about, tagged = strings.Cut(v.Elem().Type().Field(i).Tag.Get("config"), ",")
		if !tagged || f.key == "" || f.key == fileKey || out.find(f.key) != nil || !f.value.CanSet() || !f.known() {
			return nil, fmt.Errorf("config: field %s of %T has no good tag or type", v.Elem().Type().Field(i).Name, c)
		}
		if !f.value.IsZero() {
			f.fallback = fmt.Sprint(f.value.Interface())
			if list, ok := f.value.Interface().([]string); ok {
				f.fallback = strings.Join(list, ",")
			}
		}
		out = append(out, f)
	}
	return out, nil
}

func (f *field) known() bool {
	switch f.value.Interface().(type) {
	case string, bool, int, float64, time.Duration, []string:
		return true
	}
	return false
}

func (all fields) find(key string) *field {
	for _, f := range all {
		if f.key == key {
			return f
		}
	}
	return nil
}

func (all fields) isList(key string) bool {
	f := all.find(key)
	return f != nil && f.value.Kind() == reflect.Slice
}

// set gives a known key its value; the file's own key is nobody's.
func (all fields) set(a assignment) error {
	f := all.find(a.key)
	if f == nil {
		return nil
	}
	if err := f.parse(a.value); err != nil {
		return fmt.Errorf("%w (%s)", err, a.from)
	}
	f.from = a.from
	return nil
}

func (f *field) parse(text string) error {
	var v any
	var err error
	switch f.value.Interface().(type) {
	case string:
		v = text
	case bool:
		if v, err = strconv.ParseBool(text); err != nil {
			err = Invalid(f.key, text, "is neither true nor false")
		}
	case int:
		if v, err = strconv.Atoi(text); err != nil {
			err = Invalid(f.key, text, "is no whole number; try 4")
		}
	case float64:
		if v, err = strconv.ParseFloat(text, 64); err != nil {
			err = Invalid(f.key, text, "is no number; try 0.5")
		}
	case time.Duration:
		if v, err = time.ParseDuration(text); err != nil {
			err = Invalid(f.key, text, "is no duration; try 90s or 1h30m")
		}
	case []string:
		v = list(text)
	}
	if err == nil {
		f.value.Set(reflect.ValueOf(v))
	}
	return err
}

// list splits at commas, or at line ends if there are any, which only a file's
// list has; an empty text is an empty list.
func list(text string) []string {
	between := ","
	if strings.Contains(text, "\n") {
		between = "\n"
	}
	var out []string
	for _, s := range strings.Split(text, between) {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// validate asks the settings and adds to each complaint where the value came
// from.
func (all fields) validate(c any) error {
	v, ok := c.(interface{ Validate() error })
	if !ok {
		return nil
	}
	errs := []error{v.Validate()}
	if several, joined := errs[0].(interface{ Unwrap() []error }); joined {
		errs = slices.Clone(several.Unwrap())
	}
	for i, err := range errs {
		var bad *invalid
		if errors.As(err, &bad) {
			if f := all.find(bad.key); f != nil && f.from != "" {
				errs[i] = fmt.Errorf("%w (%s)", err, f.from)
			}
		}
	}
	return errors.Join(errs...)
}

type invalid struct{ key, text string }

func (e *invalid) Error() string { return e.text }

// Invalid says what is wrong with a setting's value and what to do, for
// Validate methods:
//
//	Invalid("listen", "8080", "has no port separator; try :8080")
//
// reads `listen: "8080" has no port separator; try :8080`, and Load adds the
// flag, variable or line it came from. The value is shown: use it for no
// secret.
func Invalid(key string, value any, problem string) error {
	return &invalid{key, fmt.Sprintf("%s: %q %s", key, fmt.Sprint(value), problem)}
}

// nearest suggests the key that was probably meant, or nothing.
func (all fields) nearest(key string, as func(string) string) string {
	best, found := 3, ""
	for _, f := range all {
		if d := distance(key, f.key); d < best {
			best, found = d, f.key
		}
	}
	if found == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %s?)", as(found))
}

// distance is Levenshtein's, over bytes: keys are ASCII.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
