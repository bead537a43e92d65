package spool

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"

	"hallpass/badge/spool/ql"
)

var _ Printer = (*qlPrinter)(nil)

// qlHead is the widest roll of the printers with 720 dots, in millimetres.
const qlHead = 62

// qlPrinter prints on a Brother QL. Labels go to port 9100; how it is, it says
// over SNMP, or on the line if a print server stands before it.
type qlPrinter struct {
	labelDesk
	ask       string // address of SNMP, "" if it is not to be asked
	community string

	says  qlSays // during a turn only
	since time.Time
	needs ql.Media // the last badge did not fit what lay in it; zero if it did
}

// qlSays is how a printer answers.
type qlSays int

const (
	qlUnasked qlSays = iota
	qlOverSNMP
	qlOnTheLine
	qlNothing
)

func openQL(u *url.URL, s settings) (Printer, error) {
	at, err := labelAddress(u)
	if err != nil {
		return nil, err
	}
	p := &qlPrinter{labelDesk: newLabelDesk(at), community: "public"}
	if m := (ql.Media{Width: at.media.width, Length: at.media.length}); at.media.width > 0 && !m.Known() {
		return nil, fmt.Errorf("printer %q: media=%s is not a roll for this printer; there are 62x100, 62x29, 62, 54, 50, 38, 29 and their like", u.Redacted(), m)
	}
	port := p.take("snmp")
	if port == "" {
		port = "161"
	}
	switch n, err := strconv.ParseUint(port, 10, 16); {
	case port == "off":
	case err != nil || n == 0:
		return nil, fmt.Errorf("printer %q: snmp=%s is neither a port nor off", u.Redacted(), port)
	default:
		p.ask = net.JoinHostPort(u.Hostname(), port)
	}
	if c := p.take("community"); c != "" {
		p.community = c
	}
	if err := p.known(u, "snmp, community"); err != nil {
		return nil, err
	}
	if err := p.open(s.dir, "ql"); err != nil {
		return nil, err
	}
	return p, nil
}

// begin waits for the printer's turn and asks how it is.
func (p *qlPrinter) begin(ctx context.Context) (reading, ql.Status, error) {
	if err := p.enter(ctx); err != nil {
		return reading{}, ql.Status{}, err
	}
	r, s, err := p.look(ctx)
	if err != nil {
		p.lost(ctx)
		p.leave()
		return reading{}, ql.Status{}, err
	}
	p.update(r)
	return r, s, nil
}

func (p *qlPrinter) lost(ctx context.Context) {
	if ctx.Err() == nil {
		p.says = qlUnasked
		p.doubt()
	}
}

// look asks in the way that the printer answers; which way that is, it finds
// out first. A printer that answers in none must at least let itself be called.
func (p *qlPrinter) look(ctx context.Context) (reading, ql.Status, error) {
	if p.says == qlNothing && time.Since(p.since) > blindFor {
		p.says = qlUnasked
	}
	if p.ask != "" && p.says != qlOnTheLine && p.says != qlNothing {
		r, err := ql.Ask(ctx, p.ask, p.community, p.wait)
		if err == nil {
			p.says = qlOverSNMP
			return readingOf(r), named(r), nil
		}
		if p.says == qlOverSNMP || ctx.Err() != nil {
			return reading{}, ql.Status{}, fmt.Errorf("%w at %s: %w", ErrUnreachable, p.host, err)
		}
	}
	l, err := dial(ctx, p.host, p.wait)
	if err != nil {
		return reading{}, ql.Status{}, err
	}
	defer l.close()
	if p.says == qlNothing {
		return reading{}, ql.Status{}, nil
	}
	heard, err := l.ask(string(ql.AskStatus), p.wait, func(heard []byte) bool { _, _, ok := ql.Find(heard); return ok })
	s, _, ok := ql.Find(heard)
	switch {
	case ok:
		p.says = qlOnTheLine
		return readingOf(ql.Report{Status: s, Count: -1}), s, nil
	case errors.Is(err, errSilent) && p.says == qlOnTheLine:
		return reading{part: true, faults: []string{"other"}}, s, nil // it does not answer while it prints
	case errors.Is(err, errSilent) && len(heard) > 0:
		return reading{}, s, fmt.Errorf("%w: %s answers, but not as a QL; is it one?", ErrRefused, p.host)
	case errors.Is(err, errSilent):
		p.says, p.since = qlNothing, time.Now()
		return reading{}, s, nil
	}
	return reading{}, s, err
}

// named is the status with the model as the printer says it itself.
func named(r ql.Report) ql.Status {
	if r.Model != "" {
		r.Status.Model = r.Model
	}
	return r.Status
}

func readingOf(r ql.Report) reading {
	out := reading{printer: r.Serial, busy: r.Status.Printing, faults: qlFaults(r.Status)}
	if out.printer == "" {
		out.printer = named(r).Model
	}
	if r.Count >= 0 {
		out.meter, out.count = "labels", r.Count
	}
	return out
}

// qlFaults are the keywords of what keeps the printer from printing.
func qlFaults(s ql.Status) []string {
	var out []string
	for _, f := range []struct {
		is      bool
		keyword string
	}{
		{s.NoMedia || s.EndOfMedia, "media-empty"},
		{s.CutterJam || s.NoFeed, "media-jam"},
		{s.CoverOpen, "cover-open"},
		{s.WrongMedia, "media-needed"},
		{s.BufferFull, "spool-area-full"},
		{s.Cooling, "fuser-over-temp"},
		{s.OffByError, "shutdown"},
		{s.Fan || s.System || s.Communication, "other"},
	} {
		if f.is {
			out = append(out, f.keyword)
		}
	}
	return reasons(out)
}

// Status asks the printer.
func (p *qlPrinter) Status(ctx context.Context) (Status, error) {
	r, q, err := p.begin(ctx)
	if err != nil {
		return unreachable(), fmt.Errorf("ask printer: %w", err)
	}
	defer p.leave()
	s := Status{State: "idle", Accepting: true, Name: q.Model, Blind: p.says == qlNothing, Supplies: noSupplies()}
	s.Supplies.Media = q.Media.String()
	if s.Name == "" {
		s.Name = "label printer " + p.host
	}
	if s.Blind {
		s.Supplies.Media = p.media.String()
		return s, nil
	}
	if q.Media == p.needs {
		p.needs = ql.Media{} // the right roll is in
	}
	if p.needs != (ql.Media{}) || p.wrongRoll(q.Media) {
		r.faults = append(r.faults, "media-needed")
	}
	s.Reasons = reasons(r.faults)
	p.supplies(&s, r, 1)
	switch {
	case len(r.faults) > 0:
		s.State, s.Accepting = "stopped", false
	case r.busy:
		s.State = "processing"
	}
	return s, nil
}

// wrongRoll compares what lies in the printer with what staff say.
func (p *qlPrinter) wrongRoll(m ql.Media) bool {
	return p.media.width != 0 && m != (ql.Media{}) && m != ql.Media{Width: p.media.width, Length: p.media.length}
}
