package kiosk

import (
	"context"
	"errors"
	"image"
	"slices"
	"sync"
	"time"

	"hallpass/ocr"
	"hallpass/ocr/flat"
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// Reader reads the picture of a business card; *ocr.Reader does.
type Reader interface {
	Read(ctx context.Context, picture []byte) (ocr.Card, error)
}

// Card is a card that the desk remembers for the visitor in front of it. Its
// Fields are what all pictures of it say together, Unfamiliar is so if any of
// them is, the rest is the last one's.
type Card struct {
	ID string
	ocr.Card
	// From tells which picture a field was read from; without an entry the
	// first.
	From map[string]int
	// Pictures is how many there are of the card, one or more.
	Pictures int

	shots []ocr.Card // of several pictures, each as it was read
	read  time.Time
}

const (
	// maxShots is both sides twice, and one more; each takes some 5 MB.
	maxShots = 5
	maxCards = 8                // visitors try again once or twice; there is one screen
	cardLife = 10 * time.Minute // longer than anybody stands at a form
	// A good picture takes less than 2 s; beyond 8 s typing is quicker.
	cardLimit = 8 * time.Second
)

// wallet holds the cards, in memory only (P8).
type wallet struct {
	now func() time.Time

	mu    sync.Mutex
	cards []Card // oldest first; guarded by mu
}

func (w *wallet) init(now func() time.Time) { w.now = now }

func (w *wallet) add(c Card) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.purge()
	if len(w.cards) == maxCards {
		w.drop(0)
	}
	w.cards = append(w.cards, c)
}

func (w *wallet) find(id string) (Card, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.purge()
	for _, c := range w.cards {
		if c.ID == id {
			return c, true
		}
	}
	return Card{}, false
}

func (w *wallet) forget(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, c := range w.cards {
		if c.ID == id {
			w.drop(i)
			return
		}
	}
}

// replace drops the cards with those ids and adds c.
func (w *wallet) replace(c Card, ids ...string) {
	for _, id := range ids {
		w.forget(id)
	}
	w.add(c)
}

// purge drops what is too old; the caller holds mu.
func (w *wallet) purge() {
	for len(w.cards) > 0 && w.now().Sub(w.cards[0].read) >= cardLife {
		w.drop(0)
	}
}

// drop removes one card and lets go of its picture; the caller holds mu.
func (w *wallet) drop(i int) {
	copy(w.cards[i:], w.cards[i+1:])
	w.cards[len(w.cards)-1] = Card{}
	w.cards = w.cards[:len(w.cards)-1]
}

// run forgets old cards although nobody asks for them, and all at the end.
func (w *wallet) run(ctx context.Context) error {
	tick := time.NewTicker(cardLife / 20)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			w.mu.Lock()
			w.purge()
			w.mu.Unlock()
		case <-ctx.Done():
			w.mu.Lock()
			w.cards = nil
			w.mu.Unlock()
			return nil
		}
	}
}

// ReadCard reads a picture and remembers the card until it is registered,
// forgotten or ten minutes old; nothing is remembered for a ctx that has ended
// meanwhile. Its faults are the card.* codes.
func (d *Desk) ReadCard(ctx context.Context, picture []byte) (Card, error) {
	if d.Reader == nil {
		return Card{}, cardFault(ocr.ErrUnavailable)
	}
	limited, cancel := context.WithTimeout(ctx, cardLimit)
	defer cancel()
	read, err := d.Reader.Read(limited, picture)
	if err != nil {
		if limited.Err() != nil && ctx.Err() == nil {
			err = errors.Join(err, context.DeadlineExceeded)
		}
		d.count.cardsRefused.Add(1)
		return Card{}, cardFault(err)
	}
	if err := ctx.Err(); err != nil {
		return Card{}, err // who asked is gone, and would never let it be forgotten
	}
	d.count.cardsRead.Add(1)
	c := Card{ID: d.cardID(), Card: read, Pictures: 1, read: d.Now()}
	d.cards.add(c)
	return c, nil
}

func (d *Desk) cardID() string { return string(record.NewID[record.RegistrationID](d.Now())) }

