package showtest_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hallpass/cmd/internal/process"
)

// listening hears what a kiosk pushes to its screen.
type listening struct {
	tb    testing.TB
	lines *bufio.Scanner
}

func (d desk) listen() listening {
	d.show.tb.Helper()
	r, err := http.NewRequestWithContext(d.show.tb.Context(), "GET", d.kioskURL()+"/api/v1/status/events", nil)
	if err != nil {
		d.show.tb.Fatal(err)
	}
	stream, err := http.DefaultClient.Do(r)
	if err != nil {
		d.show.tb.Fatal(err)
	}
	d.show.tb.Cleanup(func() { _ = stream.Body.Close() })
	return listening{d.show.tb, bufio.NewScanner(stream.Body)}
}

// another waits for a version of the show other than before, and names it.
func (l listening) another(before string) string {
	l.tb.Helper()
	for l.lines.Scan() {
		data, ok := bytes.CutPrefix(l.lines.Bytes(), []byte("data: "))
		if !ok {
			continue
		}
		var status struct{ Revision string }
		if err := json.Unmarshal(data, &status); err != nil {
			l.tb.Fatal(err)
		}
		if status.Revision != before {
			return status.Revision
		}
	}
	l.tb.Fatalf("the kiosk's stream ended: %v", l.lines.Err())
	return ""
}

// renamed writes the show's file under another name of the show.
func (s *keyShow) renamed(name string) string {
	s.tb.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "assets", "show", "show.json"))
	if err != nil {
		s.tb.Fatal(err)
	}
	var setup map[string]any
	if err := json.Unmarshal(data, &setup); err != nil {
		s.tb.Fatal(err)
	}
	setup["name"] = map[string]string{"en": name, "zh-CN": name}
	if data, err = json.Marshal(setup); err != nil {
		s.tb.Fatal(err)
	}
	path := filepath.Join(s.dir, name+".json")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		s.tb.Fatal(err)
	}
	return path
}

// since is when the kiosk's connection to the hall began.
func (d desk) since() string {
	d.show.tb.Helper()
	seen := call[struct {
		Sync struct {
			Since string `json:"hall_since"`
		}
	}](d.show.tb, "GET", d.kioskURL()+"/api/v1/staff", "4711", nil)
	return seen.Sync.Since
}

// A setting that is changed at the running hall is pushed to a kiosk, over the
// connection that it has, and on to its screen: nobody asks, nothing reconnects. How
// long that took is in the log; it is no reason to fail.
func TestShow_SettingIsLive(t *testing.T) {
	s := openKeyShow(t)
	one := s.open("one", "-pair", s.pair("-kiosk", "One").Code, "-staff-code", "4711")
	stream, since := one.listen(), one.since()
	revision := stream.another("")
	for i := range 3 {
		name := fmt.Sprintf("Lumen %d", i)
		file := s.renamed(name)
		began := time.Now()
		run(t, "hall", "show", "set", file, "-data", s.hallData())
		set := time.Since(began)
		revision = stream.another(revision)
		t.Logf("hall show set took %s; live on the screen %s after it was begun", set.Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
		if got := call[struct{ Name map[string]string }](t, "GET", one.kioskURL()+"/api/v1/show", "", nil); got.Name["en"] != name {
			t.Errorf("the kiosk shows %q, want %q", got.Name["en"], name)
		}
	}
	if now := one.since(); now != since || since == "" {
		t.Errorf("the kiosk's connection began at %s, now at %s: it has reconnected", since, now)
	}
}

// How long a changed setting takes from the operator's command, the start of its
// process included, to the screen of a kiosk:
//
//	go test ./cmd/internal/showtest -run '^$' -bench SettingIsLive -benchtime 20x
func BenchmarkShow_SettingIsLive(b *testing.B) {
	s := &keyShow{show: show{tb: b, dir: b.TempDir(), hallListen: process.FreeAddress(b), hallPlain: process.FreeAddress(b)}}
	s.startHall()
	one := s.open("one", "-pair", s.pair("-kiosk", "One").Code)
	stream := one.listen()
	revision := stream.another("")
	files := []string{s.renamed("Lumen East"), s.renamed("Lumen West")}
	var took []time.Duration
	for b.Loop() {
		began := time.Now()
		run(b, "hall", "show", "set", files[len(took)%2], "-data", s.hallData())
		revision = stream.another(revision)
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "max-ms")
}

// P5: a badge that the operator takes back while the hall runs is refused at the gate
// and the booth, the kiosk's own list shows it with the reason, and the kiosk refuses
// it also when the hall is gone.
func TestShow_VoidByCommand_P5(t *testing.T) {
	s := openKeyShow(t)
	one := s.open("one", "-pair", s.pair("-kiosk", "One").Code, "-staff-code", "4711")
	made := one.register(1)
	one.issued(made.ID)
	eventually(t, "everything arrived", func() bool { return one.status().Unsent == 0 })
	reader := call[struct{ Key string }](t, "POST", s.hallURL()+"/api/v1/pair/device", "", map[string]string{"code": s.pair("-gate", "east").Code, "name": "Reader 1"}).Key
	enters := func(n int) (verdict struct {
		Allowed bool
		Code    string
	}) {
		t.Helper()
		scan := map[string]any{"token": made.Token, "direction": "in", "client_id": fmt.Sprint(n), "at": time.Now().UTC().Format(time.RFC3339Nano)}
		answer, status := ask(t, "POST", s.hallURL()+"/api/v1/passages", reader, scan)
		if status != http.StatusCreated {
			t.Fatalf("passage: %d %s", status, answer)
		}
		verdict = decode[struct {
			Allowed bool
			Code    string
		}](t, answer)
		return verdict
	}
	if got := enters(1); !got.Allowed {
		t.Fatalf("before: %+v", got)
	}
	refused(t, "-reason", "hall", "void", made.ShortCode, "-data", s.hallData())
	if out := string(run(t, "hall", "void", made.ShortCode, "-reason", "lost", "-data", s.hallData())); !strings.Contains(out, "is void from now on") {
		t.Errorf("hall void says %q", out)
	}
	if got := enters(2); got.Allowed || got.Code != "badge.voided" || s.scan(made.Token) != "badge.voided" {
		t.Errorf("after: %+v at the gate, %q at the booth", got, s.scan(made.Token))
	}
	type hits struct {
		Found []struct {
			Badge struct{ State, Reason string }
		}
		Code *struct{ Reason string }
	}
	seen := func(text string) hits {
		return call[hits](t, "POST", one.kioskURL()+"/api/v1/staff/searches", "4711", map[string]string{"text": text})
	}
	eventually(t, "the kiosk's list shows it", func() bool {
		got := seen(made.ShortCode)
		return len(got.Found) == 1 && got.Found[0].Badge.State == "voided" && got.Found[0].Badge.Reason == "lost"
	})
	s.hall.Kill()
	if got := seen(made.Token); got.Code == nil || got.Code.Reason != "voided" {
		t.Errorf("with no hall: %+v, want the kiosk to refuse it", got.Code)
	}
}
