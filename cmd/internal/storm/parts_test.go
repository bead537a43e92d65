package storm_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"hallpass/cmd/internal/transcript"
)

// programs is the folder with the built programs; TestMain fills it.
var programs string

func TestMain(m *testing.M) {
	code := 1
	dir, err := os.MkdirTemp("", "hallpass-storm-")
	if err == nil {
		programs = dir
		build := exec.Command("go", "build", "-o", dir+string(filepath.Separator), "hallpass/cmd/hall", "hallpass/cmd/kiosk")
		build.Stdout, build.Stderr = os.Stderr, os.Stderr
		if err = build.Run(); err == nil {
			code = m.Run()
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "storm:", err)
	}
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

const patience = 2 * time.Minute

func eventually(what string, ok func() bool) error {
	for end := time.Now().Add(patience); !ok(); {
		if time.Now().After(end) {
			return fmt.Errorf("%s: not so after %s", what, patience)
		}
		<-time.After(20 * time.Millisecond)
	}
	return nil
}

// process is one program that is killed and started again.
type process struct {
	t    *testing.T
	name string
	args []string
	cmd  *exec.Cmd
	log  transcript.Log
}

func (p *process) start() {
	before := strings.Count(p.log.String(), p.name+" ready")
	p.cmd = exec.Command(filepath.Join(programs, p.name), p.args...)
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	err := p.cmd.Start()
	if err == nil {
		err = eventually(p.name+" is ready", func() bool { return strings.Count(p.log.String(), p.name+" ready") > before })
	}
	if err != nil {
		p.t.Error(err)
	}
}

// kill ends the process as a power cut would end it.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

func (p *process) stop() {
	_ = p.cmd.Process.Signal(os.Interrupt)
	_ = p.cmd.Wait()
}

func (p *process) cleanUp() {
	if p.kill(); p.t.Failed() {
		text := p.log.String()
		p.t.Logf("%s %v:\n%s", p.name, p.args, text[max(0, len(text)-6000):])
	}
}

// verify runs the program's own check.
func (p *process) verify(t *testing.T, data string) {
	t.Helper()
	out, err := exec.Command(filepath.Join(programs, p.name), "check", "-data", data, "-json").CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte(`"ok":true`)) {
		t.Errorf("%s check: %v: %s", p.name, err, out)
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

var client = &http.Client{Timeout: 20 * time.Second}

// call answers false if nobody was there to answer, or not to the end.
func call(method, url string, head map[string]string, body []byte, out any) (status int, ok bool) {
	req, err := http.NewRequest(method, url, bytes.NewReader(body))
	if err != nil {
		return 0, false
	}
	for k, v := range head {
		req.Header.Set(k, v)
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, false
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	return resp.StatusCode, err == nil && (out == nil || json.Unmarshal(text, out) == nil)
}

type hall struct {
	process
	data, listen, plain, key string
}

func openHall(t *testing.T) *hall {
	t.Helper()
	h := &hall{data: filepath.Join(t.TempDir(), "hall"), listen: freeAddress(t), plain: freeAddress(t)}
	h.process = process{t: t, name: "hall", args: []string{"run", "-data", h.data, "-listen", h.listen, "-loopback", h.plain}}
	h.start()
	t.Cleanup(h.cleanUp)
	var made struct{ Key string }
	h.command(t, &made, "user", "-name", "organizer")
	h.key = made.Key
	return h
}

func (h *hall) command(t *testing.T, out any, name string, args ...string) {
	t.Helper()
	text, err := exec.Command(filepath.Join(programs, "hall"), append([]string{name, "-data", h.data, "-json"}, args...)...).Output()
	if err == nil {
		err = json.Unmarshal(text, out)
	}
	if err != nil {
		t.Fatalf("hall %s: %v", name, err)
	}
}

func (h *hall) get(t *testing.T, path string, out any) {
	t.Helper()
	head := map[string]string{"Authorization": "Bearer " + h.key}
	if err := eventually("GET "+path, func() bool {
		status, ok := call("GET", "http://"+h.plain+path, head, nil, out)
		return ok && status == http.StatusOK
	}); err != nil {
		t.Fatal(err)
	}
}

type visitor struct {
	ID     string
	Fields map[string]string
}

func (h *hall) registrations(t *testing.T) (all []visitor) {
	t.Helper()
	for after := ""; ; {
		var page struct {
			Registrations []visitor
			Next          string
		}
		h.get(t, "/api/v1/registrations?limit=500&after="+after, &page)
		if all = append(all, page.Registrations...); len(page.Registrations) == 0 || page.Next == after || page.Next == "" {
			return all
		}
		after = page.Next
	}
}

type stats struct{ Registrations, Badges int }

func (h *hall) stats(t *testing.T) (s stats) {
	t.Helper()
	h.get(t, "/api/v1/stats", &s)
	return s
}

func (h *hall) check(t *testing.T) { t.Helper(); h.verify(t, h.data) }

// desk is one kiosk.
type desk struct {
	process
	data, listen string
	killing      sync.Mutex // held while it is down
}

func openDesk(t *testing.T, h *hall, name, hallAddress string) *desk {
	t.Helper()
	var code struct{ Code string }
	h.command(t, &code, "pair", "-kiosk", name)
	d := &desk{data: filepath.Join(t.TempDir(), "kiosk"), listen: freeAddress(t)}
	d.process = process{t: t, name: "kiosk", args: []string{"run", "-data", d.data, "-listen", d.listen, "-readers", "0", "-name", name,
		"-hall", "https://" + hallAddress, "-printer", "folder:" + filepath.Join(t.TempDir(), "badges"), "-pair", code.Code}}
	d.start()
	t.Cleanup(d.cleanUp)
	return d
}

func (d *desk) restart(meanwhile func()) {
	d.killing.Lock()
	defer d.killing.Unlock()
	d.kill()
	meanwhile()
	d.start()
}

// register asks as a page does: again with the same key until there is an answer.
func (d *desk) register(mail, key string) (id string) {
	body, _ := json.Marshal(map[string]any{
		"fields":   map[string]string{"name": "Ada Example", "company": "Quillon Instruments", "email": mail},
		"category": "public", "source": "typed", "consents": map[string]bool{"privacy": true},
	})
	var got struct{ ID string }
	if err := eventually("a registration", func() bool {
		status, ok := call("POST", "http://"+d.listen+"/api/v1/registrations", map[string]string{"Content-Type": "application/json", "Idempotency-Key": key}, body, &got)
		return ok && (status == http.StatusCreated || status == http.StatusOK) && got.ID != ""
	}); err != nil {
		d.t.Error(err)
	}
	return got.ID
}

// settle waits until the hall has everything.
func (d *desk) settle(t *testing.T) {
	t.Helper()
	var got struct {
		Unsent int
		Hall   string
	}
	if err := eventually("the hall has everything", func() bool {
		_, ok := call("GET", "http://"+d.listen+"/api/v1/status", nil, nil, &got)
		return ok && got.Unsent == 0 && got.Hall == "up"
	}); err != nil {
		t.Errorf("%v: %+v", err, got)
	}
}

func (d *desk) check(t *testing.T) { t.Helper(); d.verify(t, d.data) }
