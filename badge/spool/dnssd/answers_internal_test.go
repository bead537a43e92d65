package dnssd

import (
	"net"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

func packet(t testing.TB, answers ...string) []byte {
	t.Helper()
	m := dns.Msg{MsgHdr: dns.MsgHdr{Response: true}}
	for _, text := range answers {
		rr, err := dns.NewRR(text)
		if err != nil {
			t.Fatal(err)
		}
		m.Answer = append(m.Answer, rr)
	}
	b, err := m.Pack()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Two printers behind one host, told in pieces and in any order.
func TestRead_TwoServicesOfOneHostInPieces(t *testing.T) {
	a := newAnswers()
	for _, piece := range []string{
		`east._ipp._tcp.local. 10 IN TXT "rp=printers/east" "RP=other" "novalue"`,
		`print-server.local. 10 IN AAAA fe80::7`,
		`east._ipp._tcp.local. 10 IN SRV 0 0 631 Print-Server.local.`,
		`_ipp._tcp.local. 10 IN PTR west._ipp._tcp.local.`,
		`_ipp._tcp.local. 10 IN PTR east._ipp._tcp.local.`,
		`west._ipp._tcp.local. 10 IN SRV 0 0 632 print-server.local.`,
		`west._ipp._tcp.local. 10 IN TXT "rp=printers/west"`,
		`print-server.local. 10 IN A 192.0.2.7`,
	} {
		a.read(packet(t, piece), "eth9")
	}
	for name, port := range map[string]int{"east": 631, "west": 632} {
		s, ok := a.service(name + "._ipp._tcp")
		if !ok || s.Port != port || len(s.Addrs) != 2 || s.Addrs[0].String() != "192.0.2.7" ||
			s.Addrs[1].String() != "fe80::7%eth9" || s.Text["rp"] != "printers/"+name {
			t.Errorf("service(%s) = %+v, %v", name, s, ok)
		}
	}
	if open := a.open(nil); len(open) != 0 {
		t.Errorf("still asks for %v", open)
	}
}

func TestOpen_AsksForWhatIsMissing(t *testing.T) {
	a := newAnswers()
	a.read(packet(t, `_ipp._tcp.local. 10 IN PTR Gate\ 1\.\ West._ipp._tcp.local.`), "")
	const full = `Gate\0321\046\032West._ipp._tcp.local.`
	want := []question{{"_ipp._tcp.local.", dns.TypePTR}, {full, dns.TypeSRV}, {full, dns.TypeTXT}}
	got := a.open([]string{"_ipp._tcp"})
	if len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Fatalf("open = %v, want %v", got, want)
	}
	a.read(packet(t, full+` 10 IN SRV 0 0 631 h.local.`, full+` 10 IN TXT ""`), "")
	if got = a.open(nil); len(got) != 2 || got[0] != (question{"h.local.", dns.TypeA}) {
		t.Fatalf("open = %v, want the host's addresses", got)
	}
}

func TestRead_P9_FloodIsBounded(t *testing.T) {
	a := newAnswers()
	for n := range 3 * most {
		name := string(rune('a'+n%26)) + strings.Repeat("x", n%40) + net.IPv4(10, byte(n>>8), byte(n), 1).String()
		a.read(packet(t, `_ipp._tcp.local. 10 IN PTR `+strings.ReplaceAll(name, ".", "-")+`._ipp._tcp.local.`), "")
		a.add(name, net.IPv4(10, 0, byte(n>>8), byte(n)), "")
		a.add("one", net.IPv4(10, 0, byte(n>>8), byte(n)), "")
	}
	if len(a.names) > most || len(a.addrs) > most || len(a.addrs["one"]) > 16 {
		t.Fatalf("remembers %d names, %d hosts, %d addresses of one", len(a.names), len(a.addrs), len(a.addrs["one"]))
	}
}

func FuzzRead(f *testing.F) {
	f.Add(packet(f, `_ipp._tcp.local. 10 IN PTR Gate\ 1._ipp._tcp.local.`, `Gate\ 1._ipp._tcp.local. 10 IN SRV 0 0 631 h.local.`,
		`Gate\ 1._ipp._tcp.local. 10 IN TXT "rp=a" "UUID=b"`, `h.local. 10 IN A 192.0.2.1`, `h.local. 10 IN AAAA fe80::1`))
	f.Add([]byte("\x00\x00\x84\x00\x00\x00\x00\x01\x00\x00\x00\x00\xc0\x0c\x00\x0c\x00\x01\x00\x00\x00\x00\x00\x02\xc0\x0c"))
	f.Fuzz(func(t *testing.T, b []byte) {
		a := newAnswers()
		a.read(b, "eth0")
		for _, q := range a.open([]string{"_ipp._tcp"}) { // what is asked for next can be sent
			if _, ok := dns.IsDomainName(q.name); !ok && len(q.name) < 200 && !strings.ContainsAny(q.name, `\`) && strings.HasSuffix(q.name, "._tcp.local.") {
				t.Errorf("asks for %q", q.name)
			}
		}
		for name := range a.names {
			a.service(name)
		}
	})
}

func FuzzEscape(f *testing.F) {
	f.Add("Gate 1. West")
	f.Add(`\046\..`)
	f.Fuzz(func(t *testing.T, label string) {
		if got := unescape(escape(label)); got != label {
			t.Fatalf("unescape(escape(%q)) = %q", label, got)
		}
	})
}
