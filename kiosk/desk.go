package kiosk

import (
	"context"
	"errors"
	"image"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"hallpass/badge/token"
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// Ledger keeps registrations. Every method is one transaction, durable and
// journalled when it returns nil; a full disk is fault.StorageFull and leaves
// nothing behind.
type Ledger interface {
	// Add keeps a new entry under the key that a repeat carries, and adds
	// counted to the tally if the show in force lets kiosks learn. If the key is
	// known already it returns the entry that it belongs to, and false.
	Add(ctx context.Context, key string, e Entry, counted record.Tally) (Entry, bool, error)
	// Find returns fault.NotFound for an unknown id.
	Find(ctx context.Context, id record.RegistrationID) (Entry, error)
	// Change lets fn alter an entry's badges and keeps what it altered; if fn
	// fails nothing is kept and its error is returned. fn may run only once.
	Change(ctx context.Context, id record.RegistrationID, fn func(*Entry) error) (Entry, error)
}

// Index finds entries by what people and programs have in hand.
type Index interface {
	// Recall returns the entry kept under a key, and false if there is none.
	Recall(ctx context.Context, key string) (Entry, bool, error)
	// ByShortCode returns every entry with a badge of that short code, newest
	// first: two badges may share one.
	ByShortCode(ctx context.Context, code string) ([]Entry, error)
	// Newest calls fn with the entries, the latest registered first, until fn
	// says that it has seen enough. fn must not wait for anything.
	Newest(ctx context.Context, fn func(Entry) bool) error
	// Open returns the badges that still need the printer, oldest first.
	Open(ctx context.Context) ([]Ticket, error)
	// Judge says what a badge's QR code is worth, of any kiosk of the show as far
	// as the hall has told this one; see token.Ring.
	Judge(ctx context.Context, text string, at time.Time) (token.Finding, error)
}

// Ticket names one badge of one registration.
type Ticket struct {
	Registration record.RegistrationID
	Badge        record.BadgeID
}

// Store is what the desk stands on.
type Store interface {
	Ledger
	Index
	// Show returns the show as it is set up now.
	Show() record.Show
}

// Layout draws an entry's newest badge as the show wants it.
type Layout interface {
	// PDF returns one document for a printer of pages.
	PDF(show record.Show, e Entry) ([]byte, error)
	// Label returns one picture a side, white and black, for a label printer.
	Label(show record.Show, e Entry, dpi int) ([]*image.Paletted, error)
	// Proof returns the front for a screen.
	Proof(show record.Show, e Entry, dpi int) (Proof, error)
}

// Proof is a badge as it will be printed.
type Proof struct {
	Front image.Image
	// Missing are the letters and signs that no font has, each once: 〓 stands
	// for a letter, a sign is left out, and a name may give way to its Latin form.
	Missing []string
}

// Desk is one kiosk's desk. Set the exported fields, then call Open, then Run;
// all other methods are for any number of goroutines.
type Desk struct {
	Store    Store
	Clock    *record.Clock                      // the node's stamps, shared with the store
	Sign     func(token.Claims) (string, error) // with the node's key
	Printers []Station                          // the desk's own first; none: badges wait until there is one
	Layout   Layout
	Reader   Reader // nil: cards are not read
	Guests   Guests // nil: nobody is expected, nobody recognized
	Log      *slog.Logger
	Now      func() time.Time  // time.Now if nil
	At       func(step string) // told where a print stands, for tests that end the process there; may be nil

	Poll     time.Duration // between two questions to a printer; 250 ms if 0
	Patience time.Duration // before a badge leaves a printer in trouble for one that is well; 5 s if 0
	Grace    time.Duration // how long Run lets a print finish after its ctx ended; 3 s if 0

	cards   wallet
	outline chan struct{} // holds one token while a camera frame is looked at
	watch   watchers
	pool    *pool
	count   counters
}

// Open prepares the desk and refuses one that lacks a part.
func (d *Desk) Open() error {
	if d.Store == nil || d.Clock == nil || d.Sign == nil || d.Layout == nil || d.Log == nil {
		return errors.New("desk needs a store, clock, signer, layout and log")
	}
	if d.Now == nil {
		d.Now = time.Now
	}
	if d.Poll == 0 {
		d.Poll = 250 * time.Millisecond // a visitor sees progress at once; a printer on loopback takes 0.4 ms to answer
	}
	if d.Patience == 0 {
		d.Patience = 5 * time.Second // long enough to close a cover, short enough to stand and wait
	}
	if d.Grace == 0 {
		d.Grace = 3 * time.Second
	}
	d.cards.init(d.Now)
	d.watch.init(&d.count.dropped)
	d.outline = make(chan struct{}, 1)
	var err error
	d.pool, err = newPool(d)
	return err
}

func (d *Desk) at(step string) {
	if d.At != nil {
		d.At(step)
	}
}

// Run prints badges and forgets cards until ctx ends. A print under way then
// has Grace to finish; what is not finished is taken up by the next Run.
func (d *Desk) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return d.pool.run(ctx) })
	g.Go(func() error { return d.cards.run(ctx) })
	err := g.Wait()
	d.watch.close()
	return err
}

