package labelsim

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// control carries out what is not part of a format: the questions, the orders
// to forget, and SGD.
func (d *zplDialog) control(command string) []byte {
	p := d.p
	mute := p.c.MuteInFault && p.blocked()
	full := p.c.Answers == Everything
	switch {
	case command == "~HS" && !mute:
		return d.hostStatus()
	case command == "~HI":
		return fmt.Appendf(nil, "\x02SIM421-%ddpi,V93.21.26Z,%d,8176KB\x03\r\n", p.c.DPI, (p.c.DPI*10+127)/254)
	case command == "~HQES" && full:
		return d.printerStatus()
	case command == "~HQOD" && p.c.Answers <= Length:
		inches := p.millis * 10 / 254
		return fmt.Appendf(nil, "\x02\r\n\r\nPRINT METERS\r\n   TOTAL NONRESETTABLE:   %8d \"\r\n   USER RESETTABLE CNTR1: %8d \"\r\n   USER RESETTABLE CNTR2: %8d \"\r\n\x03", inches, inches, inches)
	case command == "~JA":
		p.queue = nil
		if p.at != nil && p.blocked() {
			p.at = nil // held up by a fault: not finished any more
		}
	case command == "~JX":
		d.format = nil
	case strings.HasPrefix(command, "! U1 getvar") && full:
		return d.variable(command)
	}
	return nil
}

func (d *zplDialog) variable(command string) []byte {
	_, name, _ := strings.Cut(command, `"`)
	name, _, _ = strings.Cut(name, `"`)
	switch name {
	case "odometer.total_label_count":
		return fmt.Appendf(nil, "%q", strconv.FormatInt(d.p.count, 10))
	case "device.unique_id":
		return []byte(`"SIM000001"`)
	}
	return []byte(`"?"`)
}

func flag(is bool) int {
	if is {
		return 1
	}
	return 0
}

// hostStatus is the answer to ~HS: three strings of the guide's form.
func (d *zplDialog) hostStatus() []byte {
	p := d.p
	all := p.reasons()
	has := func(f string) int { return flag(slices.Contains(all, f)) }
	mode := 2 // tear off
	if p.takeOff || slices.Contains(all, "output-area-full") {
		mode = 1 // peel off
	}
	return fmt.Appendf(nil, "\x02030,%d,%d,%04d,%03d,%d,0,%d,000,0,%d,%d\x03\r\n\x02000,0,%d,%d,1,%d,4,%d,%08d,1,000\x03\r\n\x021234,0\x03\r\n",
		has("media-empty"), has("paused"), p.dots(p.c.Length), len(p.queue), has("spool-area-full"), flag(d.format != nil),
		has("fuser-under-temp"), has("fuser-over-temp"),
		has("cover-open"), has("marker-supply-empty"), mode, has("output-area-full"), flag(p.at != nil))
}

// printerStatus is the answer to ~HQES, by the guide's tables of error and
// warning flags.
func (d *zplDialog) printerStatus() []byte {
	bits := map[string]uint32{"media-empty": 1, "marker-supply-empty": 2, "cover-open": 4, "media-jam": 8, "fuser-over-temp": 0x10, "paused": 0x10000}
	var errors, warnings uint32
	for _, f := range d.p.reasons() {
		errors |= bits[f]
		if f == "media-low" {
			warnings |= 8
		}
	}
	return fmt.Appendf(nil, "\x02\r\n\r\nPRINTER STATUS\r\n   ERRORS:         %d 00000000 %08X\r\n   WARNINGS:       %d 00000000 %08X\r\n\x03",
		flag(errors != 0), errors, flag(warnings != 0), warnings)
}

// list is the answer to ^HW.
func (d *zplDialog) list() []byte {
	var names []string
	for name := range d.p.notes {
		names = append(names, name)
	}
	sort.Strings(names)
	var b strings.Builder
	b.WriteString("\x02\r\n- DIR R:*.*\r\n")
	for _, name := range names {
		fmt.Fprintf(&b, "* %s %d\r\n", name, len(d.p.notes[name]))
	}
	b.WriteString("- 7812345 bytes free R: RAM\r\n\x03")
	return []byte(b.String())
}

// integers reads the numbers of a list, at least two, 0 for what is none.
func integers(value string) []int {
	var out []int
	for _, s := range strings.Split(value+",0", ",") {
		n, _ := strconv.Atoi(strings.TrimSpace(s))
		out = append(out, n)
	}
	return out
}
