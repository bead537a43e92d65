package hall_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
	"hallpass/sync/record/contact"
	"hallpass/sync/wire"
)

// read gathers what the hall tells one kiosk, until done.
func (e *expo) read(t *testing.T, k *halltest.Kiosk, done func([]record.Fact) bool) []record.Fact {
	t.Helper()
	conn, _ := e.dial(t, k)
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	var facts []record.Fact
	for !done(facts) {
		frame, err := conn.Receive(ctx)
		if err != nil {
			t.Fatalf("after %d facts: %v", len(facts), err)
		}
		batch, ok := frame.(wire.Batch)
		if !ok {
			continue
		}
		for _, c := range batch.Changes {
			fact, err := wire.Decode(c.Kind, c.Payload)
			if err != nil {
				if c.Erased() {
					continue
				}
				t.Fatal(err)
			}
			facts = append(facts, fact)
		}
		if err := conn.Send(ctx, wire.Ack{Seq: batch.Changes[len(batch.Changes)-1].Seq}); err != nil {
			t.Fatal(err)
		}
	}
	return facts
}

func of[F record.Fact](facts []record.Fact) (out []F) {
	for _, f := range facts {
		if found, ok := f.(F); ok {
			out = append(out, found)
		}
	}
	return out
}

// P2: every kiosk hears who has registered, without anybody's data, also of a
// correction and of one who was expected.
func TestRegistered_IsToldToAll_P2(t *testing.T) {
	k, other := halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027")
	h := start(t, k, other)
	ada := k.Visitor(map[record.FieldName]string{"name": "Ada", "mobile": "138 0000 0000"})
	k.Say(ada)
	corrected := ada
	corrected.Fields = map[record.FieldName]record.Register[string]{"email": {Value: "Ada@Example.org", At: k.Tick(), Over: ada.Created}}
	h.deliver(t, k)
	hashes := func(facts []record.Fact) map[[16]byte]record.RegistrationID {
		out := map[[16]byte]record.RegistrationID{}
		for _, list := range of[record.Registered](facts) {
			for _, e := range list.Entries {
				out[e.Hash] = e.Registration
			}
		}
		return out
	}
	facts := h.read(t, other, func(facts []record.Fact) bool { return len(of[record.Registered](facts)) > 0 })
	key := of[record.Registered](facts)[0].Key
	if got := hashes(facts)[contact.Hash(key, "tel:+8613800000000")]; got != ada.ID {
		t.Errorf("the number is %q's, want %q", got, ada.ID)
	}
	k.Say(corrected)
	h.deliver(t, k)
	facts = h.read(t, other, func(facts []record.Fact) bool {
		return hashes(facts)[contact.Hash(key, "mailto:ada@example.org")] == ada.ID
	})
	for _, f := range of[record.Registration](facts) {
		t.Errorf("kiosks are told of %+v", f.ID)
	}
}

// Many who come at once are told of in facts that a kiosk takes, each once, and
// the hall knows how far.
func TestRegistered_ManyAtOnce(t *testing.T) {
	k, other := halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027")
	h := start(t, k, other)
	const visitors = 600
	for i := range visitors {
		k.Say(k.Visitor(map[record.FieldName]string{"mobile": fmt.Sprintf("139 0000 %04d", i)}))
	}
	if _, err := h.store.Append(t.Context(), []hall.Batch{k.Batch(1, visitors)}); err != nil {
		t.Fatal(err)
	}
	told := map[record.RegistrationID]int{}
	h.read(t, other, func(facts []record.Fact) bool {
		clear(told)
		for _, list := range of[record.Registered](facts) {
			for _, e := range list.Entries {
				told[e.Registration]++
			}
		}
		return len(told) == visitors
	})
	for id, times := range told {
		if times != 1 {
			t.Errorf("%s is told of %d times", id, times)
		}
	}
	if upTo, err := h.store.Told(t.Context()); err != nil || upTo != visitors {
		t.Errorf("told up to %d, %v, want %d", upTo, err, visitors)
	}
}

const list = "Ref,Name,Company,Mobile,Code,Category\n" +
	"1,Ada Example,Nordlicht,13800000000,EARLY1,trade\n" +
	"2,Bo Example,Aurora,13800000001,EARLY2,nonsense\n" +
	"3,Cy Example,Aurora,13800000002,,Media\n"

