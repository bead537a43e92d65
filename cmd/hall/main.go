// Command hall is the hall server and its operator's commands.
//
//	hall run        serve a show
//	hall pair       make a pairing code for a kiosk or a booth's phone
//	hall user       make a sign-in for the dashboard
//	hall exhibitor  list the exhibitors
//	hall badge      say what a badge's code is worth, and why
//	hall keys       list the kiosks' keys, for whoever checks badges
//	hall rotate     have kiosks make new keys
//	hall revoke     take a kiosk out of service
//	hall void       make one badge worth nothing
//	hall show       print the show, or set it up anew
//	hall import     take in people who are expected, from CSV
//	hall erase      take a visitor's data out, everywhere
//	hall conflicts  list and settle what people said differently
//	hall quarantine list, retry or discard what was refused
//	hall journal    import a kiosk's journal that was carried by file
//	hall backup     write all that the hall knows to one file
//	hall restore    put a backup back
//	hall check      verify the data
//	hall compact    make the data file as small as its data
//	hall version
//
// The commands work while the hall runs, through DATA/control.sock, and while
// it does not, by opening the data. Each explains itself with -h.
//
// The data folder:
//
//	hall.db        everything the hall knows (package store)
//	hall.key       its Ed25519 key, PEM: proves it to the kiosks
//	tls.crt/.key   the certificate that kiosks pin when they are paired, PEM
//	control.sock   while it runs
//	url            where it was last reached
//
// Exit status: 0 on success, 1 on failure, 2 for a command that does not exist.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"hallpass/cmd/internal/lifecycle"
)

func main() {
	ctx, stop := lifecycle.Signals(context.Background())
	status := run(ctx, os.Args[1:], streams{os.Stdout, os.Stderr, os.Environ()})
	stop()
	os.Exit(status)
}

// streams is what a command writes to and reads its settings from.
type streams struct {
	out, err io.Writer
	environ  []string
}

const usage = `usage: hall COMMAND [flags]

  run        serve a show: kiosks, booths and the dashboard
  pair       make a pairing code for a kiosk or a booth's phone
  user       make a sign-in for the dashboard, or a new password
  exhibitor  list the exhibitors and their booths
  badge      say what a badge's code is worth, and why
  keys       list the kiosks' keys, for whoever checks badges
  rotate     have kiosks make new keys
  revoke     take a stolen or retired kiosk out of service
  void       make one badge worth nothing: lost, stolen
  show       print the show as it is set up, or set it up anew
  import     take in people who are expected, from a list in CSV
  erase      take a visitor's data out of the hall and every kiosk
  conflicts  list and settle what people said differently of one visitor
  quarantine list, retry or discard what was refused
  journal    take in a kiosk's journal that was carried here by file
  backup     write all that the hall knows to one file, while it runs
  restore    put a backup back into a new folder
  check      verify every journal and the state that follows from them
  compact    make the data file as small as its data, while the hall runs
  version    print the version

"hall COMMAND -h" explains one and shows an example.
`

func run(ctx context.Context, args []string, s streams) int {
	commands := map[string]func(context.Context, []string, streams) error{
		"run": serve, "pair": pair, "user": user, "exhibitor": exhibitors,
		"badge": badge, "keys": keys, "rotate": rotate, "revoke": revoke, "check": check, "compact": compact,
		"conflicts": conflicts, "quarantine": quarantine, "journal": journalCommand, "backup": backup, "restore": restore, "version": version,
		"show": show, "import": importList, "erase": eraseVisitor, "void": voidBadge,
	}
	if len(args) == 0 {
		fmt.Fprint(s.err, usage)
		return 2
	}
	switch args[0] {
	case "-h", "-help", "--help", "help":
		fmt.Fprint(s.out, usage)
		return 0
	}
	command, ok := commands[args[0]]
	if !ok {
		fmt.Fprintf(s.err, "hall: there is no command %q\n\n%s", args[0], usage)
		return 2
	}
	return lifecycle.Status(s.err, "hall "+args[0], command(ctx, args[1:], s))
}

func version(_ context.Context, args []string, s streams) error {
	var none struct{}
	if _, err := load(s, "version", "Prints the version.", "hall version", args, &none); err != nil {
		return err
	}
	_, err := fmt.Fprintln(s.out, lifecycle.Version())
	return err
}
