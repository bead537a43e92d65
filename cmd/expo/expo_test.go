package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"hallpass/cmd/internal/process"
)

// table is the object that -json prints.
type table struct {
	Show, Data, Kiosk, Dashboard, Hall, Printer, Badges string
	StaffCode                                           string `json:"staff_code"`
	Booth                                               booth
	Organizer                                           signIn
}

// running is one expo.
type running struct {
	cmd    *exec.Cmd
	out    io.Reader
	stderr bytes.Buffer
}

// programsDir holds expo and the fakes, all of them this test program.
func programsDir(t *testing.T, names ...string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, n := range names {
		// A link where the file system allows one: a copy has 10 MB.
		if os.Link(self, filepath.Join(dir, n)) == nil {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, n), b, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// hasty is the environment without the race detector's second of waiting at
// the end of each process.
func hasty() []string { return append(os.Environ(), "GORACE=atexit_sleep_ms=0") }

func begin(t *testing.T, dir string, args ...string) *running {
	t.Helper()
	p := &running{cmd: exec.Command(filepath.Join(dir, "expo"), args...)}
	p.cmd.Stderr = &p.stderr
	p.cmd.Env = hasty()
	var err error
	if p.out, err = p.cmd.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	return p
}

// shows waits for the table of a show that was begun with -json.
func (p *running) shows(t *testing.T) (x table) {
	t.Helper()
	if err := json.NewDecoder(p.out).Decode(&x); err != nil {
		_ = p.cmd.Wait()
		t.Fatalf("no table (%v); stderr: %s", err, p.stderr.String())
	}
	return x
}

// ends sends a signal, if one is given, and returns the exit status.
func (p *running) ends(t *testing.T, s os.Signal) int {
	t.Helper()
	if s != nil {
		if err := p.cmd.Process.Signal(s); err != nil {
			t.Fatal(err)
		}
	}
	late := time.AfterFunc(time.Minute, func() { _ = p.cmd.Process.Kill() })
	defer late.Stop()
	_, _ = io.Copy(io.Discard, p.out)
	var exit *exec.ExitError
	if err := p.cmd.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return p.cmd.ProcessState.ExitCode()
}

// runArgs are those of a show on ports of its own.
func runArgs(t *testing.T, data string) []string {
	return []string{"run", "-data", data, "-json", "-listen", process.FreeAddress(t), "-pages", process.FreeAddress(t), "-kiosk", process.FreeAddress(t)}
}

func diary(t *testing.T, data string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(data, "diary"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestRun_FirstStartAndNext(t *testing.T) {
	dir, data := programsDir(t, "expo", "hall", "kiosk"), filepath.Join(t.TempDir(), "show")
	p := begin(t, dir, runArgs(t, data)...)
	first := p.shows(t)
	if status := p.ends(t, os.Interrupt); status != 0 || p.stderr.Len() > 0 {
		t.Fatalf("status %d, stderr %q; want 0 and nothing", status, p.stderr.String())
	}
	if len(first.StaffCode) != 6 {
		t.Errorf("staff code %q, want six digits", first.StaffCode)
	}
	if first.Organizer != (signIn{"organizer", "calm-river-42", "k"}) || first.Booth.Exhibitor == "" ||
		first.Booth.URL != first.Dashboard+"booth#ABCD-EFGH-JKMN" || !strings.HasPrefix(first.Printer, "ipp://127.0.0.1:") {
		t.Errorf("table %+v lacks something", first)
	}
	wantDiary(t, diary(t, data), `^hall run .*-loopback 127.0.0.1:\d+ -show .*show.json$`, `^hall user .*-name organizer -json$`,
		`^hall pair .*-kiosk Entrance 1 -json$`, `^kiosk run .*-name Entrance 1 .*-hall https://127.0.0.1:\d+ -show \S+show.json -staff-code \d{6} -printer ipp://.* -pair ABCD-EFGH-JKMN$`,
		`^hall pair .*-exhibitor `+first.Booth.Exhibitor+` -json$`, `^kiosk run ended$`, `^hall run ended$`)

	if err := os.Remove(filepath.Join(data, "diary")); err != nil {
		t.Fatal(err)
	}
	again := begin(t, dir, "run", "-data", data, "-json")
	next := again.shows(t)
	next.Booth, first.Booth = booth{}, booth{}
	if next != first {
		t.Errorf("second start shows %+v, want %+v", next, first)
	}
	if status := again.ends(t, syscall.SIGTERM); status != 0 {
		t.Errorf("status %d, want 0", status)
	}
	wantDiary(t, diary(t, data), `^hall run `, `^kiosk run .*-printer ipp://\S+$`, `^hall pair .*-exhibitor`, `ended`, `ended`)
}

// Simulated label printers stand first in the kiosk's pool, where they were at
// the start before, and their labels come out in folders of their own.
func TestRun_LabelPrinters(t *testing.T) {
	dir, data := programsDir(t, "expo", "hall", "kiosk"), filepath.Join(t.TempDir(), "show")
	p := begin(t, dir, append(runArgs(t, data), "-label-printers", "2")...)
	p.shows(t)
	p.ends(t, os.Interrupt)
	pool := regexp.MustCompile(`-template label-90x100 -printer Label printer 1=(zpl://127.0.0.1:\d+) -printer Label printer 2=(zpl://127.0.0.1:\d+) -printer Printer=ipp://`)
	first := pool.FindStringSubmatch(diary(t, data))
	if first == nil || first[1] == first[2] {
		t.Fatalf("calls were\n%s\nwant a pool of three", diary(t, data))
	}
	if err := os.Remove(filepath.Join(data, "diary")); err != nil {
		t.Fatal(err)
	}
	again := begin(t, dir, "run", "-data", data, "-json", "-label-printers", "2")
	again.shows(t)
	again.ends(t, os.Interrupt)
	if next := pool.FindStringSubmatch(diary(t, data)); next == nil || next[1] != first[1] || next[2] != first[2] {
		t.Errorf("the next start has %v, want %v", next, first)
	}
	for _, name := range []string{"labels-1", "labels-2"} {
		if info, err := os.Stat(filepath.Join(data, name)); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v, want a folder for the owner alone", name, err)
		}
	}
	many := begin(t, dir, "run", "-data", data, "-label-printers", "9")
	if status := many.ends(t, nil); status != 1 || !strings.Contains(many.stderr.String(), "is not 0 to 8") {
		t.Errorf("9 label printers: status %d, %q", status, many.stderr.String())
	}
}

// wantDiary checks the order of the calls, one expression a line.
func wantDiary(t *testing.T, got string, want ...string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(got), "\n")
	for i, w := range want {
		if len(lines) != len(want) || !regexp.MustCompile(w).MatchString(lines[i]) {
			t.Fatalf("calls were\n%s\nwant\n%s", got, strings.Join(want, "\n"))
		}
	}
}

func TestRun_P8_SecretsOnlyForTheOwner(t *testing.T) {
	dir, data := programsDir(t, "expo", "hall", "kiosk"), filepath.Join(t.TempDir(), "show")
	p := begin(t, dir, runArgs(t, data)...)
	p.shows(t)
	p.ends(t, os.Interrupt)
	for name, want := range map[string]os.FileMode{"": 0o700, "expo.json": 0o600, "show.json": 0o600, "hall.log": 0o600, "kiosk.log": 0o600} {
		if info, err := os.Stat(filepath.Join(data, name)); err != nil || info.Mode().Perm() != want {
			t.Errorf("%q has mode %v, %v; want %v", name, info.Mode().Perm(), err, want)
		}
	}
}

func TestRun_PartEndsByItself(t *testing.T) {
	for _, name := range []string{"hall", "kiosk"} {
		t.Run(name, func(t *testing.T) {
			dir, data := programsDir(t, "expo", "hall", "kiosk"), filepath.Join(t.TempDir(), "show")
			p := begin(t, dir, runArgs(t, data)...)
			x := p.shows(t)
			resp, err := http.Post(map[string]string{"hall": x.Dashboard, "kiosk": x.Kiosk}[name]+"break", "", nil)
			if err == nil {
				_ = resp.Body.Close()
			}
			if status := p.ends(t, nil); status != 1 {
				t.Errorf("status %d, want 1", status)
			}
			said := p.stderr.String()
			for _, want := range []string{"the " + name + " ended by itself (exit status 1)", name + ".log", "data file locked by another process"} {
				if !strings.Contains(said, want) {
					t.Errorf("stderr %q does not say %q", said, want)
				}
			}
			for _, a := range []string{x.Dashboard, x.Kiosk, strings.Replace(x.Printer, "ipp:", "http:", 1)} {
				if resp, err := http.Get(a); err == nil {
					_ = resp.Body.Close()
					t.Errorf("%s still answers", a)
				}
			}
		})
	}
}

func TestRun_PartDoesNotStart(t *testing.T) {
	dir, data := programsDir(t, "expo", "hall", "kiosk"), t.TempDir()
	if err := os.WriteFile(filepath.Join(data, "kiosk.breaks"), []byte("no Chinese data for Tesseract"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := begin(t, dir, runArgs(t, data)...)
	if status := p.ends(t, nil); status != 1 || !strings.Contains(p.stderr.String(), "no Chinese data for Tesseract") {
		t.Fatalf("status %d, stderr %q; want 1 and the log's last line", status, p.stderr.String())
	}
	wantDiary(t, diary(t, data), "^hall run", "^hall user", "^hall pair", "^kiosk run", "^hall run ended")

	// Nothing was lost: the next start pairs the kiosk and keeps the sign-in.
	if err := errors.Join(os.Remove(filepath.Join(data, "kiosk.breaks")), os.Remove(filepath.Join(data, "diary"))); err != nil {
		t.Fatal(err)
	}
	again := begin(t, dir, "run", "-data", data, "-json")
	again.shows(t)
	again.ends(t, os.Interrupt)
	wantDiary(t, diary(t, data), "^hall run", "^hall pair .*-kiosk", "^kiosk run .*-pair", "^hall pair .*-exhibitor", "^kiosk run ended", "^hall run ended")
}

func TestRun_P9_Mistakes(t *testing.T) {
	dir, data := programsDir(t, "expo", "hall", "kiosk"), t.TempDir()
	running := begin(t, dir, runArgs(t, data)...)
	running.shows(t)
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	newer, broken := t.TempDir(), t.TempDir()
	if err := errors.Join(os.WriteFile(filepath.Join(newer, "expo.json"), []byte(`{"version":99}`), 0o600),
		os.WriteFile(filepath.Join(broken, "show.json"), []byte(`{"colour":"red"}`), 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, want string
		dir        string
		args       []string
	}{
		{"Nothing", "say what to do; try: expo run", dir, nil},
		{"UnknownCommand", `"walk" is unknown; try: expo run`, dir, []string{"walk"}},
		{"UnknownFlag", "-colour; expo run -h lists the flags", dir, []string{"run", "-colour", "red"}},
		{"NoPort", `kiosk: "8081" is no HOST:PORT`, dir, []string{"run", "-kiosk", "8081"}},
		{"PagesForAll", `pages: "0.0.0.0:8080" is reached from other machines`, dir, []string{"run", "-pages", "0.0.0.0:8080"}},
		{"PortTaken", "is in use by another program; stop that one or give another -kiosk", dir, []string{"run", "-data", t.TempDir(), "-kiosk", busy.Addr().String()}},
		{"SecondShow", "a show already runs in " + data, dir, []string{"run", "-data", data}},
		{"NewerState", "was written by a newer version", dir, []string{"run", "-data", newer}},
		{"BrokenShow", "correct it, or remove it for the sample show", dir, []string{"run", "-data", broken}},
		{"NotBuilt", "the program hall is not beside this one", programsDir(t, "expo"), []string{"run", "-data", t.TempDir()}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := begin(t, c.dir, c.args...)
			if status := p.ends(t, nil); status != 1 || !strings.Contains(p.stderr.String(), c.want) {
				t.Fatalf("status %d, stderr %q; want 1, %q", status, p.stderr.String(), c.want)
			}
		})
	}
	if status := running.ends(t, os.Interrupt); status != 0 {
		t.Errorf("the first show ended with %d: another's mistake stopped it", status)
	}
}

func TestRun_TableForPeople(t *testing.T) {
	dir, data := programsDir(t, "expo", "hall", "kiosk"), filepath.Join(t.TempDir(), "show")
	args := runArgs(t, data)
	p := begin(t, dir, append(args[:3:3], args[4:]...)...)
	var said bytes.Buffer
	for !strings.Contains(said.String(), "Ctrl-C") {
		if _, err := io.CopyN(&said, p.out, 1); err != nil {
			t.Fatalf("%v after %q; stderr %q", err, said.String(), p.stderr.String())
		}
	}
	if status := p.ends(t, os.Interrupt); status != 0 {
		t.Errorf("status %d, want 0", status)
	}
	for _, want := range []string{"Opening ", "pair -data " + filepath.Join(data, "hall") + " -exhibitor ID", "Kiosk ", "Dashboard ", "Booth ", "Hall ", "Printer ", "sign in as organizer, password calm-river-42"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("no %q in\n%s", want, said.String())
		}
	}
}

func TestHelpAndVersion(t *testing.T) {
	dir := programsDir(t, "expo")
	for _, args := range [][]string{{"-h"}, {"version"}, {"run", "-h"}} {
		cmd := exec.Command(filepath.Join(dir, "expo"), args...)
		cmd.Env = hasty()
		out, err := cmd.Output()
		if err != nil || len(bytes.TrimSpace(out)) == 0 {
			t.Errorf("expo %v = %q, %v; want words and status 0", args, out, err)
		}
	}
}