// ReadMore reads a further picture of a remembered card, its other side or the
// same again, and puts both together under a new id; the old one is forgotten.
// If the picture shows the card of another person, that card is remembered by
// itself beside the first, and other is true. Besides the faults of ReadCard
// it returns fault.NotFound for a card that is forgotten, and fault.TooMany.
func (d *Desk) ReadMore(ctx context.Context, id string, picture []byte) (c Card, other bool, err error) {
	first, err := d.Card(id)
	if err != nil {
		return Card{}, false, err
	}
	if first.Pictures >= maxShots {
		return Card{}, false, fault.New(fault.TooMany, "This card was scanned often enough. Please type what is missing.")
	}
	next, err := d.ReadCard(ctx, picture)
	if err != nil {
		return Card{}, false, err
	}
	if _, err := d.Card(id); err != nil { // who showed it has left meanwhile
		d.cards.forget(next.ID)
		return Card{}, false, err
	}
	if c, ok := first.with(next); ok {
		c.ID = d.cardID()
		d.cards.replace(c, id, next.ID)
		return c, false, nil
	}
	return next, true, nil
}

// with is both cards together; false if they are of different people.
func (c Card) with(next Card) (Card, bool) {
	shots := c.shots
	if len(shots) == 0 {
		shots = []ocr.Card{c.Card}
	}
	shots = append(slices.Clone(shots), next.Card)
	fields := make([]map[string]ocr.Field, len(shots))
	for i, s := range shots {
		fields[i] = s.Fields
	}
	all, ok := ocr.Merge(fields...)
	if !ok {
		return Card{}, false
	}
	next.Fields, next.From, next.Pictures, next.shots = all.Fields, all.From, len(shots), shots
	next.Unfamiliar = slices.ContainsFunc(shots, func(s ocr.Card) bool { return s.Unfamiliar })
	return next, true
}

// Crop is the piece of the card's picture where a field stands; nil if there
// is none.
func (c Card) Crop(field string) image.Image {
	if i := c.From[field]; i < len(c.shots) {
		return ocr.Card{View: c.shots[i].View, Fields: c.Fields}.Crop(field)
	}
	return c.Card.Crop(field)
}

// Card returns a remembered card; fault.NotFound once it is forgotten.
func (d *Desk) Card(id string) (Card, error) {
	c, ok := d.cards.find(id)
	if !ok {
		return Card{}, fault.New(fault.NotFound, "The card is no longer remembered. Please scan it again.")
	}
	return c, nil
}

// Crop returns the piece of a remembered card that a field was read from.
func (d *Desk) Crop(id, field string) (image.Image, error) {
	c, err := d.Card(id)
	if err != nil {
		return nil, err
	}
	if picture := c.Crop(field); picture != nil {
		return picture, nil
	}
	return nil, fault.New(fault.NotFound, "Nothing was read from the card for this field.")
}

// ForgetCard drops a card and its picture; one that is not there is forgotten
// already.
func (d *Desk) ForgetCard(id string) { d.cards.forget(id) }

// Outline looks for a card in a camera's frame. Frames come faster than they
// are worth looking at: while one is looked at others are fault.CardBusy.
func (d *Desk) Outline(_ context.Context, frame []byte) (flat.Report, error) {
	select {
	case d.outline <- struct{}{}:
		defer func() { <-d.outline }()
	default:
		return flat.Report{}, cardFault(ocr.ErrBusy)
	}
	report, err := flat.Preview(frame)
	if err != nil {
		return flat.Report{}, cardFault(err)
	}
	return report, nil
}

// cardFault says in a visitor's words why a card was not read.
func cardFault(err error) error {
	for _, c := range []struct {
		is      error
		code    fault.Code
		message string
	}{
		{ocr.ErrHEIC, fault.CardNotPicture, "HEIC pictures cannot be read here. Please save it as JPEG, or photograph the card again."},
		{ocr.ErrNotPicture, fault.CardNotPicture, "This file is not a picture. Please use a JPEG, PNG or WebP picture."},
		{ocr.ErrTooLarge, fault.CardTooLarge, "This picture is too large. Please take a smaller one."},
		{ocr.ErrBlank, fault.CardBlank, "Nothing is printed here. Please turn the card over."},
		{ocr.ErrBusy, fault.CardBusy, "The reader is busy. Please try again in a moment."},
		{ocr.ErrLost, fault.CardLost, "The reader stopped over this picture. Please show the card again or type your details."},
		{ocr.ErrUnavailable, fault.CardUnavailable, "This kiosk cannot read cards. Please type your details."},
		{context.DeadlineExceeded, fault.CardTimeout, "Reading the card took too long. Please try again or type your details."},
	} {
		if errors.Is(err, c.is) {
			return fault.Wrap(c.code, c.message, err)
		}
	}
	return err
}
