package spool

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// What label printers on port 9100 have in common: one conversation at a time,
// pictures instead of pages, and no memory of jobs.

const (
	labelWait   = 3 * time.Second  // for an answer; a printer that is busy drawing needs a second or two
	maxWait     = time.Minute      // that an address may ask for
	askWaits    = 10               // waits that one answer may take, however steadily it drips
	sendLabels  = 30 * time.Second // a printer with a full buffer takes a label only as it prints
	keptJobs    = 100              // sent jobs remembered; a desk asks about its last few
	maxAnswer   = 64 << 10         // ~HS and its like are under 1 kB
	blindFor    = time.Minute      // a printer that said nothing is asked again after this
	defaultPort = "9100"           // "raw" printing, of every label printer that has a network
)

// errSilent says that a question was not answered at all.
var errSilent = errors.New("no answer")

// labelPlace is what the address of a label printer says.
type labelPlace struct {
	host  string // with port
	wait  time.Duration
	media media // what lies in it, as staff say
	roll  int   // labels on a roll, 0 if nobody said
	query url.Values
}

// media is the size of a label in millimetres; length 0 is an endless roll and
// width 0 is not known.
type media struct{ width, length int }

func (m media) String() string {
	switch {
	case m.width == 0:
		return ""
	case m.length == 0:
		return strconv.Itoa(m.width)
	}
	return fmt.Sprintf("%dx%d", m.width, m.length)
}

// labelAddress reads an address; further parameters stay in query.
func labelAddress(u *url.URL) (labelPlace, error) {
	bad := func(form string, more ...any) (labelPlace, error) {
		return labelPlace{}, fmt.Errorf("printer %q: "+form, append([]any{u.Redacted()}, more...)...)
	}
	if u.Hostname() == "" || u.User != nil || u.Path != "" && u.Path != "/" {
		return bad("needs the form %s://HOST[:%s]", u.Scheme, defaultPort)
	}
	p := labelPlace{host: u.Host, wait: labelWait, query: u.Query()}
	if u.Port() == "" {
		p.host = net.JoinHostPort(u.Hostname(), defaultPort)
	}
	if s := p.take("wait"); s != "" {
		d, err := time.ParseDuration(s)
		if err != nil || d <= 0 || d > maxWait {
			return bad("wait=%s is no time up to %s, such as 3s", s, maxWait)
		}
		p.wait = d
	}
	if s := p.take("roll"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > maxRoll {
			return bad("roll=%s is no number of labels from 1 to %d", s, maxRoll)
		}
		p.roll = n
	}
	if s := p.take("media"); s != "" {
		width, length, cut := strings.Cut(s, "x")
		var e1, e2 error
		p.media.width, e1 = strconv.Atoi(width)
		if cut {
			p.media.length, e2 = strconv.Atoi(length)
		}
		if e1 != nil || e2 != nil || p.media.width < 1 || p.media.width > 300 || p.media.length < 0 || p.media.length > 2000 {
			return bad("media=%s is no size in millimetres, such as 62x100 or, endless, 62", s)
		}
	}
	return p, nil
}

// take returns a parameter and strikes it from the query.
func (p *labelPlace) take(key string) string {
	s := p.query.Get(key)
	p.query.Del(key)
	return s
}

// known refuses what is left in the query.
func (p *labelPlace) known(u *url.URL, keys string) error {
	for key := range p.query {
		return fmt.Errorf("printer %q: %s is unknown; there are wait, media, roll, %s", u.Redacted(), key, keys)
	}
	return nil
}

// line is one conversation with a printer. It ends with close, when ctx ends,
// or by itself; a printer's word that was broken off is never acted on.
type line struct {
	ctx  context.Context
	conn net.Conn
	host string
	wait time.Duration
	stop func() bool
}

func dial(ctx context.Context, host string, wait time.Duration) (*line, error) {
	d := net.Dialer{Timeout: wait}
	conn, err := d.DialContext(ctx, "tcp", host) // each time: the name may have moved
	if err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, fmt.Errorf("%w at %s: %w", ErrUnreachable, host, err)
	}
	l := &line{ctx: ctx, conn: conn, host: host, wait: wait}
	l.stop = context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	return l, nil
}

func (l *line) close() {
	l.stop()
	_ = l.conn.Close()
}

