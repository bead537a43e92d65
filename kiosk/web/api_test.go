package web_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"hallpass/ocr"
	"hallpass/sync/record"
)

type registered struct {
	ID, Token string
	ShortCode string `json:"short_code"`
	Badge     struct {
		ID, State string
		Issue     int
	}
}

func TestRegistrations_SavedThenPrinted(t *testing.T) { // P1, P3, P6
	s := start(t, parts{})
	var made registered
	s.json(t, 201, &made, "POST", "/api/v1/registrations", goodForm, "Idempotency-Key", "k1")
	if made.ID == "" || made.Token == "" || len(made.ShortCode) != 10 || made.Badge.State != "reserved" || made.Badge.Issue != 1 {
		t.Fatalf("made = %+v", made)
	}
	if got := s.last(t, made.ID); got != `{"state":"issued","reason":"","printer":"idle","place":"Desk 1","away":false,"issue":1}` {
		t.Errorf("last event = %s", got)
	}
	var again registered
	s.json(t, 200, &again, "POST", "/api/v1/registrations", goodForm, "Idempotency-Key", "k1")
	if again != made {
		t.Errorf("repeat = %+v, want %+v", again, made)
	}
	for _, handle := range []string{made.ID, made.ShortCode, strings.ToLower(made.ShortCode)} {
		var entry struct {
			ID, Category, Created string
			Fields                map[string]string
			Badge                 struct{ State, Reason, Printer string }
		}
		s.json(t, 200, &entry, "GET", "/api/v1/registrations/"+handle, "")
		if entry.ID != made.ID || entry.Fields["name"] != "林晓" || entry.Badge.State != "issued" || entry.Category != "trade" || entry.Created == "" {
			t.Errorf("%s = %+v", handle, entry)
		}
	}
	var second struct{ Badge struct{ Issue int } }
	s.json(t, 200, &second, "POST", "/api/v1/registrations/"+made.ID+"/badge", `{"reason":"misprint"}`, "Idempotency-Key", "k1")
	if second.Badge.Issue != 2 {
		t.Errorf("reprint = %+v, want issue 2", second)
	}
	var status struct {
		LastSeq   int     `json:"last_seq"`
		Unsent    int     `json:"unsent"`
		LastBadge *string `json:"last_badge"`
		Hall      string
		Printer   struct {
			State   string
			Reasons []string
		}
	}
	s.json(t, 200, &status, "GET", "/api/v1/status", "")
	if status.LastSeq < 5 || status.Unsent != status.LastSeq || status.LastBadge == nil || status.Hall != "none" || status.Printer.Reasons == nil {
		t.Errorf("status = %+v", status)
	}
	if log := s.Log.String(); strings.Contains(log, "林晓") || strings.Contains(log, made.Token) || strings.Contains(log, "Optics") { // P8
		t.Errorf("the log knows the visitor:\n%s", log)
	}
}

// last follows a badge to its final state.
func (s *site) last(tb testing.TB, id string) (last string) {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), "GET", s.URL+"/api/v1/registrations/"+id+"/events", nil)
	if err != nil {
		tb.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if got := resp.Header.Get("Content-Type"); got != "text/event-stream" {
		tb.Errorf("type = %q", got)
	}
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			last = data
		}
	}
	return last
}

func TestRegistrations_BadForms(t *testing.T) { // P9
	s := start(t, parts{printer: "none"})
	for _, tt := range []struct {
		name, body, code, field string
		status                  int
	}{
		{"NotJSON", `{"fields":`, "invalid", "", 422},
		{"Empty", ``, "invalid", "source", 422},
		{"WrongType", `{"fields":["name"]}`, "invalid", "", 422},
		{"AnswerOfNumbers", `{"answers":{"wish":7}}`, "invalid", "", 422},
		{"NoName", `{"fields":{},"category":"trade","consents":{"privacy":true},"source":"typed"}`, "invalid", "name", 422},
		{"NoConsent", `{"fields":{"name":"A"},"category":"trade","source":"typed"}`, "consent.required", "privacy", 422},
		{"TooLarge", `{"fields":{"name":"` + strings.Repeat("a", 300<<10) + `"}}`, "too_large", "", 413},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var f struct{ Code, Message, Field string }
			s.json(t, tt.status, &f, "POST", "/api/v1/registrations", tt.body)
			if f.Code != tt.code || f.Field != tt.field || f.Message == "" {
				t.Errorf("fault = %+v, want %s (%s)", f, tt.code, tt.field)
			}
		})
	}
}

