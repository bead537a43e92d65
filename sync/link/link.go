package link

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// Outbox is the kiosk's own journal and how much of it the hall has.
type Outbox interface {
	// Last returns the journal's epoch and last sequence number.
	Last(ctx context.Context) (record.Cursor, error)
	// Sent returns the durable mark: up to where the hall has committed.
	Sent(ctx context.Context) (uint64, error)
	// Changes returns at most limit changes after a number, in order. With an
	// error it may return those before the trouble, which are sent.
	Changes(ctx context.Context, after uint64, limit int) ([]record.Change, error)
	// Acked moves the mark forward; seq is never beyond Last. A lower seq than
	// the mark leaves it.
	Acked(ctx context.Context, seq uint64) error
	// Rewind moves the mark back: the hall has less than it once acknowledged.
	Rewind(ctx context.Context, seq uint64) error
}

// Inbox takes what the hall tells.
type Inbox interface {
	// Read returns how far the hall's journal has been applied.
	Read(ctx context.Context) (record.Cursor, error)
	// Apply takes consecutive changes of the hall's journal in one transaction
	// and moves Read with them. It is idempotent: after a restored hall the
	// numbers may start again from 1, also in the same epoch. A fact that it
	// cannot use it puts aside; an error ends the connection, and the same
	// changes come again.
	Apply(ctx context.Context, epoch record.Epoch, changes []record.Change) error
}

// Link is the kiosk's end. The fields are set before Run and not changed.
type Link struct {
	URL     string      // the hall's, http or https
	TLS     *tls.Config // PinnedTLS; nil for http, which only loopback may use
	Node    record.NodeID
	Key     ed25519.PrivateKey // the node's
	Show    record.ShowID      // refuse a hall of another show; empty takes any
	Version string             // of the program, for people
	Outbox  Outbox
	Inbox   Inbox
	Wake    <-chan struct{}             // a change was appended: send at once; may be nil
	Revoked func(proof string) bool     // whether the hall proves that this kiosk is out of service; then Run ends; nil for never
	NewLife func(context.Context) error // begins a new epoch of the journal, in which all is told anew: the hall knows another history of this one; nil to try again
	Report  func() wire.Status          // printer, reasons, disk, tally and aside; link adds the rest; may be nil
	Log     *slog.Logger                // nil for none
	Now     func() time.Time            // time.Now if nil

	mu     sync.Mutex // guards status and moved
	status Status
	moved  chan struct{} // closed when status changes; nil if nobody waits
}

// Waits between attempts: random up to a bound that doubles.
const (
	firstWait = 250 * time.Millisecond
	mostWait  = 4 * time.Second // a hall that comes back has its kiosks within 5 s; 200 that try cost it nothing
)

// Run keeps the link until ctx ends and then answers nil. It answers
// fault.Invalid at once for fields that no retry can mend, and fault.NodeRevoked
// once Revoked believes the hall.
func (l *Link) Run(ctx context.Context) error {
	address, err := l.check()
	if err != nil {
		return err
	}
	l.refresh(ctx)
	bound, quiet, forked := firstWait, false, false
	for ctx.Err() == nil {
		began := time.Now()
		err := error(nil)
		if forked {
			err = l.NewLife(ctx)
		}
		if err == nil {
			forked = false
			err = l.session(ctx, address)
		}
		if ctx.Err() != nil {
			break
		}
		up := l.fell(err)
		if out := (revoked{}); errors.As(err, &out) && l.Revoked != nil && l.Revoked(out.proof) {
			l.log().Warn("the hall took this kiosk out of service")
			return err
		}
		if fault.CodeOf(err) == fault.Forked && l.NewLife != nil {
			l.log().Warn("the hall knows another history of this kiosk's journal, because its disk was copied or put back, or an entry is damaged; all is told anew in a new epoch, and if another kiosk runs from the same disk, one of the two is to be paired anew in an empty folder", "cause", err)
			forked, bound = true, firstWait
		}
		if up || !quiet {
			l.log().Info("hall link down", "code", fault.CodeOf(err), "cause", err)
		} else {
			l.log().Debug("hall link still down", "code", fault.CodeOf(err), "cause", err)
		}
		quiet = true
		if time.Since(began) > mostWait {
			bound = firstWait
		}
		l.pause(ctx, rand.N(bound))
		bound = min(2*bound, mostWait)
	}
	l.fell(nil)
	return nil
}

// check answers the websocket's address, or what is wrong with the fields.
func (l *Link) check() (string, error) {
	hall, err := parseHall(l.URL)
	if err != nil {
		return "", err
	}
	switch {
	case hall.Scheme == "https" && l.TLS == nil:
		return "", fault.New(fault.Invalid, "The hall's certificate is not known; pair the kiosk.")
	case len(l.Key) != ed25519.PrivateKeySize || l.Node == "":
		return "", fault.New(fault.Invalid, "The kiosk has no identity; pair it.")
	case l.Outbox == nil || l.Inbox == nil:
		return "", errors.New("link: no Outbox or no Inbox")
	}
	return socketURL(hall), nil
}

// pause waits between attempts and keeps Status fresh meanwhile.
func (l *Link) pause(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
			return
		case <-l.Wake:
			l.refresh(ctx)
		}
	}
}

func (l *Link) log() *slog.Logger {
	if l.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return l.Log
}

func (l *Link) now() time.Time {
	if l.Now == nil {
		return time.Now()
	}
	return l.Now()
}
