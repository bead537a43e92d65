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
	opCreateJob            = 0x0005
	opSendDocument         = 0x0006
	opCancelJob            = 0x0008
	opGetJobAttributes     = 0x0009
	opGetJobs              = 0x000a
	opGetPrinterAttributes = 0x000b
)

// Status codes of RFC 8011 appendix B that we act on.
const (
	statusNotPossible  = 0x0404
	statusNotFound     = 0x0406
	statusFormat       = 0x040a
	statusAttributes   = 0x040b
	statusUnavailable  = 0x0502
	statusTemporary    = 0x0505
	statusNotAccepting = 0x0506
	statusBusy         = 0x0507
	statusOneDocument  = 0x0509
)

const (
	askTimeout  = 10 * time.Second // CUPS on a small machine may need several
	sendTimeout = time.Minute      // a slow printer may take a PDF as it prints
	maxJobs     = 500              // of those asked for; a desk's printer has one or two waiting
)

type ippPrinter struct {
	name    string // its address as given, for errors
	place   place
	client  *http.Client
	request atomic.Uint32
	sending chan struct{} // holds one token while a job is being sent
	size    size          // the media that must be loaded; zero if any will do

	mu     sync.Mutex
	ids    map[string]uint32 // job name → the id the printer gave it, at most maxJobs
	doubts map[string]bool   // names of jobs that may yet appear empty, at most maxJobs
	traits traits            // from its last word on itself
	wanted size              // of a badge that did not fit what was loaded
}

// options are what an address says after its question mark.
type options struct {
	media  size   // what must be loaded
	sha256 string // of the printer's certificate
	uuid   string // printer-uuid, of a printer found by name
}

func ownOptions(u *url.URL) (o options, err error) {
	for key, values := range u.Query() {
		ok := false
		switch key {
		case "media":
			o.media, ok = parseSize(values[0])
		case "sha256":
			o.sha256, ok = fingerprint(values[0])
		case "uuid":
			o.uuid, ok = values[0], u.Scheme == "dnssd"
		}
		if !ok {
			return o, fmt.Errorf("printer address says %s=%.80q; it may say media=WIDTHxLENGTH in mm and sha256=FINGERPRINT", key, values[0])
		}
	}
	return o, nil
}

// openIPP opens ipp and ipps addresses.
func openIPP(u *url.URL, s settings) (Printer, error) {
	own, err := ownOptions(u)
	if err != nil {
		return nil, err
	}
	if u.Hostname() == "" || u.User != nil || u.Opaque != "" {
		return nil, fmt.Errorf("printer %q needs the form %s://HOST[:631]/PATH", u.Redacted(), u.Scheme)
	}
	bare := *u
	bare.RawQuery = ""
	host := u.Host
	if u.Port() == "" {
		host = net.JoinHostPort(u.Hostname(), "631")
	}
	web := map[string]string{"ipp": "http://", "ipps": "https://"}[u.Scheme]
	return newIPP(bare.String(), fixed{bare.String(), web + host + u.EscapedPath()}, own, s), nil
}

func newIPP(name string, at place, own options, s settings) *ippPrinter {
	return &ippPrinter{
		name:    name,
		place:   at,
		sending: make(chan struct{}, 1),
		size:    own.media,
		ids:     map[string]uint32{},
		doubts:  map[string]bool{},
		client: &http.Client{
			// One connection per question: a printer that has just closed one
			// that was kept would look like one that lost the question.
			Transport: &http.Transport{
				DisableKeepAlives: true, MaxResponseHeaderBytes: 64 << 10,
				DialContext:     new(dialer).dial,
				TLSClientConfig: newPin(name, own.sha256, s.dir).config(),
			},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// question is one request: its operation's attributes, further groups, and the
// document that follows it.
type question struct {
	op       uint16
	attrs    []attr
	groups   []group
	document []byte
}

// ask sends one request and returns the answer, whatever its status.
func (p *ippPrinter) ask(ctx context.Context, q question) (message, error) {
	timeout := askTimeout
	if q.document != nil {
		timeout = sendTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	uri, address, err := p.place.find(ctx)
	if err != nil {
		return message{}, fmt.Errorf("%w: %w: %w", ErrUnreachable, errNotConnected, err)
	}
	operation := group{tag: tagOperation, attrs: append([]attr{
		{"attributes-charset", []value{text(tagCharset, "utf-8")}},
		{"attributes-natural-language", []value{text(tagLanguage, "en")}},
		{"printer-uri", []value{text(tagURI, uri)}},
		{"requesting-user-name", []value{text(tagName, "hallpass")}}, // who may cancel
	}, q.attrs...)}
	m := message{version: 0x0200, code: q.op, id: p.request.Add(1), groups: append([]group{operation}, q.groups...)}
	return p.post(ctx, address, m, q.document)
}

func (p *ippPrinter) post(ctx context.Context, address string, q message, document []byte) (message, error) {
	body := append(q.encode(), document...)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return message{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	req.Header.Set("Content-Type", "application/ipp")
	resp, err := p.client.Do(req)
	if err != nil {
		return message{}, p.noAnswer(ctx, err)
	}
	defer resp.Body.Close()
	return readAnswer(resp, q.id)
}

// errNotConnected: the question did not leave us.
var errNotConnected = errors.New("no connection")

// noAnswer sorts out why there was none.
func (p *ippPrinter) noAnswer(ctx context.Context, err error) error {
	if u := (*url.Error)(nil); errors.As(err, &u) {
		err = u.Err // the wrapping only says Post and the address once more
	}
	if ctx.Err() == nil {
		p.place.lost()
	}
	if errors.Is(err, errCertificate) {
		return fmt.Errorf("%w: %w: %s: %w", ErrRefused, errNotConnected, p.name, err)
	}
	if op := (*net.OpError)(nil); errors.As(err, &op) && op.Op == "dial" {
		err = fmt.Errorf("%w: %w", errNotConnected, err)
	}
	return fmt.Errorf("%w at %s: %w", ErrUnreachable, p.name, err)
}

func readAnswer(resp *http.Response, id uint32) (message, error) {
	switch {
	case resp.StatusCode == http.StatusServiceUnavailable:
		return message{}, fmt.Errorf("%w: HTTP %s", ErrBusy, resp.Status)
	case resp.StatusCode == http.StatusUpgradeRequired:
		return message{}, fmt.Errorf("%w: it wants encryption, write ipps instead of ipp", ErrRefused)
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
	kind := ErrRefused
	switch {
	case m.code < 0x0100:
		return nil
	case m.code == statusFormat:
		return fmt.Errorf("%w: it takes no PDF; print through a queue of CUPS", ErrRefused)
	case m.code == statusUnavailable, m.code == statusTemporary, m.code == statusNotAccepting, m.code == statusBusy:
		kind = ErrBusy
	}
	said := m.first(tagOperation).text("status-message")
	return fmt.Errorf("%w: IPP status 0x%04x %.200q", kind, m.code, said)
}
