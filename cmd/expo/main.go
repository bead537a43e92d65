// Command expo runs a whole show on one machine, for a first look and for
// rehearsals: a hall, one kiosk, a virtual IPP printer and the sample show.
//
// It starts the real programs that lie beside it and does with them what an
// operator does: creates the organizer's sign-in, pairs the kiosk with a
// one-time code, opens a booth. It has no other way into them, so what works
// here works at the entrance. It restarts nothing: a part that ends by itself
// is reported with the last lines of its log, and everything stops.
//
// All state lies in one folder and goes on at the next start:
//
//	expo.json   addresses and the organizer's sign-in, for the owner's eyes only
//	show.json   the show as the hall reads it; the sample show, opening today, unless it was there
//	hall/       the hall's data      hall.log    what it said since this start
//	kiosk/      the kiosk's data     kiosk.log
//	printer/    see hallpass/badge/spool/virtual
//
// "expo rehearse" is package hallpass/cmd/internal/rehearsal with a hall process
// of its own, in a folder that it makes and that holds nothing else:
//
//	rehearsal.json   says what the folder is; "expo rehearse -clean" removes no other
//	show.json        the show: the sample show, marked as a rehearsal
//	hall/            the hall's data      hall.log    what it said
//	kiosks/NAME/     a kiosk's data
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"hallpass/cmd/internal/lifecycle"
)

const usage = `expo runs a whole show on one machine, or rehearses one.

usage: expo run [flags]
       expo rehearse [flags]
       expo version

example: expo run -data show
`

func main() {
	ctx, stop := lifecycle.Signals(context.Background())
	err := command(ctx, os.Args[1:], os.Stdout)
	stop()
	os.Exit(lifecycle.Status(os.Stderr, "expo", err))
}

func command(ctx context.Context, args []string, out io.Writer) error {
	word := ""
	if len(args) > 0 {
		word = args[0]
	}
	switch word {
	case "run":
		return run(ctx, args[1:], out)
	case "rehearse":
		return rehearse(ctx, args[1:], out)
	case echoCommand:
		return serveEcho(ctx, out)
	case "version", "-version", "--version":
		_, err := fmt.Fprintln(out, lifecycle.Version())
		return err
	case "help", "-h", "-help", "--help":
		_, err := io.WriteString(out, usage)
		return err
	case "":
		_, _ = io.WriteString(os.Stderr, usage)
		return fmt.Errorf("say what to do; try: expo run")
	}
	return fmt.Errorf("%q is unknown; try: expo run (expo -h lists the commands)", word)
}

// settings of expo run.
type settings struct {
	Data   string `config:"data,folder that keeps the whole show"`
	Listen string `config:"listen,where kiosks and phones reach the hall by https, HOST:PORT"`
	Pages  string `config:"pages,where browsers on this machine reach the hall, HOST:PORT of loopback"`
	Kiosk  string `config:"kiosk,where the kiosk's page is, HOST:PORT of loopback"`
	Labels int    `config:"label-printers,how many simulated label printers stand beside the other, 0 to 8; badges are labels of 90 × 100 mm then"`
	JSON   bool   `config:"json,print the addresses and sign-ins as one JSON object"`
}
