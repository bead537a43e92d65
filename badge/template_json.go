package badge

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"slices"
	"strings"
)

// itemKeys are the keys that each kind of item has. The JSON Schema of
// templates says the same; a test compares the two.
var itemKeys = map[string][]string{
	"text":     {"box", "text", "say", "weight", "size", "colour", "align", "valign"},
	"band":     {"box", "text", "say", "weight", "size", "fill", "mono", "radius", "pad", "align", "valign"},
	"stack":    {"box", "items", "align", "valign"},
	"stacked":  {"text", "say", "weight", "size", "colour", "height", "space"}, // a text in a stack
	"heading":  {"box", "weight", "size", "colour", "align", "valign"},
	"rule":     {"box", "fill", "mono"},
	"rect":     {"box", "fill", "outline", "stroke", "radius", "mono"},
	"ellipse":  {"box", "fill", "outline", "stroke", "mono"},
	"line":     {"from", "to", "stroke", "colour", "mono"},
	"qr":       {"box"},
	"picture":  {"box", "file", "data", "fit", "radius", "align", "valign", "mono", "behind"},
	"logo":     {"box", "fit", "radius", "align", "valign", "mono"},
	"portrait": {"box", "fit", "radius", "align", "valign", "mono"},
	"slot":     {"box", "stroke"},
}

func decodeTemplate(data []byte) (t Template, err error) {
	var file struct {
		Schema string            `json:"$schema"` // for editors
		Name   string            `json:"name"`
		Width  float64           `json:"width"`
		Height float64           `json:"height"`
		Items  []json.RawMessage `json:"items"`
		Back   *json.RawMessage  `json:"back"`
	}
	if err := decodeObject(data, &file, "$schema", "name", "width", "height", "items", "back"); err != nil {
		return t, err
	}
	t = Template{Name: file.Name, WidthMM: file.Width, HeightMM: file.Height}
	if t.items, err = decodeItems(file.Items, ""); err != nil || file.Back == nil {
		return t, err
	}
	var back struct {
		On    string            `json:"on"`
		Items []json.RawMessage `json:"items"`
	}
	if err := decodeObject(*file.Back, &back, "on", "items"); err != nil {
		return t, fmt.Errorf("the back: %w", err)
	}
	if !slices.Contains([]string{"page", "below", "beside"}, back.On) {
		return t, fmt.Errorf(`the back: on %q: use "page", "below" or "beside"`, back.On)
	}
	t.backOn = back.On
	if t.back, err = decodeItems(back.Items, ""); err != nil {
		return t, fmt.Errorf("the back: %w", err)
	}
	return t, nil
}

// decodeItems reads items, or with stacked the texts of a stack.
func decodeItems(raw []json.RawMessage, stacked string) (items []item, err error) {
	for i, data := range raw {
		var it item
		if it, err = decodeItem(data, stacked); err != nil {
			return nil, fmt.Errorf("item %d (%s): %w", i+1, it.Kind, err)
		}
		items = append(items, it)
	}
	return items, nil
}

func decodeItem(data []byte, keysOf string) (it item, err error) {
	var kind struct {
		Kind string `json:"kind"`
	}
	if err := json.Unmarshal(data, &kind); err != nil {
		return it, sentence(err)
	}
	it.Kind = kind.Kind
	if keysOf == "" {
		keysOf = it.Kind
	} else if it.Kind != "text" {
		return it, errors.New("a stack holds texts without boxes")
	}
	keys, ok := itemKeys[keysOf]
	if !ok || it.Kind == "stacked" {
		return it, fmt.Errorf("kind %q: use text, band, stack, heading, rule, rect, ellipse, line, qr, picture, logo, portrait or slot", it.Kind)
	}
	type plain item // without items, which have keys of their own
	var full struct {
		plain
		Items []json.RawMessage `json:"items"`
	}
	if err := decodeObject(data, &full, append([]string{"kind", "if"}, keys...)...); err != nil {
		return it, err
	}
	it = item(full.plain)
	it.Items, err = decodeItems(full.Items, "stacked")
	return it, err
}

// decodeObject reads a JSON object that has no other keys than these, each of
// them once and with a value.
func decodeObject(data []byte, into any, keys ...string) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	if first, err := decoder.Token(); err != nil || first != json.Delim('{') {
		return errors.Join(errors.New("no JSON object; write {…}"), sentence(err))
	}
	var seen []string
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return sentence(err)
		}
		key, _ := token.(string)
		var value json.RawMessage
		switch err := decoder.Decode(&value); {
		case err != nil:
			return sentence(err)
		case !slices.Contains(keys, key):
			return fmt.Errorf("key %q is unknown here; use %s", key, strings.Join(keys, ", "))
		case slices.Contains(seen, key):
			return fmt.Errorf("key %q stands twice", key)
		case string(value) == "null":
			return fmt.Errorf("%q is null; leave it out", key)
		}
		seen = append(seen, key)
	}
	if _, err := decoder.Token(); err != nil {
		return sentence(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("text after the last brace")
	}
	return sentence(json.Unmarshal(data, into))
}

// sentence says what is wrong with a value without Go's names.
func sentence(err error) error {
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong) && wrong.Field != "":
		field := wrong.Field[strings.LastIndexByte(wrong.Field, '.')+1:]
		return fmt.Errorf("%q must not be a %s", field, wrong.Value)
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the file ends too early")
	}
	return err
}

// UnmarshalJSON takes exactly [x, y, w, h].
func (r *rect) UnmarshalJSON(data []byte) error { return numbers(data, r[:], "[x, y, width, height]") }

// UnmarshalJSON takes exactly [x, y].
func (p *point) UnmarshalJSON(data []byte) error { return numbers(data, p[:], "[x, y]") }

func numbers(data []byte, into []float64, form string) error {
	var list []*float64
	if err := json.Unmarshal(data, &list); err != nil || len(list) != len(into) || slices.Contains(list, nil) {
		return fmt.Errorf("%.40s: use %s in millimetres", data, form)
	}
	for i, n := range list {
		into[i] = *n
	}
	return nil
}

// UnmarshalJSON refuses other keys; a whole number of lines may be written 2.0.
func (s *fitRule) UnmarshalJSON(data []byte) error {
	var rule struct{ Best, Wrap, Floor, Lines float64 }
	if err := decodeObject(data, &rule, "best", "wrap", "floor", "lines"); err != nil {
		return fmt.Errorf("size: %w", err)
	}
	if rule.Lines != math.Trunc(rule.Lines) || math.Abs(rule.Lines) > 1000 {
		return fmt.Errorf("size: %g lines: use 1 to 6", rule.Lines)
	}
	*s = fitRule{rule.Best, rule.Wrap, rule.Floor, int(rule.Lines)}
	return nil
}

// readSmall reads a file and refuses to fill the memory with another.
func readSmall(fsys fs.FS, name string, limit int64) (data []byte, err error) {
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err = io.ReadAll(io.LimitReader(file, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("%s has more than %d bytes", name, limit)
	}
	return data, err
}
