package hall

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"hallpass/sync/record"
)

// News reaches one link after the other, and all of them within a second and a
// half, however many there are.
func TestFleet_WakesOneAfterTheOther(t *testing.T) {
	for _, links := range []int{1, 20, 200, 1_000} {
		synctest.Test(t, func(t *testing.T) {
			f := newFleet()
			for i := range links {
				l := &link{node: Node{ID: record.NodeID(fmt.Sprint(i))}, news: make(chan struct{}, 1)}
				if entered, _ := f.enter(l, time.Now()); !entered {
					t.Fatal("the fleet is closed")
				}
			}
			go f.run(t.Context())
			f.wake()
			began := time.Now()
			for woken := 0; woken < links; {
				<-time.After(time.Millisecond / 4)
				synctest.Wait()
				some := 0
				for _, l := range f.linked() {
					select {
					case <-l.news:
						some++
					default:
					}
				}
				if woken += some; some > 1 {
					t.Fatalf("%d of %d links are woken at once", some, links)
				}
				if took := time.Since(began); took > 3*time.Second/2 {
					t.Fatalf("%d of %d links are woken after %s", woken, links, took)
				}
			}
		})
	}
}
