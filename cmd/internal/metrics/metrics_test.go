package metrics_test

import (
	"io"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"hallpass/cmd/internal/metrics"
)

func scrape(t *testing.T, collect func() []metrics.Sample) string {
	t.Helper()
	s := httptest.NewServer(metrics.Handler(collect))
	defer s.Close()
	resp, err := s.Client().Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != 200 {
		t.Fatalf("status %d, %v: %s", resp.StatusCode, err, b)
	}
	return string(b)
}

func TestHandler_Text(t *testing.T) {
	got := scrape(t, func() []metrics.Sample {
		return []metrics.Sample{
			{Name: "hallpass_registrations_total", Help: "Registrations saved.", Counter: true, Value: 250000},
			{Name: "hallpass_printer_up", Help: "Whether it prints.", Value: 1, Labels: map[string]string{"printer": "a"}},
			{Name: "hallpass_printer_up", Help: "Whether it prints.", Value: 0, Labels: map[string]string{"printer": "b"}},
		}
	})
	for _, want := range []string{
		"# HELP hallpass_registrations_total Registrations saved.\n# TYPE hallpass_registrations_total counter\nhallpass_registrations_total 250000\n",
		"# TYPE hallpass_printer_up gauge\nhallpass_printer_up{printer=\"a\"} 1\nhallpass_printer_up{printer=\"b\"} 0\n",
		"go_goroutines ", "process_resident_memory_bytes ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
}

func TestHandler_P9_BadSampleLeavesTheOthers(t *testing.T) {
	got := scrape(t, func() []metrics.Sample {
		return []metrics.Sample{
			{Name: "hallpass_good", Help: "Good.", Value: 1},
			{Name: "", Help: "No name.", Value: 2},
			{Name: "hallpass_twice", Help: "Same labels twice.", Value: 3},
			{Name: "hallpass_twice", Help: "Same labels twice.", Value: 4},
		}
	})
	if !strings.Contains(got, "\nhallpass_good 1\n") {
		t.Errorf("the good sample is missing in:\n%s", got)
	}
	if strings.Contains(got, "hallpass_twice 4") {
		t.Error("a sample given twice was served twice")
	}
}

func TestHandler_AsksAtEachScrape(t *testing.T) {
	var mu sync.Mutex
	n := 0.0
	h := metrics.Handler(func() []metrics.Sample {
		mu.Lock()
		defer mu.Unlock()
		n++
		return []metrics.Sample{{Name: "hallpass_n", Help: "N.", Value: n}}
	})
	for _, want := range []string{"\nhallpass_n 1\n", "\nhallpass_n 2\n"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("no %q in the scrape", want)
		}
	}
}
