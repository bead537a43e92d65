package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"

	"hallpass/ocr/ppocr"
)

const packUsage = `usage: kiosk reader pack -o FILE
       kiosk reader install [-dir DIR] FILE

Carries the reader pack, which cards are read with, to a kiosk without
internet: "pack" writes this machine's verified pack into one file, "install"
checks such a file against the hashes built into this program and puts it in
its place. A file that is cut off or changed is refused and alters nothing.

Example:
  kiosk reader pack -o reader.pack            # where the internet is
  sudo kiosk reader install reader.pack       # on the kiosk

`

// runReader is the command "kiosk reader".
func runReader(_ context.Context, args []string, s streams) error {
	set := flag.NewFlagSet("kiosk reader", flag.ContinueOnError)
	set.SetOutput(s.err)
	set.Usage = func() {
		fmt.Fprint(s.err, packUsage)
		set.PrintDefaults()
	}
	file := set.String("o", "", "the file that pack writes")
	dir := set.String("dir", ppocr.Home, "the folder that install fills, which is replaced")
	verb := ""
	if len(args) > 0 && args[0] != "" && args[0][0] != '-' {
		verb, args = args[0], args[1:]
	}
	if err := set.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	switch {
	case verb == "pack" && *file != "" && set.NArg() == 0:
		return savePack(*file, s)
	case verb == "install" && set.NArg() == 1:
		return installPack(set.Arg(0), *dir, s)
	}
	return errors.New(`say "kiosk reader pack -o FILE" or "kiosk reader install FILE"; kiosk reader -h explains`)
}

// savePack leaves no half-written file behind.
func savePack(path string, s streams) (err error) {
	pack, err := ppocr.Find(os.Getenv(packVariable))
	if err != nil {
		return fmt.Errorf("%w; %s", err, packAdvice)
	}
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if err = errors.Join(err, out.Close()); err != nil {
			err = errors.Join(err, os.Remove(path))
		}
	}()
	if err := pack.Save(out); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "wrote the reader pack of %s to %s\n", pack.Dir, path)
	return err
}

func installPack(path, dir string, s streams) (err error) {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	err = ppocr.Install(bufio.NewReader(in), dir)
	switch {
	case errors.Is(err, os.ErrPermission):
		return fmt.Errorf("%w; run it with sudo, or choose a folder with -dir and name it in %s", err, packVariable)
	case errors.Is(err, ppocr.ErrPackFile):
		return fmt.Errorf("%s: %w", path, err)
	case err != nil:
		return err
	}
	_, err = fmt.Fprintf(s.out, "installed the reader pack in %s; kiosk version shows it\n", dir)
	return err
}
