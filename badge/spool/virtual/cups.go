package virtual

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// CUPS is a print server of its own: no file, port or right of the machine's
// own CUPS is used. Started by root it runs its filters as lp.
type CUPS struct {
	dir    string
	port   int
	server *child
	adding sync.Mutex // held by the one Queue under way
}

// StartCUPS runs a print server on 127.0.0.1 that keeps everything in dir, and
// returns when it answers. The dir must be open to lp. Port 0 is any. ErrMissing comes with the package to
// install.
func StartCUPS(ctx context.Context, dir string, port int) (*CUPS, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	c := &CUPS{dir: dir, port: port}
	err = c.start(ctx, port)
	for range 4 { // as in Start
		if port != 0 || !errors.Is(err, errEnded) {
			break
		}
		err = c.start(ctx, port)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start CUPS: %w", err), c.Close())
	}
	return c, nil
}

func (c *CUPS) start(ctx context.Context, port int) (err error) {
	if c.port = port; port == 0 {
		if c.port, err = freePort(); err != nil {
			return err
		}
	}
	program, err := find("cupsd", "cups-daemon")
	if err != nil {
		return err
	}
	if err := c.configure(); err != nil {
		return err
	}
	cmd := exec.Command(program, "-f", "-c", c.path("cupsd.conf"), "-s", c.path("cups-files.conf"))
	if c.server, err = run(cmd, c.path("cups.log")); err != nil {
		return err
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !c.answers() {
		select {
		case <-c.server.done:
			return fmt.Errorf("%w: %s", errEnded, c.server.last())
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	return nil
}

func (c *CUPS) configure() error {
	for _, d := range []string{"root", "cache", "state", "spool", "tmp", "log"} {
		if err := os.MkdirAll(c.path(d), 0o755); err != nil { // filters are another user's
			return err
		}
	}
	files := strings.ReplaceAll(`ServerRoot @/root
CacheDir @/cache
StateDir @/state
RequestRoot @/spool
TempDir @/tmp
AccessLog @/log/access
ErrorLog @/log/error
PageLog @/log/page
User lp
Group lp
SystemGroup root
SyncOnClose No
`, "@", c.dir)
	// No sign-in, nothing announced, and what it knows is written at once, not
	// up to 30 s later.
	server := fmt.Sprintf(`Listen 127.0.0.1:%d
Listen %s
LogLevel info
Browsing No
WebInterface No
DefaultAuthType None
PreserveJobFiles No
DirtyCleanInterval 0
<Location />
Order allow,deny
Allow all
</Location>
<Location /admin>
Order allow,deny
Allow all
</Location>
<Policy default>
JobPrivateAccess all
JobPrivateValues none
<Limit All>
Order allow,deny
Allow all
</Limit>
</Policy>
`, c.port, c.path("state/cups.sock"))
	return errors.Join(
		os.WriteFile(c.path("cups-files.conf"), []byte(files), 0o644),
		os.WriteFile(c.path("cupsd.conf"), []byte(server), 0o644),
	)
}

func (c *CUPS) answers() bool {
	conn, err := net.Dial("tcp", c.address())
	return err == nil && conn.Close() == nil
}

func (c *CUPS) address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port)) }

// Queue adds a queue to the printer at device and returns its own address, for
// spool.Open. CUPS asks an IPP printer what it can do, which takes a moment;
// other devices are sent what comes, unseen. Queues are added one by one: CUPS 2.4
// looks at a printer in a thread of its own, and may die of two at once.
func (c *CUPS) Queue(ctx context.Context, name, device string) (string, error) {
	c.adding.Lock()
	defer c.adding.Unlock()
	program, err := find("lpadmin", "cups-client")
	if err != nil {
		return "", err
	}
	model := "raw"
	if strings.HasPrefix(device, "ipp") {
		model = "everywhere"
	}
	cmd := exec.CommandContext(ctx, program, "-h", c.address(), "-p", name, "-E", "-v", device, "-m", model,
		"-o", "printer-error-policy=retry-current-job")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("add queue %s: %w: %s", name, err, bytes.TrimSpace(said.Bytes()))
	}
	if model == "everywhere" {
		if err := c.available(ctx, name); err != nil {
			return "", fmt.Errorf("add queue %s: %w", name, err)
		}
	}
	return fmt.Sprintf("ipp://%s/printers/%s", c.address(), name), nil
}

// available waits until CUPS has made its driver for an IPP printer, which it
// does when lpadmin has long returned; until then it aborts every job. Only
// its log tells.
func (c *CUPS) available(ctx context.Context, name string) error {
	for want := fmt.Sprintf("Printer %q is now available", name); ; {
		log, err := os.ReadFile(c.path("log/error"))
		if err != nil || strings.Contains(string(log), want) {
			return err
		}
		select {
		case <-c.server.done:
			return fmt.Errorf("%w: %s", errEnded, c.server.last())
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Kill ends the server as a power cut does. Close it all the same.
func (c *CUPS) Kill() { c.server.kill() }

// Restart is a power cut, and the server comes back with what it had written.
func (c *CUPS) Restart(ctx context.Context) error {
	c.Kill()
	return c.start(ctx, c.port)
}

// Close stops the server and waits for it.
func (c *CUPS) Close() error {
	c.server.end()
	return nil
}

func (c *CUPS) path(name string) string { return filepath.Join(c.dir, name) }
