package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hallpass/cmd/internal/readout"
)

// names are pictures that are not there, which takes no time to find out.
func names(n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprintf("cards/of/a/whole/show/and/more/picture-%05d.jpg", i))
	}
	return out
}

// results are what kiosk read -json printed before it ended with status 1.
func results(t *testing.T, stdin string, args ...string) []readout.Result {
	t.Helper()
	cmd := program(t, append([]string{"read", "-json", "-workers", "2"}, args...)...)
	cmd.Dir, cmd.Stdin = t.TempDir(), strings.NewReader(stdin)
	var out, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	if err := cmd.Run(); cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != 1 {
		t.Fatalf("%v\n%.2000s", err, log.String())
	}
	all, err := readout.ReadAll(&out)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A long command line is too much for the runtime library, which then ended
// the program.
func TestRead_ThousandsOfPictures(t *testing.T) {
	want := names(2500)
	got := results(t, "", want...)
	if len(got) != len(want) {
		t.Fatalf("%d results for %d pictures", len(got), len(want))
	}
	for i, r := range got {
		if r.File != want[i] || r.Error == "" {
			t.Fatalf("result %d is of %q: %q", i, r.File, r.Error)
		}
	}
}

func TestRead_ListOfPictures(t *testing.T) {
	file := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(file, []byte("b.jpg\r\n\nc d.jpg\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, stdin string
		args        []string
		want        string
	}{
		{"File", "", []string{"-list", file, "a.jpg"}, "a.jpg b.jpg c d.jpg"},
		{"StandardInput", "x.jpg\ny.jpg", []string{"-list", "-"}, "x.jpg y.jpg"},
		{"ZeroBytes", "x\ny.jpg\x00z.jpg\x00", []string{"-list=-"}, "x\ny.jpg z.jpg"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, r := range results(t, c.stdin, c.args...) {
				got = append(got, r.File)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("read %q, want %q", got, c.want)
			}
		})
	}
	for name, args := range map[string][]string{"Missing": {"-list", file + ".not"}, "Empty": {"-list", os.DevNull}} {
		cmd := program(t, append([]string{"read"}, args...)...)
		if out, err := cmd.CombinedOutput(); err == nil {
			t.Errorf("%s: no error: %s", name, out)
		}
	}
}
