package config_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"hallpass/cmd/internal/config"
)

type settings struct {
	Listen   string        `config:"listen,address of the pages, HOST:PORT"`
	Workers  int           `config:"ocr-workers,cards read at once"`
	Idle     time.Duration `config:"idle,forget the visitor after this"`
	Contrast float64       `config:"contrast,0 to 1"`
	Offline  bool          `config:"offline,never call the hall"`
	Printers []string      `config:"printers,in order of preference"`
}

func defaults() settings {
	return settings{Listen: "127.0.0.1:8081", Workers: 2, Idle: time.Minute}
}

func (s *settings) Validate() error {
	var errs []error
	if !strings.Contains(s.Listen, ":") {
		errs = append(errs, config.Invalid("listen", s.Listen, "has no port separator; try :"+s.Listen))
	}
	if s.Workers < 1 || s.Workers > 8 {
		errs = append(errs, config.Invalid("ocr-workers", s.Workers, "is not from 1 to 8; try 2"))
	}
	return errors.Join(errs...)
}

var run = config.Command{Name: "kiosk run", About: "Runs a kiosk.", Example: "kiosk run -listen :8081", Environ: []string{}}

func load(t *testing.T, environ, args []string) (settings, error) {
	t.Helper()
	s, cmd := defaults(), run
	cmd.Environ = environ
	_, err := config.Load(cmd, args, &s)
	return s, err
}

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kiosk.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLoad_LaterSourceWins(t *testing.T) {
	yaml := file(t, "listen: file:1\nocr-workers: 3\nidle: 10s\n")
	environ := []string{"PATH=/bin", "HALLPASS_LISTEN=environment:1", "HALLPASS_OCR_WORKERS=4"}
	for _, c := range []struct {
		name          string
		environ, args []string
		listen        string
		workers       int
		idle          time.Duration
	}{
		{"Defaults", []string{"PATH=/bin"}, nil, "127.0.0.1:8081", 2, time.Minute},
		{"File", []string{}, []string{"-config", yaml}, "file:1", 3, 10 * time.Second},
		{"FileNamedByEnvironment", []string{"HALLPASS_CONFIG=" + yaml}, nil, "file:1", 3, 10 * time.Second},
		{"EnvironmentOverFile", environ, []string{"-config", yaml}, "environment:1", 4, 10 * time.Second},
		{"FlagOverAll", environ, []string{"-listen", "flag:1", "-config", yaml}, "flag:1", 4, 10 * time.Second},
		{"LastFlagCounts", []string{}, []string{"-listen", "a:1", "--listen=b:1"}, "b:1", 2, time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := load(t, c.environ, c.args)
			if err != nil || s.Listen != c.listen || s.Workers != c.workers || s.Idle != c.idle {
				t.Fatalf("Load = %+v, %v; want %s, %d, %s", s, err, c.listen, c.workers, c.idle)
			}
		})
	}
}

func TestLoad_SampleFile(t *testing.T) {
	s, err := load(t, []string{}, []string{"-config", "testdata/sample.yaml"})
	want := settings{"127.0.0.1:9001", 3, 90 * time.Second, 0.5, true,
		[]string{"ipp://printer-a.example/ipp/print", "folder:/srv/badges"}}
	if err != nil || !reflect.DeepEqual(s, want) {
		t.Fatalf("Load = %+v, %v; want %+v", s, err, want)
	}
}

