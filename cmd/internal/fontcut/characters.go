package main

import (
	"bufio"
	"compress/bzip2"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// unihan is where Debian's package unicode-data keeps what Unicode knows of
// Chinese characters.
const unihan = "/usr/share/unicode/Unihan_*.txt.bz2"

// set reads the characters to keep: "0600-06FF" and "20BB7" are code points,
// "kHKSCS" is every character that has this Unihan field, "kIRG_GSource=GXC"
// every one whose field begins so.
func set(texts []string) (map[rune]bool, error) {
	keep := map[rune]bool{}
	var fields []string
	for _, text := range texts {
		if strings.HasPrefix(text, "k") {
			fields = append(fields, text)
			continue
		}
		first, last, ok := strings.Cut(text, "-")
		if !ok {
			last = first
		}
		a, err1 := strconv.ParseUint(first, 16, 21)
		b, err2 := strconv.ParseUint(last, 16, 21)
		if err := errors.Join(err1, err2); err != nil || a > b {
			return nil, fmt.Errorf("characters %q: write them as 0600-06FF", text)
		}
		for r := rune(a); r <= rune(b); r++ {
			keep[r] = true
		}
	}
	if len(fields) == 0 {
		return keep, nil
	}
	return keep, addUnihan(keep, fields)
}

// addUnihan leaves out characters that text never holds once it is composed.
func addUnihan(keep map[rune]bool, fields []string) error {
	files, err := filepath.Glob(unihan)
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no %s; apt-get install unicode-data", unihan)
	}
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		lines := bufio.NewScanner(bzip2.NewReader(f))
		for lines.Scan() {
			columns := strings.Split(lines.Text(), "\t")
			if len(columns) != 3 || !asked(columns[1], columns[2], fields) {
				continue
			}
			code, err := strconv.ParseUint(strings.TrimPrefix(columns[0], "U+"), 16, 21)
			if err == nil && norm.NFC.IsNormalString(string(rune(code))) {
				keep[rune(code)] = true
			}
		}
		if err := errors.Join(lines.Err(), f.Close()); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}

func asked(name, value string, fields []string) bool {
	for _, field := range fields {
		want, prefix, _ := strings.Cut(field, "=")
		if name == want && strings.HasPrefix(value, prefix) {
			return true
		}
	}
	return false
}
