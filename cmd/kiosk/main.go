// Command kiosk is one registration desk: the touch screen's page, the card
// reader, the badge printer and the journal, on one machine, with or without a
// hall. It only wires: packages kiosk, badge, ocr and sync do the work.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"hallpass/cmd/internal/lifecycle"
)

const usage = `kiosk registers visitors and prints their badges.

  kiosk run       start the desk: page, reader, printer, link to the hall
  kiosk read      read pictures of business cards
  kiosk badge     draw badges as PDF
  kiosk printers  list the printers that are there, and how they are
  kiosk check     verify a data folder
  kiosk journal   write the journal to a file, to be carried to the hall
  kiosk reader    carry the card reader's files to a kiosk without internet
  kiosk version   say which program this is and what reads cards

kiosk COMMAND -h explains a command and gives an example.
`

// streams are a command's standard streams.
type streams struct {
	in       io.Reader
	out, err io.Writer
	at       func(step string) // told where a print stands; nil but in tests
}

// command runs with its arguments until it is done or ctx ends.
type command func(ctx context.Context, args []string, s streams) error

func commands() map[string]command {
	return map[string]command{
		"run": runDesk,
		"read": func(ctx context.Context, args []string, s streams) error {
			return runRead(ctx, args, s.out, s.err)
		},
		"badge": func(ctx context.Context, args []string, s streams) error {
			return runBadge(ctx, args, s.in, s.out, s.err)
		},
		apartCommand: runApart, // not for people
		"check":      runCheck,
		"journal":    runJournal,
		"printers":   runPrinters,
		"reader":     runReader,
		"version":    runVersion,
	}
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "read" {
		if err := ensureEnv(); err != nil {
			fmt.Fprintln(os.Stderr, "kiosk:", err) // cards are read all the same, slower
		}
	}
	ctx, stop := lifecycle.Signals(context.Background())
	code := start(ctx, os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr})
	stop()
	os.Exit(code)
}

// start returns the exit status: 2 for a command that does not exist.
func start(ctx context.Context, args []string, s streams) int {
	if len(args) > 0 && (args[0] == "-h" || args[0] == "-help" || args[0] == "--help" || args[0] == "help") {
		_, _ = io.WriteString(s.out, usage)
		return 0
	}
	if len(args) == 0 {
		_, _ = io.WriteString(s.err, usage)
		return 2
	}
	run, ok := commands()[args[0]]
	if !ok {
		_, _ = fmt.Fprintf(s.err, "kiosk: there is no command %q\n\n%s", args[0], usage)
		return 2
	}
	return lifecycle.Status(s.err, "kiosk "+args[0], run(ctx, args[1:], s))
}
