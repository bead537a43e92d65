package rehearsal

import (
	"context"
	"sync/atomic"
)

// barrier is passed when so many have said that they are done.
type barrier struct {
	left atomic.Int64
	open chan struct{}
}

func newBarrier(n int) *barrier {
	b := &barrier{open: make(chan struct{})}
	b.left.Store(int64(n))
	if n == 0 {
		close(b.open)
	}
	return b
}

func (b *barrier) done() {
	if b.left.Add(-1) == 0 {
		close(b.open)
	}
}

// wait reports false if ctx ended first.
func (b *barrier) wait(ctx context.Context) bool {
	select {
	case <-b.open:
		return true
	case <-ctx.Done():
		return false
	}
}

func (b *barrier) missing() int64 { return b.left.Load() }
