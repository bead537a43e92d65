// Package config fills a command's settings, each later source over the
// earlier one: the defaults in code, a YAML file, HALLPASS_* environment,
// flags. It is the one home of YAML.
//
// Settings are a flat struct. Every field carries one tag, its key and what it
// means, and is a string, bool, int, float64, time.Duration or []string:
//
//	type settings struct {
//		Listen  string        `config:"listen,address of the pages, HOST:PORT"`
//		Workers int           `config:"ocr-workers,cards read at once, 1-8"`
//		Idle    time.Duration `config:"idle,forget the visitor after this"`
//	}
//
// The key is the same everywhere: "ocr-workers: 2" in the file,
// HALLPASS_OCR_WORKERS=2 in the environment, -ocr-workers 2 as a flag. The
// file is named by -config or HALLPASS_CONFIG. Lists are commas outside YAML;
// a flag of a list may also be given several times.
//
// An unknown key, a key given twice in the file and a value of the wrong form
// are errors that name the key, the place and what to do; nothing is guessed.
// A HALLPASS_* name that is no setting is an error too, because a misspelt
// one would otherwise be silently without effect.
package config

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"
)

const prefix = "HALLPASS_"

// Command is how one command is called, for -h and for errors.
type Command struct {
	Name    string // "kiosk run"
	About   string // one sentence
	Args    string // what is named besides the flags, for example "IMAGE..."; if empty, nothing is
	Example string // one line that works
	Environ []string
	Output  io.Writer // for -h
}

// Load fills c, a pointer to a struct with its defaults in it, and returns the
// arguments that are no flags, wherever they stand. If c has a method Validate() error it is asked at
// the end; see Invalid for how its errors read. For -h it prints the usage and
// returns flag.ErrHelp.
func Load(cmd Command, args []string, c any) (rest []string, err error) {
	fields, err := fieldsOf(c)
	if err != nil {
		return nil, err
	}
	flags, rest, err := parseFlags(cmd, fields, args)
	if err != nil {
		return nil, err
	}
	environ, err := fromEnviron(cmd.Environ, fields)
	if err != nil {
		return nil, err
	}
	over := append(environ, flags...)
	var file []assignment
	if path := last(over, fileKey); path != "" {
		if file, err = fromFile(path, fields); err != nil {
			return nil, err
		}
	}
	for _, a := range append(file, over...) {
		if err := fields.set(a); err != nil {
			return nil, err
		}
	}
	return rest, fields.validate(c)
}

// fileKey is the one setting that names the file and is not in it.
const fileKey = "config"

// assignment is one setting as some source gives it.
type assignment struct{ key, value, from string }

// last returns the value that counts for a key, or "".
func last(all []assignment, key string) (value string) {
	for _, a := range all {
		if a.key == key {
			value = a.value
		}
	}
	return value
}

func parseFlags(cmd Command, fields fields, args []string) (given []assignment, rest []string, err error) {
	set := flag.NewFlagSet(cmd.Name, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.Usage = func() {}
	take := func(key string) func(string) error {
		return func(value string) error {
			if before := last(given, key); before != "" && fields.isList(key) {
				value = before + "," + value // given again, a list grows
			}
			given = append(given, assignment{key, value, "flag -" + key})
			return nil
		}
	}
	set.Func(fileKey, "", take(fileKey))
	for _, f := range fields {
		if f.value.Kind() == reflect.Bool {
			set.BoolFunc(f.key, "", take(f.key))
		} else {
			set.Func(f.key, "", take(f.key))
		}
	}
	switch rest, err = parse(set, args); {
	case errors.Is(err, flag.ErrHelp):
		usage(cmd, fields)
		return nil, nil, err
	case err != nil:
		return nil, nil, fmt.Errorf("%w; %s -h lists the flags", err, cmd.Name)
	case cmd.Args == "" && len(rest) > 0:
		return nil, nil, fmt.Errorf("%q is not expected here; %s -h shows how it is called", rest[0], cmd.Name)
	}
	return given, rest, nil
}

// parse takes flags before, between and after the other arguments, which it
// returns; behind "--" all are such.
func parse(set *flag.FlagSet, args []string) (rest []string, err error) {
	for {
		if err := set.Parse(args); err != nil {
			return nil, err
		}
		left := set.Args()
		taken := len(args) - len(left)
		if len(left) == 0 || taken > 0 && args[taken-1] == "--" {
			return append(rest, left...), nil
		}
		rest, args = append(rest, left[0]), left[1:]
	}
}

// fromEnviron returns what the environment gives, os.Environ if none is passed.
func fromEnviron(environ []string, fields fields) (given []assignment, err error) {
	if environ == nil {
		environ = os.Environ()
	}
	for _, e := range environ {
		name, value, _ := strings.Cut(e, "=")
		word, ours := strings.CutPrefix(name, prefix)
		if !ours {
			continue
		}
		key := strings.ReplaceAll(strings.ToLower(word), "_", "-")
		if key != fileKey && fields.find(key) == nil {
			return nil, fmt.Errorf("environment %s is no setting%s; unset it", name, fields.nearest(key, envName))
		}
		given = append(given, assignment{key, value, "environment " + name})
	}
	return given, nil
}

func envName(key string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(key, "-", "_"))
}

func usage(cmd Command, fields fields) {
	out := cmd.Output
	if out == nil {
		out = os.Stderr
	}
	call := "usage: " + cmd.Name + " [flags]"
	if cmd.Args != "" {
		call += " " + cmd.Args
	}
	fmt.Fprintf(out, "%s\n\n%s\n\nexample: %s\n\nflags:\n", cmd.About, call, cmd.Example)
	width := len(fileKey)
	for _, f := range fields {
		width = max(width, len(f.key))
	}
	lines := []string{fmt.Sprintf("  -%-*s  a YAML file of these keys\n", width, fileKey)}
	for _, f := range fields {
		line := fmt.Sprintf("  -%-*s  %s", width, f.key, f.about)
		if f.fallback != "" {
			line += " (default " + f.fallback + ")"
		}
		lines = append(lines, line+"\n")
	}
	slices.Sort(lines)
	fmt.Fprintf(out, "%s\nEach may stand in the file as KEY: VALUE or in the environment as %sKEY.\n", strings.Join(lines, ""), prefix)
}
