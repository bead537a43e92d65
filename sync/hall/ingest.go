package hall

import (
	"context"
	"fmt"
	"sync/atomic"

	"hallpass/sync/fault"
)

// What bounds one transaction: it takes some 50 ms then, and everyone waits for
// it. Who comes too late for one is first in the next.
const (
	maxGroup   = 256   // batches: one of every kiosk, or as many phones' leads
	maxChanges = 4_000 // with fewer the disk is asked more often than it needs be
)

// ingest is the one goroutine that has facts kept, and the queue before it.
type ingest struct {
	log  Log
	jobs chan job
	done chan struct{} // closed when nothing is taken in any more

	commits, batches, changes, failures atomic.Uint64
}

type job struct {
	batch Batch
	reply chan<- answer // holds one
}

type answer struct {
	outcome Outcome
	err     error
}

func newIngest(log Log) *ingest {
	return &ingest{log: log, jobs: make(chan job), done: make(chan struct{})}
}

var errClosed = fault.New(fault.Unavailable, "The hall is shutting down. Try again in a moment.")

// keep hands over one batch and waits until it is committed. It fails with
// fault.Unavailable once the hall shuts down, and with the batch's own fault.
func (in *ingest) keep(ctx context.Context, batch Batch) (Outcome, error) {
	reply := make(chan answer, 1)
	select {
	case in.jobs <- job{batch, reply}:
	case <-ctx.Done():
		return Outcome{}, ctx.Err()
	case <-in.done:
		return Outcome{}, errClosed
	}
	a := <-reply // a job that was taken is always answered
	if a.err != nil {
		return a.outcome, a.err
	}
	return a.outcome, a.outcome.Err
}

// run commits until ctx ends. Jobs taken before are answered.
func (in *ingest) run(ctx context.Context) {
	defer close(in.done)
	for {
		select {
		case <-ctx.Done():
			return
		case first := <-in.jobs:
			in.commit(ctx, in.group(first))
		}
	}
}

// group adds whoever waits already; it waits for nobody.
func (in *ingest) group(first job) []job {
	group := []job{first}
	size := len(first.batch.Entries)
	for len(group) < maxGroup && size < maxChanges {
		select {
		case next := <-in.jobs:
			group = append(group, next)
			size += len(next.batch.Entries)
		default:
			return group
		}
	}
	return group
}

func (in *ingest) commit(ctx context.Context, group []job) {
	batches := make([]Batch, len(group))
	for i, j := range group {
		batches[i] = j.batch
		in.changes.Add(uint64(len(j.batch.Entries) + len(j.batch.Own)))
	}
	outcomes, err := in.log.Append(context.WithoutCancel(ctx), batches)
	if err == nil && len(outcomes) != len(group) {
		err = fmt.Errorf("the log gave %d outcomes for %d batches", len(outcomes), len(group))
	}
	in.commits.Add(1)
	in.batches.Add(uint64(len(group)))
	for i, j := range group {
		if err != nil {
			in.failures.Add(1)
			j.reply <- answer{err: fmt.Errorf("keep facts: %w", err)}
			continue
		}
		j.reply <- answer{outcome: outcomes[i]}
	}
}
