package wire

import (
	"bytes"
	"math"
	"testing"

	"pgregory.net/rapid"

	"hallpass/sync/record"
)

// What is written by hand is what the library writes of the form, byte for byte:
// the same fact always gives the same bytes, whatever program wrote it.
func TestPutFact_AsTheLibrary(t *testing.T) {
	text := rapid.OneOf(rapid.Just(""), rapid.StringN(0, 8, 30), rapid.StringN(20, 300, 600))
	stamp := rapid.Custom(func(t *rapid.T) record.Stamp {
		if rapid.Bool().Draw(t, "never") {
			return record.Stamp{}
		}
		wall := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-300, 70000), rapid.Just[int64](math.MinInt64), rapid.Just[int64](math.MaxInt64))
		return record.Stamp{Wall: wall.Draw(t, "wall"), Counter: rapid.Uint32().Draw(t, "counter"), Node: record.NodeID(text.Draw(t, "node"))}
	})
	register := rapid.Custom(func(t *rapid.T) record.Register[string] {
		return record.Register[string]{Value: text.Draw(t, "value"), At: stamp.Draw(t, "at"), Over: stamp.Draw(t, "over")}
	})
	answer := rapid.Custom(func(t *rapid.T) record.Answer {
		return record.Answer{Picks: rapid.SliceOfN(text, 0, 30).Draw(t, "picks"), Text: text.Draw(t, "text"), At: stamp.Draw(t, "at"), Over: stamp.Draw(t, "over")}
	})
	consent := rapid.Custom(func(t *rapid.T) record.Consent {
		return record.Consent{Given: rapid.Bool().Draw(t, "given"), Version: rapid.Uint32().Draw(t, "version"), At: stamp.Draw(t, "at")}
	})
	rapid.Check(t, func(t *rapid.T) {
		word := func(name string) string { return text.Draw(t, name) }
		state, category := register.Draw(t, "state"), register.Draw(t, "category")
		for _, fact := range []record.Fact{
			record.Registration{
				ID: record.RegistrationID(word("id")), Show: record.ShowID(word("show")), Node: record.NodeID(word("node")), Created: stamp.Draw(t, "created"),
				Source: record.Source(word("source")), Category: record.Register[record.CategoryID]{Value: record.CategoryID(category.Value), At: category.At, Over: category.Over},
				Fields:   rapid.MapOfN(rapid.Map(text, func(s string) record.FieldName { return record.FieldName(s) }), register, 0, 30).Draw(t, "fields"),
				Answers:  rapid.MapOfN(rapid.Map(text, func(s string) record.QuestionID { return record.QuestionID(s) }), answer, 0, 3).Draw(t, "answers"),
				Consents: rapid.MapOfN(rapid.Map(text, func(s string) record.ConsentID { return record.ConsentID(s) }), consent, 0, 3).Draw(t, "consents"),
				Erased:   stamp.Draw(t, "erased"), Awaited: rapid.Bool().Draw(t, "awaited"), Code: word("code"),
			},
			record.Badge{
				ID: record.BadgeID(word("badge")), Registration: record.RegistrationID(word("of")), Show: record.ShowID(word("show")), Node: record.NodeID(word("node")),
				Issue: rapid.Uint16().Draw(t, "issue"), Category: record.CategoryID(word("category")), ShortCode: word("short"),
				State: record.Register[record.BadgeState]{Value: record.BadgeState(state.Value), At: state.At, Over: state.Over}, Reason: register.Draw(t, "reason"), Voided: stamp.Draw(t, "voided"),
			},
		} {
			got, ok := putFact(fact)
			want, err := marshalForm(fact)
			if !ok || err != nil || !bytes.Equal(got, want) {
				t.Fatalf("%+v is\n%x, the library writes\n%x, %v", fact, got, want, err)
			}
		}
	})
	if _, ok := putFact(record.Lead{}); ok {
		t.Error("a lead is written by hand")
	}
}
