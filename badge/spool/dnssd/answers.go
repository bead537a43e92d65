package dnssd

import (
	"net/netip"
	"slices"
	"strings"
	"sync"

	"github.com/miekg/dns"
)

// most bounds what is remembered of each kind: a hall has some hundred
// printers, a hostile network anything.
const most = 2000

// entry is a service's name in its parts, as announced.
type entry struct{ instance, kind string }

// answers is what the network said so far. Names are compared in lower case.
type answers struct {
	mu    sync.Mutex // guards all below
	names map[string]entry
	srv   map[string]target
	text  map[string]map[string]string
	addrs map[string][]netip.Addr // by host
}

type target struct {
	host string
	port int
}

func newAnswers() *answers {
	return &answers{names: map[string]entry{}, srv: map[string]target{},
		text: map[string]map[string]string{}, addrs: map[string][]netip.Addr{}}
}

func key(instance, kind string) string { return strings.ToLower(instance + "." + kind) }

// read takes one packet that came in on the interface zone; anything else
// than an answer is passed over.
func (a *answers) read(packet []byte, zone string) {
	var m dns.Msg
	if m.Unpack(packet) != nil || !m.Response {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, rr := range slices.Concat(m.Answer, m.Extra) {
		switch rr := rr.(type) {
		case *dns.PTR:
			if e, ok := parse(rr.Ptr); ok && len(a.names) < most {
				a.names[key(e.instance, e.kind)] = e
			}
		case *dns.SRV:
			if e, ok := parse(rr.Hdr.Name); ok && len(a.srv) < most {
				a.srv[key(e.instance, e.kind)] = target{plain(rr.Target), int(rr.Port)}
			}
		case *dns.TXT:
			if e, ok := parse(rr.Hdr.Name); ok && len(a.text) < most {
				a.text[key(e.instance, e.kind)] = pairs(rr.Txt)
			}
		case *dns.A:
			a.add(plain(rr.Hdr.Name), rr.A, zone)
		case *dns.AAAA:
			a.add(plain(rr.Hdr.Name), rr.AAAA, zone)
		}
	}
}

func (a *answers) add(host string, ip []byte, zone string) {
	addr, ok := netip.AddrFromSlice(ip)
	if !ok {
		return
	}
	if addr = addr.Unmap(); addr.Is6() && addr.IsLinkLocalUnicast() {
		addr = addr.WithZone(zone)
	}
	host = strings.ToLower(host)
	if all := a.addrs[host]; len(a.addrs) < most && len(all) < 16 && !slices.Contains(all, addr) {
		a.addrs[host] = append(all, addr)
	}
}

// service puts together what is known; ok when that is enough to connect.
func (a *answers) service(name string) (Service, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	e, at := a.names[name], a.srv[name]
	s := Service{Instance: e.instance, Type: e.kind, Host: at.host, Port: at.port,
		Addrs: a.sorted(at.host), Text: a.text[name]}
	return s, s.Port != 0 && len(s.Addrs) > 0 && s.Text != nil
}

func (a *answers) addresses(host string) []netip.Addr {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.sorted(host)
}

func (a *answers) sorted(host string) []netip.Addr {
	out := slices.Clone(a.addrs[strings.ToLower(host)])
	slices.SortFunc(out, func(x, y netip.Addr) int {
		if x.Is4() != y.Is4() {
			if x.Is4() {
				return -1
			}
			return 1
		}
		return x.Compare(y)
	})
	return out
}

// open is what to ask next: who there is of these types, and what is missing
// of those whose name is known.
func (a *answers) open(types []string) []question {
	a.mu.Lock()
	defer a.mu.Unlock()
	var out []question
	for _, t := range types {
		out = append(out, question{dns.Fqdn(t + ".local"), dns.TypePTR})
	}
	for name, e := range a.names {
		full := escape(e.instance) + "." + e.kind + ".local."
		at, ok := a.srv[name]
		if !ok {
			out = append(out, question{full, dns.TypeSRV})
		} else if len(a.addrs[strings.ToLower(at.host)]) == 0 {
			out = append(out, addresses(at.host)...)
		}
		if a.text[name] == nil {
			out = append(out, question{full, dns.TypeTXT})
		}
	}
	return out
}

func addresses(host string) []question {
	return []question{{dns.Fqdn(host), dns.TypeA}, {dns.Fqdn(host), dns.TypeAAAA}}
}

// pairs reads KEY=VALUE strings; of a key that comes twice the first counts.
func pairs(text []string) map[string]string {
	out := map[string]string{}
	for _, t := range text {
		k, v, _ := strings.Cut(unescape(t), "=")
		if k = strings.ToLower(k); k != "" && out[k] == "" {
			out[k] = v
		}
	}
	return out
}
