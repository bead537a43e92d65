// Command cardbench measures how well and how fast cards are read. It runs
// "kiosk read" over folders of made-up cards, one process an engine, so that
// each engine's time and memory are its own, and compares the results with what
// is printed (package cardscore). It also decides again on lines that were read
// before (-replay), or on perfect lines (-perfect), in seconds and without
// engines. It reads no picture itself; a picture that fails counts as a card of
// misses, an engine that does not start is an error.
//
// A folder of cards has clean/, mild/ and hard/ with pictures CARD.jpg, and
// gt/CARD.json with the truth. Rules were written beside the folder "known" and
// mended after looking at "other" and its followers, and confidences are fitted on
// the first four; only a folder that nobody has looked at shows what such a card
// gets. The README of the cards says which have been.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"hallpass/cmd/internal/lifecycle"
	"hallpass/ocr"
)

const usage = `usage: cardbench [-cards DIR,...] [-engine NAME,...] [flags]
       cardbench [-cards DIR,...] -replay FILE.ndjson,... [flags]
       cardbench [-cards DIR,...] -perfect [flags]
       cardbench [-cards DIR,...] -soak 5000 [-engine NAME,...]

Prints tables by engine, tier, language and field of how much of the cards was
read right, how far confidences can be trusted, and what it cost.

Example, from the top of the repository:
  make bench-ocr
  bin/kiosk read -json ocr/testdata/cards/other/*/*.jpg > read.ndjson
  go run ./cmd/internal/cardbench -replay read.ndjson -errors 20

`

type settings struct {
	cards, engines, replay         list
	perfect, asRead, asJSON        bool
	kiosk, tesseract, readme, keep string
	tiers                          list
	errors, worst, sample, workers int
	soak                           int
	bar                            float64
}

// list is a flag of values between commas.
type list []string

func (l *list) String() string { return strings.Join(*l, ",") }

func (l *list) Set(s string) error {
	*l = nil
	for v := range strings.SplitSeq(s, ",") {
		if v != "" {
			*l = append(*l, v)
		}
	}
	return nil
}

func main() {
	ctx, stop := lifecycle.Signals(context.Background())
	code := lifecycle.Status(os.Stderr, "cardbench", run(ctx, os.Args[1:], os.Stdout, os.Stderr))
	stop()
	os.Exit(code)
}

func parse(args []string, stderr io.Writer) (settings, error) {
	s := settings{
		cards:   list{"ocr/testdata/cards/known", "ocr/testdata/cards/other", "ocr/testdata/cards/ninth"},
		engines: list{"auto", "ppocr", "tesseract"},
	}
	set := flag.NewFlagSet("cardbench", flag.ContinueOnError)
	set.SetOutput(stderr)
	set.Usage = func() {
		fmt.Fprint(stderr, usage)
		set.PrintDefaults()
	}
	set.Var(&s.cards, "cards", "folders of cards")
	set.Var(&s.engines, "engine", "engines to run")
	set.Var(&s.tiers, "tier", "tiers to run, or to count in a replay (default clean,mild,hard, or all that occur)")
	set.Var(&s.replay, "replay", "decide again on the lines of these results instead of reading pictures")
	set.BoolVar(&s.perfect, "perfect", false, "decide on the printed lines themselves: what is lost after reading")
	set.BoolVar(&s.asRead, "as-read", false, "with -replay, take the fields as they stand in the file")
	set.BoolVar(&s.asJSON, "json", false, "print one JSON object instead of tables")
	set.StringVar(&s.kiosk, "kiosk", "bin/kiosk", "the program that reads")
	set.StringVar(&s.tesseract, "tesseract", "tesseract", "the program that times stand beside; empty for none")
	set.StringVar(&s.readme, "readme", "", "also write the tables between the marks in this file")
	set.StringVar(&s.keep, "keep", "", "folder to keep the results in, as FOLDER.ENGINE.ndjson, for -replay and for fitting")
	set.IntVar(&s.errors, "errors", 0, "list so many mistakes, of each engine and folder")
	set.IntVar(&s.worst, "worst", 0, "list so many of the worst cards, of each engine and folder")
	set.IntVar(&s.sample, "sample", 24, "pictures of the mild tier that times are taken of")
	set.IntVar(&s.workers, "workers", 2, "pictures read at once when the rate is measured")
	set.IntVar(&s.soak, "soak", 0, "instead, read so many pictures in one process and watch its memory")
	set.Float64Var(&s.bar, "bar", ocr.Bar, "confidence from which a field is accepted")
	if err := set.Parse(args); err != nil {
		return s, err
	}
	return s, s.check(set.Args())
}

func (s settings) check(rest []string) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("what is %q? name folders with -cards", rest[0])
	case len(s.cards) == 0:
		return errors.New("no folder of cards; name one with -cards")
	case s.perfect && len(s.replay) > 0:
		return errors.New("-perfect and -replay exclude each other")
	case s.asRead && len(s.replay) == 0:
		return errors.New("-as-read belongs to -replay")
	case s.sample < 0 || s.soak < 0 || s.workers < 1:
		return errors.New("-sample and -soak must be 0 or more, -workers 1 or more")
	}
	return nil
}

// run returns nil for -h.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	s, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	sets, err := loadSets(s.cards)
	if err != nil {
		return err
	}
	var b bench
	switch {
	case s.perfect:
		err = b.perfect(s, sets)
	case len(s.replay) > 0:
		err = b.replay(s, sets)
	case s.soak > 0:
		err = b.soak(ctx, s, sets, stderr)
	default:
		err = b.measure(ctx, s, sets, stderr)
	}
	if err != nil {
		return err
	}
	if s.asJSON {
		return b.json(stdout)
	}
	text := b.markdown(s.bar)
	if s.errors > 0 {
		text += b.mistakes(s.errors)
	}
	if s.worst > 0 {
		text += b.worst(s.worst)
	}
	if _, err := io.WriteString(stdout, text); err != nil || s.readme == "" {
		return err
	}
	return intoReadme(s.readme, b.markdown(s.bar))
}
