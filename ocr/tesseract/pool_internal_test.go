//go:build cgo

package tesseract

import (
	"context"
	"errors"
	"sync"
	"testing"

	"hallpass/ocr"
)

// held is a job that says when a worker has begun it and ends when it is let
// go: real reading takes a time that no test may count on.
type held struct {
	begun chan struct{}
	leave chan struct{}
}

func newHeld() held { return held{make(chan struct{}, 1), make(chan struct{})} }

func (h held) do(*reader) ([]ocr.Line, error) {
	h.begun <- struct{}{}
	<-h.leave
	return []ocr.Line{{Text: "read"}}, nil
}

// pool is two workers with one place to wait. They load no models, as the jobs
// here read nothing.
func pool(t *testing.T) *Engine {
	t.Helper()
	e := &Engine{jobs: make(chan job, 1)}
	for range 2 {
		e.done.Go(func() { e.serve(nil) })
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// call runs a job and gives its error when it is done.
func call(ctx context.Context, e *Engine, do func(*reader) ([]ocr.Line, error)) <-chan error {
	done := make(chan error, 1)
	go func() {
		_, err := e.run(ctx, do)
		done <- err
	}()
	return done
}

func nothing(*reader) ([]ocr.Line, error) { return nil, nil }

// occupy holds both workers, so that what comes next has to wait.
func occupy(t *testing.T, e *Engine) (letGo func()) {
	t.Helper()
	var done []<-chan error
	var jobs []held
	for range 2 {
		h := newHeld()
		done, jobs = append(done, call(t.Context(), e, h.do)), append(jobs, h)
		<-h.begun
	}
	return func() {
		for i, h := range jobs {
			close(h.leave)
			if err := <-done[i]; err != nil {
				t.Error(err)
			}
		}
	}
}

// waiting fills the one place to wait.
func waiting(t *testing.T, ctx context.Context, e *Engine, do func(*reader) ([]ocr.Line, error)) <-chan error {
	t.Helper()
	done := call(ctx, e, do)
	for len(e.jobs) == 0 {
		select {
		case err := <-done:
			t.Fatalf("the call did not wait: %v", err)
		default:
		}
	}
	return done
}

// P9: who comes when all workers read and all places are taken is told so at
// once, and is served when there is room again.
func TestEngine_MoreCallersThanPlaces(t *testing.T) {
	e := pool(t)
	letGo := occupy(t, e)
	queued := waiting(t, t.Context(), e, nothing)
	for range 20 {
		if _, err := e.run(t.Context(), nothing); !errors.Is(err, ocr.ErrBusy) {
			t.Fatalf("run = %v, want %v", err, ocr.ErrBusy)
		}
	}
	letGo()
	if err := <-queued; err != nil {
		t.Errorf("the waiting call: %v", err)
	}
	if _, err := e.run(t.Context(), nothing); err != nil {
		t.Errorf("after that: %v", err)
	}
}

// Who leaves while waiting is let go at once, and nobody reads the card.
func TestEngine_LeftWhileWaiting(t *testing.T) {
	e := pool(t)
	letGo := occupy(t, e)
	ctx, cancel := context.WithCancel(t.Context())
	var begun bool
	queued := waiting(t, ctx, e, func(*reader) ([]ocr.Line, error) { begun = true; return nil, nil })
	cancel()
	if err := <-queued; !errors.Is(err, context.Canceled) {
		t.Errorf("run = %v, want %v", err, context.Canceled)
	}
	letGo()
	if err := e.Close(); err != nil { // all that waited has been looked at
		t.Error(err)
	}
	if begun {
		t.Error("a worker read for somebody who had left")
	}
}

// Who leaves while a worker reads is let go at once; the worker finishes and
// reads for the next.
func TestEngine_LeftWhileReading(t *testing.T) {
	e := pool(t)
	ctx, cancel := context.WithCancel(t.Context())
	h := newHeld()
	done := call(ctx, e, h.do)
	<-h.begun
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("run = %v, want %v", err, context.Canceled)
	}
	close(h.leave)
	if _, err := e.run(t.Context(), nothing); err != nil {
		t.Errorf("the next call: %v", err)
	}
}

func TestEngine_ComesTooLate(t *testing.T) {
	e := pool(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.run(ctx, nothing); !errors.Is(err, context.Canceled) {
		t.Errorf("run = %v, want %v", err, context.Canceled)
	}
}

// Closing finishes what is under way and what waits, refuses what comes later,
// and may be asked by several at once.
func TestEngine_ClosedDuringWork(t *testing.T) {
	e := pool(t)
	letGo := occupy(t, e)
	queued := waiting(t, t.Context(), e, nothing)
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			if err := e.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	for {
		_, err := e.run(t.Context(), nothing)
		if errors.Is(err, ocr.ErrUnavailable) {
			break
		}
		if !errors.Is(err, ocr.ErrBusy) {
			t.Fatalf("run = %v, want busy until it is closed", err)
		}
	}
	letGo()
	group.Wait()
	if err := <-queued; err != nil {
		t.Errorf("the waiting call: %v", err)
	}
}

// An error of the library reaches the caller and costs the pool nothing.
func TestEngine_ErrorOfOneCard(t *testing.T) {
	e := pool(t)
	broken := errors.New("broken")
	for range 5 {
		if _, err := e.run(t.Context(), func(*reader) ([]ocr.Line, error) { return nil, broken }); !errors.Is(err, broken) {
			t.Fatalf("run = %v, want %v", err, broken)
		}
	}
	if _, err := e.run(t.Context(), nothing); err != nil {
		t.Error(err)
	}
}
