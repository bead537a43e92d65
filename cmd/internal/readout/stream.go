package readout

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// longestLine is far over what 300 lines of print with the places of their
// characters take.
const longestLine = 16 << 20

// Write appends one result as a line.
func Write(w io.Writer, r Result) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(r)
}

// ReadAll reads a file of results. Empty lines are passed over; anything else
// that is no result is an error with its line number.
func ReadAll(r io.Reader) ([]Result, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, longestLine)
	var out []Result
	for n := 1; lines.Scan(); n++ {
		text := bytes.TrimSpace(lines.Bytes())
		if len(text) == 0 {
			continue
		}
		var one Result
		if err := json.Unmarshal(text, &one); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if one.File == "" {
			return nil, fmt.Errorf("line %d: %w", n, errNoFile)
		}
		out = append(out, one)
	}
	return out, lines.Err()
}

var errNoFile = errors.New("names no file; is this what kiosk read -json printed?")
