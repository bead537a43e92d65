package spool

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// Operations of RFC 8011 §5.4.15.
const (
	opPrintJob             = 0x0002
	opCancelJob            = 0x0008
	opGetJobAttributes     = 0x0009
	opGetJobs              = 0x000a
	opGetPrinterAttributes = 0x000b
)

// Status codes of RFC 8011 appendix B that we act on.
const (
	statusNotPossible  = 0x0404
	statusNotFound     = 0x0406
	statusUnavailable  = 0x0502
	statusTemporary    = 0x0505
	statusNotAccepting = 0x0506
	statusBusy         = 0x0507
)

const (
	askTimeout  = 10 * time.Second // CUPS on a small machine may need several
	sendTimeout = time.Minute      // a slow printer may take a PDF as it prints
	maxJobs     = 500              // of those asked for; a desk's printer has one or two waiting
)

type ippPrinter struct {
	uri, address string
	client       *http.Client
	request      atomic.Uint32
	sending      chan struct{} // holds one token while a job is being sent

	mu  sync.Mutex
	ids map[string]uint32 // job name → the id the printer gave it, at most maxJobs
}

func openIPP(u *url.URL, _ settings) (Printer, error) {
	if u.Hostname() == "" || u.RawQuery != "" || u.User != nil {
		return nil, fmt.Errorf("printer %q needs the form ipp://HOST[:631]/PATH", u.Redacted())
	}
	host := u.Host
	if u.Port() == "" {
		host = net.JoinHostPort(u.Hostname(), "631")
	}
	return &ippPrinter{
		uri:     u.String(),
		address: "http://" + host + u.EscapedPath(),
		sending: make(chan struct{}, 1),
		ids:     map[string]uint32{},
		client: &http.Client{
			// One connection per question: a job sent into a connection that
			// the printer has just closed cannot be told from a lost one.
			Transport:     &http.Transport{DisableKeepAlives: true, MaxResponseHeaderBytes: 64 << 10},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// ask sends one request and returns the answer, whatever its status.
func (p *ippPrinter) ask(ctx context.Context, op uint16, attrs []attr, document []byte) (message, error) {
	operation := group{tag: tagOperation, attrs: append([]attr{
		{"attributes-charset", []value{text(tagCharset, "utf-8")}},
		{"attributes-natural-language", []value{text(tagLanguage, "en")}},
		{"printer-uri", []value{text(tagURI, p.uri)}},
		{"requesting-user-name", []value{text(tagName, "hallpass")}},
	}, attrs...)}
	q := message{version: 0x0200, code: op, id: p.request.Add(1), groups: []group{operation}}
	timeout := askTimeout
	if document != nil {
		timeout = sendTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	body := append(q.encode(), document...)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.address, bytes.NewReader(body))
	if err != nil {
		return message{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	req.Header.Set("Content-Type", "application/ipp")
	resp, err := p.client.Do(req)
	if err != nil {
		if u := (*url.Error)(nil); errors.As(err, &u) {
			err = u.Err // the wrapping only says Post and the address once more
		}
		return message{}, fmt.Errorf("%w at %s: %w", ErrUnreachable, p.uri, err)
	}
	defer resp.Body.Close()
	return readAnswer(resp, q.id)
}

func readAnswer(resp *http.Response, id uint32) (message, error) {
	switch {
	case resp.StatusCode == http.StatusServiceUnavailable:
		return message{}, fmt.Errorf("%w: HTTP %s", ErrBusy, resp.Status)
	case resp.StatusCode >= http.StatusInternalServerError:
		return message{}, fmt.Errorf("%w: HTTP %s", ErrUnreachable, resp.Status)
	case resp.StatusCode != http.StatusOK:
		return message{}, fmt.Errorf("%w: HTTP %s; check the printer's address", ErrRefused, resp.Status)
	}
	m, err := decode(resp.Body)
	switch {
	case errors.Is(err, errMessage):
		return message{}, fmt.Errorf("%w: %w; is this an IPP printer?", ErrRefused, err)
	case err != nil:
		return message{}, fmt.Errorf("%w: %w", ErrUnreachable, err)
	case m.id != id:
		return message{}, fmt.Errorf("%w: %w: answer to another question", ErrRefused, errMessage)
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1)) // lets the printer finish its chunk
	return m, nil
}

// failure turns a status into an error; below 0x0100 all is well.
func (m message) failure() error {
	if m.code < 0x0100 {
		return nil
	}
	kind := ErrRefused
	switch m.code {
	case statusUnavailable, statusTemporary, statusNotAccepting, statusBusy:
		kind = ErrBusy
	}
	said := m.first(tagOperation).text("status-message")
	return fmt.Errorf("%w: IPP status 0x%04x %.200q", kind, m.code, said)
}

// Status asks for the printer's state.
func (p *ippPrinter) Status(ctx context.Context) (Status, error) {
	m, err := p.ask(ctx, opGetPrinterAttributes, []attr{wanted("printer-state", "printer-state-reasons",
		"printer-is-accepting-jobs", "printer-info", "printer-name")}, nil)
	if err == nil {
		err = m.failure()
	}
	if err != nil {
		return unreachable(), fmt.Errorf("ask printer: %w", err)
	}
	g := m.first(tagPrinter)
	s := Status{
		Reasons:   reasons(g.texts("printer-state-reasons")),
		Accepting: g.yes("printer-is-accepting-jobs"),
		Name:      g.text("printer-info"),
		Supplies:  noSupplies(),
		State:     "stopped", // also for a state we do not know: it does not print
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
	return s, nil
}

func wanted(names ...string) attr {
	a := attr{name: "requested-attributes"}
	for _, n := range names {
		a.values = append(a.values, text(tagKeyword, n))
	}
	return a
}
