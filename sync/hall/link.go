package hall

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// Conn is a kiosk's connection: *wire.Conn, or a test's.
type Conn interface {
	Send(ctx context.Context, frame wire.Frame) error
	Receive(ctx context.Context) (wire.Frame, error)
	Close(code int, reason string) error
	Within(room *wire.Room)
}

// Close codes of RFC 6455 §7.4.1.
const (
	closeNormal    = 1000
	closeGoingAway = 1001
	closePolicy    = 1008
)

const (
	helloWait  = 10 * time.Second // a stranger may not hold a connection open for longer
	downBatch  = 200              // changes of the hall's journal in one batch
	resumeWait = 30 * time.Second // for the acknowledgement of such a batch
	maxPart    = 256              // changes of one kiosk in one transaction: 4,096 in a batch may not hold up the others
	maxEpoch   = 64               // bytes; package journal takes 255
	maxReasons = 32               // of a printer, as every dashboard is sent them; IPP names some twenty at most
)

// link is one kiosk's connection after its Hello.
type link struct {
	hall  *Hall
	conn  Conn
	node  Node
	hello wire.Hello
	log   *slog.Logger
	news  chan struct{} // the hall's journal has grown; holds one
	out   chan answer
	acked chan uint64 // of the hall's journal, by the kiosk
	end   context.CancelCauseFunc
}

// answer is an acknowledgement, and when its batch had come and was safe.
type answer struct {
	wire.Ack
	came, kept time.Time
}

// Why the hall ends a link.
var (
	errReplaced = fault.New(fault.Conflict, "The kiosk has opened a newer connection.")
	errClosing  = errors.New("the hall closes")
)

// Serve speaks with one kiosk until the connection or ctx ends: nonce is what
// the Hello must have signed. It closes conn and logs the end; it answers why
// unless the other side closed in good order. A kiosk that misbehaves ends its
// own connection.
func (h *Hall) Serve(ctx context.Context, conn Conn, nonce wire.Nonce) error {
	conn.Within(h.room)
	l, err := h.greet(ctx, conn, nonce)
	if err != nil {
		h.log.Info("link refused", "cause", err)
		h.bye(ctx, conn, err)
		return err
	}
	linked, end := context.WithCancelCause(ctx)
	defer end(nil)
	l.end = end
	entered, two := h.fleet.enter(l, h.now())
	if !entered {
		h.bye(ctx, conn, errClosing)
		return errClosing
	}
	if two {
		l.log.Warn("two kiosks run from one disk and take turns; once all is sent, pair one of them anew in an empty data folder")
	}
	defer h.live.touch()
	defer h.fleet.leave(l) // after the goodbye
	if err = l.welcome(linked); err == nil {
		l.log.Info("kiosk connected", "epoch", l.hello.Epoch, "version", l.hello.Version)
		err = l.run(linked)
	}
	h.bye(ctx, conn, err)
	l.log.Info("kiosk disconnected", "cause", err)
	if errors.Is(err, wire.ErrClosed) {
		return nil
	}
	return err
}

// bye says why and closes. What goes out holds codes and sentences only.
func (h *Hall) bye(ctx context.Context, conn Conn, err error) {
	code, reason := closePolicy, string(fault.CodeOf(err))
	switch {
	case err == nil || errors.Is(err, wire.ErrClosed):
		code, reason = closeNormal, ""
	case ctx.Err() != nil || errors.Is(err, errClosing):
		code, reason = closeGoingAway, "the hall closes"
	default:
		f := fault.From(err)
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		// The connection may be gone already; then nobody is left to be told.
		var out dismissal
		_ = errors.As(err, &out) // else no proof is needed
		_ = conn.Send(last, wire.Bye{Code: string(f.Code), Message: f.Message, Proof: out.proof})
	}
	_ = conn.Close(code, reason)
}