// Register checks the form, keeps the registration with its first badge, and
// starts printing. It returns after the commit. key makes a repeat safe: the
// same form under the same key is the same registration and reports false;
// another form under it is fault.Conflict. With no key every call registers.
func (d *Desk) Register(ctx context.Context, key string, form Form) (Entry, bool, error) {
	if len(key) > maxKey {
		return Entry{}, false, invalid("Idempotency-Key", "The key is longer than 200 characters.")
	}
	if key != "" {
		if kept, ok, err := d.Store.Recall(ctx, key); err != nil || ok {
			return d.same(kept, form, err)
		}
	}
	show, at := d.Store.Show(), d.Clock.Tick()
	reg, err := d.registration(ctx, form, show, at)
	if err != nil {
		return Entry{}, false, err
	}
	first, err := d.newBadge(show, reg, 1, at)
	if err != nil {
		return Entry{}, false, err
	}
	first.note("", at)
	entry, fresh, err := d.Store.Add(ctx, key, Entry{Registration: reg, Badges: []Badge{first}}, d.learn(show, form, reg))
	if err != nil || !fresh {
		return d.same(entry, form, err)
	}
	d.count.registered.Add(1)
	d.at("registered")
	d.Log.Info("visitor registered", "registration", reg.ID, "source", reg.Source)
	d.cards.forget(form.Card)
	d.pool.wake()
	return entry, true, nil
}

// registration is the fact of a form; one with a code confirms who is expected.
func (d *Desk) registration(ctx context.Context, form Form, show record.Show, at record.Stamp) (record.Registration, error) {
	if form.Code == "" {
		reg, err := form.registration(show, at)
		reg.ID = record.NewID[record.RegistrationID](d.Now())
		return reg, err
	}
	known, err := d.Expected(ctx, form.Code)
	if err != nil {
		return record.Registration{}, err
	}
	reg, err := form.registration(inviting(show, known), at)
	return confirmed(show, known, reg), err
}

// maxKey bounds what a repeat may be known by; a UUID has 36 characters.
const maxKey = 200

// same returns the entry that was kept under the key, or fault.Conflict if the
// form says something else.
func (d *Desk) same(kept Entry, form Form, err error) (Entry, bool, error) {
	if err != nil {
		return Entry{}, false, err
	}
	if !form.says(d.Store.Show(), kept.Registration) {
		return Entry{}, false, fault.New(fault.Conflict, "This key belongs to another registration.").WithField("Idempotency-Key")
	}
	return kept, false, nil
}

// newBadge reserves an issue: its code exists from now on, the paper does not.
func (d *Desk) newBadge(show record.Show, r record.Registration, issue uint16, at record.Stamp) (Badge, error) {
	id := record.NewID[record.BadgeID](d.Now())
	raw, err := id.Bytes()
	if err != nil {
		return Badge{}, err
	}
	text, err := d.Sign(token.Claims{
		Badge: raw, Issue: issue, Category: string(r.Category.Value),
		FirstDay: show.FirstDay, Days: uint8(show.Days), //nolint:gosec // Validate allows 1 to 31
	})
	if err != nil {
		return Badge{}, err
	}
	return Badge{Token: text, Badge: record.Badge{
		ID: id, Registration: r.ID, Show: r.Show, Node: at.Node, Issue: issue,
		Category: r.Category.Value, ShortCode: token.ShortCode(raw),
		State: record.Register[record.BadgeState]{Value: record.BadgeReserved, At: at},
	}}, nil
}

// Find returns the entry with that registration id or short code, however it
// was typed; fault.NotFound if there is none.
func (d *Desk) Find(ctx context.Context, idOrCode string) (Entry, error) {
	code, err := token.ParseShortCode(idOrCode)
	if err != nil {
		return d.Store.Find(ctx, record.RegistrationID(idOrCode))
	}
	entries, err := d.Store.ByShortCode(ctx, code)
	if err != nil {
		return Entry{}, err
	}
	if len(entries) == 0 {
		return Entry{}, fault.New(fault.NotFound, "No badge has this code.")
	}
	return entries[0], nil
}
