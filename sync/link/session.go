package link

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// greetWait is how long the hall may take over its Welcome.
const greetWait = 10 * time.Second

// session is one connection from its Welcome on.
type session struct {
	*Link
	conn   *wire.Conn
	hall   wire.Welcome
	read   uint64        // of the hall's journal; the reader's alone
	signal chan struct{} // the reader has news for the writer; holds one

	mu   sync.Mutex // guards what reader and writer share
	sent uint64     // of our journal
	way  []under    // batches under way, oldest first
	heed uint64     // the hall's change to acknowledge, 0 if none
}

// under is a batch that the hall has not acknowledged.
type under struct {
	end uint64
	at  time.Time
}

// session connects and works until the connection or ctx ends.
func (l *Link) session(ctx context.Context, address string) error {
	conn, header, err := wire.Dial(ctx, address, l.TLS)
	if err != nil {
		return err
	}
	s := &session{Link: l, conn: conn, signal: make(chan struct{}, 1)}
	err = s.greet(ctx, header.Get(wire.NonceHeader))
	if err == nil {
		err = s.run(ctx)
	}
	s.close(ctx, err)
	return err
}

// close tells the hall why, if the reason is ours and it can still hear. The
// error that ended the session is the one that counts.
func (s *session) close(ctx context.Context, err error) {
	if ctx.Err() != nil {
		_ = s.conn.Close(1001, "the kiosk closes")
		return
	}
	if f := (fault.Error{}); errors.As(err, &f) {
		last, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		_ = s.conn.Send(last, wire.Bye{Code: string(f.Code), Message: f.Message})
	}
	_ = s.conn.Close(1002, string(fault.CodeOf(err)))
}

// greet exchanges Hello and Welcome and finds where to resume.
func (s *session) greet(ctx context.Context, header string) error {
	nonce, err := wire.ParseNonce(header)
	if err != nil {
		return err
	}
	last, err := s.Outbox.Last(ctx)
	if err != nil {
		return fmt.Errorf("end of journal: %w", err)
	}
	read, err := s.Inbox.Read(ctx)
	if err != nil {
		return fmt.Errorf("hall's cursor: %w", err)
	}
	asked := s.now()
	welcome, err := s.hello(ctx, wire.Hello{
		Protocol: wire.Protocol, Node: s.Node, Epoch: last.Epoch, Show: s.Show, Version: s.Version,
		Last: last, Read: read, Proof: wire.ProveLink(s.Key, nonce, s.Node), Now: asked.UnixMilli(), Least: least(),
	})
	if err != nil {
		return err
	}
	answered := s.now()
	s.hall = welcome
	s.resumeInbox(read)
	if err := s.resumeOutbox(ctx, last); err != nil {
		return err
	}
	// The hall read its clock half-way between our two readings, more or less.
	half := answered.Sub(asked) / 2
	skew := time.UnixMilli(welcome.Now).Sub(asked.Add(half)).Round(time.Millisecond)
	s.rose(skew)
	s.log().Info("hall link up", "hall", welcome.Node, "resume", s.sent, "last", last.Seq, "skew", skew)
	return nil
}

func (s *session) hello(ctx context.Context, hello wire.Hello) (wire.Welcome, error) {
	ctx, cancel := context.WithTimeout(ctx, greetWait)
	defer cancel()
	if err := s.conn.Send(ctx, hello); err != nil {
		return wire.Welcome{}, err
	}
	frame, err := s.conn.Receive(ctx)
	if err != nil {
		return wire.Welcome{}, err
	}
	switch f := frame.(type) {
	case wire.Bye:
		return wire.Welcome{}, farewell(f)
	case wire.Welcome:
		return f, s.checkWelcome(f)
	}
	return wire.Welcome{}, misplaced(frame)
}

// least is left out by a program that speaks one protocol.
func least() uint {
	if wire.Least == wire.Protocol {
		return 0
	}
	return wire.Least
}

func (s *session) checkWelcome(w wire.Welcome) error {
	switch {
	case w.Protocol < wire.Least || w.Protocol > wire.Protocol:
		return fault.New(fault.BadProtocol, "The hall speaks another version of the protocol; install the same version on both.")
	case s.Show != "" && w.Show != s.Show:
		return fault.New(fault.RefusedFact, "The hall runs another show.").WithField("show")
	case w.Node == "" || w.Epoch == "":
		return fault.New(fault.BadFrame, "The hall does not say who it is.")
	}
	return nil
}

// resumeOutbox decides from where to send: what the hall says it has read
// counts, not what we remember (P3).
func (s *session) resumeOutbox(ctx context.Context, last record.Cursor) error {
	from := s.hall.Read
	if from.Seq > 0 && from.Epoch != last.Epoch || from.Seq > last.Seq {
		s.log().Warn("hall has read what this kiosk never wrote, sending from 0",
			"epoch", from.Epoch, "seq", from.Seq, "own_epoch", last.Epoch, "last", last.Seq)
		from.Seq = 0
	}
	mark, err := s.Outbox.Sent(ctx)
	switch {
	case err != nil:
	case from.Seq < mark:
		s.log().Warn("hall has less than it acknowledged, sending again", "seq", from.Seq, "acknowledged", mark)
		err = s.Outbox.Rewind(ctx, from.Seq)
	case from.Seq > mark: // the acknowledgement was lost on the way
		err = s.Outbox.Acked(ctx, from.Seq)
	}
	if err != nil {
		return fmt.Errorf("mark what the hall has: %w", err)
	}
	s.sent = from.Seq
	s.refresh(ctx)
	return nil
}

// resumeInbox decides what the hall's next batch may begin with. The hall sends
// from 0 if it lives in another epoch or has less than we have read.
func (s *session) resumeInbox(read record.Cursor) {
	s.read = read.Seq
	if read.Epoch == s.hall.Epoch && read.Seq <= s.hall.Last.Seq {
		return
	}
	s.read = 0
	if read.Seq > 0 {
		s.log().Warn("hall never wrote what this kiosk has read, reading from 0",
			"epoch", s.hall.Epoch, "last", s.hall.Last.Seq, "read_epoch", read.Epoch, "read", read.Seq)
	}
}

// run reads and writes until one of the two ends.
func (s *session) run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return s.receive(ctx) })
	g.Go(func() error { return s.send(ctx) })
	return g.Wait()
}

// farewell turns the hall's Bye into the error that it stands for.
func farewell(f wire.Bye) error {
	why := fault.New(fault.Code(f.Code), f.Message)
	if why.Code == fault.NodeRevoked {
		return revoked{why, f.Proof}
	}
	return why
}

// revoked is fault.NodeRevoked with what the hall says to prove it.
type revoked struct {
	why   fault.Error
	proof string
}

func (r revoked) Error() string { return r.why.Error() }

// Unwrap lets package fault find the fault.
func (r revoked) Unwrap() error { return r.why }

func misplaced(frame wire.Frame) error {
	return fault.New(fault.BadFrame, fmt.Sprintf("A %T is out of place here.", frame))
}
