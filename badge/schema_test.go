package badge_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"hallpass/assets"
	"hallpass/badge"
)

// published is the schema that ships beside the templates.
func published(t testing.TB) *jsonschema.Schema {
	t.Helper()
	data, err := fs.ReadFile(assets.Files(), "badge/schema/template.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("template.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("template.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// bySchema says what the schema has against a template.
func bySchema(schema *jsonschema.Schema, template []byte) error {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(template))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

func TestSchema_TakesWhatIsShipped(t *testing.T) {
	schema := published(t)
	for _, name := range append(append([]string{}, templates...), oldTemplates...) {
		if err := bySchema(schema, templateFile(t, name)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// wrapped is a template with one item beside its code.
func wrapped(item string) string {
	return `{"width": 90, "height": 60, "items": [{"kind": "qr", "box": [60, 0, 30, 30]}, ` + item + `]}`
}

// What is wrong in itself is refused by the schema and by the program; what is
// in the wrong place, or too small for its text, by the program alone.
func TestSchema_AgreesWithTheProgram(t *testing.T) {
	const size = `"size": {"best": 9, "floor": 6}`
	schema := published(t)
	for _, c := range []struct {
		template string
		bad      bool // also by the schema
	}{
		{`{"width": 90, "height": 60, "items": []}`, true},
		{`{"width": 90, "height": 60}`, true},
		{`{"width": 90, "height": 600, "items": [{"kind": "qr", "box": [60, 0, 30, 30]}]}`, true},
		{`{"width": "90", "height": 60, "items": [{"kind": "qr", "box": [60, 0, 30, 30]}]}`, true},
		{`{"width": 90, "height": 60, "colour": "#FFFFFF", "items": [{"kind": "qr", "box": [60, 0, 30, 30]}]}`, true},
		{`{"name": "` + strings.Repeat("x", 65) + `", "width": 90, "height": 60, "items": [{"kind": "qr", "box": [60, 0, 30, 30]}]}`, true},
		{`{"name": "a\u0085b", "width": 90, "height": 60, "items": [{"kind": "qr", "box": [60, 0, 30, 30]}]}`, true},
		{`{"width": 90, "height": 60, "items": [{"kind": "qr", "box": [60, 0, 30, 30]}], "back": {"items": []}}`, true},
		{`{"width": 90, "height": 60, "items": [{"kind": "qr", "box": [60, 0, 30, 30]}], "back": {"on": "above"}}`, true},
		{`[]`, true},
		{wrapped(`{"box": [0, 0, 10, 10]}`), true},
		{wrapped(`{"kind": "star", "box": [0, 0, 10, 10]}`), true},
		{wrapped(`{"kind": "stacked", "text": "name", "height": 9, ` + size + `}`), true},
		{wrapped(`7`), true},
		{wrapped(`{"kind": "text", "text": "name", "box": [0, 0, 40, 10]}`), true},
		{wrapped(`{"kind": "text", "text": "rank", "box": [0, 0, 40, 10], ` + size + `}`), true},
		{wrapped(`{"kind": "text", "text": "name", "say": "A", "box": [0, 0, 40, 10], ` + size + `}`), true},
		{wrapped(`{"kind": "text", "box": [0, 0, 40, 10], ` + size + `}`), true},
		{wrapped(`{"kind": "text", "text": "name", "box": [-1, 0, 40, 10], ` + size + `}`), true},
		{wrapped(`{"kind": "text", "text": "name", "box": [0, 0, 40], ` + size + `}`), true},
		{wrapped(`{"kind": "text", "text": "name", "box": [0, 0, 40, 10, 1], ` + size + `}`), true},
		{wrapped(`{"kind": "text", "text": "name", "box": [0, 0, 40, null], ` + size + `}`), true},
		{wrapped(`{"kind": "text", "text": "name", "fill": "accent", "box": [0, 0, 40, 10], ` + size + `}`), true},
		{wrapped(`{"kind": "text", "text": "name", "colour": "red", "box": [0, 0, 40, 10], ` + size + `}`), true},
		{wrapped(`{"kind": "text", "text": "name", "align": "middle", "box": [0, 0, 40, 10], ` + size + `}`), true},
		{wrapped(`{"kind": "text", "text": "name", "box": [0, 0, 40, 10], "size": {"best": 9, "floor": 4}}`), true},
		{wrapped(`{"kind": "text", "text": "name", "box": [0, 0, 40, 10], "size": {"best": 9, "floor": 6, "lines": 7}}`), true},
		{wrapped(`{"kind": "text", "text": "name", "box": [0, 0, 40, 10], "size": {"best": 9, "floor": 6, "lines": 1.5}}`), true},
		{wrapped(`{"kind": "text", "text": "name", "box": [0, 0, 40, 10], "size": {"best": 9, "floor": 6, "most": 7}}`), true},
		{wrapped(`{"kind": "text", "text": "name", "if": {"flags": "a"}, "box": [0, 0, 40, 10], ` + size + `}`), true},
		{wrapped(`{"kind": "text", "text": "name", "if": {"flag": []}, "box": [0, 0, 40, 10], ` + size + `}`), true},
		{wrapped(`{"kind": "text", "text": "name", "if": {"has": "rank"}, "box": [0, 0, 40, 10], ` + size + `}`), true},
		{wrapped(`{"kind": "stack", "box": [0, 0, 40, 10], "items": []}`), true},
		{wrapped(`{"kind": "stack", "box": [0, 0, 40, 10], "items": [{"kind": "rule", "height": 3}]}`), true},
		{wrapped(`{"kind": "rect", "box": [0, 0, 10, 10]}`), true},
		{wrapped(`{"kind": "rect", "box": [0, 0, 10, 10], "outline": "accent"}`), true},
		{wrapped(`{"kind": "rect", "box": [0, 0, 10, 10], "fill": "accent", "stroke": 1}`), true},
		{wrapped(`{"kind": "ellipse", "box": [0, 0, 10, 10], "fill": "accent", "radius": 1}`), true},
		{wrapped(`{"kind": "line", "from": [0, 0], "stroke": 1}`), true},
		{wrapped(`{"kind": "line", "from": [0, 5], "to": [9, 5], "stroke": 0}`), true},
		{wrapped(`{"kind": "picture", "box": [0, 0, 10, 10]}`), true},
		{wrapped(`{"kind": "picture", "box": [0, 0, 10, 10], "file": "a.png", "data": "AAAA"}`), true},
		{wrapped(`{"kind": "picture", "box": [0, 0, 10, 10], "file": "../a.png"}`), true},
		{wrapped(`{"kind": "picture", "box": [0, 0, 10, 10], "file": ".."}`), true},
		{wrapped(`{"kind": "picture", "box": [0, 0, 10, 10], "data": "~~~~"}`), true},
		{wrapped(`{"kind": "picture", "box": [0, 0, 10, 10], "data": [1, 2]}`), true},
		{wrapped(`{"kind": "logo", "box": [0, 0, 10, 10], "mono": "black"}`), true},
		{wrapped(`{"kind": "slot", "box": [0, 0, 10, 10], "stroke": -1}`), true},
		{`{"width": 90, "height": 60, "items": [{"kind": "qr", "box": [60, 0, 30, 30], "if": {"has": "name"}}]}`, true},
		{`{"width": 90, "height": 60, "items": [{"kind": "qr", "box": [60, 0, 30, 19]}]}`, true},
		{wrapped(`{"kind": "text", "text": "name", "box": [40, 0, 40, 10], ` + size + `}`), false},
		{wrapped(`{"kind": "text", "text": "name", "box": [0, 0, 40, 1], ` + size + `}`), false},
		{wrapped(`{"kind": "text", "text": "name", "box": [0, 0, 400, 9], ` + size + `}`), false},
		{wrapped(`{"kind": "qr", "box": [0, 0, 30, 30]}`), false},
		{wrapped(`{"kind": "picture", "box": [0, 0, 10, 10], "data": "AAAA"}`), false},
		{wrapped(`{"kind": "picture", "box": [0, 0, 10, 10], "file": "absent.png"}`), false},
	} {
		if _, err := badge.ParseTemplate([]byte(c.template)); err == nil {
			t.Errorf("the program takes %.200s", c.template)
		}
		if err := bySchema(schema, []byte(c.template)); (err != nil) != c.bad {
			t.Errorf("the schema says %v to %.200s", err, c.template)
		}
	}
}

// Whatever the program takes, the schema takes: templates are spoiled at random
// by putting one value of another template, or of none, in a value's place.
func TestSchema_TakesWhatTheProgramTakes(t *testing.T) {
	schema := published(t)
	random := rand.New(rand.NewPCG(7, 62))
	values := []any{nil, true, "", "name", "#12AB9f", "below", -1.0, 0.0, 3.5, 12.0, []any{}, []any{1.0, 2.0, 3.0, 4.0}, map[string]any{}}
	sources := append(append([]string{}, templates...), oldTemplates...)
	for _, name := range sources {
		walkValues(decoded(t, templateFile(t, name)), func(v any, _ func(any)) { values = append(values, v) })
	}
	taken := 0
	for i := range 4000 {
		var template any
		if i%3 == 0 {
			template = decoded(t, []byte(`{"width":60,"height":50,"items":`+face+`,"back":{"on":"below","items":`+face+`}}`))
		} else {
			template = decoded(t, templateFile(t, sources[i%len(sources)]))
		}
		var places []func(any)
		walkValues(template, func(_ any, set func(any)) { places = append(places, set) })
		for range 1 + random.IntN(2) {
			places[random.IntN(len(places))](values[random.IntN(len(values))])
		}
		data, err := json.Marshal(template)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := badge.ParseTemplate(data); err != nil {
			continue
		}
		taken++
		if err := bySchema(schema, data); err != nil {
			t.Fatalf("the program takes what the schema refuses: %v\n%s", err, data)
		}
	}
	if taken < 200 {
		t.Errorf("only %d of 4000 templates were sound", taken)
	}
}

func decoded(t testing.TB, data []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(fmt.Errorf("%w: %s", err, data))
	}
	return v
}

// walkValues calls each for every value inside v, with a function to replace it.
func walkValues(v any, each func(v any, set func(any))) {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			inner := v[k]
			each(inner, func(other any) { v[k] = other })
			walkValues(inner, each)
		}
	case []any:
		for i, inner := range v {
			each(inner, func(other any) { v[i] = other })
			walkValues(inner, each)
		}
	}
}
