package enginetest

import (
	"context"
	"errors"
	"image"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"hallpass/ocr"
	"hallpass/ocr/pixels"
)

// Open starts an engine that reads so many cards at once and lets so many
// more wait. It fails the test when it cannot.
type Open func(t testing.TB, workers, queue int) ocr.Engine

// Run tests an engine (DESIGN P9: bad input is an answer).
func Run(t *testing.T, open Open) {
	e := open(t, 2, 8)
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	for name, test := range map[string]func(*testing.T, ocr.Engine){
		"BlankViewHasNoLines":    blankView,
		"StrangeViews":           strangeViews,
		"ReadsPlainPrint":        readsPlainPrint,
		"LinesAreSound":          linesAreSound,
		"SameAnswerTwice":        sameAnswerTwice,
		"ManyAtOnce":             manyAtOnce,
		"CancelledIsNotRead":     cancelled,
		"TellsHowTheCardLies":    tellsHowTheCardLies,
		"NameIsKnown":            nameIsKnown,
		"TheViewIsNotWrittenTo":  viewIsKept,
		"ALongLineKeepsItsPlace": longLine,
	} {
		t.Run(name, func(t *testing.T) { test(t, e) })
	}
	t.Run("BusyBeyondTheQueue", func(t *testing.T) { busy(t, open) })
	t.Run("CloseWhileReading", func(t *testing.T) { closeWhileReading(t, open) })
}

func nameIsKnown(t *testing.T, e ocr.Engine) {
	if n := e.Name(); n != "tesseract" && n != "ppocr" {
		t.Errorf("Name() = %q", n)
	}
}

func blankView(t *testing.T, e ocr.Engine) {
	if lines, err := e.Lines(t.Context(), blank(900, 540)); err != nil || len(lines) != 0 {
		t.Errorf("a blank view has lines %v, %v", lines, err)
	}
}

// Views that no card gives are answered, with lines or without.
func strangeViews(t *testing.T, e ocr.Engine) {
	for name, v := range map[string]*image.RGBA{
		"empty": image.NewRGBA(image.Rectangle{}), "dot": blank(1, 1), "thread": blank(3, 900),
		"ribbon": blank(2000, 5), "transparent": image.NewRGBA(image.Rect(0, 0, 300, 200)),
		"huge": printed(t, 4000, 2400, 160, "Anna Berg"), "faint": printed(t, 300, 180, 5, plain...),
	} {
		if _, err := e.Lines(t.Context(), v); err != nil {
			t.Errorf("%s view %v: %v", name, v.Rect, err)
		}
	}
}

func readsPlainPrint(t *testing.T, e ocr.Engine) {
	got := bare(text(read(t, e, card(t))))
	for _, want := range plain {
		if !strings.Contains(got, bare(want)) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
}

// Every line lies in the view, in order, and its numbers are what Line says.
func linesAreSound(t *testing.T, e ocr.Engine) {
	v := card(t)
	last := -1
	for _, l := range read(t, e, v) {
		if !l.Box.In(v.Rect) || l.Box.Empty() || l.Box.Min.Y < last-20 {
			t.Errorf("%q lies at %v after %d in %v", l.Text, l.Box, last, v.Rect)
		}
		last = l.Box.Min.Y
		n := len([]rune(l.Text))
		if l.Confidence <= 0 || l.Confidence > 1.001 || l.Weakest < 0 || l.Weakest > 1.001 {
			t.Errorf("%q: confidence %v, weakest %v", l.Text, l.Confidence, l.Weakest)
		}
		if l.Sure != nil && len(l.Sure) != n || l.At != nil && len(l.At) != n {
			t.Errorf("%q has %d characters, %d confidences and %d places", l.Text, n, len(l.Sure), len(l.At))
		}
		for i, x := range l.At {
			if x < l.Box.Min.X || x > l.Box.Max.X || i > 0 && x < l.At[i-1] {
				t.Errorf("%q: places %v in %v", l.Text, l.At, l.Box)
				break
			}
		}
	}
}

func sameAnswerTwice(t *testing.T, e ocr.Engine) {
	v := card(t)
	if a, b := read(t, e, v), read(t, e, v); !reflect.DeepEqual(a, b) {
		t.Errorf("first %v, then %v", a, b)
	}
}

func manyAtOnce(t *testing.T, e ocr.Engine) {
	v := card(t)
	want := text(read(t, e, v))
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			lines, err := e.Lines(t.Context(), v)
			if got := text(lines); err != nil || got != want {
				t.Errorf("among others %q, %v; alone %q", got, err, want)
			}
		})
	}
	all.Wait()
}

