// Package virtual runs a printer that prints into a folder: CUPS' own
// ippeveprinter on a loopback port, with a print command that keeps each
// badge's PDF and shows faults on demand. It is for a first look, rehearsals
// and tests; to a program it is a real IPP printer.
//
// In the printer's folder lie
//
//	badges/NAME.pdf   what was printed, by job name; a name printed again becomes NAME.2.pdf
//	faults            a person or a test writes IPP keywords here, one a line
//	printer.log       what ippeveprinter said
//
// Faults are looked at while a job prints: as long as the file holds a keyword
// such as media-empty, cover-open or media-jam, the printer reports it and the
// job waits; of media-low and its like it only reports. Two words are our own: "hold" waits without a reported reason,
// "abort" ends the job as aborted.
//
// ippeveprinter insists on a system D-Bus to announce itself. It gets a
// private one and announces nothing, so neither root, a running dbus service
// nor avahi is needed: only Debian's cups-ipp-utils and dbus. StartNetwork runs
// an avahi of its own for printers that are to be found.
//
// StartCUPS runs a print server beside it, for printing through a queue as
// most offices do.
package virtual

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The print command and the question it asks about its own job.
var (
	//go:embed print.sh
	command []byte
	//go:embed job.ipp
	question []byte
)

// ErrMissing says that a program of the operating system is not there.
var ErrMissing = errors.New("virtual printer needs a program that is not installed")

// Printer is a running virtual printer.
type Printer struct {
	dir          string
	name, place  string   // what it calls itself, and where it says it stands
	network      *Network // that it is announced on, or nil
	port, chosen int      // as asked, 0 for any; as taken
	bus, server  *child
	address      string // of the bus
	stop         sync.Once
}

// errEnded: the program ended at once, as ippeveprinter does when its port is taken.
var errEnded = errors.New("ended at once")

// Start runs a printer that keeps everything in dir, and returns when it takes
// jobs. It listens on loopback, where ::1 is absent on every address, at port
// or, if that is 0, at a free one. ErrMissing comes with the package to
// install. A dir belongs to one running printer at a time.
func Start(ctx context.Context, dir string, port int) (*Printer, error) {
	return begin(ctx, &Printer{dir: dir, port: port, name: "Virtual badge printer"})
}

func begin(ctx context.Context, p *Printer) (_ *Printer, err error) {
	if p.dir, err = filepath.Abs(p.dir); err != nil {
		return nil, err
	}
	port := p.port
	if err := p.prepare(); err != nil {
		return nil, fmt.Errorf("prepare virtual printer: %w", err)
	}
	err = p.start(ctx)
	for range 4 { // between looking for a free port and using it another may take it
		if port != 0 || !errors.Is(err, errEnded) {
			break
		}
		err = p.start(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start virtual printer: %w", err), p.Close())
	}
	return p, nil
}

func (p *Printer) prepare() error {
	for _, d := range []string{p.Badges(), p.path("spool"), p.path("keys")} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return err
		}
	}
	if err := os.WriteFile(p.path("print.sh"), command, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(p.path("job.ipp"), question, 0o600); err != nil {
		return err
	}
	return nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// bothLoopbacks: ippeveprinter listens on 127.0.0.1 and ::1 or, where ::1 is
// absent, as in some containers, can do no better than on every address.
func bothLoopbacks() bool {
	l, err := net.Listen("tcp6", "[::1]:0")
	return err == nil && l.Close() == nil
}

func (p *Printer) start(ctx context.Context) (err error) {
	announced := []string{"-r", "off"}
	if p.network != nil {
		p.address, announced = p.network.address, []string{"-l", p.place}
	} else if p.bus == nil {
		if p.bus, p.address, err = startBus(ctx, p.path("bus.log")); err != nil {
			return err
		}
	}
	if p.chosen = p.port; p.chosen == 0 {
		if p.chosen, err = freePort(); err != nil {
			return err
		}
	}
	program, err := find("ippeveprinter", "cups-ipp-utils")
	if err != nil {
		return err
	}
	args := append(announced, "-v", "-p", strconv.Itoa(p.chosen),
		"-d", p.path("spool"), "-K", p.path("keys"), "-c", p.path("print.sh"),
		"-f", "application/pdf", "-s", "60,60", "-M", "Hallpass", "-m", "Virtual")
	if bothLoopbacks() || p.network != nil {
		args = append(args, "-n", "localhost")
	}
	cmd := exec.Command(program, append(args, p.name)...)
	cmd.Env = append(os.Environ(), "DBUS_SYSTEM_BUS_ADDRESS="+p.address, "HALLPASS_PRINTER="+p.dir)
	if p.server, err = run(cmd, p.path("printer.log")); err != nil {
		return err
	}
	return p.wait(ctx)
}

// wait polls until the printer says its id, which it does when it listens; a
// start takes about 50 ms. Its port alone would not tell it from another's.
func (p *Printer) wait(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !strings.Contains(p.server.last(), "printer-uuid=") {
		select {
		case <-p.server.done:
			return fmt.Errorf("%w: %s", errEnded, p.server.last())
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	return nil
}

// SecureURI is the printer's address for printing over TLS.
func (p *Printer) SecureURI() string { return strings.Replace(p.URI(), "ipp", "ipps", 1) }

// URI is the printer's address, for spool.Open.
func (p *Printer) URI() string { return fmt.Sprintf("ipp://127.0.0.1:%d/ipp/print", p.chosen) }

// Badges is the folder of the printed PDFs.
func (p *Printer) Badges() string { return p.path("badges") }

// Raise sets the faults, replacing those before; with none it clears them.
func (p *Printer) Raise(keywords ...string) error {
	part := p.path("faults.part")
	if err := os.WriteFile(part, []byte(strings.Join(keywords, "\n")+"\n"), 0o600); err != nil {
		return err
	}
	return os.Rename(part, p.path("faults"))
}

// Load puts media into the tray and takes out what was there: sheets of width
// × length in millimetres, or an unknown number of them if sheets is below 0.
// A printer that has just been started says that it holds Letter.
func (p *Printer) Load(ctx context.Context, width, length, sheets int) error {
	size := fmt.Sprintf("%dx%dmm", width, length)
	form := url.Values{"size1": {"custom_" + size + "_" + size}, "type1": {"stationery"},
		"level1": {strconv.Itoa(max(sheets, -2))}, // the other trays
		"size2":  {""}, "level2": {"-2"}, "size3": {""}, "level3": {"-2"}}
	page := fmt.Sprintf("http://127.0.0.1:%d/media?%s", p.chosen, form.Encode())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, page, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("load media: %w", err)
	}
	answer, err := io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		return fmt.Errorf("load media: %w", err)
	}
	if !bytes.Contains(answer, []byte("Media updated")) {
		return errors.New("load media: the printer did not take it")
	}
	return nil
}

// Done is closed when the printer has ended, by Close or by itself.
func (p *Printer) Done() <-chan struct{} { return p.server.done }

// Kill ends the printer as a power cut does. Close it all the same.
func (p *Printer) Kill() { p.server.kill() }

// Close stops the printer and waits for it. A job that is printing is lost.
func (p *Printer) Close() error {
	p.stop.Do(func() {
		p.server.end()
		p.bus.end()
	})
	return nil
}

func (p *Printer) path(name string) string { return filepath.Join(p.dir, name) }

// find looks beyond PATH, because Debian keeps ippeveprinter in /usr/sbin.
func find(program, debian string) (string, error) {
	for _, name := range []string{program, "/usr/sbin/" + program, "/usr/bin/" + program} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%w: %s; run: apt-get install %s", ErrMissing, program, debian)
}
