package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image"
	"io"
	"math"
	"os"
	"time"

	"hallpass/ocr"
)

// readUsage ends with an example, as every command's help does.
const readUsage = `usage: kiosk read -json [-engine auto|ppocr|tesseract] IMAGE...

Reads business cards and prints one JSON object a line and picture. A picture
that cannot be read has its reason in "error"; the others are still read, and
the exit status is 1.

Example:
  kiosk read -json card.jpg | jq -r .fields.email.text

`

// longestRead is how long one picture may take on a busy machine. A visitor's
// own limit is shorter; a command line has no queue behind it.
const longestRead = time.Minute

var errSomeUnread = errors.New("some pictures could not be read; see their \"error\"")

// runRead is the command "kiosk read". It returns an error when any picture
// failed.
func runRead(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	set := flag.NewFlagSet("kiosk read", flag.ContinueOnError)
	set.SetOutput(stderr)
	set.Usage = func() {
		fmt.Fprint(stderr, readUsage)
		set.PrintDefaults()
	}
	asJSON := set.Bool("json", false, "print JSON, the only format so far")
	name := set.String("engine", "auto", "auto, ppocr or tesseract")
	if err := set.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	if !*asJSON {
		return errors.New("kiosk read prints JSON only; add -json")
	}
	if set.NArg() == 0 {
		return errors.New("no picture named; try: kiosk read -json card.jpg")
	}
	engine, err := newEngine(ctx, *name, 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	return readAll(ctx, &ocr.Reader{Engine: engine}, set.Args(), stdout)
}

func readAll(ctx context.Context, reader *ocr.Reader, files []string, stdout io.Writer) error {
	enc := json.NewEncoder(stdout)
	enc.SetEscapeHTML(false)
	failed := false
	for _, file := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		out := readOne(ctx, reader, file)
		failed = failed || out.Error != ""
		if err := enc.Encode(out); err != nil {
			return fmt.Errorf("write result: %w", err)
		}
	}
	if failed {
		return errSomeUnread
	}
	return nil
}

// The wire form of one picture, fixed by its consumers.
type readResult struct {
	File   string               `json:"file"`
	MS     float64              `json:"ms"`
	Engine string               `json:"engine"`
	Fields map[string]readField `json:"fields"`
	Lines  []readLine           `json:"lines"`
	Error  string               `json:"error,omitempty"`
}

type readField struct {
	Text       string     `json:"text"`
	Confidence float64    `json:"confidence"`
	Box        [4]int     `json:"box"`
	More       []readMore `json:"more,omitempty"`
}

type readMore struct {
	Text       string  `json:"text"`
	Confidence float64 `json:"confidence"`
}

type readLine struct {
	Text       string  `json:"text"`
	Confidence float64 `json:"confidence"`
	Box        [4]int  `json:"box"`
}

// maxCardFile is what the kiosk's own interface accepts too.
const maxCardFile = 20 << 20

func readOne(ctx context.Context, reader *ocr.Reader, file string) readResult {
	out := readResult{File: file, Engine: reader.Engine.Name(), Fields: map[string]readField{}, Lines: []readLine{}}
	ctx, cancel := context.WithTimeout(ctx, longestRead)
	defer cancel()
	data, err := loadCard(file)
	if err != nil {
		out.Error = err.Error()
		return out
	}
	start := time.Now()
	card, err := reader.Read(ctx, data)
	out.MS = math.Round(float64(time.Since(start).Microseconds())/100) / 10
	if err != nil {
		out.Error = err.Error()
		return out
	}
	for name, f := range card.Fields {
		r := readField{Text: f.Text, Confidence: rounded(f.Confidence), Box: boxOf(f.Box)}
		for _, m := range f.More {
			r.More = append(r.More, readMore{m.Text, rounded(m.Confidence)})
		}
		out.Fields[name] = r
	}
	for _, l := range card.Lines {
		out.Lines = append(out.Lines, readLine{l.Text, rounded(l.Confidence), boxOf(l.Box)})
	}
	return out
}

// loadCard reads a file that is small enough to be a photo.
func loadCard(file string) (data []byte, err error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	data, err = io.ReadAll(io.LimitReader(f, maxCardFile+1))
	if err == nil && len(data) > maxCardFile {
		err = fmt.Errorf("%w: more than %d MB", ocr.ErrTooLarge, maxCardFile>>20)
	}
	return data, err
}

func rounded(v float64) float64 { return math.Round(v*1000) / 1000 }

func boxOf(r image.Rectangle) [4]int { return [4]int{r.Min.X, r.Min.Y, r.Dx(), r.Dy()} }
