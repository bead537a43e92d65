package roster_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/record/roster"
)

func show() record.Show {
	return record.Show{
		ID:     "lamps-2027",
		Fields: []record.FieldRule{{Name: "name", Required: true}, {Name: "company"}, {Name: "mobile"}, {Name: "email"}},
		Categories: []record.Category{
			{ID: "trade", Name: record.Text{"en": "Trade visitor", "zh-CN": "专业观众"}}, {ID: "media", Name: record.Text{"en": "Media"}},
		},
		Questions: []record.Question{
			{ID: "interest", Kind: record.QuestionMulti, Options: []record.Option{{ID: "led", Text: record.Text{"en": "LED"}}, {ID: "laser", Text: record.Text{"en": "Laser", "zh-CN": "激光"}}}},
			{ID: "role", Kind: record.QuestionSingle, Options: []record.Option{{ID: "buy"}, {ID: "sell"}}},
			{ID: "remark", Kind: record.QuestionText},
		},
	}
}

// read returns the rows and, as text, the problems.
func read(t testing.TB, text string, o roster.Options) (rows []roster.Row, problems []string, ignored []string) {
	t.Helper()
	r, err := roster.New(strings.NewReader(text), show(), o)
	if err != nil {
		t.Fatal(err)
	}
	for {
		row, err := r.Next()
		var problem *roster.Problem
		switch {
		case errors.Is(err, io.EOF):
			return rows, problems, r.Ignored()
		case errors.As(err, &problem):
			problems = append(problems, problem.Error())
		case err != nil:
			t.Fatal(err)
		default:
			rows = append(rows, row)
		}
	}
}

// However a spreadsheet or a ticket shop writes the same list.
func TestReader_TakesListsAsTheyCome(t *testing.T) {
	for name, text := range map[string]string{
		"Plain":         "name,company,email,code\nAda,Nordlicht,ada@example.org,EARLY1\n",
		"ByteOrderMark": "\ufeffname,company,email,code\r\nAda,Nordlicht,ada@example.org,early-1\r\n",
		"Semicolons":    "Name;Company;E-Mail;Code\nAda;Nordlicht;ada@example.org;EARLY1",
		"Tabs":          "Full Name\tOrganisation\tEmail address\tConfirmation code\nAda\tNordlicht\tada@example.org\tEARLY 1\n",
		"Chinese":       "姓名,公司名称,邮箱,确认码\nAda,Nordlicht,ada@example.org,EARLY1\n",
		"Quoted":        "\"name\",\"company\",email,\"code\"\n\"Ada\",\" Nord\nlicht\"\"\",ada@example.org,EARLY1\n",
		"BlankLines":    "name,company,email,code\n\n,,,\nAda,Nordlicht,ada@example.org,https://tickets.example.org/t/EARLY1\n\n",
		"MoreColumns":   "Seat,name,company,email,code\n7A,Ada,Nordlicht,ada@example.org,EARLY1\n",
	} {
		t.Run(name, func(t *testing.T) {
			rows, problems, ignored := read(t, text, roster.Options{})
			if len(rows) != 1 || len(problems) > 0 {
				t.Fatalf("%d rows, problems %q", len(rows), problems)
			}
			row := rows[0]
			if row.Fields["name"] != "Ada" || !strings.HasPrefix(row.Fields["company"], "Nord") || row.Fields["email"] != "ada@example.org" || row.Code != "EARLY1" {
				t.Errorf("row %+v", row)
			}
			if want := name == "MoreColumns"; (len(ignored) == 1) != want {
				t.Errorf("ignored %q", ignored)
			}
		})
	}
}

