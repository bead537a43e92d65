package kiosk_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"hallpass/kiosk"
	"hallpass/ocr"
	"hallpass/sync/fault"
)

// reader answers what a test wants.
type reader func(ctx context.Context, picture []byte) (ocr.Card, error)

func (r reader) Read(ctx context.Context, picture []byte) (ocr.Card, error) { return r(ctx, picture) }

func readable(context.Context, []byte) (ocr.Card, error) {
	return ocr.Card{
		Engine: "stand-in", View: image.NewRGBA(image.Rect(0, 0, 100, 60)),
		Fields: map[string]ocr.Field{"name": {Text: "Lin Xiao", Box: image.Rect(10, 10, 60, 24)}},
	}, nil
}

func TestReadCard_Faults(t *testing.T) { // P9
	f := open(t, t.TempDir(), nil)
	if _, err := f.ReadCard(t.Context(), nil); fault.CodeOf(err) != fault.CardUnavailable {
		t.Errorf("without a reader = %v, want unavailable", err)
	}
	for cause, want := range map[error]fault.Code{
		ocr.ErrNotPicture:           fault.CardNotPicture,
		ocr.ErrTooLarge:             fault.CardTooLarge,
		ocr.ErrBlank:                fault.CardBlank,
		ocr.ErrBusy:                 fault.CardBusy,
		ocr.ErrUnavailable:          fault.CardUnavailable,
		ocr.ErrLost:                 fault.CardLost,
		errors.New("leptonica: 林晓"): fault.Internal,
	} {
		f.Desk.Reader = reader(func(context.Context, []byte) (ocr.Card, error) {
			return ocr.Card{}, fmt.Errorf("read lines: %w", cause)
		})
		_, err := f.ReadCard(t.Context(), []byte("x"))
		if fault.CodeOf(err) != want || !errors.Is(err, cause) {
			t.Errorf("%v = %v, want %s with its cause for the log", cause, err, want)
		}
	}
	if got := f.Counts(); got.CardsRefused != 7 || got.CardsRead != 0 {
		t.Errorf("counts = %+v", got)
	}
}

func TestReadCard_NobodyWaitsForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := open(t, t.TempDir(), nil)
		f.Desk.Reader = reader(func(ctx context.Context, _ []byte) (ocr.Card, error) {
			<-ctx.Done()
			return ocr.Card{}, ctx.Err()
		})
		began := time.Now()
		_, err := f.ReadCard(t.Context(), []byte("x"))
		if took := time.Since(began); fault.CodeOf(err) != fault.CardTimeout || took != 8*time.Second {
			t.Errorf("after %s: %v, want a time-out after 8 s", took, err)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := f.ReadCard(gone, []byte("x")); !errors.Is(err, context.Canceled) || fault.CodeOf(err) == fault.CardTimeout {
			t.Errorf("a visitor who left = %v, want canceled", err)
		}
	})
}

// P7, P8: a visitor who leaves while the card is being read never learns its
// id, so nobody could forget it.
func TestReadCard_LeftMeanwhileIsNotRemembered(t *testing.T) {
	f := open(t, t.TempDir(), nil)
	ctx, leave := context.WithCancel(t.Context())
	f.Desk.Reader = reader(func(ctx context.Context, picture []byte) (ocr.Card, error) {
		leave() // too late for the engine to notice
		return readable(ctx, picture)
	})
	c, err := f.ReadCard(ctx, []byte("x"))
	if !errors.Is(err, context.Canceled) || c.ID != "" || f.Counts().CardsRead != 0 {
		t.Errorf("ReadCard = card %q, %v, want none and canceled", c.ID, err)
	}
}

func TestCards_FewAndShortLived(t *testing.T) { // P7, P8
	f := open(t, t.TempDir(), nil)
	f.Desk.Reader = reader(readable)
	var mu sync.Mutex
	now := time.Date(2027, 4, 21, 9, 0, 0, 0, time.UTC)
	f.Desk.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	if err := f.Open(); err != nil { // with that clock
		t.Fatal(err)
	}
	var ids []string
	for range 10 {
		c, err := f.ReadCard(t.Context(), []byte("x"))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, c.ID)
	}
	known := func() (n int) {
		for _, id := range ids {
			if _, err := f.Card(id); err == nil {
				n++
			} else if fault.CodeOf(err) != fault.NotFound {
				t.Errorf("Card = %v", err)
			}
		}
		return n
	}
	if got := known(); got != 8 {
		t.Errorf("%d cards remembered, want the last 8", got)
	}
	if _, err := f.Card(ids[9]); err != nil {
		t.Errorf("the newest card is gone: %v", err)
	}
	f.ForgetCard(ids[9])
	if got := known(); got != 7 {
		t.Errorf("%d cards after one was forgotten, want 7", got)
	}
	mu.Lock()
	now = now.Add(10 * time.Minute)
	mu.Unlock()
	if got := known(); got != 0 {
		t.Errorf("%d cards after ten minutes, want none", got)
	}
}

func TestCrop(t *testing.T) {
	f := open(t, t.TempDir(), nil)
	f.Desk.Reader = reader(readable)
	c, err := f.ReadCard(t.Context(), []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	if picture, err := f.Crop(c.ID, "name"); err != nil || picture.Bounds().Empty() {
		t.Errorf("Crop = %v", err)
	}
	for _, tt := range [][2]string{{c.ID, "fax"}, {"gone", "name"}} {
		if _, err := f.Crop(tt[0], tt[1]); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("Crop(%q) = %v, want not found", tt, err)
		}
	}
}

func TestOutline_NotAPicture(t *testing.T) {
	f := open(t, t.TempDir(), nil)
	if _, err := f.Outline(t.Context(), []byte("no frame")); fault.CodeOf(err) != fault.CardNotPicture {
		t.Errorf("Outline = %v, want not a picture", err)
	}
}

// A watcher that reads nothing is dropped and counted; nobody waits for it.
func TestWatch_SlowIsDropped(t *testing.T) {
	f := open(t, t.TempDir(), newPrinter())
	e := f.register(t)
	news, err := f.Watch(t.Context(), e.Registration.ID)
	if err != nil {
		t.Fatal(err)
	}
	f.Printer.held = true
	f.run(t)
	for i := 0; f.Counts().Dropped == 0; i++ {
		want := []string{"media-empty", "cover-open"}[i%2]
		f.Printer.set(func() { f.Printer.status.Reasons = []string{want} })
		poll(t, func() bool { return f.Progress(e).Reason == want }, func() string { return "trouble never shown" })
	}
	last := kiosk.Progress{}
	for last = range news { // what was sent before, then the end
		if last.Final() {
			t.Fatalf("final word %+v of a job that is held", last)
		}
	}
	f.Printer.set(func() { f.Printer.held, f.Printer.status.Reasons = false, nil })
	f.await(t, e.Registration.ID, "issued")
}

func TestOpen_RefusesADeskWithoutItsParts(t *testing.T) {
	if err := (&kiosk.Desk{}).Open(); err == nil {
		t.Error("a desk without a store opened")
	}
}
