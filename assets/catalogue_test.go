package assets_test

import (
	"encoding/json"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hallpass/assets"
)

var (
	pluralForm = regexp.MustCompile(`\.(zero|one|two|few|many|other)$`)
	slot       = regexp.MustCompile(`\{\w+\}`)
)

// catalogues returns language → key → sentence.
func catalogues(t *testing.T) map[string]map[string]string {
	t.Helper()
	var languages []string
	if err := json.Unmarshal([]byte(read(t, "web/messages/languages.json")), &languages); err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]string{}
	for _, language := range languages {
		all[language] = map[string]string{}
		files, err := fs.Glob(assets.Files(), "web/messages/"+language+"/*.json")
		if err != nil || len(files) == 0 {
			t.Fatalf("language %s has no catalogue: %v", language, err)
		}
		for _, name := range files {
			var part map[string]string
			if err := json.Unmarshal([]byte(read(t, name)), &part); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			screen := strings.TrimSuffix(path.Base(name), ".json")
			for key, sentence := range part {
				if !strings.HasPrefix(key, screen+".") {
					t.Errorf("%s: key %q does not begin with %q", name, key, screen+".")
				}
				all[language][key] = sentence
			}
		}
	}
	return all
}

func TestCatalogue_EveryLanguageHasItsFolder(t *testing.T) {
	all := catalogues(t)
	entries, err := fs.ReadDir(assets.Files(), "web/messages")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() && all[e.Name()] == nil {
			t.Errorf("messages/%s is not in languages.json, so no page offers it", e.Name())
		}
	}
}

func TestCatalogue_NoKeyMissingInAnyLanguage(t *testing.T) {
	all := catalogues(t)
	for from, own := range all {
		for to, other := range all {
			for key := range own {
				base := pluralForm.ReplaceAllString(key, "")
				if base != key {
					key = base + ".other" // each language has its own plural forms, but always other
				}
				if _, ok := other[key]; !ok {
					t.Errorf("%s has %q, %s has not", from, key, to)
				}
			}
		}
	}
}

func TestCatalogue_SentencesAreFilledAndSlotsAgree(t *testing.T) {
	all := catalogues(t)
	for language, own := range all {
		for key, sentence := range own {
			if strings.TrimSpace(sentence) != sentence || sentence == "" {
				t.Errorf("%s: %q is empty or has blanks around it", language, key)
			}
			english, ok := all["en"][key]
			if ok && !slices.Equal(slots(sentence), slots(english)) {
				t.Errorf("%s: %q has slots %v, English has %v", language, key, slots(sentence), slots(english))
			}
		}
	}
}

func slots(sentence string) []string {
	found := slot.FindAllString(sentence, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// A module names a key as a plain string ("kiosk.take.heading") or, where a
// code picks the sentence, as a prefix in a template (`fault.${code}`).
func TestCatalogue_EveryKeyIsUsedAndEveryUseExists(t *testing.T) {
	english := catalogues(t)["en"]
	screens := map[string]bool{}
	for key := range english {
		screens[strings.SplitN(key, ".", 2)[0]] = true
	}
	named := regexp.MustCompile("[\"'`]([a-z][a-z0-9_]*(?:\\.[a-zA-Z0-9_-]+)+)[\"'`]")
	prefixed := regexp.MustCompile("`([a-z][a-z0-9_]*\\.[a-zA-Z0-9_.-]*)\\$\\{")
	used, prefixes := map[string]bool{}, []string{}
	for _, name := range append(list(t, ".js"), list(t, ".html")...) {
		source := read(t, name)
		for _, m := range named.FindAllStringSubmatch(source, -1) {
			if !screens[strings.SplitN(m[1], ".", 2)[0]] {
				continue
			}
			used[m[1]] = true
			_, plain := english[m[1]]
			_, plural := english[m[1]+".other"]
			if !plain && !plural {
				t.Errorf("%s says %q, which no catalogue has", name, m[1])
			}
		}
		for _, m := range prefixed.FindAllStringSubmatch(source, -1) {
			prefixes = append(prefixes, m[1])
		}
	}
	for key := range english {
		byPrefix := slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(key, p) })
		if !used[key] && !used[pluralForm.ReplaceAllString(key, "")] && !byPrefix {
			t.Errorf("no module says %q", key)
		}
	}
}

var (
	jsComment = regexp.MustCompile(`(?s)/\*.*?\*/|(?m)(?:^|\s)//[^\n]*`)
	jsString  = regexp.MustCompile("\"(?:[^\"\\\\\n]|\\\\.)*\"|'(?:[^'\\\\\n]|\\\\.)*'|`(?:[^`\\\\]|\\\\.)*`")
	han       = regexp.MustCompile(`\p{Han}`)
	sentence  = regexp.MustCompile(`^\p{Lu}\p{L}+([ ,]+[\p{L}{$}'’]+)+|^\p{Lu}\p{L}+[.!?…]$`)
	notSaid   = regexp.MustCompile(`^(M[\d.]|Bearer \$)`) // the path of a drawing, a header's value
	tags      = regexp.MustCompile(`(?s)<!--.*?-->|<style.*?</style>|<[^>]*>`)
)

// Every sentence that a person reads is in the catalogue; in a module stand
// keys, class names and, for programmers, errors that begin in lower case.
func TestModules_HoldNoLiteralSentence(t *testing.T) {
	for _, name := range list(t, ".js") {
		for _, found := range literals(read(t, name)) {
			t.Errorf("%s: sentence %s; put it into the catalogue", name, found)
		}
	}
	for _, name := range list(t, ".html") {
		for _, text := range strings.Split(tags.ReplaceAllString(read(t, name), "\n"), "\n") {
			if len(strings.Fields(text)) > 1 || han.MatchString(text) {
				t.Errorf("%s: sentence %q; put it into the catalogue", name, strings.TrimSpace(text))
			}
		}
	}
}

func TestModules_LiteralSentenceIsFound(t *testing.T) {
	for _, bad := range []string{"\"Take your badge\"", "'Done.'", "`Hello ${name}`", "\"打印\""} {
		if len(literals("x("+bad+")")) == 0 {
			t.Errorf("the search misses %s", bad)
		}
	}
	for _, good := range []string{`"kiosk.take.heading"`, `"button main"`, `"Content-Type"`, `"M4 4h6v6"`, "// A comment here."} {
		if found := literals("x(" + good + ")"); len(found) > 0 {
			t.Errorf("the search takes %s for a sentence: %v", good, found)
		}
	}
}

func literals(source string) []string {
	var found []string
	for _, quoted := range jsString.FindAllString(jsComment.ReplaceAllString(source, "\n"), -1) {
		text := quoted[1 : len(quoted)-1]
		if han.MatchString(text) || sentence.MatchString(text) && !notSaid.MatchString(text) {
			found = append(found, quoted)
		}
	}
	return found
}
