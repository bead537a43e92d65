package script_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hallpass/badge/script"
)

// Lines begin where the Unicode Standard lets them, and characters as readers
// see them hold together.
func TestBreaks(t *testing.T) {
	for _, c := range []struct{ text, lines, characters string }{
		{"Ann Lee-Ray", "Ann |Lee-|Ray", "A|n|n| |L|e|e|-|R|a|y"},
		{"e\u0301a", "e\u0301a", "e\u0301|a"},
		{"བཀྲ་ཤིས", "བཀྲ་|ཤིས", "བ|ཀྲ|་|ཤི|ས"},
		{"สมชาย ใจดี", "สมชาย |ใจดี", "ส|ม|ช|า|ย| |ใ|จ|ดี"},
		{"नमस्ते", "नमस्ते", "न|म|स्ते"},
		{"王芳", "王|芳", "王|芳"},
		{"", "", ""},
	} {
		text := []rune(c.text)
		lines, characters := script.Breaks(text)
		if got := cut(text, lines); got != c.lines {
			t.Errorf("%q: lines %q, want %q", c.text, got, c.lines)
		}
		if got := cut(text, characters); got != c.characters {
			t.Errorf("%q: characters %q, want %q", c.text, got, c.characters)
		}
	}
}

func cut(text []rune, at []bool) string {
	var b strings.Builder
	for i, r := range text {
		if i > 0 && at[i] {
			b.WriteByte('|')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func TestOf(t *testing.T) {
	same := func(a, b rune) bool { return script.Of(a) == script.Of(b) }
	if !same('a', 'ş') || same('a', 'я') || !same('م', 'ي') || same('م', 'א') {
		t.Error("letters of one script have two, or of two have one")
	}
	for _, r := range " 1-,\u0301🎉" {
		if got := script.Of(r); got != 0 {
			t.Errorf("%q has the script %x, want none of its own", r, got)
		}
	}
}

// A font without layout tables sets characters beside each other; nothing makes
// it panic.
func TestShape_PlainFont(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "assets", "fonts", "NotoSansSC-Bold.ttf"))
	if err != nil {
		t.Fatal(err)
	}
	font, err := script.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	glyphs, ok := font.Shape([]rune("李四"), false)
	if !ok || len(glyphs) != 2 || glyphs[0].Index == 0 || glyphs[0].Advance != 1 || glyphs[1].From != 1 {
		t.Errorf("%+v, %v", glyphs, ok)
	}
	if glyphs, ok := font.Shape([]rune("한"), false); !ok || len(glyphs) != 1 || glyphs[0].Index != 0 {
		t.Errorf("a character that the font lacks: %+v, %v, want glyph 0", glyphs, ok)
	}
	if glyphs, ok := font.Shape(nil, true); !ok || len(glyphs) != 0 {
		t.Errorf("nothing: %+v, %v", glyphs, ok)
	}
	if _, err := script.Parse(data[:100]); err == nil {
		t.Error("a font that is cut short was accepted")
	}
}
