//go:build cgo

package ppocr

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	"hallpass/ocr"
)

// Options size the engine; the zero value is two threads.
type Options struct {
	// Pack is where the networks are; nil means Find("").
	Pack *Pack
	// Workers is how many threads read, over all cards; 0 means 2. One card
	// alone uses them all.
	Workers int
	// Queue is how many more cards may wait while Workers are read; 0 means
	// twice the workers.
	Queue int
}

// Engine reads with networks that all calls share. It is safe for concurrent
// use.
type Engine struct {
	det     *network
	rec     *recognizer
	version string
	spare   spares
	threads chan struct{} // one token for each thread that may read
	cards   chan struct{} // one token for each card read
	places  chan struct{} // one token for each card read or waiting

	mu     sync.RWMutex // guards closed, and calls against an Add after Wait
	closed bool
	calls  sync.WaitGroup
}

var _ ocr.Engine = (*Engine)(nil)

// New loads the runtime library and the networks.
func New(ctx context.Context, o Options) (*Engine, error) {
	workers, queue := o.Workers, o.Queue
	if workers <= 0 {
		workers = 2
	}
	if queue <= 0 {
		queue = 2 * workers
	}
	e := &Engine{
		spare:   make(spares, workers),
		threads: make(chan struct{}, workers),
		cards:   make(chan struct{}, workers),
		places:  make(chan struct{}, workers+queue),
	}
	if err := e.open(ctx, o.Pack); err != nil {
		return nil, errors.Join(fmt.Errorf("start ppocr: %w", err), e.Close())
	}
	return e, nil
}

func (e *Engine) open(ctx context.Context, p *Pack) (err error) {
	if p == nil {
		if p, err = Find(""); err != nil {
			return err
		}
	}
	if e.version, err = load(p.Runtime); err != nil {
		return err
	}
	if e.det, err = newNetwork(filepath.Join(p.Dir, detectFile), min(4, cap(e.threads))); err != nil {
		return err
	}
	if e.rec, err = newRecognizer(filepath.Join(p.Dir, recognizeFile), e.spare); err != nil {
		return err
	}
	return ctx.Err()
}

// Runtime is the version of the onnxruntime library, like "1.30.0".
func (e *Engine) Runtime() string { return e.version }

// Name is "ppocr".
func (e *Engine) Name() string { return "ppocr" }

// enter takes a place in the queue and waits for its turn.
func (e *Engine) enter(ctx context.Context) (leave func(), err error) {
	if err := e.admit(ctx); err != nil {
		return nil, err
	}
	select {
	case e.cards <- struct{}{}:
		return func() { <-e.cards; <-e.places; e.calls.Done() }, nil
	case <-ctx.Done():
		<-e.places
		e.calls.Done()
		return nil, ctx.Err()
	}
}

func (e *Engine) admit(ctx context.Context) error {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if e.closed {
		return ocr.ErrUnavailable
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case e.places <- struct{}{}:
		e.calls.Add(1)
		return nil
	default:
		return ocr.ErrBusy
	}
}

// thread runs do when one of the engine's threads is free.
func (e *Engine) thread(ctx context.Context, do func() error) error {
	select {
	case e.threads <- struct{}{}:
		defer func() { <-e.threads }()
		if err := ctx.Err(); err != nil {
			return err
		}
		return do()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close lets the calls under way finish and frees the networks. Later calls
// return ocr.ErrUnavailable.
func (e *Engine) Close() error {
	e.mu.Lock()
	again := e.closed
	e.closed = true
	e.mu.Unlock()
	e.calls.Wait()
	if again {
		return nil
	}
	err := e.det.close()
	if e.rec != nil {
		err = errors.Join(err, e.rec.net.close())
	}
	return err
}
