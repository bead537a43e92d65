package kiosk

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hallpass/badge/spool"
	"hallpass/badge/token"
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

const (
	// maxSought is the longest text that is looked for, in bytes; a badge's QR
	// code has 175.
	maxSought = 500
	// sought is through how many registrations a name is looked for, the latest
	// first: more than one kiosk makes in three days.
	sought = 20_000
	// watchedFor is how long a badge that is in nobody's hand stays on the staff's
	// screen; its visitor has gone home.
	watchedFor = 24 * time.Hour
)

// Search finds, for staff, the registrations of this desk that a text means,
// the latest first and at most limit: a registration's id, a short code however
// it was typed, a badge's QR code as a scanner types it, or words that each
// begin a name, a company, a number or an address. Of a QR code it also says what
// it is worth; nil for any other text. A text that is none finds nothing.
func (d *Desk) Search(ctx context.Context, text string, limit int) ([]Entry, *token.Finding, error) {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > maxSought {
		return nil, nil, nil
	}
	judged, err := d.Store.Judge(ctx, text, d.Now())
	if err != nil {
		return nil, nil, err
	}
	if judged.Reason != token.Forged {
		found, err := d.Store.ByShortCode(ctx, token.ShortCode(judged.Claims.Badge))
		return found[:min(limit, len(found))], &judged, err
	}
	if code, err := token.ParseShortCode(text); err == nil {
		found, err := d.Store.ByShortCode(ctx, code)
		if err != nil || len(found) > 0 { // else ten digits may be a number
			return found[:min(limit, len(found))], nil, err
		}
	}
	if e, err := d.Store.Find(ctx, record.RegistrationID(text)); err == nil {
		return []Entry{e}, nil, nil
	} else if fault.CodeOf(err) != fault.NotFound {
		return nil, nil, err
	}
	found, err := d.byWords(ctx, numbered(plainWords(text)), limit)
	return found, nil, err
}

// byWords looks through what was registered lately.
func (d *Desk) byWords(ctx context.Context, words []string, limit int) (found []Entry, err error) {
	if len(words) == 0 {
		return nil, nil
	}
	left := sought
	err = d.Store.Newest(ctx, func(e Entry) bool {
		if said(e.Registration, words) {
			found = append(found, e)
		}
		left--
		return left > 0 && len(found) < limit && ctx.Err() == nil
	})
	return found, errors.Join(err, ctx.Err())
}

// said reports whether each word stands in one of the fields that people go by.
func said(r record.Registration, words []string) bool {
	var text []string
	for _, name := range []record.FieldName{"name", "name_en", "company", "company_en", "email"} {
		text = append(text, plainWords(r.Field(name))...)
	}
	for _, name := range []record.FieldName{"mobile", "phone"} {
		text = append(text, strings.Join(plainWords(r.Field(name)), "")) // however it was grouped
	}
	all := " " + strings.Join(text, " ")
	for _, word := range words {
		if !strings.Contains(all, " "+word) && (!inside(word) || !strings.Contains(all, word)) {
			return false
		}
	}
	return true
}

// nationalEnd is how many digits at a number's end stay when it is written without
// the country's code or the trunk's zero.
const nationalEnd = 8

// numbered puts digits that stand in groups together, and keeps of a long number
// the end.
func numbered(words []string) (all []string) {
	for i, word := range words {
		digits := strings.Trim(word, "0123456789") == ""
		if digits && i > 0 && strings.Trim(words[i-1], "0123456789") == "" {
			all[len(all)-1] += word
		} else {
			all = append(all, word)
		}
	}
	for i, word := range all {
		if len(word) > nationalEnd && strings.Trim(word, "0123456789") == "" {
			all[i] = word[len(word)-nationalEnd:]
		}
	}
	return all
}

// inside reports whether a word is looked for anywhere in a text, not only where
// a word begins: Chinese has no spaces, and numbers have prefixes.
func inside(word string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	return unicode.Is(unicode.Han, first) || unicode.IsDigit(first) && len(word) >= 4
}

// plainWords are a text's words without letter case, accents, width and signs.
func plainWords(text string) []string {
	text = strings.ToLower(norm.NFKD.String(text))
	return strings.FieldsFunc(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '@' })
}

// NeedsHelp lists, the latest first and at most limit, the registrations of the
// last day whose badge does not come by itself: nobody knows whether it came out,
// it failed, or its printer is in trouble.
func (d *Desk) NeedsHelp(ctx context.Context, limit int) (found []Entry, err error) {
	since := d.Now().Add(-watchedFor)
	left := sought
	err = d.Store.Newest(ctx, func(e Entry) bool {
		if e.Registration.Created.Time().Before(since) {
			return false
		}
		switch p := d.Progress(e); {
		case p.State == record.BadgeUnknown, p.State == record.BadgeFailed, !p.Final() && p.Reason != "":
			found = append(found, e)
		}
		left--
		return left > 0 && len(found) < limit && ctx.Err() == nil
	})
	return found, errors.Join(err, ctx.Err())
}

// Reprints is how often a person had the entry's badge replaced, and how many
// more times who may.
func (e Entry) Reprints(who Who) (asked, left int) {
	asked = e.asked()
	return asked, max(0, min(limit(who)-asked, maxIssues-int(e.Current().Issue)))
}

// Reasons are those that who may give for another badge, the usual first.
func (w Who) Reasons() (all []string) {
	for _, reason := range []string{ReasonLost, ReasonDamaged, ReasonMisprint, ReasonNotOut, ReasonCorrected, ReasonNotMine} {
		if w.may(reason) {
			all = append(all, reason)
		}
	}
	return all
}

// NewRoll says that a roll of so many labels was put into the pool's n-th
// printer, from 0, just now. Its faults are NotFound for a printer that is none
// or counts no labels, Invalid for a roll that no printer takes, and Unavailable
// for a printer that is not there to say what it has printed so far.
func (d *Desk) NewRoll(ctx context.Context, n, labels int) error {
	if n < 0 || n >= len(d.pool.lanes) {
		return fault.New(fault.NotFound, "The kiosk has no such printer.")
	}
	l := d.pool.lanes[n]
	roller, ok := l.Printer.(spool.Roller)
	if !ok {
		return fault.New(fault.NotFound, "This printer does not count labels.")
	}
	limited, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	switch err := roller.NewRoll(limited, labels); {
	case errors.Is(err, spool.ErrRefused):
		return invalid("labels", "A roll has 1 to 20,000 labels.")
	case err != nil:
		return fault.Wrap(fault.Unavailable, "The printer does not answer. Switch it on and try again.", err)
	}
	d.Log.Info("new roll", "printer", l.Name, "labels", labels)
	l.look(ctx)
	return nil
}
