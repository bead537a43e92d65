package spool

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"time"

	"hallpass/badge/spool/dnssd"
)

// discoverTime is how long Discover listens if ctx does not say.
const discoverTime = 3 * time.Second

// Found is a printer that announces itself.
type Found struct {
	Name  string // as it calls itself
	URI   string // for Open; by name where that can be, as addresses change
	Place string // where somebody said it stands, or ""
	Model string // what it is, or ""
	Host  string // HOST:PORT where it is now
}

// Discover listens until ctx ends, or 3 s if it has no deadline, and returns
// the printers found, by name, each once: over TLS if it offers that. Anybody
// on the network can announce a printer; whoever chooses one should see it.
func Discover(ctx context.Context) ([]Found, error) {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, discoverTime)
		defer cancel()
	}
	services, err := dnssd.Browse(ctx, "_ipps._tcp", "_ipp._tcp", "_pdl-datastream._tcp")
	if err != nil {
		return nil, err
	}
	best := map[string]dnssd.Service{}
	for _, s := range services {
		if before, ok := best[s.Instance]; uriOf(s) != "" && (!ok || rank(s) < rank(before)) {
			best[s.Instance] = s
		}
	}
	out := []Found{}
	for _, s := range best {
		out = append(out, Found{Name: s.Instance, URI: uriOf(s), Place: s.Text["note"], Model: s.Text["ty"],
			Host: netip.AddrPortFrom(s.Addrs[0], uint16(s.Port)).String()})
	}
	slices.SortFunc(out, func(a, b Found) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

// rank prefers what tells most: TLS, then IPP, then a label printer's own
// language. A label printer that also speaks IPP takes labels better raw.
func rank(s dnssd.Service) int {
	return slices.Index([]string{"_pdl-datastream._tcp", "_ipps._tcp", "_ipp._tcp"}, s.Type)
}

// uriOf is the address by which Open takes it, or "" for what we cannot use:
// of printers that take raw bytes we know the languages of two makers.
func uriOf(s dnssd.Service) string {
	if s.Type != "_pdl-datastream._tcp" {
		return "dnssd:" + escapeName(s.Instance) + "." + s.Type + ".local"
	}
	said := strings.ToLower(s.Text["ty"] + " " + s.Text["product"] + " " + s.Text["usb_mdl"] + " " + s.Text["usb_mfg"])
	at := netip.AddrPortFrom(s.Addrs[0], uint16(s.Port)).String()
	switch {
	case strings.Contains(said, "zebra") || strings.Contains(said, "ztc") || strings.Contains(said, "zpl"):
		return "zpl://" + at
	case strings.Contains(said, "brother") && strings.Contains(said, "ql-"):
		return "ql://" + at
	}
	return ""
}

// escapeName keeps a name whole in an address.
func escapeName(name string) string {
	return strings.NewReplacer("%", "%25", "?", "%3F", "#", "%23", "/", "%2F", ",", "%2C", "=", "%3D").Replace(name)
}
