package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime"

	"hallpass/cmd/internal/readout"
	"hallpass/ocr"
)

// readUsage ends with an example, as every command's help does.
const readUsage = `usage: kiosk read -json [-engine auto|ppocr|tesseract] [-workers N] IMAGE...

Reads business cards and prints one JSON object a line and picture, in the order
of the pictures. A picture that cannot be read has its reason in "error"; the
others are still read, and the exit status is 1.

Example:
  kiosk read -json card.jpg | jq -r .fields.email.text

`

var errSomeUnread = errors.New("some pictures could not be read; see their \"error\"")

type readFlags struct {
	asJSON  bool
	engine  string
	workers int
}

// runRead is the command "kiosk read". It returns an error when any picture
// failed.
func runRead(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	var f readFlags
	set := flag.NewFlagSet("kiosk read", flag.ContinueOnError)
	set.SetOutput(stderr)
	set.Usage = func() {
		fmt.Fprint(stderr, readUsage)
		set.PrintDefaults()
	}
	set.BoolVar(&f.asJSON, "json", false, "print JSON, the only format so far")
	set.StringVar(&f.engine, "engine", "auto", "auto, ppocr or tesseract")
	set.IntVar(&f.workers, "workers", runtime.GOMAXPROCS(0), "pictures read at once")
	if err := set.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	if err := f.check(set.NArg()); err != nil {
		return err
	}
	f.workers = min(f.workers, set.NArg())
	engine, err := newEngine(ctx, f.engine, f.workers)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	return f.run(ctx, &ocr.Reader{Engine: engine}, set.Args(), stdout)
}

func (f readFlags) check(files int) error {
	switch {
	case !f.asJSON:
		return errors.New("kiosk read prints JSON only; add -json")
	case files == 0:
		return errors.New("no picture named; try: kiosk read -json card.jpg")
	case f.workers < 1:
		return fmt.Errorf("-workers is %d; it must be 1 or more", f.workers)
	}
	return nil
}

func (f readFlags) run(ctx context.Context, reader *ocr.Reader, files []string, stdout io.Writer) error {
	failed := false
	err := readMany(ctx, reader, files, f.workers, func(one reading) error {
		failed = failed || one.Error != ""
		if err := readout.Write(stdout, one.Result); err != nil {
			return fmt.Errorf("write result: %w", err)
		}
		return nil
	})
	if err == nil && failed {
		err = errSomeUnread
	}
	return err
}
