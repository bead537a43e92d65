package virtual

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Network is a loopback network on which printers announce themselves by
// DNS-SD. A machine has one avahi at a time; one that is not started by root
// needs user namespaces.
type Network struct {
	bus, avahi *child
	address    string // of the bus
}

const avahiConfig = `[server]
host-name=hallpass-virtual
allow-interfaces=lo
use-ipv6=no
[wide-area]
enable-wide-area=no
[publish]
publish-hinfo=no
publish-workstation=no
`

// asRoot runs avahi in a user namespace: it writes to /run and gives its folder
// there to the user avahi, which has to be root, the only user there is.
const asRoot = `mount -t tmpfs run /run
sed 's/^avahi:.*/avahi:x:0:0::\/:/' /etc/passwd >/run/passwd
sed 's/^avahi:.*/avahi:x:0:/' /etc/group >/run/group
for f in passwd group; do mount --bind /run/$f /etc/$f; done
exec "$@"`

// StartNetwork runs avahi with what it needs in dir, and returns when it
// announces. Another avahi on the machine gets a minute to end, as that of a
// test does. ErrMissing comes with the package to install.
func StartNetwork(ctx context.Context, dir string) (*Network, error) {
	n, err := startNetwork(ctx, dir)
	for turn := 0; errors.Is(err, errEnded) && turn < 120; turn++ {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(500 * time.Millisecond):
			n, err = startNetwork(ctx, dir)
		}
	}
	return n, err
}

func startNetwork(ctx context.Context, dir string) (_ *Network, err error) {
	program, err := find("avahi-daemon", "avahi-daemon")
	if err != nil {
		return nil, err
	}
	n := &Network{}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("start network: %w", err), n.Close())
		}
	}()
	if n.bus, n.address, err = startBus(ctx, filepath.Join(dir, "bus.log")); err != nil {
		return nil, err
	}
	config := filepath.Join(dir, "avahi.conf")
	if err := os.WriteFile(config, []byte(avahiConfig), 0o600); err != nil {
		return nil, err
	}
	args := []string{program, "-f", config, "--no-drop-root", "--no-chroot", "--no-rlimits"}
	if os.Geteuid() != 0 {
		args = append([]string{"unshare", "--map-root-user", "--mount", "sh", "-ec", asRoot, "avahi"}, args...)
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "DBUS_SYSTEM_BUS_ADDRESS="+n.address)
	if n.avahi, err = run(cmd, filepath.Join(dir, "avahi.log")); err != nil {
		return nil, err
	}
	for {
		log, _ := os.ReadFile(n.avahi.log)
		if strings.Contains(string(log), "Server startup complete") {
			return n, nil
		}
		select {
		case <-n.avahi.done:
			return nil, fmt.Errorf("%w: %s", errEnded, n.avahi.last())
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Start runs a printer as the function Start does, which is announced by its
// name and says where it stands.
func (n *Network) Start(ctx context.Context, dir string, port int, name, place string) (*Printer, error) {
	return begin(ctx, &Printer{dir: dir, port: port, name: name, place: place, network: n})
}

// Close stops the announcements. Close its printers first.
func (n *Network) Close() error {
	n.avahi.end()
	n.bus.end()
	return nil
}