// greet takes the Hello and checks who it is.
func (h *Hall) greet(ctx context.Context, conn Conn, nonce wire.Nonce) (*link, error) {
	ctx, cancel := context.WithTimeout(ctx, helloWait)
	defer cancel()
	frame, err := conn.Receive(ctx)
	if err != nil {
		return nil, fmt.Errorf("hello: %w", err)
	}
	hello, ok := frame.(wire.Hello)
	if !ok {
		return nil, fault.New(fault.BadFrame, "The first frame must be a hello.")
	}
	node, err := h.recognize(hello, nonce)
	if err != nil {
		return nil, err
	}
	return &link{
		hall: h, conn: conn, node: node, hello: hello,
		log: h.log.With("node", node.ID), news: make(chan struct{}, 1),
		out: make(chan answer, 1), acked: make(chan uint64, 1),
	}, nil
}

// recognize answers the paired node that the Hello proves, or why not.
func (h *Hall) recognize(hello wire.Hello, nonce wire.Nonce) (Node, error) {
	if _, ok := hello.Agree(wire.Least, wire.Protocol); !ok {
		return Node{}, fault.New(fault.BadProtocol, fmt.Sprintf("This hall speaks protocol %d; install the same version on both.", wire.Protocol))
	}
	node, known := h.keys.node(hello.Node)
	switch {
	case !known || !wire.LinkProven(node.Key, nonce, hello):
		return Node{}, fault.New(fault.AuthDenied, "This kiosk is not paired with this hall. Pair it again.")
	case hello.Epoch == "" || len(hello.Epoch) > maxEpoch:
		return Node{}, fault.New(fault.BadFrame, "The hello names no usable epoch.")
	case hello.Show != "" && hello.Show != h.showID():
		return Node{}, fault.New(fault.RefusedFact, fmt.Sprintf("This hall runs the show %q.", h.showID())).WithField("show")
	}
	if out, revoked := h.dismissed(node.ID); revoked {
		return Node{}, out
	}
	return node, nil
}

// welcome answers the Hello and shows the kiosk as up.
func (l *link) welcome(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, helloWait)
	defer cancel()
	h := l.hall
	read, err := l.resume(ctx)
	if err != nil {
		return err
	}
	last, err := h.store.Cursor(ctx, h.self.Hall, h.self.Epoch)
	if err != nil {
		return fmt.Errorf("cursor: %w", err)
	}
	protocol, _ := l.hello.Agree(wire.Least, wire.Protocol) // recognize has found one
	err = l.conn.Send(ctx, wire.Welcome{
		Protocol: protocol, Node: h.self.Hall, Epoch: h.self.Epoch, Show: h.showID(),
		Last: record.Cursor{Epoch: h.self.Epoch, Seq: last},
		Read: record.Cursor{Epoch: l.hello.Epoch, Seq: read}, Now: h.now().UnixMilli(),
	})
	if err != nil {
		return fmt.Errorf("welcome: %w", err)
	}
	h.fleet.update(l.node.ID, func(k *Kiosk) {
		k.Up, k.Seen, k.Version = true, h.now(), l.hello.Version
		k.LastSeq, k.AckedSeq = l.hello.Last.Seq, read
		k.Skew = h.skew(l.hello.Now)
	})
	h.live.touch()
	l.wake() // whatever the kiosk has not read yet
	return nil
}

// resume finds where to go on. A kiosk whose journal is shorter than what we
// have of it has lost its end or runs from a copied disk: from 0 again, so that
// nothing is passed over; what differs goes to quarantine.
func (l *link) resume(ctx context.Context) (uint64, error) {
	read, err := l.hall.store.Cursor(ctx, l.node.ID, l.hello.Epoch)
	if err != nil {
		return 0, fmt.Errorf("cursor: %w", err)
	}
	if l.hello.Last.Epoch == l.hello.Epoch && l.hello.Last.Seq < read {
		l.log.Warn("kiosk has less than the hall kept of it, reading it again from 0", "has", l.hello.Last.Seq, "kept", read)
		read = 0
	}
	return read, nil
}

