package spool

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// traits are what a printer said of itself that matters to its jobs.
type traits struct {
	known    bool
	twoSteps bool // it has Create-Job and Send-Document
	scaling  bool // a job may say print-scaling
	media    bool // a job may say media-col
	blind    bool
	loaded   []size // what lies in its trays, if it says so
}

// Status asks for the printer's state.
func (p *ippPrinter) Status(ctx context.Context) (Status, error) {
	m, err := p.ask(ctx, question{op: opGetPrinterAttributes, attrs: []attr{wanted("printer-state", "printer-state-reasons",
		"printer-is-accepting-jobs", "printer-state-message", "printer-info", "printer-name", "printer-uuid", "device-uri",
		"operations-supported", "job-creation-attributes-supported", "media-col-ready", "printer-input-tray",
		"printer-impressions-completed")}})
	if err == nil {
		err = m.failure()
	}
	if err == nil && !p.place.right(m.first(tagPrinter).text("printer-uuid")) {
		p.place.lost()
		err = fmt.Errorf("%w: another printer answers for %s", ErrUnreachable, p.name)
	}
	if err != nil {
		s := unreachable()
		if errors.Is(err, errCertificate) {
			s.Reasons = []string{"certificate-changed"}
		}
		return s, fmt.Errorf("ask printer: %w", err)
	}
	g := m.first(tagPrinter)
	t := traitsOf(g)
	s := Status{
		Reasons:   reasons(g.texts("printer-state-reasons")),
		Accepting: g.yes("printer-is-accepting-jobs"),
		Name:      g.text("printer-info"),
		State:     "stopped", // also for a state we do not know: it does not print
		Blind:     t.blind,
		Supplies:  suppliesOf(g, t),
	}
	if g.text("device-uri") != "" && cutOff(g.text("printer-state-message")) {
		s.Reasons = reasons(append(s.Reasons, "offline"))
	}
	if s.Name == "" {
		s.Name = g.text("printer-name")
	}
	switch g.number("printer-state") {
	case 3:
		s.State = "idle"
	case 4:
		s.State = "processing"
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.traits = t
	if !t.has(p.size) || !t.fit(p.wanted) {
		s.State = "stopped"
		s.Reasons = reasons(append(s.Reasons, "media-needed"))
	}
	return s, nil
}

// cutOff tells from its message that CUPS does not reach the device behind it,
// for which it has no reason: it stays "processing". The sentences are those
// of its ipp backend, in English because our jobs say so.
func cutOff(message string) bool {
	return slices.ContainsFunc([]string{"unavailable at this time", "unreachable at this time", "not responding",
		"Unable to locate printer"}, func(s string) bool { return strings.Contains(message, s) })
}

func traitsOf(g group) traits {
	jobs := g.texts("job-creation-attributes-supported")
	t := traits{
		known:    true,
		twoSteps: g.lists("operations-supported", opCreateJob) && g.lists("operations-supported", opSendDocument),
		scaling:  slices.Contains(jobs, "print-scaling"),
		media:    slices.Contains(jobs, "media-col"),
	}
	// Only CUPS tells the device behind it. What it calls ready media is a
	// guess by country, and of a device that is no IPP printer it knows that
	// all bytes were sent, which it calls completed.
	device := g.text("device-uri")
	if device == "" {
		t.loaded = sizesOf(g.values("media-col-ready"))
		return t
	}
	u, err := url.Parse(device)
	t.blind = err == nil && !strings.HasPrefix(u.Scheme, "ipp") && u.Scheme != "dnssd" && u.Scheme != "implicitclass"
	return t
}

func wanted(names ...string) attr {
	a := attr{name: "requested-attributes"}
	for _, n := range names {
		a.values = append(a.values, text(tagKeyword, n))
	}
	return a
}

// learn asks the printer what it can do, if it has not said so yet, and one
// that is known by its name whether it is still the same.
func (p *ippPrinter) learn(ctx context.Context) (traits, error) {
	p.mu.Lock()
	t := p.traits
	p.mu.Unlock()
	if _, moves := p.place.(*announced); t.known && !moves { // a named one may have become another
		return t, nil
	}
	if _, err := p.Status(ctx); err != nil {
		return t, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.traits, nil
}
