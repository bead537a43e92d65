package store

import (
	"encoding/json"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// superseded is the reason of a badge whose place a newer issue took, unless
// somebody gave another.
const superseded = "superseded"

// maxReason is as long as a reason may be to be told to kiosks, in bytes.
const maxReason = 64

// tellVoids has every kiosk hear, in the transaction in which it happens, of the
// badges that a badge's change has made void: itself, unless it was before, or
// the issue that counted until now (P5).
func (w *writer) tellVoids(c hall.Changed[record.Badge], wasVoid bool, counted record.BadgeID) error {
	newest, _ := newestBadge(w.tx, c.New.Registration)
	itself := hall.Badge{Badge: c.New, Superseded: newest != c.New.ID}
	if itself.Void() && !wasVoid {
		if err := w.tellVoid(itself, c.New.State.At); err != nil {
			return err
		}
	}
	if counted == "" || counted == c.New.ID || counted == newest {
		return nil
	}
	older, err := readBadge(w.tx, []byte(counted))
	if err != nil || older.Now() == record.BadgeVoided {
		return err
	}
	return w.tellVoid(older, c.New.State.At)
}

// tellVoid writes a void into the journal that kiosks read; since is when the
// badge was superseded, if nobody voided it.
func (w *writer) tellVoid(b hall.Badge, since record.Stamp) error {
	fact := voidOf(b, since)
	if fact.At.IsZero() {
		fact.At = record.Stamp{Wall: time.Now().UnixMilli(), Node: w.self.Hall}
	}
	return w.tell(fact, fact.At)
}

func voidOf(b hall.Badge, since record.Stamp) record.Void {
	v := record.Void{Badge: b.ID, Registration: b.Registration, Show: b.Show, At: b.Voided, Reason: b.Reason.Value}
	if v.At.IsZero() {
		v.At, v.Reason = since, superseded
	}
	if len(v.Reason) > maxReason {
		v.Reason = ""
	}
	return v
}

// tell writes a fact that follows from another into the journal that kiosks
// read. It changes no state.
func (w *writer) tell(fact record.Fact, at record.Stamp) error {
	payload, err := wire.Encode(fact)
	if err != nil {
		return err
	}
	if _, err := w.say(w.self.Hall, at, fact.Kind(), payload); err != nil {
		return err
	}
	w.effects = append(w.effects, hall.Effect{Told: true})
	return nil
}

// tellAllVoids is for a file of a hall that did not tell yet.
func tellAllVoids(tx *bolt.Tx) error {
	var self selfForm
	if err := json.Unmarshal(tx.Bucket(bucketMeta).Get(keySelf), &self); err != nil {
		return err
	}
	w := writer{tx: tx, self: hall.Self(self)}
	return tx.Bucket(bucketBadges).ForEach(func(id, _ []byte) error {
		b, err := readBadge(tx, id)
		if err != nil || !b.Void() {
			return err
		}
		return w.tellVoid(b, b.State.At)
	})
}