func TestRegistrations_AnswersAsTextOrList(t *testing.T) {
	s := start(t, parts{printer: "none"})
	var made registered
	s.json(t, 201, &made, "POST", "/api/v1/registrations", strings.Replace(goodForm, `"source"`, `"answers":{"wish":"more light"},"source"`, 1))
	e, err := s.Store.Find(t.Context(), record.RegistrationID(made.ID))
	if err != nil || e.Registration.Answers["wish"].Text != "more light" {
		t.Errorf("answers = %+v, %v", e.Registration.Answers, err)
	}
}

func TestShow(t *testing.T) {
	s := start(t, parts{engine: lines{}})
	_, _, body := s.call(t, "GET", "/api/v1/show", nil)
	var show map[string]any
	if err := json.Unmarshal(body, &show); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]any{"id": "lumen-2027", "idle_seconds": 60.0, "ocr": true, "timezone": "Asia/Shanghai", "accent": "#0B57D0"} {
		if show[key] != want {
			t.Errorf("%s = %v, want %v", key, show[key], want)
		}
	}
	if bytes.Contains(body, []byte("null")) {
		t.Errorf("a list is null: %s", body)
	}
}

func TestCards_ReadShownForgotten(t *testing.T) { // P8
	s := start(t, parts{engine: lines{"Lin Xiao", "Lumen Optics Ltd.", "lin.xiao@lumen.example"}})
	var card struct {
		Card, Engine string
		Size         [2]int
		Fields       map[string]struct {
			Text, Crop string
			Doubtful   bool
			Confidence float64
			Box        [4]int
		}
		Lines []struct{ Text string }
	}
	s.json(t, 200, &card, "POST", "/api/v1/cards", string(photo(t)))
	email := card.Fields["email"]
	if card.Card == "" || card.Engine != "stand-in" || card.Size != [2]int{640, 400} || len(card.Lines) != 3 || email.Text != "lin.xiao@lumen.example" {
		t.Fatalf("card = %+v", card)
	}
	if email.Doubtful != (email.Confidence < ocr.Bar) {
		t.Errorf("email = %+v", email)
	}
	for path, kind := range map[string]string{email.Crop: "image/png", "/api/v1/cards/" + card.Card + "/view": "image/jpeg"} {
		if status, h, _ := s.call(t, "GET", path, nil); status != 200 || h.Get("Content-Type") != kind {
			t.Errorf("%s = %d %s", path, status, h.Get("Content-Type"))
		}
	}
	if status, _, _ := s.call(t, "GET", "/api/v1/cards/"+card.Card+"/crops/fax", nil); status != 404 {
		t.Errorf("crop of a field that was not read = %d", status)
	}
	form := strings.Replace(goodForm, `"source":"typed"`, fmt.Sprintf(`"source":"card","card":%q`, card.Card), 1)
	var made registered
	s.json(t, 201, &made, "POST", "/api/v1/registrations", form)
	if status, _, _ := s.call(t, "GET", "/api/v1/cards/"+card.Card+"/view", nil); status != 404 {
		t.Errorf("the card is remembered after it was confirmed: %d", status)
	}
	if status, _, _ := s.call(t, "DELETE", "/api/v1/cards/"+card.Card, nil); status != 204 {
		t.Errorf("delete again = %d, want 204", status)
	}
}

// A further picture of a card is put together with it.
func TestCards_SecondPicture(t *testing.T) {
	s := start(t, parts{engine: lines{"Lin Xiao", "Lumen Optics Ltd.", "lin.xiao@lumen.example"}})
	var first, both struct {
		Card     string
		Pictures int
		Other    bool
		Fields   map[string]struct {
			Crop    string
			Picture int
		}
	}
	s.json(t, 200, &first, "POST", "/api/v1/cards", string(photo(t)))
	s.json(t, 200, &both, "POST", "/api/v1/cards?with="+first.Card, string(photo(t)))
	if first.Pictures != 1 || both.Pictures != 2 || both.Other || both.Card == first.Card || len(both.Fields) != len(first.Fields) {
		t.Errorf("first = %+v, both = %+v", first, both)
	}
	if status, _, _ := s.call(t, "GET", both.Fields["email"].Crop, nil); status != 200 {
		t.Errorf("cut-out = %d", status)
	}
	var f struct{ Code string }
	s.json(t, 404, &f, "POST", "/api/v1/cards?with="+first.Card, string(photo(t)))
	if f.Code != "not_found" {
		t.Errorf("with a card that became another = %+v", f)
	}
}

