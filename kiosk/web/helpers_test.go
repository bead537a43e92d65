package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"hallpass/badge/spool"
	"hallpass/badge/token"
	"hallpass/kiosk"
	"hallpass/kiosk/store"
	"hallpass/kiosk/web"
	"hallpass/ocr"
	"hallpass/sync/record"
)

// site is a running kiosk: real desk, store and folder printer; the engine is
// a stand-in that reads the same lines from any picture.
type site struct {
	*httptest.Server
	Store *store.Store
	Desk  *kiosk.Desk
	Log   *logged
}

// parts are what a test may change before the start.
type parts struct {
	printer string // folder if empty; "none" for none
	engine  ocr.Engine
}

func start(tb testing.TB, p parts) *site {
	tb.Helper()
	dir := tb.TempDir()
	s, err := store.Open(dir+"/data", store.Options{Show: sampleShow()})
	if err != nil {
		tb.Fatal(err)
	}
	out := &site{Store: s, Log: &logged{}}
	log := slog.New(slog.NewTextHandler(out.Log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var printers []kiosk.Station
	if p.printer == "" {
		p.printer = "folder:" + dir + "/badges"
	}
	if p.printer != "none" {
		printer, err := spool.Open(p.printer)
		if err != nil {
			tb.Fatal(err)
		}
		printers = []kiosk.Station{{Name: p.printer, Place: "Desk 1", Printer: printer}}
	}
	out.Desk = &kiosk.Desk{
		Store: s, Guests: s, Clock: s.Clock(), Printers: printers, Layout: plain{}, Log: log, Poll: 2 * time.Millisecond,
		Sign: func(c token.Claims) (string, error) { return token.Sign(s.Key(), c) },
	}
	if p.engine != nil {
		out.Desk.Reader = &ocr.Reader{Engine: p.engine}
	}
	if err := out.Desk.Open(); err != nil {
		tb.Fatal(err)
	}
	server := &web.Server{
		Desk: out.Desk, Version: "test", Reader: "none", Log: log, StaffCode: "4711",
		Metrics: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "metrics") }),
		Files:   fstest.MapFS{"web/kiosk/index.html": {Data: []byte("<!doctype html>")}, "web/kiosk/main.js": {Data: []byte("//")}},
		Node: func(ctx context.Context) (web.Node, error) {
			at, err := s.Standing(ctx)
			_, paired, wrong := s.Pairing(ctx)
			hall := "none"
			if paired {
				hall = "up"
			}
			return web.Node{Node: string(at.Node), Epoch: string(at.Epoch), LastSeq: at.Last, AckedSeq: at.Acked, Hall: hall, LastBadge: at.LastBadge}, errors.Join(err, wrong)
		},
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- out.Desk.Run(ctx) }()
	out.Server = httptest.NewServer(server.Handler())
	tb.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			tb.Error(err)
		}
		out.Server.Close()
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return out
}

// logged is a log that may be read while it is written.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

type plain struct{}

func (plain) PDF(_ record.Show, e kiosk.Entry) ([]byte, error) {
	return []byte("%PDF " + e.Current().Job()), nil
}

func (plain) Label(record.Show, kiosk.Entry, int) ([]*image.Paletted, error) {
	return []*image.Paletted{image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{color.White, color.Black})}, nil
}

func (plain) Proof(_ record.Show, e kiosk.Entry, dpi int) (kiosk.Proof, error) {
	proof := kiosk.Proof{Front: image.NewRGBA(image.Rect(0, 0, dpi, dpi))}
	if strings.Contains(e.Registration.Field("name"), "\U00016FE4") {
		proof.Missing = []string{"\U00016FE4"}
	}
	return proof, nil
}

// lines is an engine that reads the same lines from every picture.
type lines []string

func (lines) Name() string { return "stand-in" }
func (lines) Close() error { return nil }
func (l lines) Lines(ctx context.Context, view *image.RGBA) (out []ocr.Line, err error) {
	for i, text := range l {
		out = append(out, ocr.Line{Text: text, Confidence: 0.99, Box: image.Rect(20, 20+40*i, 300, 50+40*i)})
	}
	return out, ctx.Err()
}

func sampleShow() record.Show {
	en := func(s string) record.Text { return record.Text{"en": s} }
	return record.Show{
		ID: "lumen-2027", Edition: "2027", Name: en("Lumen"), Accent: "#0B57D0", Languages: []string{"zh-CN", "en"}, Timezone: "Asia/Shanghai",
		FirstDay: time.Date(2027, 4, 21, 0, 0, 0, 0, time.UTC), Days: 3, Idle: time.Minute,
		Fields:     []record.FieldRule{{Name: "name", Required: true}, {Name: "company"}},
		Categories: []record.Category{{ID: "trade", Name: en("Trade"), Colour: "#123456", Self: true}},
		Questions:  []record.Question{{ID: "wish", Text: en("What?"), Kind: record.QuestionText}},
		Consents:   []record.ConsentText{{ID: "privacy", Version: 2, Text: en("Keep"), Required: true}},
	}
}

const goodForm = `{"fields":{"name":"林晓","company":"Lumen Optics"},"category":"trade","consents":{"privacy":true},"source":"typed"}`

// call sends a request and returns status, headers and body.
func (s *site) call(tb testing.TB, method, path string, body io.Reader, header ...string) (int, http.Header, []byte) {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), method, s.URL+path, body)
	if err != nil {
		tb.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			req.Host = header[i+1]
		}
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return resp.StatusCode, resp.Header, data
}

// json decodes an answer that must have the status.
func (s *site) json(tb testing.TB, want int, v any, method, path, body string, header ...string) {
	tb.Helper()
	status, h, data := s.call(tb, method, path, strings.NewReader(body), header...)
	if status != want || h.Get("Content-Type") != "application/json; charset=utf-8" {
		tb.Fatalf("%s %s = %d %s %s, want %d and JSON", method, path, status, h.Get("Content-Type"), data, want)
	}
	if err := json.Unmarshal(data, v); err != nil {
		tb.Fatalf("%s %s: %v in %s", method, path, err, data)
	}
}

// photo is a picture of something with sharp edges.
func photo(tb testing.TB) []byte {
	tb.Helper()
	img := image.NewGray(image.Rect(0, 0, 640, 400))
	for y := range 400 {
		for x := range 640 {
			v := uint8(240)
			if (x/8+y/12)%5 == 0 && y%40 > 12 {
				v = 20
			}
			img.SetGray(x, y, color.Gray{Y: v})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}
