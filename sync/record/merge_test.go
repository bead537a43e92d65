package record_test

import (
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"hallpass/sync/record"
)

// P4: in whatever order facts arrive, every node ends in the same state. The
// generators draw few values so that ties and repeats are common.

func TestMergeRegistrations_Laws(t *testing.T) {
	laws(t, drawRegistration, record.MergeRegistrations)
}

func TestMergeBadges_Laws(t *testing.T) { laws(t, drawBadge, record.MergeBadges) }

func TestMergeLeads_Laws(t *testing.T) { laws(t, drawLead, record.MergeLeads) }

func TestMergePassages_Laws(t *testing.T) { laws(t, drawPassage, record.MergePassages) }

func TestMergeShows_Laws(t *testing.T) { laws(t, drawShow, record.MergeShows) }

func TestMergeKeys_Laws(t *testing.T) { laws(t, drawKey, record.MergeKeys) }

func TestMergeDecisions_Laws(t *testing.T) { laws(t, drawDecision, record.MergeDecisions) }

func TestMergeRevocations_Laws(t *testing.T) { laws(t, drawRevocation, record.MergeRevocations) }

func TestMergeVoids_Laws(t *testing.T) { laws(t, drawVoid, record.MergeVoids) }

func TestMergeErasures_Laws(t *testing.T) { laws(t, drawErasure, record.MergeErasures) }

func TestMergeErased_Laws(t *testing.T) { laws(t, drawErased, record.MergeErased) }

// What the visitor confirmed names the registration, however much earlier the
// pre-registration was written, and the code still finds it.
func TestMergeRegistrations_WhoCameIsAwaitedNoMore_P4(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		early, came := drawRegistration(t, "early"), drawRegistration(t, "came")
		early.Awaited, early.Node, early.Code, early.Erased = true, "hall", "EARLY1", record.Stamp{}
		came.Awaited, came.Code, came.Erased = false, "", record.Stamp{}
		got := record.MergeRegistrations(early, came)
		if got.Awaited || got.Node != came.Node || got.Created != came.Created || got.Source != came.Source || got.Code != "EARLY1" {
			t.Fatalf("%+v and %+v make %+v", early, came, got)
		}
	})
}

func drawVoid(t *rapid.T, label string) record.Void {
	return record.Void{
		Badge: "01JD0000000000000000000000", Registration: rapid.SampledFrom([]record.RegistrationID{"R1", "R2"}).Draw(t, label+".registration"),
		Show: "lumen", At: drawStamp(t, label+".at"), Reason: rapid.SampledFrom([]string{"", "lost", "reprinted"}).Draw(t, label+".reason"),
	}
}

func drawErasure(t *rapid.T, label string) record.Erasure {
	return record.Erasure{Registration: "R1", Show: rapid.SampledFrom([]record.ShowID{"lumen", "lamps"}).Draw(t, label+".show"), At: drawStamp(t, label+".at")}
}

func drawErased(t *rapid.T, label string) record.Erased {
	e := drawErasure(t, label)
	return record.Erased{Registration: e.Registration, Show: e.Show, Node: "k1", At: e.At}
}

// P5: what a revocation voids stays void, whatever is said before or after.
func TestMergeRevocations_TheStricterWins_P5(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawRevocation(t, "a"), drawRevocation(t, "b")
		got := record.MergeRevocations(a, b)
		if (a.All || b.All) && !got.All || !got.All && got.Since != min(a.Since, b.Since) {
			t.Fatalf("%+v and %+v make %+v", a, b, got)
		}
	})
}

func drawKey(t *rapid.T, label string) record.Key {
	return record.Key{
		Public: make([]byte, 32), Node: record.NodeID(rapid.SampledFrom([]string{"k1", "k2"}).Draw(t, label+".node")), Show: "s",
		Made: drawStamp(t, label+".made"), Proof: rapid.SliceOfN(rapid.ByteRange(0, 1), 1, 2).Draw(t, label+".proof"),
		Certificate: record.Register[string]{Value: rapid.SampledFrom([]string{"", "HPC1", "HPC2"}).Draw(t, label+".certificate"), At: drawStamp(t, label+".at")},
		Retired:     drawStamp(t, label+".retired"),
	}
}

