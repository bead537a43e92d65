package script_test

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hallpass/badge/script"
)

// conformance is Unicode's own test of the algorithm, of Debian's package
// unicode-data, which .ci/install brings.
const conformance = "/usr/share/unicode/BidiCharacterTest.txt"

// unused are codes that a badge's line never holds: they embed, isolate or end
// a paragraph, or are tabs.
var unused = []rune{0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0x2029, '\t', '\n', '\r', 0x1C, 0x1D, 0x1E, 0x1F, 0x85, 0x0B}

// Every line of Unicode's test that has none of those codes, and the direction
// that its first letter gives it, comes out as it says.
func TestLevels_Unicode(t *testing.T) {
	file, err := os.Open(conformance)
	if err != nil {
		t.Fatalf("%v; install Debian's unicode-data (.ci/install test)", err)
	}
	defer file.Close()
	checked := 0
	for lines := bufio.NewScanner(file); lines.Scan(); {
		fields := strings.Split(lines.Text(), ";")
		if len(fields) != 5 {
			continue
		}
		var text []rune
		for _, code := range strings.Fields(fields[0]) {
			n, err := strconv.ParseUint(code, 16, 32)
			if err != nil {
				t.Fatal(err)
			}
			text = append(text, rune(n))
		}
		if slices.ContainsFunc(text, func(r rune) bool { return slices.Contains(unused, r) }) {
			continue
		}
		if _, rtl := script.Levels(text); rtl != (fields[2] == "1") && fields[1] != "2" {
			continue
		}
		checked++
		if problem := compare(text, fields[2:]); problem != "" {
			t.Errorf("%U: %s", text, problem)
		}
	}
	if checked < 1000 {
		t.Errorf("only %d lines were checked", checked)
	}
}

// compare returns how a text's levels and order differ from the file's: the
// paragraph's level, each character's ("x" for those without), and the visual
// order of the others.
func compare(text []rune, want []string) string {
	levels, rtl := script.Levels(text)
	if rtl != (want[0] == "1") {
		return fmt.Sprintf("right to left %v, want level %s", rtl, want[0])
	}
	var kept []uint8
	var from []int
	for i, level := range strings.Fields(want[1]) {
		if level == "x" {
			continue
		}
		if got := strconv.Itoa(int(levels[i])); got != level {
			return fmt.Sprintf("levels %v, want %s", levels, want[1])
		}
		kept, from = append(kept, levels[i]), append(from, i)
	}
	var order []string
	for _, i := range script.Visual(kept) {
		order = append(order, strconv.Itoa(from[i]))
	}
	if got := strings.Join(order, " "); got != want[2] {
		return fmt.Sprintf("order %s, want %s", got, want[2])
	}
	return ""
}

// Some lines as people write them; the second column is what the eye meets from
// left to right.
func TestVisual_Lines(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Ann Lee", "Ann Lee"},
		{"שרה כהן", "ןהכ הרש"},
		{"שרה (כהן) 12", "12 )ןהכ( הרש"}, // the font mirrors the brackets
		{"Lee שרה 12 Ltd", "Lee 12 הרש Ltd"},
		{"مريم 2027%", "%2027 ميرم"},
		{"שרה & Co.", ".Co & הרש"},
		{"12", "12"},
		{"", ""},
	} {
		text := []rune(c.text)
		levels, _ := script.Levels(text)
		var got []rune
		for _, i := range script.Visual(levels) {
			got = append(got, text[i])
		}
		if string(got) != c.want {
			t.Errorf("%q: the eye meets %q, want %q", c.text, string(got), c.want)
		}
	}
}

func TestMirror(t *testing.T) {
	for r, want := range map[rune]rune{'(': ')', ']': '[', '«': '»', '›': '‹', '<': '>', '（': '）', 'a': 'a', 'א': 'א', '-': '-'} {
		if got := script.Mirror(r); got != want {
			t.Errorf("Mirror(%q) = %q, want %q", r, got, want)
		}
	}
}