func TestLoad_P9_MistakesAreNamed(t *testing.T) {
	for _, c := range []struct {
		name, yaml    string
		environ, args []string
		want          string
	}{
		{name: "UnknownKey", yaml: "listen: a:1\nocr-worker: 2\n", want: `config kiosk.yaml:2: unknown key "ocr-worker" (did you mean ocr-workers?); -h lists the keys`},
		{name: "UnknownFarKey", yaml: "colour: red\n", want: `config kiosk.yaml:1: unknown key "colour"; -h lists the keys`},
		{name: "KeyTwice", yaml: "idle: 1s\n\nidle: 2s\n", want: "config kiosk.yaml:3: idle is given again, first in line 1; keep one"},
		{name: "WrongNumber", yaml: "ocr-workers: two\n", want: `ocr-workers: "two" is no whole number; try 4 (kiosk.yaml:1)`},
		{name: "NoUnit", yaml: "idle: 90\n", want: `idle: "90" is no duration; try 90s or 1h30m (kiosk.yaml:1)`},
		{name: "Empty", yaml: "idle:\n", want: "config kiosk.yaml:1: idle has no value; write one, \"\" for none"},
		{name: "Nested", yaml: "listen:\n  host: a\n", want: "config kiosk.yaml:1: listen has more than one value; write it in one line, KEY: VALUE"},
		{name: "ListForOne", yaml: "listen: [a, b]\n", want: "config kiosk.yaml:1: listen has more than one value; write it in one line, KEY: VALUE"},
		{name: "NoMapping", yaml: "- listen\n", want: "config kiosk.yaml:1: is no list of KEY: VALUE lines"},
		{name: "TwoDocuments", yaml: "idle: 1s\n---\nidle: 2s\n", want: "config kiosk.yaml: holds more than one document; keep one"},
		{name: "OutOfRange", yaml: "ocr-workers: 9\n", want: `ocr-workers: "9" is not from 1 to 8; try 2 (kiosk.yaml:1)`},
		{name: "UnknownVariable", environ: []string{"HALLPASS_LISTN=a:1"}, want: "environment HALLPASS_LISTN is no setting (did you mean HALLPASS_LISTEN?); unset it"},
		{name: "WrongVariable", environ: []string{"HALLPASS_CONTRAST=high"}, want: `contrast: "high" is no number; try 0.5 (environment HALLPASS_CONTRAST)`},
		{name: "UnknownFlag", args: []string{"-colour", "red"}, want: "flag provided but not defined: -colour; kiosk run -h lists the flags"},
		{name: "WrongFlag", args: []string{"-offline=perhaps"}, want: `offline: "perhaps" is neither true nor false (flag -offline)`},
		{name: "Argument", args: []string{"-offline", "now"}, want: `"now" is not expected here; kiosk run -h shows how it is called`},
		{name: "InvalidFlag", args: []string{"-listen", "8080"}, want: `listen: "8080" has no port separator; try :8080 (flag -listen)`},
		{name: "BothInvalid", args: []string{"-listen", "8080", "-ocr-workers", "0"}, want: "listen: \"8080\" has no port separator; try :8080 (flag -listen)\nocr-workers: \"0\" is not from 1 to 8; try 2 (flag -ocr-workers)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			args, environ := c.args, append([]string{}, c.environ...)
			if c.yaml != "" {
				args = append(args, "-config", file(t, c.yaml))
			}
			_, err := load(t, environ, args)
			if err == nil || err.Error() != c.want {
				t.Fatalf("Load says\n%v, want\n%s", err, c.want)
			}
		})
	}
}

func TestLoad_P9_UnreadableFile(t *testing.T) {
	for name, path := range map[string]string{
		"Missing": filepath.Join(t.TempDir(), "none.yaml"),
		"Folder":  t.TempDir(),
		"TooBig":  file(t, strings.Repeat("# words\n", 200_000)),
		"NoYAML":  file(t, "listen: [a\n"),
	} {
		if _, err := load(t, []string{}, []string{"-config", path}); err == nil || !strings.Contains(err.Error(), "config") {
			t.Errorf("%s: Load = %v, want an error about the config", name, err)
		}
	}
	for name, path := range map[string]string{"Empty": file(t, ""), "CommentsOnly": file(t, "# nothing yet\n"), "Null": file(t, "---\n")} {
		if s, err := load(t, []string{}, []string{"-config", path}); err != nil || !reflect.DeepEqual(s, defaults()) {
			t.Errorf("%s: Load = %+v, %v; want the defaults", name, s, err)
		}
	}
}