func cancelled(t *testing.T, e ocr.Engine) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Lines(ctx, card(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that has ended: %v", err)
	}
	late, stop := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer stop()
	if _, err := e.Lines(late, card(t)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("after the deadline: %v", err)
	}
}

// An engine that has read the card turned gives the lines as they stand then.
func tellsHowTheCardLies(t *testing.T, e ocr.Engine) {
	for off := 1; off <= 3; off++ {
		v := card(t)
		lines, err := e.Lines(t.Context(), pixels.Turn(v, off))
		var turned *ocr.Turned
		if !errors.As(err, &turned) || turned.Quarters != 4-off {
			t.Errorf("%d quarter turns off: %v", off, err)
			continue
		}
		if !turned.Read {
			continue
		}
		if got := bare(text(lines)); !strings.Contains(got, bare(plain[0])) || !strings.Contains(got, bare(plain[2])) {
			t.Errorf("%d quarter turns off, %q was read", off, got)
		}
		for i, l := range lines {
			if !l.Box.In(v.Rect) || l.Box.Dx() < l.Box.Dy() || i > 0 && l.Box.Min.Y < lines[i-1].Box.Max.Y-l.Box.Dy()/2 {
				t.Errorf("%d quarter turns off, %q lies at %v", off, l.Text, l.Box)
			}
		}
	}
}

func viewIsKept(t *testing.T, e ocr.Engine) {
	v := card(t)
	read(t, e, v)
	if !reflect.DeepEqual(v, card(t)) {
		t.Error("the view was changed")
	}
}

// A value at the end of a wide row stands where it is printed.
func longLine(t *testing.T, e ocr.Engine) {
	v := printed(t, 1300, 500, 30, "Anna Berg, Purchasing Department, 17 Harbour Street, Room 208, Example City 10115")
	lines := read(t, e, v)
	if got := bare(text(lines)); !strings.Contains(got, "ExampleCity10115") {
		t.Errorf("a long line reads %q", got)
	}
	right := 0
	for _, l := range lines {
		right = max(right, l.Box.Max.X)
	}
	if right < 1100 || right > 1300 {
		t.Errorf("it ends at %d of 1300", right)
	}
}

// busy fills a queue of one worker and one place: the third call is refused at
// once, the others are answered.
func busy(t *testing.T, open Open) {
	e := open(t, 1, 1)
	defer e.Close()
	v := card(t)
	results := make(chan error, 12)
	for range cap(results) {
		go func() {
			_, err := e.Lines(t.Context(), v)
			results <- err
		}()
	}
	read, refused := 0, 0
	for range cap(results) {
		switch err := <-results; {
		case err == nil:
			read++
		case errors.Is(err, ocr.ErrBusy):
			refused++
		default:
			t.Errorf("a call of many: %v", err)
		}
	}
	if read == 0 || refused == 0 {
		t.Errorf("of 12 calls at once %d were read and %d refused", read, refused)
	}
}

// closeWhileReading ends an engine under its callers: each has its lines or
// hears that there is no reader.
func closeWhileReading(t *testing.T, open Open) {
	e := open(t, 2, 4)
	v := card(t)
	results := make(chan error, 4)
	for range cap(results) {
		go func() {
			_, err := e.Lines(t.Context(), v)
			results <- err
		}()
	}
	if err := e.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	for range cap(results) {
		if err := <-results; err != nil && !errors.Is(err, ocr.ErrUnavailable) {
			t.Errorf("a call under Close: %v", err)
		}
	}
	if _, err := e.Lines(t.Context(), v); !errors.Is(err, ocr.ErrUnavailable) {
		t.Errorf("after Close: %v", err)
	}
	if err := e.Close(); err != nil {
		t.Errorf("close again: %v", err)
	}
}

func read(t testing.TB, e ocr.Engine, v *image.RGBA) []ocr.Line {
	t.Helper()
	lines, err := e.Lines(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func text(lines []ocr.Line) string {
	var out []string
	for _, l := range lines {
		out = append(out, l.Text)
	}
	return strings.Join(out, "\n")
}

// bare leaves out spaces, which engines see differently.
func bare(s string) string { return strings.Join(strings.Fields(s), "") }
