package zpl_test

import (
	"strings"
	"testing"

	"hallpass/badge/spool/zpl"
)

const (
	idle     = "\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n"
	identity = "\x02ZD421-300dpi,V93.21.26Z,12,8176KB,X\x03\r\n"
	errs     = "\x02\r\n\r\nPRINTER STATUS            \r\n   ERRORS:          1 00000000 00010004  \r\n   WARNINGS:        1 00000000 00000008   \r\n\x03"
	meters   = "\x02\r\n\r\nPRINT METERS\r\n   TOTAL NONRESETTABLE:         313248 \"\r\n   USER RESETTABLE CNTR1:       9 \"\r\n   USER RESETTABLE CNTR2:       313248 \"\r\n\x03"
)

func TestParse_HostStatus(t *testing.T) {
	for name, c := range map[string]struct {
		first, second string
		want          zpl.Host
	}{
		"Idle":     {"030,0,0,1245,000,0,0,0,000,0,0,0", "000,0,0,0,0,2,4,0,00000000,1,000", zpl.Host{Length: 1245}},
		"PaperOut": {"030,1,0,1245,001,0,0,0,000,0,0,0", "000,0,0,0,0,2,4,0,00000001,1,000", zpl.Host{PaperOut: true, Length: 1245, Formats: 1, Remaining: 1}},
		"Paused":   {"030,0,1,1245,002,0,0,0,000,0,0,0", "000,0,0,0,0,2,4,0,00000000,1,000", zpl.Host{Paused: true, Length: 1245, Formats: 2}},
		"HeadOpen": {"030,0,0,0020,000,1,0,1,000,1,0,0", "000,0,1,1,1,2,4,0,00000000,1,000", zpl.Host{HeadOpen: true, RibbonOut: true, BufferFull: true, Partial: true, CorruptRAM: true, Length: 20}},
		"Hot":      {"030,0,0,0020,000,0,0,0,000,0,1,1", "000,0,0,0,0,2,4,0,00000000,1,000", zpl.Host{Cold: true, Hot: true, Length: 20}},
		"ToTake":   {"030,0,0,0020,000,0,0,0,000,0,0,0", "000,0,0,0,1,1,4,1,00000000,1,000", zpl.Host{Waiting: true, Length: 20}},
		"TornOff":  {"030,0,0,0020,000,0,0,0,000,0,0,0", "000,0,0,0,1,2,4,1,00000000,1,000", zpl.Host{Length: 20}},
		"Kiosk":    {"030,0,0,0020,000,0,0,0,000,0,0,0", "000,0,0,0,1,K,4,0,00000000,1,000", zpl.Host{Length: 20}},
	} {
		t.Run(name, func(t *testing.T) {
			got := zpl.Parse([]byte("\x02" + c.first + "\x03\r\n\x02" + c.second + "\x03\r\n\x021234,0\x03\r\n")).Host
			if got == nil || *got != c.want {
				t.Errorf("Host = %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestParse_EverythingInOneAnswer(t *testing.T) {
	note := "\x02^XA^DFR:H0001.ZPL^FS^FN1^FDhallpass b-1 7 1^FS^XZ\x03"
	r := zpl.Parse([]byte(identity + `"XXQ1"` + idle + errs + "\"313\"\r\n" + meters + note))
	if r.Host == nil || r.Host.Length != 1245 || r.Errors == nil || *r.Errors != (zpl.Errors{Faults: 0x10004, Warnings: 8}) {
		t.Errorf("Host = %+v, Errors = %+v", r.Host, r.Errors)
	}
	if r.Model != "ZD421-300dpi" || r.PerMM != 12 || r.Length != 313248 || !r.Inches || r.Note != "b-1 7 1" {
		t.Errorf("Parse = %+v", r)
	}
	if got := strings.Join(r.Texts, " "); got != "XXQ1 313" || zpl.Count(r.Texts[1]) != 313 || zpl.Count("?") != -1 {
		t.Errorf("Texts = %v", r.Texts)
	}
}

func TestParse_P9_Nonsense(t *testing.T) {
	for _, s := range []string{
		"", "HTTP/1.1 400 Bad Request\r\n\r\n<html>", strings.Repeat("\x02", 1000), strings.Repeat("\x02\x03", 1000),
		"\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03",                                            // half an answer
		"\x02000,0,0,0,0,2,4,0,00000000,1,000\x03",                                            // the other half
		"\x02x,0,0,1245,000,0,0,0,000,0,0,0\x03\x02000,0,0,0,0,2,4,0,0,1,000\x03",             // no number
		"\x02030,0,0,1245,-01,0,0,0,000,0,0,0\x03\x02000,0,0,0,0,2,4,0,0,1,000\x03",           // below nought
		"\x02030,0,0,1245,999999999,0,0,0,000,0,0,0\x03\x02000,0,0,0,0,2,4,0,0,1,000\x03",     // beyond the field
		"\x02PRINTER STATUS ERRORS: 1 0 0\x03", "\x02PRINT METERS TOTAL NONRESETTABLE: x\x03", // cut short
	} {
		if r := zpl.Parse([]byte(s)); r.Host != nil || r.Errors != nil || r.Model != "" || r.Length != -1 || r.Note != "" {
			t.Errorf("Parse(%.40q) = %+v, want nothing", s, r)
		}
	}
	if r := zpl.Parse([]byte("\x02Printer,V1,9,0KB\x03")); r.Model != "Printer" || r.PerMM != 0 {
		t.Errorf("an unknown head: %+v", r)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(idle + identity + errs + meters))
	f.Fuzz(func(t *testing.T, answer []byte) {
		r := zpl.Parse(answer)
		if h := r.Host; h != nil && (h.Formats < 0 || h.Remaining < 0 || h.Length < 0) {
			t.Errorf("Parse(%q).Host = %+v", answer, h)
		}
		if zpl.Parse(append(answer, idle...)).Host == nil && !strings.HasSuffix(string(answer), "\x02") {
			t.Errorf("a status behind %q is lost", answer)
		}
	})
}
