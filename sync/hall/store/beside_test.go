package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
)

// A check while the hall takes facts in finds nothing wrong with data that are
// in order, and does not bring the hall down.
func TestCheck_BesideCommits(t *testing.T) {
	s, k := fresh(t), halltest.NewKiosk("lamps-2027")
	stop, done := make(chan struct{}), make(chan error, 1)
	go func() {
		for n := 1; ; n++ {
			select {
			case <-stop:
				done <- nil
				return
			default:
			}
			k.Say(k.Visitor(map[record.FieldName]string{"name": fmt.Sprint("Visitor ", n)}))
			if _, err := s.Append(t.Context(), []hall.Batch{k.Batch(n, n)}); err != nil {
				done <- err
				return
			}
		}
	}()
	for range 8 {
		report, err := s.Check(t.Context())
		if err != nil || !report.OK() {
			t.Errorf("check beside commits: %v, %+v", err, report)
			break
		}
	}
	close(stop)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// Whoever reads for long, as a check does, holds up neither commits nor other
// readers while the file grows.
func TestAppend_GrowsBesideALongReader(t *testing.T) {
	s, k, first := fresh(t), halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027")
	for range 400 {
		k.Say(k.Visitor(map[record.FieldName]string{"name": "Visitor", "address": fmt.Sprintf("%0900d", 1)}))
	}
	add(t, s, first, first.Visitor(nil))
	grown := make(chan error, 1)
	err := s.Replay(t.Context(), func([]hall.Effect) { // within its transaction
		go func() {
			_, err := s.Append(t.Context(), []hall.Batch{k.Batch(1, 400)})
			grown <- err
		}()
		select {
		case err := <-grown:
			grown <- err
		case <-time.After(5 * time.Second):
			t.Error("a commit waits for the reader")
		}
	})
	if err := errors.Join(err, <-grown); err != nil {
		t.Error(err)
	}
}
