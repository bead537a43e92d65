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

// readUsage ends with examples, as every command's help does.
const readUsage = `usage: kiosk read [-json | -explain] [-debug DIR] [-engine auto|ppocr|tesseract] [-workers N] [-list FILE] IMAGE...

Reads pictures of business cards and prints what they say, in the order of the
pictures: as a table, with -json as one JSON object a line, or with -explain with
the reasons. A picture that cannot be read has its reason in its place (with
-json in "error"); the others are still read, and the exit status is 1.

-debug DIR also leaves, by the name of each picture, what was seen and decided:
the photo with the outline found, the flat card with the boxes of lines and
fields (green is sure, red is not, grey came to nothing), a cut-out of each field
and the decisions as JSON. All of this is personal data: it stays in DIR, which
is made readable for you alone; delete it when you are done. A file there that is
not from kiosk read is not overwritten.

Examples:
  kiosk read card.jpg
  kiosk read -json *.jpg | jq -r .fields.email.text
  kiosk read -explain -debug look card.jpg
  find cards -name '*.jpg' -print0 | kiosk read -json -list -

`

var errSomeUnread = errors.New("some pictures could not be read; each says why in its place")

type readFlags struct {
	asJSON, explain bool
	debug, engine   string
	list            string // a file that names pictures
	workers         int
}

// runRead is the command "kiosk read". It returns an error when any picture
// failed.
func runRead(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	f, files, err := parseRead(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	reader, stop, err := newReader(ctx, f.engine, f.workers)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	return f.run(ctx, reader, files, stdout)
}

func parseRead(args []string, stderr io.Writer) (f readFlags, files []string, err error) {
	set := flag.NewFlagSet("kiosk read", flag.ContinueOnError)
	set.SetOutput(stderr)
	set.Usage = func() {
		fmt.Fprint(stderr, readUsage)
		set.PrintDefaults()
	}
	set.BoolVar(&f.asJSON, "json", false, "print one JSON object a line")
	set.BoolVar(&f.explain, "explain", false, "say why each field was chosen and each other line was not")
	set.StringVar(&f.debug, "debug", "", "folder to leave pictures of what was seen in")
	set.StringVar(&f.engine, "engine", "auto", "auto, ppocr or tesseract")
	set.StringVar(&f.list, "list", "", "file that names more pictures, one a line; - is standard input")
	set.IntVar(&f.workers, "workers", runtime.GOMAXPROCS(0), "pictures read at once")
	if err := set.Parse(args); err != nil {
		return f, nil, err
	}
	files = set.Args()
	if f.list != "" {
		more, err := listed(f.list)
		if err != nil {
			return f, nil, err
		}
		files = append(files, more...)
	}
	switch {
	case f.asJSON && f.explain:
		err = errors.New("-json and -explain exclude each other; -debug leaves the reasons as JSON")
	case len(files) == 0:
		err = errors.New("no picture named; try: kiosk read card.jpg")
	case f.workers < 1:
		err = fmt.Errorf("-workers is %d; it must be 1 or more", f.workers)
	}
	f.workers = min(f.workers, len(files))
	return f, files, err
}

// run reads the files and prints them as the flags say.
func (f readFlags) run(ctx context.Context, reader *ocr.Reader, files []string, stdout io.Writer) error {
	show := f.printer(stdout)
	if f.debug != "" {
		folder, err := openDebug(f.debug, files)
		if err != nil {
			return err
		}
		tell := show
		show = func(one reading) error { return errors.Join(tell(one), folder.write(one)) }
	}
	failed := false
	err := readMany(ctx, reader, files, f.workers, func(one reading) error {
		failed = failed || one.Error != ""
		return show(one)
	})
	if err == nil && failed {
		err = errSomeUnread
	}
	return err
}

func (f readFlags) printer(w io.Writer) func(reading) error {
	switch {
	case f.asJSON:
		return func(one reading) error { return readout.Write(w, one.Result) }
	case f.explain:
		return func(one reading) error { return explain(w, one) }
	}
	return func(one reading) error { return sheet(w, one) }
}