func drawRevocation(t *rapid.T, label string) record.Revocation {
	return record.Revocation{
		Node: "k1", Show: "s", At: drawStamp(t, label+".at"), Since: rapid.Int64Range(0, 2).Draw(t, label+".since"),
		All: rapid.Bool().Draw(t, label+".all"), Statement: rapid.SampledFrom([]string{"HPR1", "HPR2"}).Draw(t, label+".statement"),
	}
}

func laws[T any](t *testing.T, draw func(*rapid.T, string) T, merge func(a, b T) T) {
	t.Helper()
	same := func(t *rapid.T, law string, x, y T) {
		if !reflect.DeepEqual(x, y) {
			t.Fatalf("%s:\n%+v\n%+v", law, x, y)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := draw(t, "a"), draw(t, "b"), draw(t, "c")
		// What is stored has been merged at least once: merging with itself
		// brings a drawn value into that form (an erased one loses its fields).
		a, b, c = merge(a, a), merge(b, b), merge(c, c)
		same(t, "idempotent", merge(a, a), a)
		same(t, "commutative", merge(a, b), merge(b, a))
		same(t, "associative", merge(merge(a, b), c), merge(a, merge(b, c)))
	})
}

func TestMergeRegistrations_ErasureWins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		erased, other := drawRegistration(t, "erased"), drawRegistration(t, "other")
		erased.Erased = record.Stamp{Wall: 1, Node: "hall"}
		got := record.MergeRegistrations(other, erased)
		if got.Erased.IsZero() || got.Fields != nil || got.Answers != nil || got.Consents != nil {
			t.Fatalf("P10: a later edit brought an erased person back: %+v", got)
		}
	})
}

func TestMergeBadges_VoidWins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		voided, other := drawBadge(t, "voided"), drawBadge(t, "other")
		voided.Voided = record.Stamp{Wall: 1, Node: "k1"}
		other.State = record.Register[record.BadgeState]{Value: record.BadgeIssued, At: record.Stamp{Wall: 99, Node: "k2"}}
		if got := record.MergeBadges(voided, other).Now(); got != record.BadgeVoided {
			t.Fatalf("P5: state = %s, want voided although it was issued later", got)
		}
	})
}

func TestConsent_TieIsARefusal(t *testing.T) {
	at := record.Stamp{Wall: 5, Node: "k1"}
	yes, no := record.Consent{Given: true, Version: 1, At: at}, record.Consent{Version: 1, At: at}
	if got := yes.Join(no); got.Given {
		t.Errorf("Join(yes, no) = %+v, want the refusal (P7)", got)
	}
	if got := no.Join(yes); got.Given {
		t.Errorf("Join(no, yes) = %+v, want the refusal (P7)", got)
	}
}

func drawStamp(t *rapid.T, label string) record.Stamp {
	return record.Stamp{
		Wall:    rapid.Int64Range(1, 3).Draw(t, label+".wall"),
		Counter: rapid.Uint32Range(0, 1).Draw(t, label+".counter"),
		Node:    rapid.SampledFrom([]record.NodeID{"k1", "k2", "hall"}).Draw(t, label+".node"),
	}
}

func drawMaybe(t *rapid.T, label string) record.Stamp {
	if rapid.IntRange(0, 3).Draw(t, label+".set") > 0 {
		return record.Stamp{}
	}
	return drawStamp(t, label)
}

func drawRegister[T ~string](t *rapid.T, label string, of ...T) record.Register[T] {
	return record.Register[T]{Value: rapid.SampledFrom(of).Draw(t, label), At: drawStamp(t, label), Over: drawMaybe(t, label+".over")}
}

