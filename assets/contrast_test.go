package assets_test

import (
	"fmt"
	"io/fs"
	"math"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"hallpass/assets"
)

// enough is what WCAG 2.2, success criterion 1.4.3, asks of text.
const enough = 4.5

var (
	pairLine    = regexp.MustCompile(`pair: ([a-z-]+) on ([a-z-]+)`)
	computed    = regexp.MustCompile(`computed: ([a-z-]+ on [a-z-]+)`) // at run time, for colours that a show brings
	declaration = regexp.MustCompile(`--([a-z-]+):\s*(#[0-9A-Fa-f]{6});`)
	rule        = regexp.MustCompile(`(?s)([^{}]+)\{([^{}]*)\}`)
	textColour  = regexp.MustCompile(`(?:^|[;\s])color:\s*var\(--([a-z-]+)\)`)
	background  = regexp.MustCompile(`background(?:-color)?:\s*var\(--([a-z-]+)\)`)
)

func TestTokens_EveryPairIsReadable(t *testing.T) {
	css := read(t, "web/tokens.css")
	light := colours(css, ":root {")
	dark := colours(css, `[data-theme="dark"]`)
	pairs := declaredPairs(css)
	if len(pairs) < 20 || len(light) < 15 || len(dark) != len(light) {
		t.Fatalf("got %d pairs, %d light and %d dark colours; want at least 20, 15 and as many", len(pairs), len(light), len(dark))
	}
	for theme, palette := range map[string]map[string]string{"light": light, "dark": dark} {
		for pair := range pairs {
			text, ground, _ := strings.Cut(pair, " on ")
			got := contrast(t, palette[text], palette[ground])
			if got < enough {
				t.Errorf("%s: %s = %.2f, want at least %.1f", theme, pair, got, enough)
			}
		}
	}
}

// The figures that the palette was chosen by, computed again.
func TestTokens_ContrastAsMeasured(t *testing.T) {
	for _, c := range []struct {
		text, ground string
		want         float64
	}{
		{"#14181F", "#F3F5F8", 16.3}, {"#4A5463", "#F3F5F8", 7.0}, {"#0B57D0", "#FFFFFF", 6.4},
		{"#E8EDF4", "#10141A", 15.7}, {"#9FB0C6", "#10141A", 8.4}, {"#5C3A00", "#FFF3D6", 9.2},
		{"#000000", "#FFFFFF", 21},
	} {
		if got := contrast(t, c.text, c.ground); math.Abs(got-c.want) > 0.06 {
			t.Errorf("contrast(%s, %s) = %.2f, want %.1f", c.text, c.ground, got, c.want)
		}
	}
}

// A rule that sets both its text and its ground must use a declared pair.
func TestStyles_EveryRuleUsesADeclaredPair(t *testing.T) {
	tokens := read(t, "web/tokens.css")
	pairs := declaredPairs(tokens)
	for _, m := range computed.FindAllStringSubmatch(tokens, -1) {
		pairs[m[1]] = true
	}
	checked := 0
	for _, name := range list(t, ".css") {
		for _, m := range rule.FindAllStringSubmatch(withoutComments(read(t, name)), -1) {
			text, ground := textColour.FindStringSubmatch(m[2]), background.FindStringSubmatch(m[2])
			if text == nil || ground == nil {
				continue
			}
			checked++
			if pair := text[1] + " on " + ground[1]; !pairs[pair] {
				t.Errorf("%s: %s uses %q, which tokens.css does not declare", name, strings.TrimSpace(m[1]), pair)
			}
		}
	}
	if checked == 0 {
		t.Fatal("no rule sets both text and ground; the search is broken")
	}
}

func TestStyles_ColoursLiveInTokensOnly(t *testing.T) {
	literal := regexp.MustCompile(`#[0-9A-Fa-f]{3,8}\b|\brgba?\(|\bhsla?\(|\boklch\(`)
	for _, name := range list(t, ".css") {
		if path.Base(name) == "tokens.css" {
			continue
		}
		for _, found := range literal.FindAllString(declarations(read(t, name)), -1) {
			t.Errorf("%s: colour %s; name it in tokens.css", name, found)
		}
	}
}

func TestStyles_LogicalPropertiesOnly(t *testing.T) {
	physical := regexp.MustCompile(`(?m)(?:^|[;{\s])((?:margin|padding|border|inset|outline|scroll-margin|scroll-padding)-(?:left|right|top|bottom)[a-z-]*|border-(?:top|bottom)-(?:left|right)-radius|left|right|top|bottom)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)`)
	for _, name := range list(t, ".css") {
		for _, found := range physical.FindAllString(declarations(read(t, name)), -1) {
			t.Errorf("%s: %q; use its logical twin (inline, block, start, end)", name, strings.TrimSpace(found))
		}
	}
	for _, bad := range []string{"a{margin-left:1px}", "a{ left: 0 }", "a{text-align: right}", "a{border-top-left-radius:1px}"} {
		if !physical.MatchString(bad) {
			t.Errorf("the search misses %q", bad)
		}
	}
}

func declaredPairs(css string) map[string]bool {
	pairs := map[string]bool{}
	for _, m := range pairLine.FindAllStringSubmatch(css, -1) {
		pairs[m[1]+" on "+m[2]] = true
	}
	return pairs
}

// colours reads the six-digit colours of the first block after a selector.
func colours(css, selector string) map[string]string {
	_, rest, _ := strings.Cut(css, selector)
	block, _, _ := strings.Cut(rest, "}")
	found := map[string]string{}
	for _, m := range declaration.FindAllStringSubmatch(block, -1) {
		found[m[1]] = m[2]
	}
	return found
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is WCAG 2.2's relative luminance of "#RRGGBB".
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	if len(colour) != 7 {
		t.Fatalf("colour %q is not #RRGGBB", colour)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(v) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

var comment = regexp.MustCompile(`(?s)/\*.*?\*/`)

func withoutComments(css string) string { return comment.ReplaceAllString(css, "") }

// declarations keeps what stands between braces: selectors may hold anything.
func declarations(css string) string {
	var out strings.Builder
	for _, m := range rule.FindAllStringSubmatch(withoutComments(css), -1) {
		fmt.Fprintf(&out, "{%s}\n", m[2])
	}
	return out.String()
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := fs.ReadFile(assets.Files(), name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// list returns our own files of web with that ending.
func list(t *testing.T, ending string) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(assets.Files(), "web", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(name, ending) {
			names = append(names, name)
		}
		return err
	})
	if err != nil || len(names) == 0 {
		t.Fatalf("list *%s: %d found, %v", ending, len(names), err)
	}
	return names
}