// P9: each bad line has its number and a sentence, and the rest is read; no
// sentence repeats what the line says (P8).
func TestReader_BadLines(t *testing.T) {
	text := strings.Join([]string{
		"name,category,code,interest,role,remark", // 1
		"Ada,Trade visitor,EARLY1,LED;激光,buy,none",
		"Bo,专业观众,EARLY2,,,",
		"Secret,astronaut,EARLY3,,,",
		"Secret,trade,short,,,",
		"Secret,trade,EARLY1,,,", // 6: line 2's code
		"Secret,trade,EARLY4,neon,,",
		"Secret,trade,EARLY5,,buy;sell,",
		"Secret\xff,trade,EARLY6,,,",
		"Secret,trade,EARLY7,,,,more",                 // 10
		strings.Repeat("x", 301) + ",trade,EARLY8,,,", // 11
		"Cy,media", // 12: short lines have empty ends
		"Secret \"quoted\",trade,EARLY9,,,",
		"Dee,,EARLY0,,,",
		"\x00,trade,,,,", // 15: nobody
	}, "\n")
	rows, problems, _ := read(t, text, roster.Options{Category: "media"})
	var names []string
	for _, row := range rows {
		names = append(names, fmt.Sprint(row.Line, row.Fields["name"], row.Category))
	}
	if want := []string{"2Adatrade", "3Botrade", "12Cymedia", "14Deemedia"}; !slices.Equal(names, want) {
		t.Errorf("rows %q, want %q", names, want)
	}
	if picks := rows[0].Answers["interest"].Picks; !slices.Equal(picks, []string{"laser", "led"}) || rows[0].Answers["remark"].Text != "none" {
		t.Errorf("answers %+v", rows[0].Answers)
	}
	if len(problems) != 10 {
		t.Errorf("%d problems, want 10", len(problems))
	}
	for i, want := range []int{4, 5, 6, 7, 8, 9, 10, 11, 13, 15} {
		if i < len(problems) && !strings.HasPrefix(problems[i], fmt.Sprintf("line %d", want)) {
			t.Errorf("problem %q, want one of line %d", problems[i], want)
		}
	}
	for _, p := range problems {
		if strings.Contains(p, "Secret") || strings.Contains(p, "astronaut") || strings.Contains(p, "neon") {
			t.Errorf("%q repeats the line", p)
		}
	}
}

// P9: what is no list is refused with a sentence.
func TestNew_RefusesWhatIsNoList(t *testing.T) {
	for name, text := range map[string]string{
		"Empty": "", "UTF16": "\xff\xfen\x00a\x00", "Spreadsheet": "PK\x03\x04", "NoName": "Seat,Row\n7,A\n", "Twice": "name,Full name\nAda,Ada\n",
	} {
		if _, err := roster.New(strings.NewReader(text), show(), roster.Options{}); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v, want %q", name, err, fault.Invalid)
		}
	}
	for name, options := range map[string]roster.Options{
		"no such key":      {Key: "Number"},
		"no such category": {Category: "astronaut"},
		"no such column":   {Columns: map[string]string{"Number": "company"}},
		"no such field":    {Columns: map[string]string{"name": "shoe size"}},
	} {
		if _, err := roster.New(strings.NewReader("name\nAda\n"), show(), options); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What a line is known by: its column, its code, or all that it says.
func TestReader_Key(t *testing.T) {
	text := "Ref,name,code\n17,Ada,EARLY1\n18,Bo,\n,Cy,EARLY3\n"
	byColumn, problems, _ := read(t, text, roster.Options{Key: "Ref", Columns: map[string]string{"Ref": "company"}})
	if len(byColumn) != 2 || byColumn[0].Key == byColumn[1].Key || byColumn[1].Fields["company"] != "18" || len(problems) != 1 {
		t.Errorf("by column %+v, %q", byColumn, problems)
	}
	again, _, _ := read(t, "Ref,name,code\n17,Ada Later,EARLY9\n", roster.Options{Key: "Ref"})
	if again[0].Key != byColumn[0].Key {
		t.Error("another name makes another person")
	}
	rows, _, _ := read(t, text, roster.Options{})
	if len(rows) != 3 || rows[0].Key == rows[1].Key || rows[0].Key != "code\x00EARLY1" {
		t.Errorf("by code or content %+v", rows)
	}
}

// FuzzReader: any bytes are rows, problems or a refusal, and end.
func FuzzReader(f *testing.F) {
	f.Add([]byte("name,code\nAda,EARLY1\n"))
	f.Add([]byte("\ufeffname;email\n\"a;b\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := roster.New(strings.NewReader(string(data)), show(), roster.Options{})
		if err != nil {
			return
		}
		for range len(data) + 2 {
			row, err := r.Next()
			var problem *roster.Problem
			switch {
			case errors.Is(err, io.EOF):
				return
			case err == nil:
				if row.Line < 1 || row.Key == "" || row.Code != "" && !record.IsCode(row.Code) {
					t.Fatalf("row %+v", row)
				}
			case !errors.As(err, &problem):
				t.Fatal(err)
			}
		}
		t.Fatal("the list does not end")
	})
}