func drawRegistration(t *rapid.T, label string) record.Registration {
	r := record.Registration{
		ID: "R1", Show: "lumen", Node: "k1", Created: drawStamp(t, label+".created"),
		Source:   rapid.SampledFrom([]record.Source{record.SourceCard, record.SourceTyped}).Draw(t, label+".source"),
		Category: drawRegister[record.CategoryID](t, label+".category", "trade", "media"),
		Fields:   map[record.FieldName]record.Register[string]{},
		Answers:  map[record.QuestionID]record.Answer{},
		Consents: map[record.ConsentID]record.Consent{},
		Erased:   drawMaybe(t, label+".erased"),
		Awaited:  rapid.Bool().Draw(t, label+".awaited"),
		Code:     rapid.SampledFrom([]string{"", "EARLY1", "EARLY2"}).Draw(t, label+".code"),
	}
	for i := range rapid.IntRange(1, 3).Draw(t, label+".fields") {
		name := record.FieldName(fmt.Sprintf("f%d", i))
		r.Fields[name] = drawRegister(t, label+string(name), "", "甲", "Ada")
	}
	r.Answers["q1"] = record.Answer{
		Picks: rapid.SampledFrom([][]string{{"a"}, {"b"}, {"a", "b"}}).Draw(t, label+".picks"),
		At:    drawStamp(t, label+".answer"), Over: drawMaybe(t, label+".answered"),
	}
	r.Consents["share"] = record.Consent{
		Given: rapid.Bool().Draw(t, label+".given"), Version: rapid.Uint32Range(1, 2).Draw(t, label+".version"),
		At: drawStamp(t, label+".consent"),
	}
	return r
}

func drawBadge(t *rapid.T, label string) record.Badge {
	return record.Badge{
		ID: "01JD0000000000000000000000", Registration: "R1", Show: "lumen", Node: "k1",
		Issue: rapid.Uint16Range(1, 2).Draw(t, label+".issue"), Category: "trade", ShortCode: "7KQ4M2XPTC",
		State:  drawRegister(t, label+".state", record.BadgeReserved, record.BadgeIssued, record.BadgeFailed),
		Reason: drawRegister(t, label+".reason", "", "media-empty"),
		Voided: drawMaybe(t, label+".voided"),
	}
}

func drawLead(t *rapid.T, label string) record.Lead {
	return record.Lead{
		ID: "L1", Show: "lumen", Exhibitor: "e1", ClientID: "c1", Badge: "01JD0000000000000000000000",
		Device:  rapid.SampledFrom([]record.DeviceID{"d1", "d2"}).Draw(t, label+".device"),
		At:      drawStamp(t, label+".at").Time(),
		Created: drawStamp(t, label+".created"),
		Rating:  record.Register[uint8]{Value: rapid.Uint8Range(0, 3).Draw(t, label+".rating"), At: drawStamp(t, label+".rated")},
		Notes:   drawRegister(t, label+".notes", "", "call back"),
	}
}

func drawDecision(t *rapid.T, label string) record.Decision {
	d := record.Decision{
		At: record.Stamp{Wall: 1, Node: "hall"}, Show: "lumen", By: rapid.SampledFrom([]string{"dana", "eve"}).Draw(t, label+".by"),
		Act:          rapid.SampledFrom([]record.Act{record.ActCorrect, record.ActChoose}).Draw(t, label+".act"),
		Registration: "R1", Wrote: drawStamp(t, label+".wrote"),
	}
	for i := range rapid.IntRange(0, 3).Draw(t, label+".seen") {
		if d.Seen == nil {
			d.Seen = map[record.Part][]record.Stamp{}
		}
		p := rapid.SampledFrom([]record.Part{record.PartCategory, "field.name"}).Draw(t, fmt.Sprint(label, ".part", i))
		d.Seen[p] = append(d.Seen[p], drawStamp(t, fmt.Sprint(label, ".seen", i)))
	}
	return d
}

func drawPassage(t *rapid.T, label string) record.Passage {
	at := drawStamp(t, label+".at").Time()
	return record.Passage{
		ID: record.PassageIDOf(at, "d1", "c1"), Show: "lumen", Gate: rapid.SampledFrom([]record.GateID{"n", "s"}).Draw(t, label+".gate"),
		Device: "d1", Badge: "01JD0000000000000000000000", Issue: rapid.Uint16Range(0, 2).Draw(t, label+".issue"),
		Direction: rapid.SampledFrom([]record.Direction{record.DirectionIn, record.DirectionOut}).Draw(t, label+".direction"), At: at,
		Reason: rapid.SampledFrom([]string{"", "badge.voided", "badge.forged"}).Draw(t, label+".reason"),
	}
}

func drawShow(t *rapid.T, label string) record.Show {
	stamp := drawStamp(t, label)
	// Only the hall revises a show, so one stamp always means one content.
	return record.Show{ID: "lumen", Edition: fmt.Sprint(stamp), Revised: stamp}
}
