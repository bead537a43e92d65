//go:build cgo

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"hallpass/cmd/internal/process"
)

// readingProcess is the kiosk's child; 0 while there is none (proc(5), stat).
func readingProcess(tb testing.TB, kiosk int) int {
	tb.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		tb.Fatal(err)
	}
	for _, name := range all {
		data, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended meanwhile
		}
		_, rest, _ := bytes.Cut(data, []byte(") "))
		var state string
		var parent, pid int
		if _, err := fmt.Sscan(string(rest), &state, &parent); err == nil && parent == kiosk && state != "Z" {
			if _, err := fmt.Sscan(string(data), &pid); err == nil {
				return pid
			}
		}
	}
	return 0
}

// postCard sends a picture and returns the status and what was read.
func postCard(url string, picture []byte) (status int, company string, err error) {
	resp, err := http.Post(url+"/api/v1/cards", "image/jpeg", bytes.NewReader(picture))
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	var card struct {
		Fields map[string]struct{ Text string }
	}
	data, err := io.ReadAll(resp.Body)
	if err == nil {
		err = json.Unmarshal(data, &card)
	}
	return resp.StatusCode, card.Fields["company"].Text, err
}

func samplePicture(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile("../../ocr/testdata/" + name)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// cpu is how much a process has computed, in clock ticks.
func cpu(pid int) (ticks int) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := bytes.Cut(data, []byte(") "))
	if f := strings.Fields(string(rest)); len(f) > 12 {
		var user, system int
		if _, err := fmt.Sscan(f[11]+" "+f[12], &user, &system); err == nil {
			return user + system
		}
	}
	return 0
}

// P1: whatever ends the process that reads cards, in the middle of a card,
// visitors register before, meanwhile and after, all of it is in the journal,
// and the next process reads cards again; BenchmarkReader_NextCardAfterKill
// says how soon.
func TestRun_ReaderKilledWhileReading(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := runKiosk(t, "-data", dir, "-printer", "folder:"+t.TempDir(), "-readers", "1")
	picture := samplePicture(t, "english.jpg")
	registered := 0
	register := func() {
		t.Helper()
		began := time.Now()
		if _, status, err := post(c.URL(), fmt.Sprint("key ", registered), form(registered)); err != nil || status != http.StatusCreated {
			t.Errorf("registration %d = %d, %v", registered, status, err)
		}
		registered++
		if took := time.Since(began); took > 30*time.Second { // a reader's time and more
			t.Errorf("registration %d took %s: it waited for the reader", registered, took)
		}
	}
	for _, signal := range []syscall.Signal{syscall.SIGKILL, syscall.SIGABRT, syscall.SIGSEGV} {
		register()
		pid := readingProcess(t, c.PID())
		before := cpu(pid)
		type answer struct {
			status  int
			company string
			err     error
		}
		answers := make(chan answer, 1)
		go func() {
			status, company, err := postCard(c.URL(), picture)
			answers <- answer{status, company, err}
		}()
		eventually(t, "the card is being read", func() bool { return cpu(pid) > before+5 })
		if err := syscall.Kill(pid, signal); err != nil {
			t.Fatal(err)
		}
		killed := time.Now()
		register()
		register()
		// The next process reads the card in hand; on a machine so busy that the
		// visitor's time is up before, they are told.
		a := <-answers
		told := a.status == http.StatusGatewayTimeout || a.status == http.StatusBadGateway || a.status == http.StatusServiceUnavailable
		if a.err != nil || !told && (a.status != http.StatusOK || a.company == "") {
			t.Errorf("%s: the card in hand = %+v, want it read by the next process", signal, a)
		}
		t.Logf("%s: answered with %d %s later", signal, a.status, time.Since(killed))
		readsAgain(t, c, picture)
		if next := readingProcess(t, c.PID()); next == 0 || next == pid {
			t.Errorf("%s: process %d follows %d", signal, next, pid)
		}
		register()
	}
	resp, err := http.Get(c.URL() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	metrics, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	var restarts int
	if _, after, found := strings.Cut(string(metrics), "\nhallpass_reader_restarts_total "); found {
		_, _ = fmt.Sscan(after, &restarts)
	}
	if err != nil || restarts < 3 || !strings.Contains(string(metrics), "hallpass_reader_up 1\n") {
		t.Errorf("%d restarts, %v; metrics = %s", restarts, err, metrics)
	}
	c.Interrupt()
	if n := strings.Count(c.Said(), "card reader ended; starting it again"); n != restarts {
		t.Errorf("the log tells %d ends, the metrics %d:\n%s", n, restarts, c.Said())
	}
	out, err := program(t, "check", "-data", dir, "-json").Output()
	var report struct {
		OK       bool
		Facts    int
		Verified bool `json:"journal_verified"`
	}
	if bad := json.Unmarshal(out, &report); err != nil || bad != nil || !report.OK || !report.Verified || report.Facts < 3*registered {
		t.Errorf("check = %s, %v; want %d registrations with their badges", out, err, registered)
	}
}

// readsAgain shows a card until it is read. A busy machine may take more than
// a visitor's time for one.
func readsAgain(t *testing.T, c *process.Process, picture []byte) {
	t.Helper()
	var status int
	var company string
	var err error
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); {
		if status, company, err = postCard(c.URL(), picture); err == nil && status == http.StatusOK && company != "" {
			return
		}
	}
	t.Errorf("no card is read again; the last answer = %d, %q, %v", status, company, err)
}

