package main

import (
	"fmt"
	"os"
	"strings"
)

// The marks between which the tables stand in a README.
const (
	readmeFrom = "<!-- make bench-ocr writes from here -->"
	readmeTo   = "<!-- to here -->"
)

// intoReadme puts text between the marks of a file and leaves all else as it
// is. It fails when the marks are not there.
func intoReadme(file, text string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(data), readmeFrom)
	_, after, ends := strings.Cut(rest, readmeTo)
	if !ok || !ends {
		return fmt.Errorf("%s has no lines %q and %q", file, readmeFrom, readmeTo)
	}
	return os.WriteFile(file, []byte(before+readmeFrom+"\n\n"+strings.TrimSpace(text)+"\n\n"+readmeTo+after), 0o644)
}
