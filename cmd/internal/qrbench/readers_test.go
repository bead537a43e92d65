package qrbench_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// zxingWasm returns which pictures it reads the token in. It is the module that the booth page reads with, in node.
func zxingWasm(t testing.TB, pictures []string) map[string]bool {
	t.Helper()
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("../../../assets/vendor/zxing-wasm")); err != nil {
		t.Fatal(err)
	}
	// node takes a .js file for a module only where a package says so.
	if err := os.WriteFile(filepath.Join(folder, "package.json"), []byte(`{"type":"module"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	out := output(t, strings.Join(pictures, "\n"), "node", "testdata/read.mjs", folder)
	read := map[string]bool{}
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var line struct{ File, Text string }
		if err := d.Decode(&line); err != nil {
			t.Fatal(err)
		}
		read[line.File] = line.Text == token
	}
	return read
}

// zxingReader does the same. It is the program of Debian's zxing-cpp-tools, which prints the name
// of a picture, the format and the text on one line.
func zxingReader(t testing.TB, pictures []string) map[string]bool {
	t.Helper()
	read := map[string]bool{}
	for line := range strings.Lines(string(output(t, "", "ZXingReader", append([]string{"-1", "-format", "QRCode"}, pictures...)...))) {
		for _, p := range pictures {
			if strings.HasPrefix(line, p+" ") && strings.Contains(line, token) {
				read[p] = true
			}
		}
	}
	return read
}

func output(t testing.TB, stdin, program string, args ...string) []byte {
	t.Helper()
	var stderr bytes.Buffer
	c := exec.Command(program, args...)
	c.Stdin, c.Stderr = strings.NewReader(stdin), &stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, stderr.Bytes())
	}
	return out
}
