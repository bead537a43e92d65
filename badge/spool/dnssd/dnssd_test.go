package dnssd_test

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"hallpass/badge/spool/dnssd"
	"hallpass/badge/spool/virtual"
)

// network is a real avahi on loopback.
func network(t *testing.T) *virtual.Network {
	t.Helper()
	n, err := virtual.StartNetwork(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.Close() })
	return n
}

func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func TestLookupAndBrowse_RealPrinters(t *testing.T) {
	n := network(t)
	names := []string{"Gate 1. West", "展馆 2 東", `Back\slash "é"`}
	at := map[string]string{}
	for _, name := range names {
		p, err := n.Start(t.Context(), t.TempDir(), 0, name, "Hall 2, "+name)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = p.Close() })
		at[name] = p.URI()
	}
	for _, name := range names {
		s, err := dnssd.Lookup(soon(t), name+"._ipp._tcp.local")
		if err != nil || s.Instance != name || s.Type != "_ipp._tcp" || !strings.Contains(at[name], netip.AddrPortFrom(s.Addrs[0], uint16(s.Port)).String()) {
			t.Errorf("Lookup = %+v, %v; want %s", s, err, at[name])
		}
		if s.Text["rp"] != "ipp/print" || s.Text["uuid"] == "" || s.Text["note"] != "Hall 2, "+name {
			t.Errorf("Text = %v, want rp, uuid and note", s.Text)
		}
		if addrs, err := dnssd.Host(soon(t), s.Host); err != nil || !slices.Contains(addrs, netip.MustParseAddr("127.0.0.1")) {
			t.Errorf("Host(%s) = %v, %v; want 127.0.0.1", s.Host, addrs, err)
		}
	}
	var found map[string]int
	for range 30 { // avahi makes sure of each name first, which takes it a second
		found = browse(t, "_ipp._tcp", "_ipps._tcp")
		if found[names[0]] == 2 && found[names[1]] == 2 && found[names[2]] == 2 {
			return
		}
	}
	t.Errorf("found %v, want %q each as ipp and ipps", found, names)
}

func browse(t *testing.T, types ...string) map[string]int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	all, err := dnssd.Browse(ctx, types...)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, s := range all {
		found[s.Instance]++
	}
	return found
}

func TestLookup_P9_NobodyAnswers(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if s, err := dnssd.Lookup(ctx, "nobody._ipp._tcp.local"); !errors.Is(err, dnssd.ErrNotFound) {
		t.Errorf("Lookup = %+v, %v; want ErrNotFound", s, err)
	}
	if a, err := dnssd.Host(ctx, "nobody.local"); !errors.Is(err, dnssd.ErrNotFound) {
		t.Errorf("Host = %v, %v; want ErrNotFound", a, err)
	}
	if all, err := dnssd.Browse(ctx, "_nothing._tcp"); err != nil || len(all) != 0 {
		t.Errorf("Browse = %v, %v; want nothing", all, err)
	}
}

func TestSplit(t *testing.T) {
	for name, want := range map[string][2]string{
		"Gate 1._ipp._tcp.local":         {"Gate 1", "_ipp._tcp"},
		"Gate 1. West._ipps._tcp.local.": {"Gate 1. West", "_ipps._tcp"},
		"a._b._ipp._tcp":                 {"a._b", "_ipp._tcp"},
		"_ipp._tcp.local":                {},
		"printer.local":                  {},
		"":                               {},
		strings.Repeat("x", 64) + "._ipp._tcp.local": {},
	} {
		instance, kind, ok := dnssd.Split(name)
		if ok != (want[0] != "") || ok && (instance != want[0] || kind != want[1]) {
			t.Errorf("Split(%q) = %q, %q, %v; want %q", name, instance, kind, ok, want)
		}
	}
}
