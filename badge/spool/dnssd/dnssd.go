// Package dnssd finds services on the local network by DNS-SD (RFC 6763) over
// multicast DNS (RFC 6762), as printers announce themselves. It owns asking
// and reading the answers; it announces nothing, keeps no cache and binds no
// well-known port, so it gets along with a responder on the same machine.
//
// Every interface is asked, and asked again after growing pauses, since
// answers get lost on busy Wi-Fi. What answers is not to be trusted: anybody
// on the network may say anything, so a name is no proof of a printer, and
// what is read is bounded.
//
// It fails with ErrNotFound, when nobody answered for a name in time, and with
// the system's error when no interface can be asked at all.
package dnssd

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// ErrNotFound: nobody answered for that name in time.
var ErrNotFound = errors.New("nobody on the network answers to this name")

// Service is one announced service.
type Service struct {
	Instance string // its name for people, such as "Gate 1"
	Type     string // "_ipp._tcp"
	Host     string // "printer-7.local"
	Port     int
	Addrs    []netip.Addr      // IPv4 first; link-local ones with their zone
	Text     map[string]string // keys in lower case (RFC 6763 §6.4)
}

// Browse asks for services of these types until ctx ends and returns those
// that answered in full, sorted by name. That ctx ends is no error.
func Browse(ctx context.Context, types ...string) ([]Service, error) {
	a := newAnswers()
	err := ask(ctx, a, func() []question { return a.open(types) }, func() bool { return false })
	if err != nil {
		return nil, err
	}
	var out []Service
	for name := range a.names {
		if s, ok := a.service(name); ok && slices.Contains(types, s.Type) {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(x, y Service) int {
		return strings.Compare(x.Instance+x.Type, y.Instance+y.Type)
	})
	return out, nil
}

// Lookup asks where a service is now, such as "Gate 1._ipp._tcp.local", and
// returns as soon as it is known.
func Lookup(ctx context.Context, name string) (Service, error) {
	instance, kind, ok := Split(name)
	if !ok {
		return Service{}, fmt.Errorf("%q is no name of a service", name)
	}
	a := newAnswers()
	a.names[key(instance, kind)] = entry{instance, kind}
	known := func() bool { _, ok := a.service(key(instance, kind)); return ok }
	if err := ask(ctx, a, func() []question { return a.open(nil) }, known); err != nil {
		return Service{}, err
	}
	s, ok := a.service(key(instance, kind))
	if !ok {
		return Service{}, fmt.Errorf("%w: %s", ErrNotFound, name)
	}
	return s, nil
}

// Host asks for the addresses of a host, such as "printer-7.local".
func Host(ctx context.Context, host string) ([]netip.Addr, error) {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	a := newAnswers()
	known := func() bool { return len(a.addresses(host)) > 0 }
	if err := ask(ctx, a, func() []question { return addresses(host) }, known); err != nil {
		return nil, err
	}
	if !known() {
		return nil, fmt.Errorf("%w: %s", ErrNotFound, host)
	}
	return a.addresses(host), nil
}

// Split takes apart a full name: "Gate 1. West._ipp._tcp.local" is the
// instance "Gate 1. West" of the type "_ipp._tcp".
func Split(name string) (instance, kind string, ok bool) {
	name = strings.TrimSuffix(strings.TrimSuffix(name, "."), ".local")
	at := strings.LastIndex(name, "._") // before _tcp
	if at > 0 {
		at = strings.LastIndex(name[:at], "._")
	}
	if at <= 0 {
		return "", "", false
	}
	instance, kind = name[:at], name[at+1:]
	return instance, kind, len(instance) <= 63 && len(kind) <= 40
}
