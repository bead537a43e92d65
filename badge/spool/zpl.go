package spool

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"hallpass/badge/spool/zpl"
)

var _ Printer = (*zplPrinter)(nil)

// zplHead is how wide the head of a printer is if its address does not say: the
// four inches of nearly all of them, in millimetres.
const zplHead = 104

// zplPrinter speaks ZPL II over a plain connection. The order is always the
// same: how are you, what says your odometer, here is a label, have you got it;
// and later: is the queue empty, what says your odometer now.
type zplPrinter struct {
	labelDesk
	coding zpl.Coding
	perMM  int // of a printer that does not say
	head   int // mm

	knows zplKnows // during a turn only
}

// zplKnows is what a printer turned out to be able to say.
type zplKnows struct {
	at           time.Time // zero: not asked yet
	model        string
	perMM        int
	host, errors bool
	meter        string // "labels", "inches", "cm" or ""
	half         time.Time
}

func (k zplKnows) blind() bool { return !k.host && !k.errors && k.meter == "" }

func openZPL(u *url.URL, s settings) (Printer, error) {
	at, err := labelAddress(u)
	if err != nil {
		return nil, err
	}
	p := &zplPrinter{labelDesk: newLabelDesk(at), head: zplHead}
	switch coding := p.take("graphics"); coding {
	case "", "z64":
	case "hex":
		p.coding = zpl.Hex
	default:
		return nil, fmt.Errorf("printer %q: graphics=%s is unknown; there are z64 and hex", u.Redacted(), coding)
	}
	dots := map[string]int{"": 8, "152": 6, "203": 8, "300": 12, "600": 24}
	if p.perMM = dots[p.query.Get("dpi")]; p.perMM == 0 {
		return nil, fmt.Errorf("printer %q: dpi=%s is unknown; there are 152, 203, 300 and 600", u.Redacted(), p.take("dpi"))
	}
	p.take("dpi")
	if s := p.take("head"); s != "" {
		if p.head, err = strconv.Atoi(s); err != nil || p.head < 10 || p.head > 300 {
			return nil, fmt.Errorf("printer %q: head=%s is no width from 10 to 300 mm", u.Redacted(), s)
		}
	}
	if err := p.known(u, "graphics, dpi, head"); err != nil {
		return nil, err
	}
	if err := p.open(s.dir, "zpl"); err != nil {
		return nil, err
	}
	return p, nil
}

// begin waits for the printer's turn and opens a conversation. Whoever gets no
// answer is in doubt about all that is still in the printer.
func (p *zplPrinter) begin(ctx context.Context) (*line, func(), error) {
	if err := p.enter(ctx); err != nil {
		return nil, nil, err
	}
	l, err := dial(ctx, p.host, p.wait)
	if err == nil {
		err = p.learn(l)
	}
	if err != nil {
		p.lost(ctx)
		if l != nil {
			l.close()
		}
		p.leave()
		return nil, nil, err
	}
	return l, func() { l.close(); p.leave() }, nil
}

// lost notes that the printer did not answer.
func (p *zplPrinter) lost(ctx context.Context) {
	if ctx.Err() == nil { // else it is our own doing
		p.knows.at = time.Time{} // another one may answer next
		p.doubt()
	}
}

// learn asks a printer everything once, to ask it later only what it knows.
func (p *zplPrinter) learn(l *line) error {
	k := &p.knows
	if !k.at.IsZero() && (!k.blind() || time.Since(k.at) < blindFor) {
		return nil
	}
	heard, err := l.ask(zpl.AskIdentity+zpl.AskHost+zpl.AskErrors+zpl.AskLength+zpl.AskSerial+zpl.AskLabels, p.wait/3, func(heard []byte) bool {
		r := zpl.Parse(heard)
		return r.Model != "" && r.Host != nil && r.Errors != nil && r.Length >= 0 && len(r.Texts) == 2
	})
	if err != nil && !errors.Is(err, errSilent) {
		return err
	}
	r := zpl.Parse(heard)
	*k = zplKnows{at: time.Now(), model: r.Model, perMM: r.PerMM, host: r.Host != nil, errors: r.Errors != nil, half: k.half}
	switch {
	case len(r.Texts) == 2 && zpl.Count(r.Texts[1]) >= 0:
		k.meter = "labels"
	case r.Length >= 0 && r.Inches:
		k.meter = "inches"
	case r.Length >= 0:
		k.meter = "cm"
	}
	if k.perMM == 0 {
		k.perMM = p.perMM
	}
	if k.blind() && len(heard) > 0 {
		return fmt.Errorf("%w: %s answers, but not in ZPL; is it a label printer?", ErrRefused, p.host)
	}
	return nil
}

