package rehearsal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hallpass/sync/wire"
	"hallpass/sync/wire/echo"
)

const (
	leastEcho = time.Second // of sending to and fro, so that a moment's trouble does not count
	mostEcho  = 64 << 20    // bytes of frames that are kept for it
)

// echo sends the frames that the kiosks have sent to and fro, over as many
// connections, and returns how many facts a second that carries; 0 without one.
func (r *run) echo(ctx context.Context) (perSecond float64, err error) {
	url, trust, stop, err := r.Hall.Echo(ctx)
	if err != nil || url == "" {
		return 0, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	r.Log.Info("measuring the bare echo")
	lists, facts, err := r.frames(ctx)
	if err != nil || facts == 0 {
		return 0, err
	}
	var took time.Duration
	var sent int
	for took < leastEcho {
		once, err := echo.Pump(ctx, url, trust, lists)
		if err != nil {
			return 0, err
		}
		took, sent = took+once, sent+facts
	}
	return float64(sent) / took.Seconds(), nil
}

// frames are the batches of every kiosk as they were sent.
func (r *run) frames(ctx context.Context) (lists [][][]byte, facts int, err error) {
	size := 0
	for _, d := range r.desks {
		d.mu.Lock()
		spans := d.spans
		d.mu.Unlock()
		var frames []wire.Frame
		for _, s := range spans {
			if size > mostEcho {
				break
			}
			changes, err := d.Store.Changes(ctx, s.after, s.count)
			if err != nil {
				return nil, 0, fmt.Errorf("read %s again: %w", d.name, err)
			}
			if len(changes) == 0 {
				continue
			}
			batch := wire.BatchOf(changes)
			for _, c := range batch.Changes {
				size += len(c.Payload)
			}
			facts += len(batch.Changes)
			frames = append(frames, batch)
		}
		list, err := echo.Bytes(ctx, frames)
		if err != nil {
			return nil, 0, err
		}
		lists = append(lists, list)
	}
	return lists, facts, nil
}
