package showfile_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/record/showfile"
)

func sample(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "show.json"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestParse_RoundTrips(t *testing.T) {
	show, err := showfile.Parse(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	if show.Learn {
		t.Error("a show learns that does not say so")
	}
	show.Learn, show.Rehearsal, show.Revised = true, true, record.Stamp{Wall: 1, Counter: 2, Node: "hall"}
	again, err := showfile.Parse(showfile.Format(show))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(show, again) {
		t.Errorf("round trip changed the show:\n%+v\n%+v", show, again)
	}
	if !bytes.Equal(showfile.Format(show), showfile.Format(again)) {
		t.Error("the same show gave different bytes")
	}
}

func TestFormat_EmptyListsAreLists(t *testing.T) {
	got := string(showfile.Format(record.Show{ID: "x"}))
	for _, want := range []string{`"questions":[]`, `"consents":[]`, `"exhibitors":[]`} {
		if !strings.Contains(got, want) {
			t.Errorf("Format = %s, want %s: a page loops over it", got, want)
		}
	}
}

// P9: whoever wrote the file is told the field and the reason.
func TestParse_Refusals(t *testing.T) {
	tests := []struct {
		name, old, new string
		want           string // in the sentence
	}{
		{"MisspeltKey", `"required": true`, `"requird": true`, "requird"},
		{"TwoFiles", "", "", "closing brace"},
		{"BadDay", `"2027-04-21"`, `"21.4.2027"`, "2027-04-21"},
		{"DayBeforeTokens", `"2027-04-21"`, `"1997-04-21"`, "2020"},
		{"BadZone", `"Asia/Shanghai"`, `"Asia/Atlantis"`, "Atlantis"},
		{"LongCategory", `"id": "trade"`, `"id": "trade-visitor-x"`, "trade-visitor-x"},
		{"BadColour", `"#0E7A4B"`, `"blue"`, "colour"},
		{"UnknownQuestionKind", `"kind": "single"`, `"kind": "slider"`, "slider"},
		{"ConsentWithoutVersion", `"version": 1`, `"version": 0`, "version"},
		{"NotJSON", `{`, `<`, "cannot be read"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			data := strings.Replace(string(sample(t)), tt.old, tt.new, 1)
			if tt.name == "TwoFiles" {
				data += "{}"
			}
			_, err := showfile.Parse([]byte(data))
			if err == nil || !strings.Contains(fault.From(err).Message, tt.want) {
				t.Errorf("Parse = %v, want a sentence with %q", err, tt.want)
			}
		})
	}
}

// P12: a kiosk of last year understands what it can of a hall of this year.
func TestParsePayload_FromANewerHall(t *testing.T) {
	data := strings.Replace(string(sample(t)), `"days": 3`, `"days": 3, "moon_phase": "full"`, 1)
	if _, err := showfile.Parse([]byte(data)); err == nil {
		t.Error("Parse took an unknown key; in a file it is a misspelling")
	}
	show, err := showfile.ParsePayload([]byte(data))
	if err != nil || show.Days != 3 {
		t.Errorf("ParsePayload = %d days, %v; want 3 days and no error", show.Days, err)
	}
}

func TestParse_TooLarge(t *testing.T) {
	if _, err := showfile.Parse(make([]byte, 5<<20)); fault.CodeOf(err) != fault.TooLarge {
		t.Errorf("Parse(5 MiB) = %v, want too_large", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(sample(f))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		show, err := showfile.Parse(data)
		if err != nil {
			return
		}
		if _, err := showfile.Parse(showfile.Format(show)); err != nil {
			t.Errorf("a good show does not parse again: %v", err)
		}
	})
}