// send hands everything over and tells how much of it the network took.
func (l *line) send(data []byte) (int, error) {
	if err := l.until(sendLabels); err != nil {
		return 0, err
	}
	n, err := l.conn.Write(data)
	if err != nil {
		return n, l.broken(err)
	}
	return n, nil
}

// until sets the deadline of what is done next.
func (l *line) until(d time.Duration) error {
	_ = l.conn.SetDeadline(time.Now().Add(d))
	if err := l.ctx.Err(); err != nil { // it may have ended before the deadline was set
		return fmt.Errorf("%w at %s: %w", ErrUnreachable, l.host, err)
	}
	return nil
}

func (l *line) broken(err error) error {
	if l.ctx.Err() != nil {
		err = l.ctx.Err()
	}
	return fmt.Errorf("%w at %s: %w", ErrUnreachable, l.host, err)
}

// ask sends a question and reads until the answer is enough. What was heard
// comes back with errSilent too, when nothing came for the time of wait or,
// after something had come, for that of quiet.
func (l *line) ask(question string, quiet time.Duration, enough func(heard []byte) bool) ([]byte, error) {
	if _, err := l.send([]byte(question)); err != nil {
		return nil, err
	}
	var heard []byte
	patience := l.wait
	again := true // once more: this process may have been stopped, not the printer
	last := time.Now().Add(askWaits * l.wait)
	for chunk := make([]byte, 4096); ; {
		if err := l.until(min(patience, time.Until(last))); err != nil {
			return nil, err
		}
		n, err := l.conn.Read(chunk)
		heard = append(heard, chunk[:n]...)
		if n > 0 {
			patience, again = quiet, true
		}
		switch slow := (net.Error)(nil); {
		case enough(heard):
			return heard, nil
		case len(heard) > maxAnswer || n > 0 && !begins(heard):
			return nil, fmt.Errorf("%w: %s says what is no answer; is it a label printer?", ErrRefused, l.host)
		case errors.Is(err, io.EOF):
			return heard, fmt.Errorf("%w at %s: it hung up before it answered", ErrUnreachable, l.host)
		case errors.As(err, &slow) && slow.Timeout() && l.ctx.Err() == nil:
			if !again || time.Now().After(last) {
				return heard, errSilent
			}
			patience, again = patience/10, false
		case err != nil:
			return heard, l.broken(err)
		}
	}
}

// begins tells whether an answer can be one of a label printer: those of ZPL
// begin with STX or a quote, those of a QL with 0x80.
func begins(heard []byte) bool {
	text := bytes.TrimLeft(heard, "\r\n \x00")
	return len(text) == 0 || text[0] == 2 || text[0] == '"' || text[0] == 0x80
}

// draw asks a job for its labels and refuses what no printer can print.
func draw(job Job, dpi int) ([]*image.Paletted, error) {
	if job.Label == nil {
		return nil, fmt.Errorf("%w: the badge has no label; this printer prints labels only", ErrRefused)
	}
	sides, err := job.Label(dpi)
	if err != nil {
		return nil, fmt.Errorf("%w: draw the label: %w", ErrRefused, err)
	}
	for _, p := range sides {
		if p == nil || p.Rect.Empty() || len(p.Palette) == 0 {
			return nil, fmt.Errorf("%w: the label is empty", ErrRefused)
		}
	}
	if len(sides) == 0 {
		return nil, fmt.Errorf("%w: the badge has no label", ErrRefused)
	}
	return sides, nil
}

// fits refuses a label that is wider than what lies in the printer or than its
// head, both in millimetres and unknown if 0, or longer.
func fits(p *image.Paletted, perMM float64, m media, head int) error {
	const slack = 1.2 // mm: rolls and templates are rounded to whole ones
	w, h := float64(p.Rect.Dx())/perMM, float64(p.Rect.Dy())/perMM
	switch {
	case head > 0 && w > float64(head)+slack:
		return fmt.Errorf("%w: the label is %.0f mm wide, the printer's head reaches %d mm; choose a narrower badge template", ErrRefused, w, head)
	case m.width > 0 && w > float64(m.width)+slack:
		return fmt.Errorf("%w: the label is %.0f mm wide, the roll %d mm; put in the right roll or choose another badge template", ErrRefused, w, m.width)
	case m.length > 0 && h > float64(m.length)+slack:
		return fmt.Errorf("%w: the label is %.0f mm long, those on the roll %d mm; put in the right roll or choose another badge template", ErrRefused, h, m.length)
	}
	return nil
}
