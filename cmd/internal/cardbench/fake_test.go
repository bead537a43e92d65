package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"hallpass/cmd/internal/cardscore"
	"hallpass/cmd/internal/readout"
)

// TestMain lets the test program stand in for the programs that cardbench
// runs.
func TestMain(m *testing.M) {
	if os.Getenv("CARDBENCH_FAKE") == "" {
		os.Exit(m.Run())
	}
	if len(os.Args) > 1 && os.Args[1] == "read" {
		os.Exit(fakeKiosk(os.Args[2:]))
	}
	os.Exit(fakeTesseract(os.Args[1:]))
}

// fakeKiosk takes read -json -engine NAME -workers N FILE... It reads each
// card's name right; hard ones fail. Engine "blind" does not start, "babble"
// prints no results, "tired" ends early.
func fakeKiosk(args []string) int {
	engine, files := args[2], args[5:]
	switch engine {
	case "blind":
		fmt.Fprintln(os.Stderr, "library not found; install it")
		return 1
	case "babble":
		fmt.Println("hello")
		return 0
	case "tired":
		files = files[:1]
	}
	status := 0
	for _, file := range files {
		one := readout.Failed(file, "fake", os.ErrInvalid)
		if tier, card := cardscore.Place(file); tier != "hard" {
			truth, err := cardscore.LoadTruth(filepath.Join(filepath.Dir(file), ".."))
			if err != nil {
				return 3
			}
			one = readout.Result{File: file, MS: 100, Engine: "fake", Fields: map[string]readout.Field{
				"name": {Text: truth[card].Fields["name"][0], Confidence: 0.95},
				"fax":  {Text: "1234", Confidence: 0.4},
			}}
		} else {
			status = 1
		}
		if err := readout.Write(os.Stdout, one); err != nil {
			return 3
		}
	}
	if engine == "tired" {
		return 1
	}
	return status
}

// fakeTesseract takes FILE - -l LANGUAGES.
func fakeTesseract(args []string) int {
	if len(args) != 4 || args[1] != "-" || args[3] != "chi_sim+eng" {
		return 1
	}
	fmt.Println("OMP_THREAD_LIMIT", os.Getenv("OMP_THREAD_LIMIT"))
	return 0
}

// folder makes cards in three tiers with a truth of one name each; the lines
// are those that were printed.
func folder(t *testing.T, name string, cards ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	for i, card := range cards {
		person := "Ada Quill"
		if i%2 == 1 {
			person = "柳青禾"
		}
		truth, err := json.Marshal(map[string]any{
			"fields": map[string][]string{"name": {person}, "email": {"ada@quillon.example"}},
			"lines": []map[string]any{
				{"text": person, "x0": 60.4, "x1": 300, "y0": 60, "y1": 130},
				{"text": "E-mail: ada@quillon.example", "x0": 60, "x1": 400, "y0": 300, "y1": 330},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(dir, "gt", card+".json"), string(truth))
		for _, tier := range []string{"clean", "mild", "hard"} {
			put(t, filepath.Join(dir, tier, card+".jpg"), "picture")
		}
	}
	return dir
}

func put(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
