package main

import (
	"fmt"
	"net"
	"strconv"

	"hallpass/cmd/internal/config"
)

// Ports that are tried first, so that addresses look alike on every machine.
const (
	hallAddress  = "127.0.0.1:8443"
	pagesAddress = "127.0.0.1:8080"
	kioskAddress = "127.0.0.1:8081"
	printerPort  = 8631 // only tried first at each start: the kiosk is told where it is
)

// Validate checks the form of the addresses; whether they are free is known
// when the folder's state is.
func (s *settings) Validate() error {
	for _, a := range []struct{ key, value string }{{"listen", s.Listen}, {"pages", s.Pages}, {"kiosk", s.Kiosk}} {
		if a.value == "" {
			continue
		}
		host, port, err := net.SplitHostPort(a.value)
		if err != nil {
			return config.Invalid(a.key, a.value, "is no HOST:PORT; try 127.0.0.1:8443")
		}
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return config.Invalid(a.key, a.value, "has no port from 1 to 65535; try 127.0.0.1:8443")
		}
		if ip := net.ParseIP(host); a.key != "listen" && (ip == nil || !ip.IsLoopback()) {
			return config.Invalid(a.key, a.value, "is reached from other machines; try 127.0.0.1:8080")
		}
	}
	if s.Labels < 0 || s.Labels > maxLabels {
		return config.Invalid("label-printers", s.Labels, "is not 0 to 8")
	}
	if s.Data == "" {
		return config.Invalid("data", s.Data, "names no folder; try show")
	}
	return nil
}

// choose settles the addresses: as asked, or as at the last start, or the usual
// port, or at the first start any free one.
func (st *state) choose(s settings) error {
	for _, a := range []struct {
		key, asked, usual string
		kept              *string
	}{{"listen", s.Listen, hallAddress, &st.Hall}, {"pages", s.Pages, pagesAddress, &st.Pages}, {"kiosk", s.Kiosk, kioskAddress, &st.Kiosk}} {
		fixed := a.asked
		if fixed == "" {
			fixed = *a.kept
		}
		if fixed == "" && free(a.usual) == nil {
			fixed = a.usual
		}
		if fixed == "" {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			fixed = l.Addr().String()
			if err := l.Close(); err != nil {
				return err
			}
		}
		if err := free(fixed); err != nil {
			return fmt.Errorf("%s is in use by another program; stop that one or give another -%s", fixed, a.key)
		}
		*a.kept = fixed
	}
	return nil
}

func free(address string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	return l.Close()
}

// local is an address of this machine for one that other machines may use.
func local(address string) string {
	host, port, _ := net.SplitHostPort(address)
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
