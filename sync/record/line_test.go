package record_test

import (
	"testing"

	"hallpass/sync/record"
)

func TestOneLine(t *testing.T) {
	for text, want := range map[string]string{
		"": "", " \t\r\n ": "", "Ada  Quill\n": "Ada Quill", "云\u3000岫": "云 岫", "a\x00b\x1bc": "abc", "one\u0085two": "one two",
	} {
		if got := record.OneLine(text); got != want {
			t.Errorf("OneLine(%q) = %q, want %q", text, got, want)
		}
	}
}
