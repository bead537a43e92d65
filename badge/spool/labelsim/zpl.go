package labelsim

import (
	"bytes"
	"strings"
)

// zplDialog reads ZPL II as it comes, command by command. Only the serving
// goroutine calls take; reset and the engine share the printer's mu with it.
type zplDialog struct {
	p       *Printer
	pending []byte
	format  *zplFormat // between ^XA and ^XZ
}

// zplFormat is one label, or one order, being read.
type zplFormat struct {
	text    strings.Builder
	store   string // ^DF: the name to store it under
	comment string
	width   int // ^PW
	length  int // ^LL
	x, y    int // ^FO
	copies  int // ^PQ
	drawn   bool
	canvas  canvas
}

func (d *zplDialog) reset() { d.pending, d.format = nil, nil }

// immediate are the commands that end with their letters.
var immediate = []string{"~HS", "~HI", "~HQES", "~HQOD", "~JA", "~JX", "^XA", "^XZ"}

func (d *zplDialog) take(b []byte, answer func([]byte)) {
	d.p.mu.Lock()
	d.pending = append(d.pending, b...)
	d.p.mu.Unlock()
	for {
		d.p.mu.Lock()
		command, ok := d.next()
		var said []byte
		if ok {
			said = d.obey(command)
		}
		d.p.mu.Unlock()
		if !ok {
			return
		}
		if said != nil && d.p.c.Answers != Nothing {
			answer(said)
		}
	}
}

// next cuts one command off what is pending. A command ends where the next
// begins; those of immediate end with their letters, getvar with its line.
func (d *zplDialog) next() (string, bool) {
	start := bytes.IndexAny(d.pending, "^~!")
	if start < 0 {
		d.pending = nil
		return "", false
	}
	rest := d.pending[start:]
	for _, c := range immediate {
		if bytes.HasPrefix(rest, []byte(c)) {
			d.pending = rest[len(c):]
			return c, true
		}
	}
	end := bytes.IndexAny(rest[1:], "^~")
	if rest[0] == '!' {
		end = bytes.IndexByte(rest[1:], '\n')
	}
	if end < 0 {
		d.pending = rest
		return "", false
	}
	d.pending = rest[1+end:]
	return string(rest[:1+end]), true
}

// obey carries out one command and returns what the printer says to it.
func (d *zplDialog) obey(command string) []byte {
	if command[0] != '^' {
		return d.control(command)
	}
	if command == "^XA" {
		d.format = &zplFormat{copies: 1, canvas: newCanvas(d.p.dots(d.p.c.Width), d.p.dots(d.p.c.Length))}
		return nil
	}
	f := d.format
	if f == nil {
		return nil // between formats: ignored
	}
	if command == "^XZ" {
		d.format = nil
		return d.finish(f)
	}
	f.text.WriteString(command)
	if f.store == "" {
		return d.draw(f, command[1:3], strings.TrimRight(command[3:], "\r\n"))
	}
	return nil
}

// dots of this head in a length.
func (p *Printer) dots(mm int) int { return (mm*p.c.DPI*10 + 127) / 254 }

// draw carries out a command within a format.
func (d *zplDialog) draw(f *zplFormat, name, value string) []byte {
	n := integers(value)
	switch name {
	case "DF":
		f.store = strings.TrimSpace(value)
		f.text.Reset()
	case "FX":
		f.comment = strings.TrimSpace(value)
	case "PW":
		f.width = n[0]
	case "LL":
		f.length = n[0]
	case "FO":
		f.x, f.y = n[0], n[1]
	case "PQ":
		f.copies = n[0]
	case "GF":
		f.drawn = true
		f.canvas.graphic(f.x, f.y, value)
	case "ID":
		delete(d.p.notes, strings.TrimSpace(value))
	case "HW":
		return d.list()
	case "HF":
		if text, ok := d.p.notes[strings.TrimSpace(value)]; ok {
			return []byte("\x02^XA^DF" + strings.TrimSpace(value) + text + "^XZ\x03\r\n")
		}
	}
	return nil
}

// finish is what ^XZ does: store the format, or print it.
func (d *zplDialog) finish(f *zplFormat) []byte {
	switch {
	case f.store != "":
		d.p.notes[f.store] = f.text.String()
	case f.drawn:
		for range min(f.copies, 99) {
			d.p.enqueue(Label{Name: f.comment, Picture: f.canvas.picture()})
		}
	}
	return nil
}
