package config_test

import (
	"errors"
	"flag"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"hallpass/cmd/internal/config"
)

// Each form that a value may have, from each source: what is taken, and what is
// refused with the place it came from (P9).
func TestLoad_EveryKindFromEverySource(t *testing.T) {
	for _, c := range []struct {
		key, text string
		want      func(settings) any
		value     any    // as it arrives
		refused   string // or the sentence
	}{
		{"listen", "", func(s settings) any { return s.Listen }, nil, "has no port separator"},
		{"listen", " :1 ", func(s settings) any { return s.Listen }, " :1 ", ""},
		{"ocr-workers", "8", func(s settings) any { return s.Workers }, 8, ""},
		{"ocr-workers", "08", func(s settings) any { return s.Workers }, 8, ""},
		{"ocr-workers", "1e1", nil, nil, "is no whole number"},
		{"ocr-workers", "0x2", nil, nil, "is no whole number"},
		{"ocr-workers", "99999999999999999999", nil, nil, "is no whole number"},
		{"idle", "1h30m", func(s settings) any { return s.Idle }, 90 * time.Minute, ""},
		{"idle", "5 s", nil, nil, "is no duration"},
		{"contrast", "1e-1", func(s settings) any { return s.Contrast }, 0.1, ""},
		{"contrast", "0,5", nil, nil, "is no number"},
		{"offline", "TRUE", func(s settings) any { return s.Offline }, true, ""},
		{"offline", "0", func(s settings) any { return s.Offline }, false, ""},
		{"offline", "yes", nil, nil, "is neither true nor false"},
		{"printers", "a, b,,c,", func(s settings) any { return s.Printers }, []string{"a", "b", "c"}, ""},
		{"printers", "", func(s settings) any { return s.Printers }, []string(nil), ""},
	} {
		variable := "HALLPASS_" + strings.ToUpper(strings.ReplaceAll(c.key, "-", "_"))
		for source, args := range map[string][2][]string{
			"flag -" + c.key:          {{}, {"-" + c.key + "=" + c.text}},
			"environment " + variable: {{variable + "=" + c.text}, nil},
			"kiosk.yaml:1":            {{}, {"-config", file(t, c.key+": \""+c.text+"\"\n")}},
		} {
			s, err := load(t, args[0], args[1])
			switch {
			case c.refused != "" && (err == nil || !strings.Contains(err.Error(), c.refused) || !strings.HasSuffix(err.Error(), "("+source+")")):
				t.Errorf("%s %q from %s: %v, want %q and the source", c.key, c.text, source, err, c.refused)
			case c.refused == "" && err != nil:
				t.Errorf("%s %q from %s: %v", c.key, c.text, source, err)
			case c.refused == "" && !reflect.DeepEqual(c.want(s), c.value):
				t.Errorf("%s %q from %s: %v, want %v", c.key, c.text, source, c.want(s), c.value)
			}
		}
	}
}

// P9: what a file may hold besides plain lines, and what it may not.
func TestLoad_FormsOfAFile(t *testing.T) {
	for _, c := range []struct{ name, yaml, want string }{
		{"Windows", "\ufefflisten: a:1\r\nidle: 5s\r\n", ""},
		{"Alias", "listen: &x a:1\nprinters: [*x]\n", "list item that is no plain value"},
		{"ListOverLines", "listen: a:1\nprinters:\n  - a\n  - b\n", ""},
		{"ListOfLists", "printers: [[a], b]\n", "list item that is no plain value"},
		{"ListOfLines", "printers: [\"a\\nb\"]\n", "no plain value in one line"},
		{"ListWithAHole", "printers:\n  - a\n  -\n", "list item that is no plain value"},
		{"ListWithNull", "printers: [a, null]\n", "list item that is no plain value"},
		{"EndlessAlias", "printers: &a [*a]\n", "list item that is no plain value"},
		{"MergeKey", "<<: {listen: a:1}\n", `unknown key "<<"`},
		{"KeyInCapitals", "Listen: a:1\n", `unknown key "Listen" (did you mean listen?)`},
		{"KeyWithUnderscore", "ocr_workers: 2\n", "did you mean ocr-workers?"},
		{"FileInFile", "config: other.yaml\n", `unknown key "config"`},
		{"OneWord", "listen\n", "is no list of KEY: VALUE lines"},
		{"Tabs", "listen: a:1\n\tidle: 5s\n", "config kiosk.yaml: "},
		{"NoText", "listen: \xff\xfe\n", "config kiosk.yaml: "},
		{"UnknownAnchor", "listen: *nobody\n", "config kiosk.yaml: "},
	} {
		s, err := load(t, []string{}, []string{"-config", file(t, c.yaml)})
		switch {
		case c.want == "" && (err != nil || s.Listen != "a:1"):
			t.Errorf("%s: %+v, %v", c.name, s, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// Only names that begin as ours are looked at, and all of those.
func TestLoad_Environment(t *testing.T) {
	for _, c := range []struct{ environ, want string }{
		{"HALLPASS=1", ""},
		{"hallpass_listen=8080", ""}, // not ours: the environment knows capitals
		{"XHALLPASS_LISTEN=8080", ""},
		{"HALLPASS_LISTEN", "has no port separator"}, // a name alone is an empty value
		{"HALLPASS_=1", "environment HALLPASS_ is no setting"},
		{"HALLPASS_IDEL=1s", "did you mean HALLPASS_IDLE?"},
		{"HALLPASS_LISTEN=a:1=b", ""},
		{"HALLPASS_CONFIG=/nonexistent/kiosk.yaml", "write the file or leave out -config"},
	} {
		_, err := load(t, []string{c.environ}, nil)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.environ, err, c.want)
		}
	}
}

type picky struct {
	Name string `config:"name,any"`
}

var errPicky = errors.New("name somebody")

func (picky) Validate() error { return errPicky }

// A complaint that names no setting stays as it is; -h is answered before any
// complaint, and before the file is read.
func TestLoad_ComplaintsAndHelp(t *testing.T) {
	var c picky
	cmd := config.Command{Name: "x", Environ: []string{}, Output: io.Discard}
	if _, err := config.Load(cmd, nil, &c); !errors.Is(err, errPicky) || err.Error() != "name somebody" {
		t.Errorf("Load = %v", err)
	}
	if _, err := config.Load(cmd, []string{"-config", "/nonexistent", "-h"}, &c); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h = %v", err)
	}
	if got := config.Invalid("listen", 80, "is no address").Error(); got != `listen: "80" is no address` {
		t.Errorf("Invalid reads %s", got)
	}
}
