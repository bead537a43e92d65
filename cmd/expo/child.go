package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	readyLimit = time.Minute      // a slow disk, a cold OCR engine
	endLimit   = 20 * time.Second // a kiosk flushes its link on the way out
)

// child is one of our programs as a running process.
type child struct {
	name, log string
	cmd       *exec.Cmd
	done      chan struct{} // closed when it has ended and was waited for
}

// programs starts what lies beside this program.
type programs struct {
	dir     string // where kiosk and hall lie
	data    string
	environ []string
}

func beside(data string) (programs, error) {
	self, err := os.Executable()
	if err != nil {
		return programs{}, err
	}
	p := programs{dir: filepath.Dir(self), data: data}
	for _, name := range []string{"hall", "kiosk"} {
		if _, err := exec.LookPath(filepath.Join(p.dir, name)); err != nil {
			return p, fmt.Errorf("the program %s is not beside this one in %s; run: make build", name, p.dir)
		}
	}
	p.environ = ownEnviron()
	return p, nil
}

// ownEnviron is what the programs get of this one's environment.
func ownEnviron() (environ []string) {
	for _, e := range os.Environ() { // settings of ours are not theirs
		if !strings.HasPrefix(e, "HALLPASS_") && !strings.HasPrefix(e, "OMP_THREAD_LIMIT=") {
			environ = append(environ, e)
		}
	}
	return append(environ, "OMP_THREAD_LIMIT=1") // several cards at once, one thread each
}

// path is how a person in this folder calls a program.
func (p programs) path(name string) string {
	path := filepath.Join(p.dir, name)
	if here, err := os.Getwd(); err == nil {
		if near, err := filepath.Rel(here, path); err == nil && !strings.HasPrefix(near, "..") {
			return near
		}
	}
	return path
}

// start runs a program with its log in DATA/NAME.log. It gets a process group
// of its own: we say when it ends, not the terminal.
func (p programs) start(name string, args ...string) (*child, error) {
	c := &child{name: name, log: filepath.Join(p.data, name+".log"), done: make(chan struct{})}
	log, err := os.OpenFile(c.log, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close() // the process has its own copy
	c.cmd = exec.Command(filepath.Join(p.dir, name), args...)
	c.cmd.Env, c.cmd.Stdout, c.cmd.Stderr, c.cmd.SysProcAttr = p.environ, log, log, attributes()
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	go func() {
		defer close(c.done)
		_ = c.cmd.Wait()
	}()
	return c, nil
}

// ask runs an operator's command to its end and reads the JSON it prints.
func (p programs) ask(ctx context.Context, into any, name string, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, readyLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(p.dir, name), args...)
	cmd.Env, cmd.SysProcAttr = p.environ, attributes()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, into)
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w: %s", name, args[0], err, bytes.TrimSpace(stderr.Bytes()))
	}
	return nil
}

// ready waits until a question over HTTP is answered as ok wants.
func (c *child) ready(ctx context.Context, url string, ok func(*http.Response) bool) error {
	return c.waitFor(ctx, func(ctx context.Context) bool {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return false
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return false
		}
		good := ok(resp)
		_ = resp.Body.Close()
		return good
	})
}

// waitFor asks again and again until the answer is yes.
func (c *child) waitFor(ctx context.Context, ok func(context.Context) bool) error {
	ctx, cancel := context.WithTimeoutCause(ctx, readyLimit, errors.New("it is not ready after a minute"))
	defer cancel()
	for tick := time.NewTicker(20 * time.Millisecond); ; {
		if ok(ctx) {
			return nil
		}
		select {
		case <-c.done:
			return c.ended()
		case <-ctx.Done():
			if errors.Is(context.Cause(ctx), context.Canceled) {
				return context.Canceled
			}
			return fmt.Errorf("%s: %w; %s", c.name, context.Cause(ctx), c.last())
		case <-tick.C:
		}
	}
}

// ended is the error for a child that ended by itself.
func (c *child) ended() error {
	return fmt.Errorf("the %s ended by itself (%s); %s", c.name, c.cmd.ProcessState, c.last())
}

// last returns the end of the log.
func (c *child) last() string {
	b, _ := os.ReadFile(c.log)
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	lines = lines[max(0, len(lines)-10):]
	return "its log " + c.log + " ends with:\n  " + strings.Join(lines, "\n  ")
}

// stop asks the child to end and insists when ctx does.
func (c *child) stop(ctx context.Context) error {
	select {
	case <-c.done:
		return nil
	default:
	}
	_ = c.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-c.done:
	case <-ctx.Done():
		_ = c.cmd.Process.Kill()
		<-c.done
		return fmt.Errorf("the %s did not end in time and was killed; %s", c.name, c.last())
	}
	if !c.cmd.ProcessState.Success() {
		return fmt.Errorf("the %s did not end cleanly (%s); %s", c.name, c.cmd.ProcessState, c.last())
	}
	return nil
}
