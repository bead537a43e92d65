package wire

import (
	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/record/showfile"
)

// MaxPayload bounds one encoded fact, in bytes. It leaves a quarter of a frame
// for the rest of the frame.
const MaxPayload = 3 << 20

// Encode returns the fact's payload: the same fact always gives the same bytes.
// It answers fault.RefusedFact for a fact that Decode would refuse, so that
// nothing unreadable gets into a journal, and fault.TooLarge beyond MaxPayload.
func Encode(fact record.Fact) ([]byte, error) {
	if err := fact.Validate(); err != nil {
		return nil, err
	}
	payload, err := marshalFact(fact)
	switch {
	case err != nil:
		return nil, err
	case len(payload) > MaxPayload:
		return nil, fault.New(fault.TooLarge, "The record is larger than 3 MiB.")
	}
	if _, err := unmarshalFact(fact.Kind(), payload); err != nil {
		return nil, err
	}
	return payload, nil
}

// Decode reads a payload of the given kind and validates the fact. It answers
// fault.UnknownFact for a kind that this program does not know and
// fault.RefusedFact, with the field where there is one, for anything else.
func Decode(kind record.Kind, payload []byte) (record.Fact, error) {
	if len(payload) > MaxPayload {
		return nil, fault.New(fault.RefusedFact, "The record is larger than 3 MiB.")
	}
	fact, err := unmarshalFact(kind, payload)
	if err != nil {
		return nil, err
	}
	if err := fact.Validate(); err != nil {
		return nil, err
	}
	return fact, nil
}

func marshalFact(fact record.Fact) ([]byte, error) {
	if payload, ok := putFact(fact); ok {
		return payload, nil
	}
	return marshalForm(fact)
}

func marshalForm(fact record.Fact) ([]byte, error) {
	var form any
	switch f := fact.(type) {
	case record.Registration:
		form = registrationFrom(f)
	case record.Badge:
		form = badgeFrom(f)
	case record.Lead:
		form = leadFrom(f)
	case record.Show:
		return showfile.Format(f), nil
	case record.Key:
		form = keyFrom(f)
	case record.Revocation:
		form = revocationFrom(f)
	case record.Void:
		form = voidFrom(f)
	case record.Erasure:
		form = erasureFrom(f)
	case record.Erased:
		form = erasedFrom(f)
	case record.Registered:
		form = registeredFrom(f)
	case record.Decision:
		form = decisionFrom(f)
	case record.Passage:
		form = passageFrom(f)
	default:
		return nil, unknown(fact.Kind())
	}
	payload, err := encoder.Marshal(form)
	if err != nil {
		return nil, unreadable(err)
	}
	return payload, nil
}

func unmarshalFact(kind record.Kind, payload []byte) (record.Fact, error) {
	if fact, ok := scanFact(kind, payload); ok {
		return fact, nil
	}
	switch kind {
	case record.KindRegistration:
		return unmarshalForm(payload, registrationForm.record)
	case record.KindBadge:
		return unmarshalForm(payload, badgeForm.record)
	case record.KindLead:
		return unmarshalForm(payload, leadForm.record)
	case record.KindKey:
		return unmarshalForm(payload, keyForm.record)
	case record.KindRevocation:
		return unmarshalForm(payload, revocationForm.record)
	case record.KindVoid:
		return unmarshalForm(payload, voidForm.record)
	case record.KindErasure:
		return unmarshalForm(payload, erasureForm.record)
	case record.KindErased:
		return unmarshalForm(payload, erasedForm.record)
	case record.KindRegistered:
		return unmarshalForm(payload, registeredForm.record)
	case record.KindDecision:
		return unmarshalForm(payload, decisionForm.record)
	case record.KindPassage:
		return unmarshalForm(payload, passageForm.record)
	case record.KindShow:
		show, err := showfile.ParsePayload(payload)
		if err != nil {
			return nil, unreadable(err)
		}
		return show, nil
	}
	return nil, unknown(kind)
}

func unmarshalForm[F any, R record.Fact](payload []byte, to func(F) (R, error)) (record.Fact, error) {
	var form F
	if err := decoder.Unmarshal(payload, &form); err != nil {
		return nil, unreadable(err)
	}
	fact, err := to(form)
	if err != nil {
		return nil, unreadable(err)
	}
	return fact, nil
}

func unknown(kind record.Kind) error {
	return fault.New(fault.UnknownFact, "This program does not know the kind of record; update it.").WithField(string(kind))
}

// unreadable keeps the decoder's words for the log; they name types and places,
// never contents.
func unreadable(err error) error {
	return fault.Wrap(fault.RefusedFact, "The record cannot be read.", err)
}
