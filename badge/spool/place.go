package spool

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"hallpass/badge/spool/dnssd"
)

// findTimeout is how long a printer's name is asked for: one that is there
// answers within some milliseconds, over Wi-Fi within a second or two.
const findTimeout = 5 * time.Second

// place is where a printer answers.
type place interface {
	// find returns its printer-uri and the URL to post to.
	find(ctx context.Context) (uri, url string, err error)
	// lost says that nobody answered there, or somebody else.
	lost()
	// right tells whether the printer of this printer-uuid is the one meant.
	right(uuid string) bool
}

// fixed is a printer whose address a person gave.
type fixed struct{ uri, url string }

func (f fixed) find(context.Context) (string, string, error) { return f.uri, f.url, nil }
func (f fixed) lost()                                        {}
func (f fixed) right(string) bool                            { return true }

// announced is a printer known by the name that it announces. Where it is gets
// looked up at first and whenever nobody answered there.
type announced struct {
	name, scheme string
	uuid         string // as the address says, or ""

	mu    sync.Mutex // guards the rest
	at    *url.URL   // nil: not known
	shown string     // the uuid announced there
}

// openNamed opens dnssd addresses; u.Opaque is the name.
func openNamed(u *url.URL, s settings) (Printer, error) {
	own, err := ownOptions(u)
	if err != nil {
		return nil, err
	}
	_, kind, ok := dnssd.Split(u.Opaque)
	scheme := strings.TrimSuffix(strings.TrimPrefix(kind, "_"), "._tcp")
	if !ok || scheme != "ipp" && scheme != "ipps" {
		return nil, fmt.Errorf("printer %q needs the form dnssd:NAME._ipp._tcp.local; see what is there with: kiosk printers", u.Opaque)
	}
	return newIPP("dnssd:"+u.Opaque, &announced{name: u.Opaque, scheme: scheme, uuid: own.uuid}, own, s), nil
}

func (n *announced) find(ctx context.Context) (string, string, error) {
	n.mu.Lock()
	at := n.at
	n.mu.Unlock()
	if at == nil {
		ctx, cancel := context.WithTimeout(ctx, findTimeout)
		defer cancel()
		s, err := dnssd.Lookup(ctx, n.name)
		if err != nil {
			return "", "", err
		}
		at = n.found(s)
	}
	web := *at
	web.Scheme = map[string]string{"ipp": "http", "ipps": "https"}[n.scheme]
	return at.String(), web.String(), nil
}

func (n *announced) found(s dnssd.Service) *url.URL {
	at := &url.URL{
		Scheme: n.scheme,
		Host:   netip.AddrPortFrom(s.Addrs[0], uint16(s.Port)).String(),
		Path:   "/" + strings.TrimPrefix(s.Text["rp"], "/"),
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.at, n.shown = at, s.Text["uuid"]
	return at
}

func (n *announced) lost() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.at = nil
}

// right: addresses are given out anew, and another printer may have got ours.
func (n *announced) right(uuid string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	want := n.uuid
	if want == "" {
		want = n.shown
	}
	uuid = strings.TrimPrefix(strings.ToLower(uuid), "urn:uuid:")
	return want == "" || uuid == "" && n.uuid == "" || strings.ToLower(want) == uuid
}

// dialer connects to hosts, of which it finds those under .local itself: few
// systems can. An address found is used until it does not answer.
type dialer struct {
	mu    sync.Mutex
	known map[string]netip.Addr // by host; of one printer there is one
}

func (d *dialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	var system net.Dialer
	host, port, err := net.SplitHostPort(address)
	if err != nil || !strings.HasSuffix(strings.ToLower(strings.TrimSuffix(host, ".")), ".local") {
		return system.DialContext(ctx, network, address)
	}
	addr, err := d.find(ctx, host)
	if err != nil { // perhaps the system knows better
		return system.DialContext(ctx, network, address)
	}
	conn, err := system.DialContext(ctx, network, net.JoinHostPort(addr.String(), port))
	if err != nil {
		d.mu.Lock()
		delete(d.known, host)
		d.mu.Unlock()
	}
	return conn, err
}

func (d *dialer) find(ctx context.Context, host string) (netip.Addr, error) {
	d.mu.Lock()
	addr, ok := d.known[host]
	d.mu.Unlock()
	if ok {
		return addr, nil
	}
	ctx, cancel := context.WithTimeout(ctx, findTimeout)
	defer cancel()
	all, err := dnssd.Host(ctx, host)
	if err != nil {
		return addr, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.known == nil {
		d.known = map[string]netip.Addr{}
	}
	d.known[host] = all[0]
	return all[0], nil
}
