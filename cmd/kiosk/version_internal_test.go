package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hallpass/ocr/ppocr"
)

func TestVersion_SaysWhichEngineReads(t *testing.T) {
	var out, errs bytes.Buffer
	if err := runVersion(t.Context(), []string{"-json"}, streams{out: &out, err: &errs}); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Version string
		Reader  engines
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil || got.Version == "" || got.Reader.Engine != aboutEngines(t.Context()).Engine {
		t.Errorf("%s: %v", out.String(), err)
	}
}

// P9: what is missing is told, with the command that mends it.
func TestVersion_WithoutPack(t *testing.T) {
	t.Setenv(packVariable, filepath.Join(t.TempDir(), "none"))
	var out bytes.Buffer
	if err := runVersion(t.Context(), nil, streams{out: &out, err: &out}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"no reader pack", os.Getenv(packVariable), "kiosk reader install FILE"} {
		if aboutEngines(t.Context()).Tesseract != "" && !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in %s", want, out.String())
		}
	}
}

func TestReader_Refuses(t *testing.T) {
	letter := filepath.Join(t.TempDir(), "letter")
	if err := os.WriteFile(letter, []byte("no pack"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv(packVariable, filepath.Join(t.TempDir(), "none"))
	saved := filepath.Join(t.TempDir(), "saved")
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"Nothing":     {nil, "kiosk reader -h explains"},
		"UnknownVerb": {[]string{"remove"}, "kiosk reader -h explains"},
		"NoFile":      {[]string{"install"}, "kiosk reader -h explains"},
		"PackNowhere": {[]string{"pack", "-o", saved}, packAdvice},
		"Letter":      {[]string{"install", "-dir", filepath.Join(t.TempDir(), "r"), letter}, "no file that kiosk reader pack wrote"},
		"Absent":      {[]string{"install", letter + "s"}, "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			err := runReader(t.Context(), c.args, streams{out: &out, err: &out})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
	if _, err := os.Stat(saved); err == nil {
		t.Error("a refused pack left its file")
	}
}

// What is written here can be installed there.
func TestReader_CarriesThePack(t *testing.T) {
	if _, err := ppocr.Find(""); err != nil {
		t.Fatalf("%v; .ci/install test fetches the reader pack", err)
	}
	var out bytes.Buffer
	s := streams{out: &out, err: &out}
	file, dir := filepath.Join(t.TempDir(), "reader.pack"), filepath.Join(t.TempDir(), "reader")
	if err := runReader(t.Context(), []string{"pack", "-o", file}, s); err != nil {
		t.Fatal(err)
	}
	if err := runReader(t.Context(), []string{"install", "-dir", dir, file}, s); err != nil {
		t.Fatal(err)
	}
	if p, err := ppocr.Find(dir); err != nil || p.Dir != dir {
		t.Errorf("%+v, %v", p, err)
	}
}
