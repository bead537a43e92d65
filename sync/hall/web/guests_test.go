package web_test

import (
	"net"
	"net/http"
	"testing"

	"github.com/gorilla/websocket"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
)

// One host that opens links and says nothing fills its own places: it is told
// so, a kiosk at another address connects as ever, and places come back.
func TestLink_OneHostCannotTakeAllPlaces(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	s := start(t, k)
	var places []func()
	for {
		met, err := s.hall.Expect(hall.Caller{Address: "127.0.0.3"})
		if err != nil {
			if fault.CodeOf(err) != fault.TooMany {
				t.Errorf("no place left: %v, want %s", err, fault.TooMany)
			}
			break
		}
		places = append(places, met)
	}
	if len(places) < 200 || len(places) > 500 {
		t.Errorf("one host has %d places, want room for the kiosks behind one router and no more", len(places))
	}
	trust := s.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	trust.NextProtos = nil
	stranger := websocket.Dialer{TLSClientConfig: trust, NetDialContext: (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 3)}}).DialContext}
	knock := func() (int, http.Header) {
		ws, response, err := stranger.DialContext(t.Context(), s.link(), nil)
		if err == nil {
			_ = ws.Close()
		}
		if response == nil {
			t.Fatal(err)
		}
		return response.StatusCode, response.Header
	}
	if status, header := knock(); status != http.StatusTooManyRequests || header.Get("Retry-After") == "" {
		t.Errorf("the host is answered %d, want 429", status)
	}
	k.Say(k.Visitor(map[record.FieldName]string{"name": "Ida Example"}))
	s.deliver(t, k)
	if got := s.hall.Stats().Registrations; got != 1 {
		t.Errorf("registrations = %d, want the kiosk's", got)
	}
	for _, met := range places[:2] {
		met()
		met() // more than once is once
	}
	if status, _ := knock(); status != http.StatusSwitchingProtocols {
		t.Errorf("with places free the host is answered %d, want 101", status)
	}
}
