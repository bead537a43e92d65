package link

import (
	"net"
	"net/url"
	"strings"

	"hallpass/sync/fault"
)

// parseHall reads the hall's address. Plain http is for loopback only: anywhere
// else a stranger on the hall's Wi-Fi could read and alter what passes (P8).
func parseHall(text string) (*url.URL, error) {
	hall, err := url.Parse(text)
	if err != nil || hall.Host == "" || hall.Scheme != "https" && hall.Scheme != "http" {
		return nil, fault.Wrap(fault.Invalid, "The hall's address is not like https://hall.example:8443.", err).WithField("hall")
	}
	if hall.Scheme == "http" && !loopback(hall.Hostname()) {
		return nil, fault.New(fault.Invalid, "The hall's address must begin with https://; http is for this machine only.").WithField("hall")
	}
	hall.Path = strings.TrimRight(hall.Path, "/")
	hall.RawQuery, hall.Fragment, hall.User = "", "", nil
	return hall, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// socketURL turns http into ws and https into wss.
func socketURL(hall *url.URL) string {
	socket := hall.JoinPath("api", "v1", "link")
	socket.Scheme = strings.Replace(hall.Scheme, "http", "ws", 1)
	return socket.String()
}