// run reads and writes until one of the two ends.
func (l *link) run(ctx context.Context) error {
	g, both := errgroup.WithContext(ctx)
	g.Go(func() error { return l.read(both) })
	g.Go(func() error { return l.write(both) })
	err := g.Wait()
	if ctx.Err() != nil { // ended from here: say why
		return context.Cause(ctx)
	}
	return err
}

// read takes what the kiosk says. It waits for the commit of one batch before
// it reads the next: a kiosk can fill its own connection, never our memory.
func (l *link) read(ctx context.Context) error {
	for {
		frame, err := l.conn.Receive(ctx)
		if err != nil {
			return err
		}
		switch f := frame.(type) {
		case wire.Batch:
			err = l.batch(ctx, f)
		case wire.Ack:
			err = put(ctx, l.acked, f.Seq)
		case wire.Status:
			l.status(f)
		case wire.Bye:
			l.log.Info("kiosk says goodbye", "code", f.Code)
			return wire.ErrClosed
		default:
			err = fault.New(fault.BadFrame, fmt.Sprintf("A %T is out of place here.", frame))
		}
		if err != nil {
			return err
		}
	}
}

// batch has one batch kept and acknowledges it.
func (l *link) batch(ctx context.Context, f wire.Batch) error {
	came := time.Now()
	if err := l.hall.admitting(l.node.ID); err != nil {
		return err
	}
	batch, err := batchOf(l.node.ID, l.hello.Epoch, l.hall.showID(), f)
	if err != nil {
		return err
	}
	for _, entry := range batch.Entries {
		l.hall.clock.Observe(entry.Change.Stamp)
	}
	l.hall.ingest.judged.Add(time.Since(came))
	var outcome Outcome
	for part := range slices.Chunk(batch.Entries, maxPart) {
		outcome, err = l.hall.ingest.keep(ctx, Batch{Node: batch.Node, Epoch: batch.Epoch, Entries: part})
		if err != nil {
			return err
		}
	}
	seq := batch.Entries[len(batch.Entries)-1].Change.Seq
	l.hall.fleet.update(l.node.ID, func(k *Kiosk) {
		k.Seen, k.AckedSeq, k.LastSeq = l.hall.now(), outcome.Last, max(k.LastSeq, seq)
	})
	return put(ctx, l.out, answer{wire.Ack{Seq: seq}, came, time.Now()})
}

func (l *link) status(f wire.Status) {
	l.hall.fleet.update(l.node.ID, func(k *Kiosk) {
		k.Seen, k.LastSeq = l.hall.now(), max(k.LastSeq, f.LastSeq)
		if k.current {
			k.Told = k.Seen
		}
		k.Printer, k.Reasons, k.Version = f.Printer, slices.Clone(f.Reasons[:min(len(f.Reasons), maxReasons)]), f.Version
		k.DiskFreeMB, k.Aside, k.Skew, k.Tally = f.DiskFreeMB, f.Aside, l.hall.skew(f.Now), plausible(f.Tally)
	})
	l.hall.live.touch()
}

// write sends acknowledgements and, one batch at a time, the hall's journal.
func (l *link) write(ctx context.Context) error {
	down := downlink{link: l, sent: l.hello.Read}
	for {
		var err error
		select {
		case <-ctx.Done():
			return ctx.Err()
		case a := <-l.out:
			err = l.conn.Send(ctx, a.Ack)
			l.hall.ingest.sent.Add(time.Since(a.kept))
			l.hall.ingest.whole.Add(time.Since(a.came))
		case <-l.news:
			down.pending = true
			err = down.next(ctx)
		case seq := <-l.acked:
			err = down.ack(ctx, seq)
		case <-down.late():
			err = fault.New(fault.BadSequence, "The kiosk does not acknowledge what it is told.")
		}
		if err != nil {
			return err
		}
	}
}

// wake tells the link that the hall's journal may have grown.
func (l *link) wake() {
	select {
	case l.news <- struct{}{}:
	default:
	}
}

func put[T any](ctx context.Context, to chan<- T, v T) error {
	select {
	case to <- v:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
