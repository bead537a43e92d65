package apart

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
	"time"

	"hallpass/ocr"
)

// Source reads one picture; *ocr.Reader does. It is safe for concurrent use.
type Source interface {
	Read(ctx context.Context, picture []byte) (ocr.Card, error)
}

// answers is the child's descriptor for answers; see exec.Cmd.ExtraFiles.
const answers = 3

// Main is the whole life of the child: it loads the reader with open, answers
// requests, and returns when its parent has gone or wants it to end. The
// caller then exits without waiting for native code. open's error is told to
// the parent, whose Start returns it. A process that Start did not start gets
// an error with what to do.
func Main(open func(context.Context) (reader Source, engine string, err error)) error {
	out := os.NewFile(answers, "answers")
	if info, err := out.Stat(); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		return errors.New("this is the card reader's own process, which the kiosk starts by itself; try: kiosk run")
	}
	// A terminal's Ctrl-C and a supervisor's stop are for the parent, which
	// lets a card under way be read to its end.
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	confine()
	s := &server{out: out, ready: make(chan struct{}), cancels: map[uint64]context.CancelFunc{}}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go s.load(ctx, open)
	return s.serve(ctx, os.Stdin)
}

type server struct {
	out   io.Writer
	ready chan struct{} // closed when source is set

	source Source

	writing sync.Mutex // one frame at a time

	mu      sync.Mutex
	cancels map[uint64]context.CancelFunc // guarded by mu
}

func (s *server) load(ctx context.Context, open func(context.Context) (Source, string, error)) {
	source, engine, err := open(ctx)
	g := greeting{Engine: engine}
	if err != nil {
		g.Error = err.Error()
	} else {
		s.source = source
		close(s.ready)
	}
	head, _ := json.Marshal(g) // two strings always marshal
	s.send(frame{kind: hello, head: head})
}

// send's error is not looked at: a parent that takes no answers has gone, and
// serve sees that.
func (s *server) send(f frame) {
	s.writing.Lock()
	defer s.writing.Unlock()
	_ = f.write(s.out)
}

// serve returns nil when in ends between frames.
func (s *server) serve(ctx context.Context, in io.Reader) error {
	for {
		f, err := readFrame(in, maxPicture)
		if errors.Is(err, io.EOF) && !errors.Is(err, errFrame) {
			return nil
		}
		if err != nil {
			return err
		}
		switch f.kind {
		case ping:
			s.send(frame{kind: pong})
		case cancel:
			s.mu.Lock()
			if stop, ok := s.cancels[f.id]; ok {
				stop()
			}
			s.mu.Unlock()
		case read:
			if err := s.take(ctx, f); err != nil {
				return err
			}
		default:
			return fmt.Errorf("%w: kind %d from the parent", errFrame, f.kind)
		}
	}
}

// take starts one read; the parent never asks for more than the readers can do.
func (s *server) take(ctx context.Context, f frame) error {
	var o order
	if err := json.Unmarshal(f.head, &o); err != nil || o.MS <= 0 {
		return fmt.Errorf("%w: a request without its time", errFrame)
	}
	ctx, stop := context.WithTimeout(ctx, time.Duration(o.MS)*time.Millisecond)
	s.mu.Lock()
	s.cancels[f.id] = stop
	s.mu.Unlock()
	go func() {
		card, err := s.read(ctx, f.body)
		s.mu.Lock()
		delete(s.cancels, f.id)
		s.mu.Unlock()
		stop()
		s.send(answerOf(f.id, card, err))
	}()
	return nil
}

// read turns a panic in Go into an error, told by its kind only: the value may
// hold what stands on a card.
func (s *server) read(ctx context.Context, picture []byte) (card ocr.Card, err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case runtime.Error:
			card, err = ocr.Card{}, fmt.Errorf("the reader panicked: %w", p)
		default:
			card, err = ocr.Card{}, fmt.Errorf("the reader panicked with a %T", p)
		}
	}()
	select {
	case <-s.ready:
	case <-ctx.Done():
		return ocr.Card{}, ctx.Err()
	}
	return s.source.Read(ctx, picture)
}
