package hall

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"hallpass/sync/fault"
)

// ingest is the door through which facts come in while the hall runs. Behind it
// the log brings together who comes at the same time.
type ingest struct {
	log  Log
	open chan struct{} // closed when facts are taken in
	done chan struct{} // closed when they no longer are

	mu     sync.Mutex // guards all below
	closed bool
	inside sync.WaitGroup

	batches, changes, failures atomic.Uint64

	judged, sent, whole Delays // of kiosks' batches: before they are handed over, after they are safe, from coming to the answer
}

func newIngest(log Log) *ingest {
	return &ingest{log: log, open: make(chan struct{}), done: make(chan struct{})}
}

var errClosed = fault.New(fault.Unavailable, "The hall is shutting down. Try again in a moment.")

// keep hands over one batch and waits until it is safe. It fails with
// fault.Unavailable once the hall shuts down, and with the batch's own fault.
func (in *ingest) keep(ctx context.Context, batch Batch) (Outcome, error) {
	select {
	case <-in.open:
	case <-in.done:
	case <-ctx.Done():
		return Outcome{}, ctx.Err()
	}
	if !in.enter() {
		return Outcome{}, errClosed
	}
	defer in.inside.Done()
	in.batches.Add(1)
	in.changes.Add(uint64(len(batch.Entries) + len(batch.Own)))
	outcomes, err := in.log.Append(ctx, []Batch{batch})
	if err == nil && len(outcomes) != 1 {
		err = fmt.Errorf("the log gave %d outcomes for one batch", len(outcomes))
	}
	if err != nil {
		if !errors.Is(err, ctx.Err()) {
			in.failures.Add(1)
		}
		return Outcome{}, fmt.Errorf("keep facts: %w", err)
	}
	return outcomes[0], outcomes[0].Err
}

// stages of a batch's way from when it has come to when its acknowledgement is
// on its way back; the log's are between.
func (in *ingest) stages(log []Stage) []Stage {
	all := append([]Stage{{"whole", &in.whole}, {"judged", &in.judged}}, log...)
	return append(all, Stage{"sent", &in.sent})
}

func (in *ingest) enter() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if !in.closed {
		in.inside.Add(1)
	}
	return !in.closed
}

// run lets facts in until ctx ends, and waits for those who are inside.
func (in *ingest) run(ctx context.Context) {
	close(in.open)
	<-ctx.Done()
	in.mu.Lock()
	in.closed = true
	in.mu.Unlock()
	close(in.done)
	in.inside.Wait()
}
