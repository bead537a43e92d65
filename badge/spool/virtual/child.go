package virtual

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// child is a process with its descendants, and the log it writes.
type child struct {
	cmd  *exec.Cmd
	log  string
	done chan struct{} // closed when it has ended and was waited for
}

// run starts cmd in a process group of its own: a terminal's Ctrl-C does not
// reach it, so its owner decides when it ends.
func run(cmd *exec.Cmd, log string) (*child, error) {
	out, err := os.OpenFile(log, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	defer out.Close() // the process has its own copy
	cmd.Stderr = out
	if cmd.Stdout == nil {
		cmd.Stdout = out
	}
	cmd.SysProcAttr = attributes()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c := &child{cmd: cmd, log: log, done: make(chan struct{})}
	go func() {
		defer close(c.done)
		_ = cmd.Wait()
		c.signal(syscall.SIGKILL) // what it left behind
	}()
	return c, nil
}

func (c *child) signal(s syscall.Signal) { _ = syscall.Kill(-c.cmd.Process.Pid, s) }

func (c *child) kill() {
	c.signal(syscall.SIGKILL)
	<-c.done
}

// end asks the process to end and insists after 2 s. It may be nil.
func (c *child) end() {
	if c == nil {
		return
	}
	select {
	case <-c.done:
		return
	default:
	}
	c.signal(syscall.SIGTERM)
	select {
	case <-c.done:
	case <-time.After(2 * time.Second):
		c.kill()
	}
}

// last returns the end of the log, for an error.
func (c *child) last() string {
	b, _ := os.ReadFile(c.log)
	return strings.TrimSpace(string(b[max(0, len(b)-500):]))
}

const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <auth>ANONYMOUS</auth>
  <allow_anonymous/>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
    <allow user="*"/>
  </policy>
</busconfig>
`

// startBus runs a private message bus and returns its address.
func startBus(ctx context.Context, log string) (*child, string, error) {
	program, err := find("dbus-daemon", "dbus")
	if err != nil {
		return nil, "", err
	}
	config := filepath.Join(filepath.Dir(log), "bus.conf")
	if err := os.WriteFile(config, []byte(busConfig), 0o600); err != nil {
		return nil, "", err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, "", err
	}
	defer read.Close()
	cmd := exec.Command(program, "--config-file="+config, "--print-address=1", "--nofork", "--nopidfile", "--nosyslog")
	cmd.Stdout = write
	c, err := run(cmd, log)
	if err = errors.Join(err, write.Close()); err != nil {
		return nil, "", err
	}
	stop := context.AfterFunc(ctx, c.kill)
	defer stop()
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		c.end()
		return nil, "", fmt.Errorf("dbus-daemon ended at once: %s", c.last())
	}
	return c, strings.TrimSpace(line), nil
}
