package apart

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"hallpass/ocr"
)

// Options say what the child is and what it may take. Command is required; the
// rest works as it is.
type Options struct {
	// Command is the program and its arguments that end in Main.
	Command []string
	// Env is the child's whole environment. Tesseract wants OMP_THREAD_LIMIT=1
	// in it.
	Env []string
	// Workers is how many pictures are read at once; 0 means 2.
	Workers int
	// Queue is how many more may wait; 0 means twice the workers.
	Queue int
	// MemoryMB is the resident memory, in units of 2^20 bytes, over which a
	// child is killed; 0 means 1024. It holds where the system tells a
	// process's memory (Linux).
	MemoryMB int
	// Cards is after how many a child makes room for the next; 0 means 1000,
	// in which gosseract leaks a few megabytes.
	Cards int
	// Log hears of children that end; nil means slog.Default.
	Log *slog.Logger

	junk func(bytes int)
}

// Stats are a reader's numbers since its start.
type Stats struct {
	Up       bool   // whether a child is there to read
	PID      int    // of that child; 0 if there is none
	Resident int64  // its memory in bytes, as last looked at
	Restarts uint64 // children that ended unasked
	Renewed  uint64 // children that made room for the next
	Lost     uint64 // pictures that were given up because children ended
	Chatter  uint64 // lines that native libraries printed
}

// Reader reads cards in a child process. It is safe for concurrent use.
type Reader struct {
	o       Options
	engine  string
	queue   chan struct{} // one for each call that reads or waits
	places  chan struct{} // one for each picture in a child's hands
	alone   chan struct{} // held by the call that wants all places
	strikes strikes
	close   context.CancelFunc
	closed  <-chan struct{} // no call begins any more
	over    chan struct{}   // the keeper has ended

	mu      sync.Mutex
	child   *child        // nil while there is none
	changed chan struct{} // closed when child or failing changes
	failing bool          // the last starts failed
	stats   Stats
}

// Start runs the child and returns when it can read. Its error says what the
// child lacks.
func Start(ctx context.Context, o Options) (*Reader, error) {
	if len(o.Command) == 0 {
		return nil, errors.New("start card reader: no command")
	}
	o.fill()
	life, stop := context.WithCancel(context.Background())
	r := &Reader{
		queue: make(chan struct{}, o.Workers+o.Queue), places: make(chan struct{}, o.Workers), alone: make(chan struct{}, 1),
		close: stop, closed: life.Done(), over: make(chan struct{}), changed: make(chan struct{}),
	}
	o.junk = r.junk
	r.o = o
	first, err := begin(ctx, o)
	if err != nil {
		stop()
		return nil, err
	}
	r.engine = first.engine
	r.put(first)
	go r.keep(life, first)
	return r, nil
}

func (o *Options) fill() {
	def := func(v *int, to int) {
		if *v <= 0 {
			*v = to
		}
	}
	def(&o.Workers, 2)
	def(&o.Queue, 2*o.Workers)
	def(&o.MemoryMB, 1024)
	def(&o.Cards, 1000)
	if o.Log == nil {
		o.Log = slog.Default()
	}
}

// Name is the engine that reads: "tesseract", "ppocr" or "none".
func (r *Reader) Name() string { return r.engine }

// Stats returns the numbers as they are now.
func (r *Reader) Stats() Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.stats
	if c := r.child; c != nil {
		c.mu.Lock()
		s.Up, s.PID, s.Resident = true, c.cmd.Process.Pid, c.rss
		c.mu.Unlock()
	}
	return s
}

// Close lets the pictures in hand be read, at most until their time is up, and
// ends the child. Later calls are ocr.ErrUnavailable.
func (r *Reader) Close() error {
	r.close()
	<-r.over
	return nil
}

// longest is how long a call without a deadline may take: more than a kiosk
// gives a visitor.
const longest = 10 * time.Second

// Read has the child read a picture. Besides the errors of ocr.Reader it
// returns ocr.ErrLost for a picture under which the child ended twice. picture
// must not be changed afterwards, even when ctx ended first.
func (r *Reader) Read(ctx context.Context, picture []byte) (ocr.Card, error) {
	if len(picture) > maxPicture {
		return ocr.Card{}, fmt.Errorf("%w: over %d MB", ocr.ErrTooLarge, maxPicture>>20)
	}
	ctx, cancel := context.WithTimeout(ctx, longest) // or the caller's own, if that is sooner
	defer cancel()
	if err := ctx.Err(); err != nil {
		return ocr.Card{}, err
	}
	select {
	case <-r.closed:
		return ocr.Card{}, ocr.ErrUnavailable
	case r.queue <- struct{}{}:
		defer func() { <-r.queue }()
	default:
		return ocr.Card{}, ocr.ErrBusy
	}
	return r.insist(ctx, picture)
}

// maxTries bounds how often a picture is read again because of others.
const maxTries = 4

// insist reads a picture again, alone, when a child ended that may have ended
// because of it.
func (r *Reader) insist(ctx context.Context, picture []byte) (ocr.Card, error) {
	suspect := false
	for range maxTries {
		if r.strikes.out(picture) {
			break
		}
		got, err := r.try(ctx, picture, suspect)
		switch {
		case err != nil:
			return ocr.Card{}, err
		case !got.lost:
			r.strikes.clear(picture)
			return got.card, got.err
		case got.blamed:
			suspect = true
			r.strikes.add(picture)
		}
	}
	r.mu.Lock()
	r.stats.Lost++
	r.mu.Unlock()
	return ocr.Card{}, ocr.ErrLost
}

// try hands the picture to the child that is there, or to the next one.
func (r *Reader) try(ctx context.Context, picture []byte, alone bool) (reply, error) {
	free, err := r.place(ctx, alone)
	if err != nil {
		return reply{}, err
	}
	for {
		c, err := r.current(ctx)
		if err != nil {
			free()
			return reply{}, err
		}
		until, _ := ctx.Deadline() // Read sets one
		id, replies, ok := c.ask(picture, time.Until(until), free)
		if !ok {
			select { // it is being replaced
			case <-c.dead:
			case <-ctx.Done():
			}
			r.drop(c)
			continue
		}
		select {
		case got := <-replies:
			return got, nil
		case <-ctx.Done():
			c.giveUp(id)
			return reply{}, ctx.Err()
		}
	}
}

// place waits for one place, or for all of them.
func (r *Reader) place(ctx context.Context, all bool) (free func(), err error) {
	want := 1
	if all {
		want = cap(r.places)
		select { // two that wanted all would wait for each other
		case r.alone <- struct{}{}:
			defer func() { <-r.alone }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	for got := range want {
		select {
		case r.places <- struct{}{}:
		case <-ctx.Done():
			r.leave(got)
			return nil, ctx.Err()
		}
	}
	return sync.OnceFunc(func() { r.leave(want) }), nil
}

func (r *Reader) leave(n int) {
	for range n {
		<-r.places
	}
}

// current waits for a child that can read.
func (r *Reader) current(ctx context.Context) (*child, error) {
	for {
		r.mu.Lock()
		c, changed, failing := r.child, r.changed, r.failing
		r.mu.Unlock()
		switch {
		case c != nil:
			return c, nil
		case failing:
			return nil, fmt.Errorf("the card reader does not start: %w", ocr.ErrUnavailable)
		}
		select {
		case <-changed:
		case <-r.closed:
			return nil, ocr.ErrUnavailable
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
