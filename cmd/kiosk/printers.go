package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"hallpass/badge/spool"
	"hallpass/kiosk"
)

// address is where a printer's address begins: at the start, or after the "="
// behind its place.
var address = regexp.MustCompile(`(?:^|=)([a-z][a-z0-9+.-]*:.*)$`)

// openPool opens the printers of the setting, PLACE=ADDRESS each. A place may
// hold commas although they separate the list: what has no address in it is
// the beginning of the next place.
func openPool(list []string, data string) (out []kiosk.Station, err error) {
	before := ""
	for _, item := range list {
		text := before + item
		at := address.FindStringSubmatchIndex(text)
		if at == nil {
			before = text + ", "
			continue
		}
		before = ""
		place, uri := strings.TrimSpace(strings.TrimSuffix(text[:at[2]], "=")), text[at[2]:]
		p, err := spool.Open(uri, spool.KeepIn(filepath.Join(data, "printers")))
		if err != nil {
			return nil, err
		}
		out = append(out, kiosk.Station{Name: uri, Place: place, Printer: p})
	}
	if before != "" {
		return nil, fmt.Errorf("printer %q has no address; try ipp://HOST/ipp/print, or PLACE=ipp://HOST/ipp/print", strings.TrimSuffix(before, ", "))
	}
	return out, nil
}
