package store

import (
	"fmt"
	"path/filepath"
	"testing"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
)

// What only the state can refuse, a registration that two corrections together
// make too large, is counted in the outcome if that is asked for, on the fast way
// as on the slow one; else the answer comes before anybody knows.
func TestAppend_CountsQuarantineIfAsked(t *testing.T) {
	for name, c := range map[string]struct {
		judged bool
		detour bool // the batch repeats what is kept, so it is no plain one
		want   int
	}{
		"Judged": {judged: true, want: 1}, "OnTheSlowWay": {judged: true, detour: true, want: 1}, "Acknowledged": {},
	} {
		t.Run(name, func(t *testing.T) {
			s := opened(t, filepath.Join(t.TempDir(), "hall.db"), nil)
			defer sound(t, s)
			k := halltest.NewKiosk("lamps-2027")
			r := k.Visitor(fields("a", 40))
			k.Say(r)
			keep(t, s, k.Batch(1, 1))
			again := k.Visitor(fields("b", 40))
			again.ID, again.Created = r.ID, r.Created
			k.Say(again, k.Visitor(nil))
			b := k.Batch(2, 3)
			if c.detour {
				b = k.Batch(1, 3)
			}
			b.Judged = c.judged
			outcomes, err := s.Append(t.Context(), []hall.Batch{b})
			if err != nil || outcomes[0].Err != nil || outcomes[0].Quarantined != c.want || outcomes[0].Fresh != 2 {
				t.Errorf("%+v, %v, want %d in quarantine of 2", outcomes, err, c.want)
			}
			if list, _, err := s.Quarantine(t.Context(), 0, 10); err != nil || len(list) != 1 || list[0].Seq != 2 {
				t.Errorf("in quarantine are %+v, %v, want change 2", list, err)
			}
		})
	}
}

func fields(prefix string, n int) map[record.FieldName]string {
	all := map[record.FieldName]string{}
	for i := range n {
		all[record.FieldName(fmt.Sprint(prefix, i))] = "x"
	}
	return all
}
