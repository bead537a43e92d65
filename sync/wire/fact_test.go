package wire_test

import (
	"testing"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

var (
	early = record.Stamp{Wall: 1_800_000_000_000, Node: "01KIOSK"}
	late  = record.Stamp{Wall: 1_800_000_000_500, Counter: 3, Node: "01HALL"}
)

func registration() record.Registration {
	return record.Registration{
		ID: "01REG", Show: "lumen-2027", Node: "01KIOSK", Created: early, Source: record.SourceCard,
		Category: record.Register[record.CategoryID]{Value: "trade", At: early},
		Fields: map[record.FieldName]record.Register[string]{
			"name":    {Value: "欧阳𬭎", At: early},
			"company": {Value: "Nordlicht Optik", At: late},
		},
		Answers: map[record.QuestionID]record.Answer{
			"interest": {Picks: []string{"lasers", "lenses"}, At: early},
			"remark":   {Text: "none", At: late},
		},
		Consents: map[record.ConsentID]record.Consent{
			"contact": {Given: true, Version: 2, At: early},
			"news":    {Version: 1, At: early},
		},
		Erased: record.Stamp{},
	}
}

func badge() record.Badge {
	return record.Badge{
		ID: "01JZZZZZZZZZZZZZZZZZZZZZZZ", Registration: "01REG", Show: "lumen-2027", Node: "01KIOSK",
		Issue: 2, Category: "trade", ShortCode: "7KQ4M2XPTC",
		State:  record.Register[record.BadgeState]{Value: record.BadgeIssued, At: early},
		Reason: record.Register[string]{Value: "lost", At: late}, Voided: late,
	}
}

func lead() record.Lead {
	return record.Lead{
		ID: "01LEAD", Show: "lumen-2027", Exhibitor: "nordlicht", Device: "01DEVICE", ClientID: "c-17",
		Badge: "01JZZZZZZZZZZZZZZZZZZZZZZZ", At: time.Date(2027, 4, 21, 9, 30, 0, 123_456_789, time.UTC),
		Created: early, Rating: record.Register[uint8]{Value: 3, At: late},
		Notes: record.Register[string]{Value: "asks for samples", At: late},
	}
}

func TestDecode_UnknownKind(t *testing.T) {
	_, err := wire.Decode("moonwalk", []byte{0xa0})
	if got := fault.CodeOf(err); got != fault.UnknownFact {
		t.Errorf("Decode(moonwalk) = %v, want %v", err, fault.UnknownFact)
	}
}