// ask returns the printer's word now. A printer that said more before than now
// has a fault: by the guide ~HS may be silent then.
func (p *zplPrinter) ask(l *line) (reading, zpl.Report, error) {
	k := p.knows
	heard, err := l.ask(k.questions(), p.wait, func(heard []byte) bool { return k.all(zpl.Parse(heard)) })
	if err != nil && !errors.Is(err, errSilent) {
		return reading{}, zpl.Report{}, err
	}
	rep := zpl.Parse(heard)
	r := reading{part: !k.all(rep), printer: k.model, meter: k.meter, faults: zplFaults(rep), count: rep.Length}
	if k.meter == "labels" && !r.part {
		r.printer, r.count = strings.Join(strings.Fields(rep.Texts[0]), "-"), zpl.Count(rep.Texts[1])
	}
	if r.part && len(r.faults) == 0 {
		r.faults = []string{"other"}
	}
	r.busy = rep.Host != nil && rep.Host.Busy()
	return r, rep, nil
}

// questions are those that the printer can answer.
func (k zplKnows) questions() (q string) {
	if k.host {
		q += zpl.AskHost
	}
	if k.errors {
		q += zpl.AskErrors
	}
	switch k.meter {
	case "labels":
		q += zpl.AskSerial + zpl.AskLabels
	case "inches", "cm":
		q += zpl.AskLength
	}
	return q
}

// all tells whether a report says everything that the printer can say.
func (k zplKnows) all(r zpl.Report) bool {
	return (r.Host != nil || !k.host) && (r.Errors != nil || !k.errors) &&
		(k.meter != "labels" || len(r.Texts) == 2 && zpl.Count(r.Texts[1]) >= 0) &&
		(k.meter != "inches" && k.meter != "cm" || r.Length >= 0)
}

// Status asks the printer.
func (p *zplPrinter) Status(ctx context.Context) (Status, error) {
	l, end, err := p.begin(ctx)
	if err != nil {
		return unreachable(), fmt.Errorf("ask printer: %w", err)
	}
	defer end()
	s := Status{State: "idle", Accepting: true, Name: p.knows.model, Supplies: noSupplies()}
	s.Supplies.Media = p.media.String()
	if s.Name == "" {
		s.Name = "label printer " + p.host
	}
	if p.knows.blind() {
		s.Blind = true
		return s, nil
	}
	r, rep, err := p.ask(l)
	if err != nil {
		p.lost(ctx)
		return unreachable(), fmt.Errorf("ask printer: %w", err)
	}
	p.update(r)
	if p.wrongRoll(rep) {
		r.faults = reasons(append(r.faults, "media-needed"))
	}
	s.Reasons = reasons(append(zplWarnings(rep), r.faults...))
	p.supplies(&s, r, p.each(rep))
	switch {
	case len(r.faults) > 0:
		s.State, s.Accepting = "stopped", false
	case r.busy:
		s.State = "processing"
	}
	return s, nil
}

// each is how far the odometer goes for one label of the length that the printer
// has measured.
func (p *zplPrinter) each(rep zpl.Report) float64 {
	if perUnit := perUnit[p.knows.meter]; perUnit > 0 && rep.Host != nil && rep.Host.Length > 0 {
		return float64(rep.Host.Length) / float64(p.knows.perMM) / perUnit
	}
	return 1
}

// perUnit is how many millimetres an odometer counts at a time.
var perUnit = map[string]float64{"inches": 25.4, "cm": 10}

// wrongRoll compares the length that the printer measured with what staff say
// is in it. Of an endless roll it measures nothing.
func (p *zplPrinter) wrongRoll(r zpl.Report) bool {
	const slack = 5 // mm: the gap counts in on some models
	if r.Host == nil || p.media.length == 0 || p.knows.perMM == 0 {
		return false
	}
	d := r.Host.Length/p.knows.perMM - p.media.length
	return d < -slack || d > slack
}

// zplFaults are the keywords of what keeps the printer from printing.
func zplFaults(r zpl.Report) []string {
	var out []string
	add := func(is bool, keyword string) {
		if is {
			out = append(out, keyword)
		}
	}
	if h := r.Host; h != nil {
		add(h.PaperOut, "media-empty")
		add(h.RibbonOut, "marker-supply-empty")
		add(h.HeadOpen, "cover-open")
		add(h.Paused, "paused")
		add(h.BufferFull, "spool-area-full")
		add(h.Hot, "fuser-over-temp")
		add(h.Cold, "fuser-under-temp")
		add(h.Waiting, "output-area-full")
		add(h.CorruptRAM, "other")
	}
	if e := r.Errors; e != nil {
		const cutter, hot, paused, path = 0x8, 0x30, 0x10000, 0xf000
		add(e.Faults&1 != 0, "media-empty")
		add(e.Faults&2 != 0, "marker-supply-empty")
		add(e.Faults&4 != 0, "cover-open")
		add(e.Faults&(cutter|path) != 0, "media-jam")
		add(e.Faults&hot != 0, "fuser-over-temp")
		add(e.Faults&paused != 0, "paused")
		add(e.Faults&^(7|cutter|hot|paused|path) != 0, "other")
	}
	return reasons(out)
}

func zplWarnings(r zpl.Report) []string {
	const paperLow = 8
	if r.Errors != nil && r.Errors.Warnings&paperLow != 0 {
		return []string{"media-low"}
	}
	return nil
}
