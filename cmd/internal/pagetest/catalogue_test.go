package pagetest_test

import (
	"encoding/json"
	"io/fs"
	"testing"

	"hallpass/assets"
	"hallpass/sync/fault"
	"hallpass/sync/record/showfile"
)

// Every code that a server may answer has its sentence in every language.
func TestCatalogue_EveryFaultHasItsSentence(t *testing.T) {
	for _, language := range languages(t) {
		var sentences map[string]string
		if err := json.Unmarshal(asset(t, "web/messages/"+language+"/fault.json"), &sentences); err != nil {
			t.Fatal(err)
		}
		for _, code := range fault.Codes() {
			if sentences["fault."+string(code)] == "" {
				t.Errorf("%s has no sentence for the fault %q", language, code)
			}
		}
	}
}

// The sample show is a show that the hall accepts, and complete in every language.
func TestSampleShow_IsValidAndComplete(t *testing.T) {
	show, err := showfile.Parse(asset(t, "show/show.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(show.Exhibitors) != 10 || len(show.Categories) != 6 || len(show.Questions) != 5 || len(show.Gates) != 2 {
		t.Errorf("got %d exhibitors, %d categories, %d questions, %d gates; want 10, 6, 5, 2",
			len(show.Exhibitors), len(show.Categories), len(show.Questions), len(show.Gates))
	}
	texts := []map[string]string{show.Name}
	for _, c := range show.Categories {
		texts = append(texts, c.Name)
	}
	for _, q := range show.Questions {
		texts = append(texts, q.Text)
		for _, o := range q.Options {
			texts = append(texts, o.Text)
		}
	}
	for _, c := range show.Consents {
		texts = append(texts, c.Text)
	}
	for _, e := range show.Exhibitors {
		texts = append(texts, e.Name)
	}
	for _, text := range texts {
		for _, language := range languages(t) {
			if text[language] == "" {
				t.Errorf("%v has no text in %s", text, language)
			}
		}
	}
}

func languages(t *testing.T) []string {
	t.Helper()
	var all []string
	if err := json.Unmarshal(asset(t, "web/messages/languages.json"), &all); err != nil || len(all) < 2 {
		t.Fatalf("languages.json: %v, %v", all, err)
	}
	return all
}

func asset(t *testing.T, name string) []byte {
	t.Helper()
	data, err := fs.ReadFile(assets.Files(), name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
