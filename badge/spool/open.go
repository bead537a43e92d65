package spool

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// settings are what Open's options say.
type settings struct {
	// dir keeps what must survive a restart, such as a certificate seen before
	// or the labels left on a roll; "" keeps it in memory.
	dir string
}

// Option is one wish to Open.
type Option func(*settings)

// KeepIn names a folder where printers keep what must survive a restart: the
// certificates they showed first and the labels left on their rolls. It is made
// when needed; without it they remember as long as the process runs.
func KeepIn(dir string) Option { return func(s *settings) { s.dir = dir } }

// scheme is one kind of printer.
type scheme struct {
	name, form string // "ipp", and how its address looks
	open       func(*url.URL, settings) (Printer, error)
}

// schemes are the kinds of printers there are.
func schemes() []scheme {
	return []scheme{
		{"ipp", "ipp://HOST[:631]/PATH[?media=WxL]", openIPP},
		{"ipps", "ipps://HOST[:631]/PATH[?sha256=FINGERPRINT]", openIPP},
		{"dnssd", "dnssd:NAME._ipp._tcp.local", openNamed},
		{"zpl", "zpl://HOST[:9100]", openZPL},
		{"ql", "ql://HOST[:9100]", openQL},
		{"folder", "folder:DIR[?files=N&megabytes=N]", openFolder},
	}
}

// Open returns the printer at uri without talking to it yet:
//
//	ipp://HOST[:631]/PATH              a printer, or a queue of CUPS at /printers/NAME
//	ipps://HOST[:631]/PATH             the same over TLS
//	dnssd:NAME._ipp._tcp.local         the printer of that name, wherever it is now; also _ipps
//	zpl://HOST[:9100]                  a Zebra or another label printer that speaks ZPL II
//	ql://HOST[:9100]                   a Brother QL of the 720-dot kind
//	folder:DIR[?files=N&megabytes=N]   room for N files and N MB, 10000 and 1000 if not given
//
// After a question mark ipp and ipps take media=WIDTHxLENGTH in mm, which must
// be loaded, not only what has room for the badge; and ipps takes
// sha256=FINGERPRINT of the certificate that the printer must show, in hex.
// Without it the first certificate seen is the only one from then on, unless
// an authority known to the system vouches for the printer's name. A dnssd
// address takes uuid=PRINTER-UUID, too, when no other of that name will do.
//
// Label printers take media=62x100 as well (62 is an endless roll), and wait=3s,
// how long an answer may take, and roll=400, how many labels are on a new roll;
// zpl also dpi=203|300|600 of a printer that does
// not say, head=MM, how far its head reaches (104), and graphics=hex if it knows
// no Z64; ql also snmp=PORT|off and community=NAME if not 161 and public.
//
// The error for an address that is none ends with the forms there are, and
// never tells a password.
func Open(uri string, options ...Option) (Printer, error) {
	var s settings
	for _, o := range options {
		o(&s)
	}
	all := schemes()
	u, err := parse(uri)
	if err != nil {
		return nil, fmt.Errorf("printer address cannot be read; try one of %s", forms(all))
	}
	i := slices.IndexFunc(all, func(k scheme) bool { return k.name == u.Scheme })
	if i < 0 {
		return nil, fmt.Errorf("printer %q has an unknown scheme; try one of %s", u.Redacted(), forms(all))
	}
	return all[i].open(u, s)
}

// parse reads an address. A printer's name may hold anything, as a host may
// not: "dnssd://Gate%201._ipp._tcp.local/", as CUPS writes it, is read too.
func parse(uri string) (*url.URL, error) {
	name, ok := strings.CutPrefix(uri, "dnssd:")
	if !ok {
		return url.Parse(uri)
	}
	name, query, _ := strings.Cut(name, "?")
	name, err := url.PathUnescape(strings.TrimSuffix(strings.TrimPrefix(name, "//"), "/"))
	return &url.URL{Scheme: "dnssd", Opaque: name, RawQuery: query}, err
}

func forms(all []scheme) string {
	var out []string
	for _, k := range all {
		out = append(out, k.form)
	}
	return strings.Join(out, ", ")
}