// A list grows with each flag; in a file its texts may hold commas.
func TestLoad_Lists(t *testing.T) {
	want := []string{"Desk 1=ipp://a", "Desk 2=ipp://b"}
	for name, args := range map[string][]string{
		"Flags":  {"-printers", want[0], "-printers", want[1]},
		"Commas": {"-printers", want[0] + "," + want[1]},
		"File":   {"-config", file(t, "printers:\n  - Desk 1=ipp://a\n  - Desk 2=ipp://b\n")},
		"One":    {"-config", file(t, "printers: [\"Desk 1, left=ipp://a\"]\n")},
	} {
		want := want
		if name == "One" {
			want = []string{"Desk 1, left=ipp://a"}
		}
		s, err := load(t, []string{}, args)
		if err != nil || !reflect.DeepEqual(s.Printers, want) {
			t.Errorf("%s: Load = %q, %v; want %q", name, s.Printers, err, want)
		}
	}
}

// Flags may stand anywhere among the other arguments; behind "--" there are none.
func TestLoad_ArgumentsAmongFlags(t *testing.T) {
	for _, c := range []struct {
		args, want string
		offline    bool
	}{
		{"-offline a.jpg b.jpg", "a.jpg b.jpg", true},
		{"a.jpg -offline b.jpg", "a.jpg b.jpg", true},
		{"a.jpg b.jpg -offline", "a.jpg b.jpg", true},
		{"a.jpg -- -offline b.jpg", "a.jpg -offline b.jpg", false},
		{"-- -offline", "-offline", false},
		{"-listen :1 -- a.jpg", "a.jpg", false},
	} {
		s, cmd := defaults(), run
		cmd.Args = "IMAGE..."
		rest, err := config.Load(cmd, strings.Fields(c.args), &s)
		if err != nil || strings.Join(rest, " ") != c.want || s.Offline != c.offline {
			t.Errorf("%s: %q, offline %v, %v; want %q", c.args, rest, s.Offline, err, c.want)
		}
	}
	s, cmd := defaults(), run
	cmd.Args = "IMAGE..."
	if _, err := config.Load(cmd, []string{"a.jpg", "-offlin"}, &s); err == nil || !strings.Contains(err.Error(), "offlin") {
		t.Errorf("an unknown flag behind an argument: %v", err)
	}
}

func TestLoad_Help(t *testing.T) {
	var b bytes.Buffer
	s, cmd := defaults(), run
	cmd.Output = &b
	if _, err := config.Load(cmd, []string{"-h"}, &s); !errors.Is(err, flag.ErrHelp) {
		t.Fatalf("Load = %v, want flag.ErrHelp", err)
	}
	for _, want := range []string{"Runs a kiosk.\n", "usage: kiosk run [flags]\n", "example: kiosk run -listen :8081\n",
		"  -idle         forget the visitor after this (default 1m0s)\n", "  -config       a YAML file of these keys\n", "HALLPASS_KEY"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

func TestLoad_ProgrammersMistakes(t *testing.T) {
	for name, c := range map[string]any{
		"NoPointer": settings{},
		"NoTag":     &struct{ Listen string }{},
		"NoAbout": &struct {
			Listen string `config:"listen"`
		}{},
		"KeyTwice": &struct {
			A string `config:"a,a"`
			B string `config:"a,b"`
		}{},
		"Type": &struct {
			A map[string]string `config:"a,a"`
		}{},
	} {
		if _, err := config.Load(run, nil, c); err == nil {
			t.Errorf("%s: Load took it", name)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("listen: a:1\nprinters: [x, y]\n")
	f.Add("a: &a [*a]\n")
	f.Add("listen: &x a:1\nidle: *x\n")
	path := filepath.Join(f.TempDir(), "kiosk.yaml")
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s := defaults()
		if _, err := config.Load(run, []string{"-config", path}, &s); err != nil && strings.TrimSpace(err.Error()) == "" {
			t.Fatal("an error without a word")
		}
	})
}
