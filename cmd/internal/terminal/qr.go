// Package terminal draws what an operator needs to show somebody from a shell:
// a QR code that a phone reads off the screen.
package terminal

import (
	"fmt"
	"io"
	"os"
	"strings"

	"hallpass/badge"
)

// Black on white whatever the terminal's own colours are: most phones do not
// read a light code on a dark ground (ISO/IEC 18004 §6.2 makes it optional).
const (
	blackOnWhite = "\x1b[38;5;16;48;5;231m"
	reset        = "\x1b[0m"
)

// halves are the four ways two modules stand one above the other.
var halves = map[[2]bool]string{{false, false}: " ", {true, false}: "▀", {false, true}: "▄", {true, true}: "█"}

// QR writes text as a QR code of level M with its quiet zone, two modules to a
// character. It fails for a text that no code can hold.
func QR(w io.Writer, text string) error {
	code, err := badge.Code(text)
	if err != nil {
		return err
	}
	var out strings.Builder
	for y := 0; y < len(code); y += 2 {
		out.WriteString(blackOnWhite)
		for x := range code[y] {
			below := y+1 < len(code) && code[y+1][x]
			out.WriteString(halves[[2]bool{code[y][x], below}])
		}
		out.WriteString(reset + "\n")
	}
	_, err = fmt.Fprint(w, out.String())
	return err
}

// IsTerminal reports whether a person reads what is written there, so that a
// file or a pipe gets no drawing.
func IsTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