// P9: print that the reader does not know is said to be so, on both sides'
// sum too, and no name of it is sure.
func TestCards_UnfamiliarPrint(t *testing.T) {
	s := start(t, parts{engine: lines{"さくら つばさ", "ひかりのもり", "sakura@hikari.example"}})
	var card struct {
		Card       string
		Unfamiliar bool
		Fields     map[string]struct{ Doubtful bool }
	}
	for _, path := range []string{"/api/v1/cards", "/api/v1/cards?with="} {
		if card.Card != "" {
			path += card.Card
		}
		s.json(t, 200, &card, "POST", path, string(photo(t)))
		if !card.Unfamiliar {
			t.Errorf("%s: the page is not told", path)
		}
		for name, f := range card.Fields {
			if name != "email" && name != "website" && !f.Doubtful {
				t.Errorf("%s: %s is sure", path, name)
			}
		}
	}
	s = start(t, parts{engine: lines{"Lin Xiao", "Lumen Optics Ltd."}})
	card.Unfamiliar = false
	if s.json(t, 200, &card, "POST", "/api/v1/cards", string(photo(t))); card.Unfamiliar {
		t.Error("plain print is called unfamiliar")
	}
}

// The pictures of the bad-input list, each with a sentence of its own (P9).
func TestCards_BadPictures(t *testing.T) {
	s := start(t, parts{engine: lines{"Lin Xiao"}})
	blank := image.NewGray(image.Rect(0, 0, 800, 500))
	for i := range blank.Pix {
		blank.Pix[i] = 250
	}
	for name, tt := range map[string]struct {
		picture []byte
		code    string
		status  int
	}{
		"NoPicture":    {[]byte("MZ this is a program"), "card.not_picture", 415},
		"Empty":        {nil, "card.not_picture", 415},
		"CutOff":       {photo(t)[:300], "card.not_picture", 415},
		"Blank":        {encode(t, blank), "card.blank", 422},
		"HundredMega":  {enlarged(encode(t, blank), 12000, 9000), "card.too_large", 413},
		"TooManyBytes": {make([]byte, 20<<20+1), "card.too_large", 413},
	} {
		t.Run(name, func(t *testing.T) {
			var f struct{ Code, Message string }
			s.json(t, tt.status, &f, "POST", "/api/v1/cards", string(tt.picture))
			if f.Code != tt.code || f.Message == "" {
				t.Errorf("fault = %+v, want %s", f, tt.code)
			}
		})
	}
	var card struct{ Card string }
	s.json(t, 200, &card, "POST", "/api/v1/cards", string(photo(t))) // nothing else stopped
}

func encode(tb testing.TB, img image.Image) []byte {
	tb.Helper()
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, img); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// enlarged makes a PNG claim other dimensions in its header (PNG §11.2.2), as
// a picture that fills the memory would.
func enlarged(data []byte, width, height uint32) []byte {
	const header = 8 + 4 // signature and length come before the chunk's name
	out := bytes.Clone(data)
	binary.BigEndian.PutUint32(out[header+4:], width)
	binary.BigEndian.PutUint32(out[header+8:], height)
	binary.BigEndian.PutUint32(out[header+17:], crc32.ChecksumIEEE(out[header:header+17]))
	return out
}

func TestOutlines(t *testing.T) {
	s := start(t, parts{})
	var seen struct {
		Found  bool
		Quad   *[4][2]float64
		Advice string
	}
	s.json(t, 200, &seen, "POST", "/api/v1/outlines", string(photo(t)))
	if seen.Found != (seen.Quad != nil) {
		t.Errorf("outline = %+v", seen)
	}
}
