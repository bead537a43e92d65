package hall

import (
	"time"

	"hallpass/sync/record"
)

// silence is after how long a connection that is dead is noticed (package sync,
// section 5): until then its kiosk may lack what was just announced.
const silence = 25 * time.Second

// Voids is how long a void, a revocation or a new key may be unknown to a kiosk
// that checks badges by itself (P5). Booths ask the hall, which knows at once.
type Voids struct {
	Window time.Duration // the worst case now: the age of what the kiosk below may lack, at least 25 s
	Kiosk  string        // the name of the one that lacks most; empty if all are connected and have all
	Node   record.NodeID
	Behind int // kiosks that lack something or are not connected
}

// voids finds the kiosk that was longest without the hall's news; opened is
// since when this hall has listened at all.
func voids(kiosks []Kiosk, now, opened time.Time) Voids {
	out := Voids{Window: silence}
	for _, k := range kiosks {
		if k.Up && k.current {
			continue
		}
		out.Behind++
		since := k.Told
		if since.IsZero() {
			since = opened // or longer: it has not called since
		}
		if age := now.Sub(since); out.Kiosk == "" || age > out.Window {
			out.Window, out.Kiosk, out.Node = max(age, silence), k.Name, k.Node
		}
	}
	return out
}

// told notes that a kiosk has all that was announced, or lacks something.
func (f *fleet) told(id record.NodeID, all bool, now time.Time) {
	f.update(id, func(k *Kiosk) {
		if k.current = all; all {
			k.Told = now
		}
	})
}