// A kiosk that is killed leaves no process behind, and Ctrl-C ends both.
func TestRun_ReaderEndsWithTheKiosk(t *testing.T) {
	for _, end := range []func(*process.Process){(*process.Process).Kill, (*process.Process).Interrupt} {
		c := runKiosk(t, "-data", t.TempDir(), "-readers", "1")
		pid := readingProcess(t, c.PID())
		if pid == 0 {
			t.Fatal("no process reads cards")
		}
		end(c)
		eventually(t, "it has ended", func() bool {
			data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
			return err != nil || bytes.Contains(data, []byte(") Z "))
		})
	}
}

// P9: by hand it is told what it is.
func TestApart_ByHand(t *testing.T) {
	out, err := program(t, apartCommand).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "try: kiosk run") {
		t.Errorf("by hand = %v %s", err, out)
	}
}

// BenchmarkReader_NextCardAfterKill prints how long a visitor waits for a card
// whose reading process was killed a moment before; the aim is 2000.
func BenchmarkReader_NextCardAfterKill(b *testing.B) {
	c := runKiosk(b, "-data", b.TempDir(), "-readers", "2")
	picture := samplePicture(b, "english.jpg")
	var sum time.Duration
	for b.Loop() {
		if err := syscall.Kill(readingProcess(b, c.PID()), syscall.SIGKILL); err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		if status, _, err := postCard(c.URL(), picture); err != nil || status != http.StatusOK {
			b.Fatalf("the next card = %d, %v", status, err)
		}
		sum += time.Since(began)
	}
	b.ReportMetric(float64(sum.Milliseconds())/float64(b.N), "card-ms")
	c.Interrupt()
}

// BenchmarkIdle_TwoReaders prints what a kiosk with two readers holds in memory
// at rest, after a first card: itself, and with the process that reads cards;
// the aim is 400.
func BenchmarkIdle_TwoReaders(b *testing.B) {
	for b.Loop() {
		c := runKiosk(b, "-data", b.TempDir(), "-printer", "folder:"+b.TempDir())
		if status, _, err := postCard(c.URL(), samplePicture(b, "english.jpg")); err != nil || status != http.StatusOK {
			b.Fatalf("a card = %d, %v", status, err)
		}
		own := process.Resident(b, c.PID()) / 1000
		b.ReportMetric(float64(own), "own-MB")
		b.ReportMetric(float64(own+process.Resident(b, readingProcess(b, c.PID()))/1000), "idle-MB")
		c.Interrupt()
	}
}
