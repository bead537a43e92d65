package rehearsal

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"hallpass/sync/link"
)

// watchHall keeps the most that the hall took, until ctx ends.
func (r *run) watchHall(ctx context.Context, up *errgroup.Group) (peak func() (mb float64, connections int)) {
	var most [2]atomic.Int64 // of up.Go's one goroutine, read by others
	look := func() {
		mb, connections := r.Hall.Load()
		most[0].Store(max(most[0].Load(), int64(mb*10)))
		most[1].Store(max(most[1].Load(), int64(connections)))
	}
	up.Go(func() error {
		tick := time.NewTicker(250 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
				look()
			}
		}
	})
	return func() (float64, int) { return float64(most[0].Load()) / 10, int(most[1].Load()) }
}

// watchPictures has as many screens as were asked for show the live numbers. A
// screen that loses the hall comes back, as the page does.
func (r *run) watchPictures(ctx context.Context, up *errgroup.Group) {
	if r.Watchers == 0 {
		return
	}
	key, err := r.Hall.Organizer(ctx)
	if err != nil {
		r.problem("no screen could sign in: %v", err)
		return
	}
	for range r.Watchers {
		up.Go(func() error {
			client := &http.Client{Transport: &http.Transport{TLSClientConfig: link.PinnedTLS(r.fingerprint), ForceAttemptHTTP2: true}}
			defer client.CloseIdleConnections()
			for {
				r.screen(ctx, client, key)
				if !sleepUntil(ctx, time.Now().Add(time.Second)) {
					return nil
				}
			}
		})
	}
}

// screen counts pictures until the stream ends.
func (r *run) screen(ctx context.Context, client *http.Client, key string) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.Hall.URL()+"/api/v1/live", nil)
	if err != nil {
		return
	}
	request.Header.Set("Authorization", "Bearer "+key)
	response, err := client.Do(request)
	if err != nil {
		return
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 4<<20) // a picture names every kiosk
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "data: ") {
			r.tally.pictures.Add(1)
		}
	}
}
