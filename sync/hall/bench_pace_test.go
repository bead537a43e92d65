package hall_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"hallpass/sync/hall/halltest"
)

// BenchmarkPaced is how long facts wait for their acknowledgement at 5,000 a
// second: 200 kiosks over TLS, a batch of 6 every 240 ms each, evenly spread. A
// batch that is late waits from when it should have been sent. Lag is how long
// after an acknowledgement a reader who asks then has the fact.
func BenchmarkPaced(b *testing.B) {
	const kiosks, size, rounds, every = 200, 6, 25, 240 * time.Millisecond
	guests := make([]*halltest.Kiosk, kiosks)
	for i := range guests {
		guests[i] = halltest.NewKiosk("lamps-2027")
	}
	h := start(b, guests...)
	link, p := h.linkTLS(b), newPress(b)
	links, frames := make([]*websocket.Conn, kiosks), make([][][]byte, kiosks)
	for i, k := range guests {
		for range rounds {
			frames[i] = append(frames[i], p.bytes(b, busy(k, size)))
		}
		k.Changes = nil // nothing of the kiosks' own for the collector to walk
		links[i] = h.enroll(b, p, link, k)
	}
	waits, lags := make([][]time.Duration, kiosks), make([][]time.Duration, kiosks)
	began := time.Now().Add(every)
	var g sync.WaitGroup
	for i, ws := range links {
		g.Go(func() {
			for round, frame := range frames[i] {
				due := began.Add(time.Duration(round)*every + time.Duration(i)*every/kiosks)
				<-time.After(time.Until(due))
				err := ws.WriteMessage(websocket.BinaryMessage, frame)
				if err == nil {
					err = acknowledged(ws)
				}
				if err != nil {
					b.Error(err)
					return
				}
				acked := time.Now()
				waits[i] = append(waits[i], acked.Sub(due))
				if round%5 == 0 { // a reader hurries the hall
					h.store.Settle(b.Context())
					lags[i] = append(lags[i], time.Since(acked))
				}
			}
		})
	}
	g.Wait()
	took := time.Since(began)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(kiosks*rounds*size/took.Seconds(), "facts/s")
	for name, times := range map[string][][]time.Duration{"ack": waits, "lag": lags} {
		all := slices.Concat(times...)
		slices.Sort(all)
		for _, q := range []int{50, 99} {
			b.ReportMetric(float64(all[len(all)*q/100].Microseconds())/1000, fmt.Sprintf("%s-p%d-ms", name, q))
		}
	}
	for _, stage := range h.Load().Stages {
		b.ReportMetric(float64(stage.Within(0.99).Microseconds())/1000, stage.Name+"-p99-ms")
	}
}
