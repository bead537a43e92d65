package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"

	"hallpass/kiosk"
	"hallpass/kiosk/store/redo"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// badgeForm is a badge as kept; the fact is package wire's.
type badgeForm struct {
	Fact    []byte            `json:"fact"`
	Token   string            `json:"token"`
	Stage   record.BadgeState `json:"stage,omitempty"`
	Printer string            `json:"printer,omitempty"`
	Steps   []stepForm        `json:"steps,omitempty"`

	line []byte // all of it as the file has it, if prepared
}

// stepForm is a step; times are milliseconds, as in a stamp.
type stepForm struct {
	At      int64             `json:"at"`
	State   record.BadgeState `json:"state"`
	Printer string            `json:"printer,omitempty"`
	Reason  string            `json:"reason,omitempty"`
}

func formOf(b kiosk.Badge) (badgeForm, error) {
	payload, err := wire.Encode(b.Badge)
	form := badgeForm{Fact: payload, Token: b.Token, Stage: b.Stage, Printer: b.Printer}
	for _, s := range b.Steps {
		form.Steps = append(form.Steps, stepForm{s.At.UnixMilli(), s.State, s.Printer, s.Reason})
	}
	return form, err
}

// bytes is what the file has of the badge.
func (f badgeForm) bytes() ([]byte, error) {
	if f.line != nil {
		return f.line, nil
	}
	return json.Marshal(f)
}

// local reports whether what only this desk knows of a badge differs.
func (f badgeForm) local(was badgeForm) bool {
	return f.Stage != was.Stage || f.Token != was.Token || f.Printer != was.Printer || len(f.Steps) != len(was.Steps)
}

// encoded is an entry as it was kept.
type encoded struct {
	registration []byte
	badges       []badgeForm
}

func encodeEntry(e kiosk.Entry) (out encoded, err error) {
	if e.Registration.ID == "" {
		return out, nil
	}
	if out.registration, err = wire.Encode(e.Registration); err != nil {
		return out, err
	}
	for _, b := range e.Badges {
		form, err := formOf(b)
		if err != nil {
			return out, err
		}
		out.badges = append(out.badges, form)
	}
	return out, nil
}

// prepare makes the badges' lines.
func (e encoded) prepare() (err error) {
	for i := range e.badges {
		if e.badges[i].line, err = e.badges[i].bytes(); err != nil {
			return err
		}
	}
	return nil
}

func badgeKey(b kiosk.Badge) []byte {
	return binary.BigEndian.AppendUint16([]byte(b.Registration), b.Issue)
}

// load reads one entry; fault.NotFound if there is none, fault.Forgotten if there
// was. Everything in it is a
// copy.
func load(tx *redo.Reader, id []byte) (kiosk.Entry, error) {
	payload := tx.Bucket(registrations).Get(id)
	if payload == nil {
		return kiosk.Entry{}, absent(tx, id)
	}
	reg, err := decode[record.Registration](record.KindRegistration, payload)
	if err != nil {
		return kiosk.Entry{}, fmt.Errorf("read registration %s: %w", id, err)
	}
	e := kiosk.Entry{Registration: reg}
	cursor := tx.Bucket(badges).Cursor()
	for k, v := cursor.Seek(id); bytes.HasPrefix(k, id) && len(k) == len(id)+2; k, v = cursor.Next() {
		b, err := decodeBadge(v)
		if err != nil {
			return kiosk.Entry{}, fmt.Errorf("read badge of %s: %w", id, err)
		}
		e.Badges = append(e.Badges, b)
	}
	if len(e.Badges) == 0 {
		return kiosk.Entry{}, fmt.Errorf("registration %s has no badge", id)
	}
	return e, nil
}

func decodeBadge(value []byte) (kiosk.Badge, error) {
	var form badgeForm
	if err := json.Unmarshal(value, &form); err != nil {
		return kiosk.Badge{}, err
	}
	fact, err := decode[record.Badge](record.KindBadge, form.Fact)
	b := kiosk.Badge{Badge: fact, Token: form.Token, Stage: form.Stage, Printer: form.Printer}
	for _, s := range form.Steps {
		b.Steps = append(b.Steps, kiosk.Step{At: time.UnixMilli(s.At).UTC(), State: s.State, Printer: s.Printer, Reason: s.Reason})
	}
	return b, err
}

// decode reads a fact of a kind that is known here. wire copies what it reads.
func decode[F record.Fact](kind record.Kind, payload []byte) (F, error) {
	var none F
	fact, err := wire.Decode(kind, payload)
	if err != nil {
		return none, err
	}
	f, ok := fact.(F)
	if !ok {
		return none, fmt.Errorf("a %s was kept as %s", fact.Kind(), kind)
	}
	return f, nil
}
