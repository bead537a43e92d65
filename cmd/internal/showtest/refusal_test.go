package showtest_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hallpass/cmd/internal/process"
	"hallpass/sync/wire"
)

// P9: bad input is an answer. Every program is asked here as a person would,
// and goes on afterwards.

// refused runs a command that must fail: status 1, a sentence on stderr.
func refused(t *testing.T, want string, command string, args ...string) {
	t.Helper()
	cmd := exec.Command(filepath.Join(programs, command), args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("%s %v: %v, want exit status 1", command, args, err)
	}
	if !strings.Contains(stderr.String()+stdout.String(), want) {
		t.Errorf("%s %v says %q, want a sentence with %q", command, args, stderr.String(), want)
	}
}

func TestBadInput_Pictures(t *testing.T) {
	dir := t.TempDir()
	files := map[string][]byte{
		"notes.jpg": []byte("Dear Ada,\nno picture.\n"),
		"huge.png":  hugePNG(t),
		"blank.png": blankPNG(t),
	}
	var args []string
	for name, data := range files {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	good := filepath.Join("testdata", "card.jpg")
	cmd := exec.Command(filepath.Join(programs, "kiosk"), append([]string{"read", "-json"}, append(args, good)...)...)
	out, err := cmd.Output()
	if err == nil {
		t.Error("kiosk read with bad pictures: exit status 0, want 1")
	}
	said := map[string]string{}
	for line := range strings.Lines(string(out)) {
		var r struct {
			File, Error string
			Fields      map[string]any
		}
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		said[filepath.Base(r.File)] = r.Error
		if r.File == good && (r.Error != "" || len(r.Fields) < 5) {
			t.Errorf("the good card among bad ones: %s", line)
		}
	}
	for name := range files {
		if said[name] == "" {
			t.Errorf("%s: no sentence in %q", name, out)
		}
	}

	listen := process.FreeAddress(t)
	start(t, "kiosk", "run", "-data", filepath.Join(dir, "k"), "-listen", listen, "-printer", "folder:"+filepath.Join(dir, "spool"))
	for name, code := range map[string]string{"notes.jpg": "card.not_picture", "huge.png": "card.too_large", "blank.png": "card.blank"} {
		answer, status := ask(t, "POST", "http://"+listen+"/api/v1/cards", "", files[name])
		if status < 400 || !strings.Contains(string(answer), `"`+code+`"`) {
			t.Errorf("POST cards with %s: %d %s, want %s", name, status, answer, code)
		}
	}
	if answer, status := ask(t, "GET", "http://"+listen+"/healthz", "", nil); status != http.StatusOK {
		t.Errorf("healthz after bad pictures: %d %s", status, answer)
	}
}

// hugePNG claims 10,000 × 10,000 pixels: only its header is right.
func hugePNG(t *testing.T) []byte {
	t.Helper()
	data := blankPNG(t)
	binary.BigEndian.PutUint32(data[16:], 10_000)
	binary.BigEndian.PutUint32(data[20:], 10_000)
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	return data
}

func blankPNG(t *testing.T) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 1200, 900))
	for i := range img.Pix {
		img.Pix[i] = 240
	}
	img.SetGray(3, 3, color.Gray{Y: 238})
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestBadInput_Operator(t *testing.T) {
	dir := t.TempDir()
	data, listen := filepath.Join(dir, "k"), process.FreeAddress(t)
	start(t, "kiosk", "run", "-data", data, "-listen", listen, "-readers", "0")
	refused(t, "another kiosk", "kiosk", "run", "-data", data, "-listen", process.FreeAddress(t), "-readers", "0")

	config := filepath.Join(dir, "kiosk.yaml")
	if err := os.WriteFile(config, []byte("listen: 127.0.0.1:0\nprintr: folder:x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, "printr", "kiosk", "run", "-config", config)
	refused(t, "other machines", "kiosk", "run", "-data", filepath.Join(dir, "o"), "-listen", "0.0.0.0:0")

	hallData, hall := filepath.Join(dir, "hall"), process.FreeAddress(t)
	start(t, "hall", "run", "-data", hallData, "-listen", hall)
	refused(t, "another hall", "hall", "run", "-data", hallData, "-listen", process.FreeAddress(t))
	refused(t, "pairing.code", "kiosk", "run", "-data", filepath.Join(dir, "new"), "-listen", process.FreeAddress(t), "-readers", "0",
		"-hall", "https://"+hall, "-pair", "AAAA-BBBB-CCCC")
	if answer, status := ask(t, "GET", "http://"+listen+"/healthz", "", nil); status != http.StatusOK {
		t.Errorf("the first kiosk's healthz: %d %s", status, answer)
	}
}

// A stranger's frames close the stranger's connection and nothing else.
func TestBadInput_BrokenFrame(t *testing.T) {
	s := openShow(t)
	conn, _, err := wire.Dial(t.Context(), "ws://"+s.hallPlain+"/api/v1/link", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Send(t.Context(), wire.Ack{Seq: 9}); err != nil {
		t.Fatal(err)
	}
	for err == nil {
		var f wire.Frame
		if f, err = conn.Receive(t.Context()); err == nil {
			if _, bye := f.(wire.Bye); !bye {
				t.Errorf("the hall answers a stranger with %T, want Bye", f)
			}
		}
	}
	s.issued(s.register(1).ID)
	eventually(t, "the paired kiosk is heard", func() bool { return s.stats().Badges == 1 })
}

// A full spool folder holds the badge back with the reason; the registration
// is kept, and the badge comes when there is room again (P1, P6).
func TestBadInput_FullSpoolFolder(t *testing.T) {
	dir := t.TempDir()
	spool, listen := filepath.Join(dir, "spool"), process.FreeAddress(t)
	start(t, "kiosk", "run", "-data", filepath.Join(dir, "k"), "-listen", listen, "-readers", "0", "-printer", "folder:"+spool+"?files=1")
	api := "http://" + listen + "/api/v1/registrations"
	state := func(id string) registration { return call[registration](t, "GET", api+"/"+id, "", nil) }
	first := call[registration](t, "POST", api, "", form(1))
	eventually(t, "the first badge is issued", func() bool { return state(first.ID).Badge.State == "issued" })
	second := call[registration](t, "POST", api, "", form(2))
	eventually(t, "the second says why it waits", func() bool { return strings.Contains(state(second.ID).Badge.Reason, "spool") })
	printed, err := filepath.Glob(filepath.Join(spool, "*.pdf"))
	if err != nil || len(printed) != 1 {
		t.Fatalf("in the folder: %v (%v), want one badge", printed, err)
	}
	if err := os.Remove(printed[0]); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the second badge is issued", func() bool { return state(second.ID).Badge.State == "issued" })
}