// A list goes in once however often it comes, says what is wrong by line, and
// reaches kiosks; whoever has come is left as he is.
func TestImport(t *testing.T) {
	k, other := halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027")
	h := start(t, k, other)
	order := hall.ImportOrder{}
	order.Key = "Ref"
	take := func(text string, want [4]int) hall.ImportReport {
		t.Helper()
		r, err := h.Preregister(t.Context(), strings.NewReader(text), order)
		if got := [4]int{r.Added, r.Updated, r.Unchanged, r.Failed}; err != nil || got != want {
			t.Fatalf("Preregister = %v, %v, want %v", got, err, want)
		}
		return r
	}
	order.DryRun = true
	take(list, [4]int{2, 0, 0, 1})
	take(list, [4]int{2, 0, 0, 1})
	order.DryRun = false
	report := take(list, [4]int{2, 0, 0, 1})
	if p := report.Problems; p[0].Line != 3 || p[0].Column != "Category" || len(report.Codes) != 2 || !record.IsCode(report.Codes[1].Code) {
		t.Errorf("report %+v", report)
	}
	take(list, [4]int{0, 0, 2, 1})
	take(strings.Replace(list, "Cy Example,Aurora", "Cy Example,Borealis", 1), [4]int{0, 1, 1, 1})
	facts := h.read(t, other, func(facts []record.Fact) bool { return len(of[record.Registration](facts)) == 3 })
	ada := of[record.Registration](facts)[0]
	if !ada.Awaited || ada.Code != "EARLY1" || ada.Field("company") != "Nordlicht" || ada.Category.Value != "trade" {
		t.Errorf("kiosks are told of %+v", ada)
	}
	if got := h.Stats(); got.Registrations != 0 || got.Persons != 0 {
		t.Errorf("who has not come counts: %+v", got)
	}
	came := k.Visitor(map[record.FieldName]string{"name": "Ada Confirmed"})
	came.ID = ada.ID
	k.Say(came)
	h.deliver(t, k)
	if got := h.Stats(); got.Registrations != 1 || got.Persons != 1 {
		t.Errorf("who has come does not count: %+v", got)
	}
	if r, err := h.Preregister(t.Context(), strings.NewReader(list), order); err != nil || r.Arrived != 1 || r.Updated != 1 {
		t.Errorf("Preregister = %+v, %v, want one who has come", r, err)
	}
	if _, err := h.Preregister(t.Context(), strings.NewReader("nothing\n"), order); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("no list: %v", err)
	}
}

// P10: an erasure is told first thing to a kiosk that was off, and the hall says
// who has not answered yet.
func TestErase_P10(t *testing.T) {
	k, off := halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027")
	h := start(t, k, off)
	r := k.Visitor(map[record.FieldName]string{"name": "Ada Example", "email": "ada@example.org"})
	k.Say(r)
	h.deliver(t, k)
	if err := h.Erase(t.Context(), dana, "nobody"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("Erase(nobody) = %v", err)
	}
	for range 2 {
		if err := h.Erase(t.Context(), dana, r.ID); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Erase(t.Context(), hall.Principal{Role: hall.RoleExhibitor}, r.ID); fault.CodeOf(err) != fault.AuthDenied {
		t.Errorf("an exhibitor erases: %v", err)
	}
	made, _, err := h.Decisions(t.Context(), dana, "", 10)
	if err != nil || len(made) != 1 || made[0].Act != record.ActErase || made[0].By != dana.Name || made[0].Registration != r.ID {
		t.Errorf("decisions = %+v, %v, want the one", made, err)
	}
	k.Say(record.Erased{Registration: r.ID, Show: "lamps-2027", Node: k.Node, At: k.Tick()})
	h.deliver(t, k)
	eventually(t, "the receipt", func() bool {
		erasures, err := h.Erasures(t.Context())
		return err == nil && len(erasures) == 1 && len(erasures[0].Done) == 1 && len(erasures[0].Missing) == 1 && erasures[0].Missing[0].ID == off.Node
	})
	facts := h.read(t, off, func(facts []record.Fact) bool { return len(of[record.Erasure](facts)) > 0 })
	if n := len(of[record.Erasure](facts)); n != 1 {
		t.Errorf("told %d times", n)
	}
}

// A kiosk that was off for a day has everything within seconds.
func TestCatchUp_AfterADay(t *testing.T) {
	const people = 4_000 // and it is a matter of seconds with tens of thousands
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	var text strings.Builder
	text.WriteString("name,code\n")
	for n := range people {
		fmt.Fprintf(&text, "Visitor %d,CODE%05d\n", n, n)
	}
	began := time.Now()
	if r, err := h.Preregister(t.Context(), strings.NewReader(text.String()), hall.ImportOrder{}); err != nil || r.Added != people {
		t.Fatalf("%+v, %v", r.Added, err)
	}
	t.Logf("imported in %s", time.Since(began).Round(time.Millisecond))
	began = time.Now()
	h.read(t, k, func(facts []record.Fact) bool { return len(facts) >= people })
	t.Logf("%d changes in %s", people, time.Since(began).Round(time.Millisecond))
}
