//go:build cgo

package tesseract

import (
	"context"
	"errors"
	"fmt"
	"image"
	"sync"

	"hallpass/ocr"
)

// Options size the pool; the zero value is two workers.
type Options struct {
	// Workers is how many cards are read at once; 0 means 2. Each holds about
	// 60 MB, 15 for the Latin model and 45 for simplified Chinese; one model
	// of 45 MB for the traditional script serves them all.
	Workers int
	// Second makes an engine whose opinion is asked beside another one's: the
	// workers share the simplified model too, and hold 15 MB each.
	Second bool
	// Queue is how many more calls may wait; 0 means twice the workers.
	Queue int
}

// Engine is the pool. It is safe for concurrent use.
type Engine struct {
	jobs    chan job
	workers int
	done    sync.WaitGroup
	// What all workers ask: nil where each has its own, or where its data is
	// not installed.
	simplified, traditional *shared

	mu     sync.RWMutex // guards closed, and jobs against being closed under a sender
	closed bool
}

var (
	_ ocr.Engine   = (*Engine)(nil)
	_ ocr.Rereader = (*Engine)(nil)
)

type job struct {
	ctx   context.Context
	do    func(*reader) ([]ocr.Line, error)
	reply chan<- result // holds one, so that a worker never waits
}

type result struct {
	lines []ocr.Line
	err   error
}

// New starts the workers one by one, since each redirects the process's
// stderr while its clients load, and returns when all can read.
func New(ctx context.Context, o Options) (*Engine, error) {
	workers, queue := o.Workers, o.Queue
	if workers <= 0 {
		workers = 2
	}
	if queue <= 0 {
		queue = 2 * workers
	}
	starting.Lock()
	defer starting.Unlock()
	e := &Engine{jobs: make(chan job, queue), workers: workers}
	err := ctx.Err()
	if err == nil {
		err = e.share(o.Second)
	}
	for i := 0; i < workers && err == nil; i++ {
		ready := make(chan error, 1)
		e.done.Add(1)
		go e.work(ready)
		err = errors.Join(<-ready, ctx.Err())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start tesseract: %w", err), e.Close())
	}
	return e, nil
}

// starting is held while any engine of the process loads: the library lists
// its languages and redirects stderr for all of it.
var starting sync.Mutex

// share loads the models that all workers ask.
func (e *Engine) share(simplified bool) error {
	traditional, err := installed()
	if err == nil && simplified {
		e.simplified, err = newShared("chi_sim")
	}
	if err == nil && traditional {
		e.traditional, err = newShared("chi_tra")
	}
	return err
}

// work is one worker: its clients are made, used and closed here only.
func (e *Engine) work(ready chan<- error) {
	defer e.done.Done()
	r, err := newReader(e.simplified, e.traditional)
	ready <- err
	if err != nil {
		return
	}
	defer r.close()
	e.serve(r)
}

// serve reads what is queued until the engine is closed.
func (e *Engine) serve(r *reader) {
	for j := range e.jobs {
		if err := j.ctx.Err(); err != nil {
			j.reply <- result{err: err}
			continue
		}
		lines, err := j.do(r)
		j.reply <- result{lines, err}
	}
}

// Name is "tesseract".
func (e *Engine) Name() string { return "tesseract" }

// Lines evens the view and reads all of it. It returns *ocr.Turned when the
// print reads better in another direction.
func (e *Engine) Lines(ctx context.Context, view *image.RGBA) ([]ocr.Line, error) {
	grey := even(view)
	return e.run(ctx, func(r *reader) ([]ocr.Line, error) {
		lines, err := r.page(ctx, grey)
		if err != nil {
			return nil, err
		}
		return lines, r.turned(ctx, grey, lines)
	})
}

func (e *Engine) run(ctx context.Context, do func(*reader) ([]ocr.Line, error)) ([]ocr.Line, error) {
	reply := make(chan result, 1)
	if err := e.enqueue(job{ctx, do, reply}); err != nil {
		return nil, err
	}
	return await(ctx, reply)
}

func await(ctx context.Context, reply <-chan result) ([]ocr.Line, error) {
	select {
	case r := <-reply:
		return r.lines, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (e *Engine) enqueue(j job) error {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if e.closed {
		return ocr.ErrUnavailable
	}
	if err := j.ctx.Err(); err != nil {
		return err
	}
	select {
	case e.jobs <- j:
		return nil
	default:
		return ocr.ErrBusy
	}
}

// Close lets the calls under way finish and frees the clients. Later calls
// return ocr.ErrUnavailable.
func (e *Engine) Close() error {
	e.mu.Lock()
	if !e.closed {
		e.closed = true
		close(e.jobs)
	}
	e.mu.Unlock()
	e.done.Wait() // nobody asks the shared model any more
	for _, m := range []*shared{e.simplified, e.traditional} {
		if m != nil {
			m.close()
		}
	}
	return nil
}
