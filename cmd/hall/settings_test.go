package main

import (
	"strings"
	"testing"
)

// P9: each setting that will not do is named with its value, where it came from
// and what would do; what will do passes.
func TestSettings_EachIsJudged(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string // "" if it will do
	}{
		{nil, ""},
		{[]string{"-listen", "192.0.2.1:8443"}, ""},
		{[]string{"-listen", "[::1]:0"}, ""},
		{[]string{"-listen", ""}, `listen: "" is not HOST:PORT; try 127.0.0.1:8443 (flag -listen)`},
		{[]string{"-listen", "::1"}, `listen: "::1" is not HOST:PORT`},
		{[]string{"-listen", "[::]:80", "-insecure-loopback"}, "plain http may not leave this machine"},
		{[]string{"-listen", "192.0.2.1:80", "-insecure-loopback"}, "plain http may not leave this machine"},
		{[]string{"-listen", ":80", "-insecure-loopback"}, "plain http may not leave this machine"},
		{[]string{"-listen", "127.0.0.2:80", "-insecure-loopback"}, ""},
		{[]string{"-listen", "[::1]:80", "-insecure-loopback"}, ""},
		{[]string{"-listen", "localhost:80", "-insecure-loopback"}, ""},
		{[]string{"-listen", "localhost.example:80", "-insecure-loopback"}, "is not loopback"},
		{[]string{"-loopback", "127.0.0.1:8080"}, ""},
		{[]string{"-loopback", "0.0.0.0:8080"}, `loopback: "0.0.0.0:8080" is not loopback`},
		{[]string{"-loopback", "8080"}, `loopback: "8080" is not HOST:PORT`},
		{[]string{"-data", ""}, `data: "" names no folder; try hall-data (flag -data)`},
		{[]string{"-url", "https://hall.example"}, ""},
		{[]string{"-url", "https://hall.example:8443"}, ""},
		{[]string{"-url", "http://[::1]:8080"}, ""},
		{[]string{"-url", "hall.example:8443"}, "is no address of a hall; try https://hall.example:8443"},
		{[]string{"-url", "ftp://hall.example"}, "is no address of a hall"},
		{[]string{"-url", "https://"}, "is no address of a hall"},
		{[]string{"-url", "https://hall.example/show"}, "is no address of a hall"},
		{[]string{"-url", "https://hall.example?show=1"}, "is no address of a hall"},
		{[]string{"-url", "https://hall.example#show"}, "is no address of a hall"},
		{[]string{"-url", "https://dana:secret@hall.example"}, "is no address of a hall"},
		{[]string{"-url", "https://hall.example:port"}, "is no address of a hall"},
		{[]string{"-listen", "8443", "-url", "x"}, "\nurl: "}, // both are told
	} {
		s := defaults()
		_, err := load(streams{environ: []string{}}, "run", "", "", c.args, &s)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%q: %v, want it to pass", c.args, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%q: %v, want %q", c.args, err, c.want)
		}
	}
}

func TestSettings_EnvironmentNamesTheVariable(t *testing.T) {
	s := defaults()
	_, err := load(streams{environ: []string{"HALLPASS_LISTEN=8443"}}, "run", "", "", nil, &s)
	if err == nil || !strings.Contains(err.Error(), "(environment HALLPASS_LISTEN)") {
		t.Errorf("load = %v, want the variable named", err)
	}
}
