package fault_test

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hallpass/sync/fault"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// P9: codes are part of the protocol; a renamed or dropped one breaks kiosks
// that were installed last year.
func TestCodes_AppendOnly(t *testing.T) {
	golden := filepath.Join("testdata", "codes.golden")
	var lines []string
	for _, code := range fault.Codes() {
		lines = append(lines, fmt.Sprintf("%s %d", code, fault.Status(code)))
	}
	slices.Sort(lines)
	got := strings.Join(lines, "\n") + "\n"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("codes = %q, want %q; codes only ever grow: run with -update after adding one", got, want)
	}
}

func TestFrom(t *testing.T) {
	blank := fault.New(fault.CardBlank, "Turn the card over.").WithField("card")
	tests := []struct {
		name string
		err  error
		want fault.Error
	}{
		{"Fault", blank, blank},
		{"WrappedFault", fmt.Errorf("read card: %w", blank), blank},
		{"Stranger", io.ErrUnexpectedEOF, fault.Error{Code: fault.Internal, Message: "Something went wrong. Please ask at the desk."}},
		{"CodeFromALaterProgram", fault.New("moon.phase", "Wait."), fault.Error{Code: fault.Internal, Message: "Something went wrong. Please ask at the desk."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := fault.From(tt.err)
			if got.Code != tt.want.Code || got.Message != tt.want.Message || got.Field != tt.want.Field {
				t.Errorf("From(%v) = %v, want %v", tt.err, got, tt.want)
			}
		})
	}
}

func TestError_KeepsCauseForTheLogOnly(t *testing.T) {
	err := fmt.Errorf("print: %w", fault.Wrap(fault.PrinterUnreachable, "Ask at the desk.", io.EOF))
	if !errors.Is(err, io.EOF) {
		t.Error("the cause is lost from the chain")
	}
	if got := fault.From(err).Message; strings.Contains(got, "EOF") {
		t.Errorf("message = %q, shows the cause to the visitor", got)
	}
	if !strings.Contains(err.Error(), "EOF") {
		t.Errorf("error = %q, hides the cause from the log", err)
	}
}

func TestCodeOf(t *testing.T) {
	if got := fault.CodeOf(nil); got != "" {
		t.Errorf("CodeOf(nil) = %q, want none", got)
	}
	if got := fault.CodeOf(io.EOF); got != fault.Internal {
		t.Errorf("CodeOf(EOF) = %q, want internal", got)
	}
	if got := fault.Status("moon.phase"); got != http.StatusInternalServerError {
		t.Errorf("Status(unknown) = %d, want 500", got)
	}
}
