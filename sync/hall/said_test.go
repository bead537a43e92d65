package hall_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
)

// P4: kiosks that hear the hall together, while it goes on speaking, hear all of
// it once and in one order.
func TestDownlink_ManyHearTheSame_P4(t *testing.T) {
	const people, lists = 250, 4 // a list takes more than one batch
	kiosks := make([]*halltest.Kiosk, 6)
	for i := range kiosks {
		kiosks[i] = halltest.NewKiosk("lamps-2027")
	}
	h := start(t, kiosks...)
	var g sync.WaitGroup
	heard := make([][]record.RegistrationID, len(kiosks))
	for i, k := range kiosks {
		g.Go(func() {
			facts := h.read(t, k, func(facts []record.Fact) bool { return len(of[record.Registration](facts)) >= people*lists })
			for _, r := range of[record.Registration](facts) {
				heard[i] = append(heard[i], r.ID)
			}
		})
	}
	for n := range lists {
		var text strings.Builder
		text.WriteString("name,code\n")
		for i := range people {
			fmt.Fprintf(&text, "Visitor %d,CODE%02d%04d\n", i, n, i)
		}
		if _, err := h.Preregister(t.Context(), strings.NewReader(text.String()), hall.ImportOrder{}); err != nil {
			t.Error(err)
		}
	}
	g.Wait()
	once := map[record.RegistrationID]bool{}
	for i, list := range heard {
		if got, want := fmt.Sprint(list), fmt.Sprint(heard[0]); got != want {
			t.Errorf("kiosk %d hears another order than the first", i)
		}
		for _, id := range list {
			once[id] = true
		}
	}
	if len(once) != people*lists || len(heard[0]) != people*lists {
		t.Errorf("%d of %d people told, in %d facts", len(once), people*lists, len(heard[0]))
	}
}

// P10: what was sent to one kiosk is not sent to the next once it is erased.
func TestDownlink_ForgetsWhoIsErased_P10(t *testing.T) {
	first, second := halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027")
	h := start(t, first, second)
	if _, err := h.Preregister(t.Context(), strings.NewReader("name,code\nAda Example,EARLY1\n"), hall.ImportOrder{}); err != nil {
		t.Fatal(err)
	}
	told := of[record.Registration](h.read(t, first, func(facts []record.Fact) bool { return len(of[record.Registration](facts)) == 1 }))
	if told[0].Field("name") != "Ada Example" {
		t.Fatalf("told %q", told[0].ID)
	}
	if err := h.Erase(t.Context(), dana, told[0].ID); err != nil {
		t.Fatal(err)
	}
	facts := h.read(t, second, func(facts []record.Fact) bool { return len(of[record.Erasure](facts)) == 1 })
	for _, r := range of[record.Registration](facts) {
		if len(r.Fields) > 0 {
			t.Errorf("%s is told of with data after the erasure", r.ID)
		}
	}
}
