package main

import (
	"context"
	"errors"
	"flag"
	"image"
	"os"
	"slices"
	"strconv"
	"strings"

	"hallpass/cmd/internal/metrics"
	"hallpass/ocr"
	"hallpass/ocr/apart"
	"hallpass/ocr/heif"
	"hallpass/ocr/turbo"
)

// apartCommand is how the kiosk starts itself as the process that reads cards.
const apartCommand = "apart"

// runApart is that process; see package apart.
func runApart(_ context.Context, args []string, s streams) error {
	set := flag.NewFlagSet("kiosk apart", flag.ContinueOnError)
	set.SetOutput(s.err)
	name := set.String("engine", "auto", "auto, ppocr or tesseract")
	workers := set.Int("workers", 2, "cards read at once")
	if err := set.Parse(args); err != nil {
		return err
	}
	return apart.Main(func(ctx context.Context) (apart.Source, string, error) {
		engine, err := newEngine(ctx, *name, *workers) // the process's end frees it
		if err != nil {
			return nil, "", err
		}
		r := &ocr.Reader{Engine: engine, HEIC: new(heif.Decoder), JPEG: new(turbo.Decoder)}
		if wantsSecond(engine) {
			r.Second = loading(ctx, *workers)
		}
		return r, engine.Name(), nil
	})
}

// late is a second opinion that is still being loaded while the first cards
// are read: a visitor whose reader was replaced waits half as long.
type late struct {
	ready  chan struct{} // closed when the rest is set
	second second
	err    error
}

func loading(ctx context.Context, workers int) *late {
	l := &late{ready: make(chan struct{})}
	go func() {
		defer close(l.ready)
		l.second, l.err = newSecond(ctx, workers)
	}()
	return l
}

// Reread waits for the engine; one that is not installed gives no opinion.
func (l *late) Reread(ctx context.Context, view *image.RGBA, asks []ocr.Ask) ([]ocr.Line, error) {
	select {
	case <-l.ready:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if l.err != nil {
		return nil, l.err
	}
	return l.second.Reread(ctx, view, asks)
}

// addReader starts the card reader in a process of its own. A kiosk without
// one works: the page offers the other ways to register, and the operator
// reads here what is missing.
func (d *desk) addReader(ctx context.Context) error {
	if d.Readers == 0 {
		return nil
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	r, err := apart.Start(ctx, apart.Options{
		Command: []string{self, apartCommand, "-workers", strconv.Itoa(d.Readers)}, Env: readerEnv(os.Environ(), d.Reader),
		Workers: d.Readers, MemoryMB: d.ReaderMB, Log: d.log,
	})
	switch {
	case ctx.Err() != nil:
		return errors.Join(ctx.Err(), err)
	case err != nil:
		d.log.Error("cards cannot be read; visitors type instead", "err", err)
		return nil
	case r.Name() == (ocr.Unavailable{}).Name():
		d.log.Warn("this program was built without a card reader; visitors type instead")
		return r.Close()
	}
	d.parts.Push("reader", readerEnd, func(context.Context) error { return r.Close() })
	d.reader, d.desk.Reader, d.site.Reader = r, r, r.Name()
	return nil
}

// readingEnv is what a process that reads cards wants of its surroundings,
// before it starts; an environment that says otherwise wins.
var readingEnv = []string{
	"OMP_THREAD_LIMIT=1", // one card a thread; see package tesseract
	// A photo and what is made of it are large and soon gone: more frequent
	// collections, and fewer heaps of the C library, save a tenth of all memory.
	"GOGC=40",
	"MALLOC_ARENA_MAX=2",
}

// readerEnv is what the reading process may know of the kiosk's surroundings:
// no setting of ours, of which one is a pairing code, but the reader pack's
// place, which pack names unless it is empty.
func readerEnv(all []string, pack string) []string {
	const threads = "OMP_THREAD_LIMIT"
	// What a large photo leaves behind is given back before the next is decoded.
	env := append(slices.Clone(readingEnv), "GOMEMLIMIT=120MiB")
	for _, e := range all {
		name, _, _ := strings.Cut(e, "=")
		if name != threads && (name == packVariable || !strings.HasPrefix(name, "HALLPASS_")) {
			env = append(env, e)
		}
	}
	if pack != "" {
		env = append(env, packVariable+"="+pack) // the later of two counts
	}
	return env
}

// readerSamples are the reading process's numbers.
func (d *desk) readerSamples() []metrics.Sample {
	if d.reader == nil {
		return nil
	}
	s, up := d.reader.Stats(), 0.0
	if s.Up {
		up = 1
	}
	return []metrics.Sample{
		gauge("hallpass_reader_up", "1 while the process that reads cards is there.", up),
		gauge("hallpass_reader_resident_bytes", "Memory of the process that reads cards.", float64(s.Resident)),
		counter("hallpass_reader_restarts_total", "Times that the process that reads cards ended unasked.", s.Restarts),
		counter("hallpass_reader_renewed_total", "Times that it made room for the next.", s.Renewed),
		counter("hallpass_reader_lost_total", "Pictures that were given up because it ended.", s.Lost),
		counter("hallpass_reader_chatter_total", "Lines that its libraries printed.", s.Chatter),
	}
}
