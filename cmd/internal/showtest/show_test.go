package showtest_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"hallpass/badge/spool/virtual"
	"hallpass/cmd/internal/process"
)

// show is a hall over TLS, one kiosk that was paired with it, and a printer.
type show struct {
	tb          testing.TB
	dir         string
	hallListen  string // https, for kiosks
	hallPlain   string // http on loopback, for the browsers of this test
	kioskListen string
	organizer   account
	printer     *virtual.Printer
	hall, kiosk *process.Process
	pairing     []string // the kiosk's flags at its first start
}

type account struct{ Name, Password, Key string }

type pairing struct{ Code, URL, Expires string }

// openShow starts everything and pairs the kiosk.
func openShow(tb testing.TB) *show {
	tb.Helper()
	s := &show{
		tb: tb, dir: tb.TempDir(),
		hallListen: process.FreeAddress(tb), hallPlain: process.FreeAddress(tb), kioskListen: process.FreeAddress(tb),
	}
	printer, err := virtual.Start(tb.Context(), filepath.Join(s.dir, "printer"), 0)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = printer.Close() })
	s.printer = printer
	s.startHall()
	s.organizer = decode[account](tb, run(tb, "hall", "user", "-data", s.hallData(), "-name", "organizer", "-json"))
	code := s.pair("-kiosk", "Entrance 1").Code
	s.pairing = []string{"-pair", code, "-name", "Entrance 1"}
	s.startKiosk(s.pairing...)
	eventually(tb, "the kiosk reaches the hall", func() bool { return s.status().Hall == "up" })
	return s
}

func (s *show) hallData() string  { return filepath.Join(s.dir, "hall") }
func (s *show) kioskData() string { return filepath.Join(s.dir, "kiosk") }
func (s *show) hallURL() string   { return "http://" + s.hallPlain }
func (s *show) kioskURL() string  { return "http://" + s.kioskListen }

func (s *show) startHall() {
	s.tb.Helper()
	s.hall = start(s.tb, "hall", "run", "-data", s.hallData(), "-listen", s.hallListen, "-loopback", s.hallPlain, "-show", s.learningShow())
}

// learningShow is the file of the sample show with its kiosks allowed to learn.
func (s *show) learningShow() string {
	s.tb.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "assets", "show", "show.json"))
	if err != nil {
		s.tb.Fatal(err)
	}
	path := filepath.Join(s.dir, "show.json")
	data = bytes.Replace(data, []byte(`"learn": false`), []byte(`"learn": true`), 1)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		s.tb.Fatal(err)
	}
	return path
}

func (s *show) startKiosk(more ...string) {
	s.tb.Helper()
	args := append([]string{"run", "-data", s.kioskData(), "-listen", s.kioskListen,
		"-hall", "https://" + s.hallListen, "-printer", s.printer.URI()}, more...)
	s.kiosk = start(s.tb, "kiosk", args...)
}

func (s *show) pair(args ...string) pairing {
	s.tb.Helper()
	all := append([]string{"pair", "-data", s.hallData(), "-json"}, args...)
	return decode[pairing](s.tb, run(s.tb, "hall", all...))
}

func (s *show) stats() stats {
	s.tb.Helper()
	return call[stats](s.tb, "GET", s.hallURL()+"/api/v1/stats", s.organizer.Key, nil)
}

func (s *show) status() status {
	s.tb.Helper()
	return call[status](s.tb, "GET", s.kioskURL()+"/api/v1/status", "", nil)
}

// register confirms one form at the kiosk, without its page.
func (s *show) register(i int) registration {
	s.tb.Helper()
	return call[registration](s.tb, "POST", s.kioskURL()+"/api/v1/registrations", "", form(i))
}

// issued waits until the printer has confirmed the badge.
func (s *show) issued(id string) {
	s.tb.Helper()
	eventually(s.tb, "the badge is issued", func() bool {
		return call[registration](s.tb, "GET", s.kioskURL()+"/api/v1/registrations/"+id, "", nil).Badge.State == "issued"
	})
}

func decode[T any](tb testing.TB, data []byte) T {
	tb.Helper()
	var out T
	if err := json.Unmarshal(data, &out); err != nil {
		tb.Fatalf("decode %s: %v", data, err)
	}
	return out
}
