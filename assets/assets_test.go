package assets_test

import (
	"errors"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"

	"hallpass/assets"
)

func TestFiles_HoldsEveryFolder(t *testing.T) {
	for _, folder := range []string{"badge", "fonts", "show", "vendor", "web"} {
		entries, err := fs.ReadDir(assets.Files(), folder)
		if err != nil || len(entries) == 0 {
			t.Errorf("%s: %d entries, %v; want some", folder, len(entries), err)
		}
	}
	if _, err := fs.ReadFile(assets.Files(), "web/nobody.html"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file gives %v, want fs.ErrNotExist", err)
	}
}

var (
	imported = regexp.MustCompile(`(?:from|import)\s*\(?\s*"((?:\.{0,2}/)[^"]+)"`)
	linked   = regexp.MustCompile(`(?:src|href)="(/[^"#]+)"`)
	foreign  = regexp.MustCompile(`["'(=](?:https?:|wss?:)?//[a-z0-9]`)
)

// A page never asks for a file that is not here.
func TestPages_EveryImportAndLinkExists(t *testing.T) {
	checked := 0
	check := func(from, to string) {
		checked++
		if strings.HasPrefix(to, "/assets/") {
			to = strings.TrimPrefix(to, "/assets/")
		} else {
			to = path.Join(path.Dir(from), to)
		}
		if _, err := fs.Stat(assets.Files(), to); err != nil {
			t.Errorf("%s: %v", from, err)
		}
	}
	for _, name := range list(t, ".js") {
		for _, m := range imported.FindAllStringSubmatch(jsComment.ReplaceAllString(read(t, name), "\n"), -1) {
			check(name, m[1])
		}
	}
	for _, name := range list(t, ".html") {
		for _, m := range linked.FindAllStringSubmatch(read(t, name), -1) {
			if strings.HasPrefix(m[1], "/assets/") {
				check(name, m[1])
			}
		}
	}
	if checked < 20 {
		t.Errorf("found only %d imports and links; the search is broken", checked)
	}
}

// A hall without the internet shows every page: nothing is fetched from
// anywhere else (P2), and no visitor is seen by anybody else (P8).
func TestPages_AskNobodyElse(t *testing.T) {
	const namespace = "http://www.w3.org/2000/svg" // a name, never fetched
	for _, ending := range []string{".js", ".css", ".html"} {
		for _, name := range list(t, ending) {
			source := strings.ReplaceAll(jsComment.ReplaceAllString(read(t, name), "\n"), namespace, "")
			if found := foreign.FindString(source); found != "" {
				t.Errorf("%s refers to another server: %s", name, found)
			}
		}
	}
}

// A strict content policy holds: no script or style in the markup.
func TestPages_NothingInline(t *testing.T) {
	inline := regexp.MustCompile(`<script(?:\s+type="module")?\s*>|<style|\sstyle="|\son[a-z]+="`)
	for _, name := range list(t, ".html") {
		if found := inline.FindString(read(t, name)); found != "" {
			t.Errorf("%s has %q inline", name, found)
		}
	}
}
