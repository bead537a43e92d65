package hall

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// Quarantine lists what was refused and waits for a person, after a place in the
// order of arrival, or else what a person has discarded; next is the place of the
// last. It answers fault.AuthDenied to whoever may not decide.
func (h *Hall) Quarantine(ctx context.Context, p Principal, discarded bool, after uint64, limit int) (list []Refusal, next uint64, err error) {
	if err := p.May(ActDecide); err != nil {
		return nil, 0, err
	}
	read := h.store.Quarantine
	if discarded {
		read = h.store.Discarded
	}
	if list, next, err = read(ctx, after, limit); err != nil {
		return nil, 0, fmt.Errorf("quarantine: %w", err)
	}
	return list, next, nil
}

// Retry has what stands in quarantine at a place judged by this program and this
// show: a fact that is good now goes the way of all facts and leaves quarantine.
// It answers fault.NotFound if nothing waits there, and why it is still refused.
func (h *Hall) Retry(ctx context.Context, p Principal, place uint64) error {
	r, err := h.refusal(ctx, p, place)
	if err != nil {
		return err
	}
	own, err := h.retried(p, r)
	if err != nil {
		return err
	}
	return h.take(ctx, own)
}

// RetryAll is Retry for all that waits, and tells how many were taken in and how
// many are still refused.
func (h *Hall) RetryAll(ctx context.Context, p Principal) (taken, left int, err error) {
	const page = 200 // facts in a commit: as many as a kiosk's batch has
	for after := uint64(0); ; {
		list, next, err := h.Quarantine(ctx, p, false, after, page)
		if err != nil || len(list) == 0 {
			return taken, left, err
		}
		after = next
		for _, r := range list {
			own, err := h.retried(p, r)
			if err == nil {
				err = h.take(ctx, own)
			}
			switch fault.CodeOf(err) {
			case "":
				taken++
			case fault.RefusedFact, fault.UnknownFact, fault.TooLarge:
				left++
			default:
				return taken, left, err
			}
		}
	}
}

// retried is what a change in quarantine says, for the hall's own journal: of two
// histories, the node's own has another in its place.
func (h *Hall) retried(p Principal, r Refusal) ([]Own, error) {
	entry := Judge(record.Change{
		Node: r.Node, Epoch: r.Epoch, Seq: r.Seq, Stamp: r.Stamp, Kind: r.Kind, Payload: r.Payload, Digest: r.Digest, Salt: []byte{},
	}, h.showID())
	if entry.Refused != nil {
		return nil, entry.Refused
	}
	fact := Own{Fact: entry.Fact, Payload: r.Payload, Stamp: h.clock.Tick()}
	return []Own{fact, h.decided(record.Decision{By: p.Name, Act: record.ActRetry, Refused: r.Refused})}, nil
}

func (h *Hall) take(ctx context.Context, own []Own) error {
	if err := h.announce(ctx, own); err != nil {
		return err
	}
	h.log.Info("fact taken out of quarantine", "kind", own[0].Fact.Kind())
	return nil
}

// Discard notes that what stands in quarantine at a place does not count, and why.
// It is kept and may be retried. It answers fault.Invalid without a reason and
// fault.NotFound if nothing is there.
func (h *Hall) Discard(ctx context.Context, p Principal, place uint64, reason string) error {
	reason = strings.TrimSpace(reason)
	if n := utf8.RuneCountInString(reason); n == 0 || n > maxNotes {
		return fault.New(fault.Invalid, "Say why, in at most 1000 characters.").WithField("reason")
	}
	r, err := h.refusal(ctx, p, place)
	if err != nil {
		return err
	}
	if err := h.announce(ctx, []Own{h.decided(record.Decision{By: p.Name, Act: record.ActDiscard, Refused: r.Refused, Reason: reason})}); err != nil {
		return err
	}
	h.log.Info("fact discarded", "kind", r.Kind)
	return nil
}

func (h *Hall) refusal(ctx context.Context, p Principal, place uint64) (Refusal, error) {
	if err := p.May(ActDecide); err != nil {
		return Refusal{}, err
	}
	r, err := h.store.Refusal(ctx, place)
	if errors.Is(err, ErrNone) {
		return r, fault.New(fault.NotFound, "Nothing stands there in quarantine.")
	}
	if err != nil {
		return r, fmt.Errorf("quarantine: %w", err)
	}
	return r, nil
}
