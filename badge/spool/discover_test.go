package spool_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"hallpass/badge/spool"
	"hallpass/badge/spool/spooltest"
	"hallpass/badge/spool/virtual"
)

func startNetwork(t *testing.T) *virtual.Network {
	t.Helper()
	n, err := virtual.StartNetwork(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.Close() })
	return n
}

// A printer is found by its name and printed to. Then it is switched off and
// comes back elsewhere, while another takes its old address: badges follow the
// name, and none goes to the other.
func TestDiscover_P6_PrinterChangesItsAddress(t *testing.T) {
	n := startNetwork(t)
	const name = "Gate 1. West/東?"
	dir := t.TempDir()
	v, err := n.Start(t.Context(), dir, 0, name, "Hall 2")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = v.Close() }()
	f := discovered(t, name)
	if !strings.HasSuffix(f.URI, "._ipps._tcp.local") || f.Place != "Hall 2" || f.Model != "Hallpass Virtual" || !strings.Contains(v.URI(), f.Host) {
		t.Fatalf("found %+v, want %s over TLS, in Hall 2", f, v.URI())
	}
	p := open(t, strings.Replace(f.URI, "_ipps", "_ipp", 1))
	spooltest.Submit(t, p, spooltest.Job("b-1"))
	spooltest.Until(t, p, "b-1", spool.Completed)
	spooltest.Submit(t, open(t, f.URI), spooltest.Job("b-2"))

	old := port(t, v)
	spooltest.Until(t, p, "b-2", spool.Completed)
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Status(t.Context()); !errors.Is(err, spool.ErrUnreachable) {
		t.Fatalf("Status = %v, want ErrUnreachable", err)
	}
	other, err := virtual.Start(t.Context(), t.TempDir(), old)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if v, err = n.Start(t.Context(), dir, 0, name, "Hall 3"); err != nil {
		t.Fatal(err)
	}
	spooltest.UntilStatus(t, p, "it at its new address", func(spool.Status) bool { return true })
	spooltest.Submit(t, p, spooltest.Job("b-3"))
	spooltest.Until(t, p, "b-3", spool.Completed)
	if ours, others := len(pdfs(t, v.Badges())), len(pdfs(t, other.Badges())); ours != 3 || others != 0 {
		t.Errorf("printed %d, the other %d; want 3 and none", ours, others)
	}
	host := open(t, strings.Replace(v.URI(), "127.0.0.1", "hallpass-virtual.local", 1))
	if s, err := host.Status(t.Context()); err != nil || s.Name != name {
		t.Errorf("Status by the host's name = %+v, %v; want %s", s, err, name)
	}
	wrong := open(t, f.URI+"?uuid=510768f3-8a4f-3351-6a94-71d02e8b7ab0")
	if err := wrong.Submit(t.Context(), spooltest.Job("never")); !errors.Is(err, spool.ErrNotSent) {
		t.Errorf("Submit = %v, want ErrNotSent: another uuid was asked for", err)
	}
}

func discovered(t *testing.T, name string) spool.Found {
	t.Helper()
	for range 30 { // avahi makes sure of each name first, which takes it a second
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		all, err := spool.Discover(ctx)
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(all, func(f spool.Found) bool { return f.Name == name })
		if i >= 0 && strings.Contains(all[i].URI, "_ipps") {
			return all[i]
		}
	}
	t.Fatalf("%s was not found", name)
	return spool.Found{}
}

func TestOpen_P9_NameOfNobody(t *testing.T) {
	p := open(t, "dnssd://Nobody%20here._ipp._tcp.local/")
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if s, err := p.Status(ctx); !errors.Is(err, spool.ErrUnreachable) || s.State != "unreachable" || !strings.Contains(err.Error(), "Nobody here._ipp") {
		t.Errorf("Status = %+v, %v; want unreachable, with the name", s, err)
	}
	if err := p.Submit(ctx, spooltest.Job("b-1")); !errors.Is(err, spool.ErrNotSent) {
		t.Errorf("Submit = %v, want ErrNotSent", err)
	}
}
