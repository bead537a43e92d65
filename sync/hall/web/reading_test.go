package web_test

import (
	"crypto/tls"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// What the dashboard's panel reads: fields by name, a dozen confusions, the
// most frequent first, and lists where there is nothing.
func TestStats_ReadingOfCards(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	s := start(t, k)
	key := s.organizer(t).Key
	reading := func() string {
		_, _, body := s.raw(t, http.MethodGet, "/api/v1/stats", key, nil)
		var form struct{ Reading json.RawMessage }
		if err := json.Unmarshal(body, &form); err != nil {
			t.Fatal(err)
		}
		return string(form.Reading)
	}
	if got, want := reading(), `{"learn":false,"kiosks":0,"fields":[],"confusions":[]}`; got != want {
		t.Errorf("switched off: %s, want %s", got, want)
	}
	show := s.hall.Show()
	show.Learn = true
	if err := s.hall.Revise(t.Context(), show); err != nil {
		t.Fatal(err)
	}
	roots := s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	conn, _, err := k.Dial(t.Context(), s.link(), &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS13})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(1000, "") }()
	tally := record.Tally{
		Fields: map[record.FieldName]record.FieldTally{
			"title": {Typed: 2},
			"name":  {Sure: record.Outcomes{Accepted: 9, Corrected: 1}, Doubtful: record.Outcomes{Corrected: 4, Emptied: 3}},
		},
		Confusions: map[record.Confusion]uint64{{Read: '己', Meant: '已'}: 40},
	}
	for i := range rune(30) {
		tally.Confusions[record.Confusion{Read: 'A' + i, Meant: '一'}] = 3
	}
	if err := conn.Send(t.Context(), wire.Status{Tally: tally}); err != nil {
		t.Fatal(err)
	}
	want := `{"learn":true,"kiosks":1,"fields":[` +
		`{"field":"name","sure":{"accepted":9,"corrected":1,"emptied":0},"doubtful":{"accepted":0,"corrected":4,"emptied":3},"typed":0},` +
		`{"field":"title","sure":{"accepted":0,"corrected":0,"emptied":0},"doubtful":{"accepted":0,"corrected":0,"emptied":0},"typed":2}],` +
		`"confusions":[{"read":"己","meant":"已","cards":40},{"read":"A","meant":"一","cards":3}`
	deadline := time.Now().Add(10 * time.Second)
	for !strings.HasPrefix(reading(), want) {
		if time.Now().After(deadline) {
			t.Fatalf("reading = %s, want %s…", reading(), want)
		}
	}
	if got := strings.Count(reading(), `"read"`); got != 12 {
		t.Errorf("%d confusions are shown, want 12", got)
	}
}
