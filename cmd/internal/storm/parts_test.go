package storm_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"hallpass/cmd/internal/process"
)

// programs is the folder with the built programs; TestMain fills it.
var programs string

func TestMain(m *testing.M) { os.Exit(process.Main(m, &programs, "hall", "kiosk")) }

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

// program is a process that is killed and started again.
type program struct {
	*process.Process
	t    *testing.T
	name string
}

func newProgram(t *testing.T, name string, args ...string) program {
	t.Helper()
	return program{process.New(t, name, filepath.Join(programs, name), args...), t, name}
}

func (p program) start() {
	if err := p.Start(); err != nil {
		p.t.Error(err)
	}
}

// verify runs the program's own check.
func (p program) verify(t *testing.T, data string) {
	t.Helper()
	out, err := exec.Command(filepath.Join(programs, p.name), "check", "-data", data, "-json").CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte(`"ok":true`)) {
		t.Errorf("%s check: %v: %s", p.name, err, out)
	}
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
	program
	data, listen, plain, key string
}

func openHall(t *testing.T) *hall {
	t.Helper()
	h := &hall{data: filepath.Join(t.TempDir(), "hall"), listen: process.FreeAddress(t), plain: process.FreeAddress(t)}
	h.program = newProgram(t, "hall", "run", "-data", h.data, "-listen", h.listen, "-loopback", h.plain)
	h.start()
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
	program
	data, listen string
	killing      sync.Mutex // held while it is down
}

func openDesk(t *testing.T, h *hall, name, hallAddress string) *desk {
	t.Helper()
	var code struct{ Code string }
	h.command(t, &code, "pair", "-kiosk", name)
	d := &desk{data: filepath.Join(t.TempDir(), "kiosk"), listen: process.FreeAddress(t)}
	d.program = newProgram(t, "kiosk", "run", "-data", d.data, "-listen", d.listen, "-readers", "0", "-name", name,
		"-hall", "https://"+hallAddress, "-printer", "folder:"+filepath.Join(t.TempDir(), "badges"), "-pair", code.Code)
	d.start()
	return d
}

func (d *desk) restart(meanwhile func()) {
	d.killing.Lock()
	defer d.killing.Unlock()
	d.Kill()
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
