package zpl

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
)

// Questions to a printer. Those that begin with '~' are answered at once,
// wherever the printer is in its work.
const (
	AskHost     = "~HS"
	AskErrors   = "~HQES"
	AskIdentity = "~HI"
	AskLength   = "~HQOD"
	AskLabels   = "! U1 getvar \"odometer.total_label_count\"\r\n"
	AskSerial   = "! U1 getvar \"device.unique_id\"\r\n"

	CancelAll     = "~JA" // every label that waits or remains; the one on its way is finished
	CancelPartial = "~JX" // the format that began to arrive and did not end
)

// Host is the answer to ~HS.
type Host struct {
	PaperOut, Paused, BufferFull, Partial, CorruptRAM bool
	Cold, Hot, HeadOpen, RibbonOut                    bool
	Waiting                                           bool // a label stands at the peeler, to be taken
	Length                                            int  // of a label, in dots
	Formats                                           int  // that wait in the receive buffer
	Remaining                                         int  // labels of the batch at work
}

// Busy tells whether there is still something to print, or to print from.
func (h Host) Busy() bool { return h.Formats > 0 || h.Remaining > 0 || h.Partial }

// Errors is the answer to ~HQES: the low words of errors and of warnings. Their
// bits are in the guide's tables "Error Flags" and "Warning Flags".
type Errors struct{ Faults, Warnings uint32 }

// Report is what was found in a printer's answers.
type Report struct {
	Host   *Host   // nil if there is none
	Errors *Errors // nil if there is none

	Model string // "ZD421-300dpi"; empty if it did not say
	PerMM int    // dots per millimetre: 6, 8, 12 or 24; 0 if it did not say

	Length int64    // of all it ever printed, −1 if it did not say
	Inches bool     // Length counts inches, not centimetres
	Note   string   // the text of a stored note, empty if there is none
	Texts  []string // answers to getvar as they came, "?" for what the printer does not have
}

var (
	frame   = regexp.MustCompile(`(?s)\x02([^\x02\x03]*)\x03`)
	quoted  = regexp.MustCompile(`"([^"\x02\x03\r\n]{1,64})"`)
	faults  = regexp.MustCompile(`ERRORS:\s+[01]\s+[0-9A-Fa-f]{8}\s+([0-9A-Fa-f]{8})`)
	warns   = regexp.MustCompile(`WARNINGS:\s+[01]\s+[0-9A-Fa-f]{8}\s+([0-9A-Fa-f]{8})`)
	length  = regexp.MustCompile(`TOTAL NONRESETTABLE:\s+(\d{1,12})\s*("|cm)`)
	written = regexp.MustCompile(`\^FD` + noteMark + `([^\^~\x02\x03]{1,200})\^FS`)
)

// Parse reads everything that a printer has sent on one connection.
func Parse(answer []byte) Report {
	r := Report{Length: -1}
	var first []int
	for _, m := range frame.FindAllSubmatch(answer, -1) {
		text := string(m[1])
		fields := strings.Split(text, ",")
		switch {
		case strings.Contains(text, "PRINTER STATUS"):
			r.errors(text)
		case strings.Contains(text, "PRINT METERS"):
			r.meters(text)
		case len(fields) == 12:
			first = numbers(fields)
		case len(fields) == 11 && first != nil:
			r.host(first, fields)
		case len(fields) >= 4 && len(fields) <= 6 && strings.HasPrefix(fields[1], "V"):
			r.Model = strings.TrimSpace(fields[0])
			r.PerMM = perMM(fields[2])
		}
	}
	if m := written.FindSubmatch(answer); m != nil {
		r.Note = string(m[1])
	}
	for _, m := range quoted.FindAllSubmatch(frame.ReplaceAll(answer, nil), -1) {
		r.Texts = append(r.Texts, string(m[1]))
	}
	return r
}

func (r *Report) host(first []int, second []string) {
	mode := second[5] // a letter on some models
	second[5] = "0"
	b := numbers(second)
	if b == nil {
		return
	}
	a := first
	r.Host = &Host{
		PaperOut: a[1] == 1, Paused: a[2] == 1, Length: a[3], Formats: a[4], BufferFull: a[5] == 1,
		Partial: a[7] == 1, CorruptRAM: a[9] == 1, Cold: a[10] == 1, Hot: a[11] == 1,
		HeadOpen: b[2] == 1, RibbonOut: b[3] == 1, Waiting: b[7] == 1 && mode == "1", Remaining: b[8],
	}
}

func (r *Report) errors(text string) {
	f, w := faults.FindStringSubmatch(text), warns.FindStringSubmatch(text)
	if f == nil || w == nil {
		return
	}
	a, _ := strconv.ParseUint(f[1], 16, 32)
	b, _ := strconv.ParseUint(w[1], 16, 32)
	r.Errors = &Errors{uint32(a), uint32(b)}
}

func (r *Report) meters(text string) {
	if m := length.FindStringSubmatch(text); m != nil {
		r.Length, _ = strconv.ParseInt(m[1], 10, 64)
		r.Inches = m[2] == `"`
	}
}

// numbers reads fields that are numbers only, or returns nil.
func numbers(fields []string) []int {
	out := make([]int, len(fields))
	for i, f := range fields {
		n, err := strconv.Atoi(strings.TrimSpace(f))
		if err != nil || n < 0 || n > 99_999_999 {
			return nil
		}
		out[i] = n
	}
	return out
}

func perMM(field string) int {
	n, _ := strconv.Atoi(strings.TrimSpace(field))
	if n != 6 && n != 8 && n != 12 && n != 24 {
		return 0
	}
	return n
}

// Count reads an answer to AskLabels, −1 if it is none.
func Count(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// noteMark begins each note, so that none is taken for one of ours.
const noteMark = "hallpass "

// StoreNote keeps a text in the printer's RAM under a name of up to 8 letters
// and digits, until it is overwritten or the power goes. It takes effect when
// everything sent before it was taken.
func StoreNote(name, text string) string {
	return "^XA^DFR:" + name + ".ZPL^FS^FN1^FD" + noteMark + text + "^FS^XZ\n"
}

// AskNotes asks for the names of all notes, in the order of the work.
const AskNotes = "^XA^HWR:*.ZPL^XZ\n"

// Listed tells whether an answer to AskNotes has come to its end, and whether
// the name is in it.
func Listed(answer []byte, name string) (all, there bool) {
	return bytes.Contains(answer, []byte("bytes free")), bytes.Contains(answer, []byte("R:"+name+".ZPL"))
}

// AskNote asks for one note; of a printer without it comes nothing.
func AskNote(name string) string { return "^XA^HFR:" + name + ".ZPL^XZ\n" }

// Ended tells whether an answer to AskNote has come to its end.
func Ended(answer []byte) bool { return bytes.Contains(answer, []byte("^XZ")) }

// DropNote deletes a note.
func DropNote(name string) string { return "^XA^IDR:" + name + ".ZPL^FS^XZ\n" }
