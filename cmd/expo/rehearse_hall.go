package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"hallpass/cmd/internal/rehearsal"
	"hallpass/sync/hall"
	hallstore "hallpass/sync/hall/store"
	"hallpass/sync/hall/web"
)

// rehearsalHall is a hall process of the rehearsal's own.
type rehearsalHall struct {
	programs programs
	program  string // its name
	dir      string // its data
	address  string
	show     string
	client   http.Client // of its control socket

	mu    sync.Mutex // guards child, which changes when the hall is killed and started again
	child *child
}

var _ rehearsal.Hall = (*rehearsalHall)(nil)

// startRehearsalHall starts the hall and waits until it answers.
func startRehearsalHall(ctx context.Context, s rehearseSettings, data, show string) (*rehearsalHall, error) {
	h := &rehearsalHall{dir: filepath.Join(data, "hall"), show: show}
	var err error
	if h.programs, h.program, err = hallProgram(s.Hall, data); err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	h.address = l.Addr().String()
	if err := l.Close(); err != nil {
		return nil, err
	}
	h.client.Transport = &http.Transport{MaxIdleConnsPerHost: 8, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return dialControl(ctx, h.dir)
	}}
	return h, h.start(ctx)
}

// hallProgram finds the hall: the one asked for, or the one beside this program.
func hallProgram(path, data string) (p programs, name string, err error) {
	if path == "" {
		self, err := os.Executable()
		if err != nil {
			return p, "", err
		}
		path = filepath.Join(filepath.Dir(self), "hall")
	}
	if _, err := exec.LookPath(path); err != nil {
		return p, "", fmt.Errorf("there is no hall program %s; run make build, or name one with -hall-program", path)
	}
	return programs{dir: filepath.Dir(path), data: data, environ: ownEnviron()}, filepath.Base(path), nil
}

func (h *rehearsalHall) start(ctx context.Context) error {
	c, err := h.programs.start(h.program, "run", "-data", h.dir, "-listen", h.address, "-show", h.show, "-log-level", "warn")
	if err != nil {
		return err
	}
	h.mu.Lock()
	h.child = c
	h.mu.Unlock()
	if err := c.waitFor(ctx, func(ctx context.Context) bool {
		var known []json.RawMessage
		return h.ask(ctx, http.MethodGet, "/exhibitors", nil, &known) == nil
	}); err != nil {
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), endLimit)
		defer cancel()
		return errors.Join(err, h.stop(stopping))
	}
	return nil
}

func (h *rehearsalHall) stop(ctx context.Context) error {
	h.mu.Lock()
	c := h.child
	h.mu.Unlock()
	return c.stop(ctx)
}

// dialControl reaches the hall's control socket. The system takes 107 bytes for
// its name, and a temporary folder may lie deeper than that.
func dialControl(ctx context.Context, dir string) (net.Conn, error) {
	folder, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	return new(net.Dialer).DialContext(ctx, "unix", fmt.Sprintf("/proc/self/fd/%d/control.sock", folder.Fd()))
}

// URL implements rehearsal.Hall.
func (h *rehearsalHall) URL() string { return "https://" + h.address }

// Invite implements rehearsal.Hall.
func (h *rehearsalHall) Invite(ctx context.Context, o rehearsal.Order) (string, error) {
	var in hall.Invitation
	err := h.ask(ctx, http.MethodPost, "/pair", web.PairOrder{Kiosk: o.Kiosk, Exhibitor: o.Exhibitor, Gate: o.Gate}, &in)
	return in.Code, err
}

// Organizer implements rehearsal.Hall.
func (h *rehearsalHall) Organizer(ctx context.Context) (string, error) {
	var made hall.Credentials
	err := h.ask(ctx, http.MethodPost, "/user", web.UserOrder{Name: "rehearsal", Role: hall.RoleOrganizer}, &made)
	return made.Key, err
}

// ask puts a question to the control socket, as the operator's commands do.
func (h *rehearsalHall) ask(ctx context.Context, method, path string, question, into any) error {
	body, err := json.Marshal(question)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://hall"+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	answer, err := h.client.Do(request)
	if err != nil {
		return fmt.Errorf("ask the hall: %w", err)
	}
	data, err := io.ReadAll(answer.Body)
	if err = errors.Join(err, answer.Body.Close()); err != nil {
		return fmt.Errorf("ask the hall: %w", err)
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the hall answers %s: %s", answer.Status, bytes.TrimSpace(data))
	}
	return json.Unmarshal(data, into)
}

// Load implements rehearsal.Hall, from /proc.
func (h *rehearsalHall) Load() (mb float64, connections int) {
	h.mu.Lock()
	pid := h.child.cmd.Process.Pid
	h.mu.Unlock()
	_, port, err := net.SplitHostPort(h.address)
	if err != nil {
		return 0, 0
	}
	return resident(pid), established(port)
}

// resident is a process's memory, in millions of bytes; 0 where there is no /proc.
func resident(pid int) float64 {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(data))
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseFloat(fields[1], 64)
	if err != nil {
		return 0
	}
	return pages * float64(os.Getpagesize()) / 1e6
}

// established counts the open connections to a port of this machine (proc(5):
// local address in the second column, state 01 in the fourth).
func established(port string) (n int) {
	number, err := strconv.Atoi(port)
	if err != nil {
		return 0
	}
	data, err := os.ReadFile("/proc/net/tcp")
	if err != nil {
		return 0
	}
	suffix := fmt.Sprintf(":%04X", number)
	for line := range strings.Lines(string(data)) {
		if column := strings.Fields(line); len(column) > 3 && strings.HasSuffix(column[1], suffix) && column[3] == "01" {
			n++
		}
	}
	return n
}

// Journals implements rehearsal.Hall: the hall ends, and its file is read.
func (h *rehearsalHall) Journals(ctx context.Context) (rehearsal.Journals, error) {
	ctx, cancel := context.WithTimeout(ctx, endLimit+time.Minute) // a large file may be compacted at the end
	defer cancel()
	if err := h.stop(ctx); err != nil {
		return nil, err
	}
	return hallstore.Open(filepath.Join(h.dir, "hall.db"))
}

// Echo implements rehearsal.Hall: this program once more, as an echo.
func (h *rehearsalHall) Echo(ctx context.Context) (string, *tls.Config, func() error, error) {
	return startEcho(ctx, h.programs)
}
