package store_test

import (
	"fmt"
	"testing"

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
