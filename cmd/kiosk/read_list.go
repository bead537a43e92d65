package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"syscall"
)

// maxList bounds a list of pictures: a million names.
const maxList = 64 << 20

// listed are the names in a list of pictures: one a line, or with a zero byte
// after each, as "find -print0" writes them.
func listed(path string) ([]string, error) {
	in := os.Stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("list of pictures: %w", err)
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, maxList+1))
	if err != nil {
		return nil, fmt.Errorf("list of pictures: %w", err)
	}
	if len(text) > maxList {
		return nil, fmt.Errorf("list of pictures: more than %d MB", maxList>>20)
	}
	end := "\n"
	if bytes.IndexByte(text, 0) >= 0 {
		end = "\x00"
	}
	names := strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), end)
	return slices.DeleteFunc(names, func(s string) bool { return s == "" }), nil
}

// longestCommand is how many bytes of arguments the runtime library of PP-OCR
// stands: version 1.30 matches a regular expression with the command line while
// it starts, one call of a function within the other for each character, and
// 47 kB of names overflow the thread's stack.
const longestCommand = 8 << 10

// withoutNames is the command line of "kiosk read" with the pictures' names in an
// open file that has no name any more; args itself if it is short enough or no
// good, which the command will say.
func withoutNames(args []string) ([]string, error) {
	length := 0
	for _, a := range args {
		length += len(a) + 1
	}
	isList := func(a string) bool { return strings.HasPrefix(strings.TrimLeft(a, "-"), "list") }
	if length <= longestCommand || slices.ContainsFunc(args[2:], isList) {
		return args, nil
	}
	_, files, err := parseRead(args[2:], io.Discard)
	if err != nil {
		return args, nil
	}
	list, err := os.CreateTemp("", "hallpass-list-")
	if err != nil {
		return nil, err
	}
	_, err1 := list.WriteString(strings.Join(files, "\x00") + "\x00")
	_, err2 := list.Seek(0, io.SeekStart)
	if err := errors.Join(os.Remove(list.Name()), err1, err2); err != nil {
		return nil, errors.Join(err, list.Close())
	}
	number, err := syscall.Dup(int(list.Fd())) // a copy outlives what follows
	if err != nil {
		return nil, errors.Join(err, list.Close())
	}
	flags := slices.Clone(args[:len(args)-len(files)])
	if flags[len(flags)-1] == "--" {
		flags = flags[:len(flags)-1]
	}
	return append(flags, fmt.Sprintf("-list=/dev/fd/%d", number)), list.Close()
}
