//go:build cgo

package tesseract_test

import (
	"context"
	"encoding/json"
	"errors"
	"image"
	"image/draw"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"hallpass/ocr"
	"hallpass/ocr/tesseract"
)

// TestMain starts the tests again with the one variable that must be there
// before Tesseract's library is loaded.
func TestMain(m *testing.M) {
	if os.Getenv("OMP_THREAD_LIMIT") != "" {
		code := m.Run()
		if e, err := shared(); err == nil {
			e.Close()
		}
		os.Exit(code)
	}
	again := exec.Command(os.Args[0], os.Args[1:]...)
	again.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
	again.Stdout, again.Stderr = os.Stdout, os.Stderr
	if err := again.Run(); err != nil {
		os.Exit(1)
	}
}

// shared is one worker with one place to wait: its five clients take long to
// load under the race detector.
var shared = sync.OnceValues(func() (*tesseract.Engine, error) {
	return tesseract.New(context.Background(), tesseract.Options{Workers: 1, Queue: 1})
})

func engine(t testing.TB) *tesseract.Engine {
	t.Helper()
	e, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// The sample photos: what must be read exactly, and how many of all the
// printed values at the least.
func TestEngine_ReadsCards(t *testing.T) {
	reader := &ocr.Reader{Engine: engine(t)}
	for name, c := range map[string]struct {
		exact []string
		least float64
	}{
		"english":     {[]string{"name", "company", "mobile", "phone", "website"}, 0.85},
		"simplified":  {[]string{"mobile", "phone", "fax", "title", "department", "wechat"}, 0.7},
		"traditional": {[]string{"mobile", "phone", "website", "company"}, 0.7},
		"bilingual":   {[]string{"mobile", "phone", "name"}, 0.6},
		"dark":        {[]string{"name", "mobile", "phone"}, 0.6},
	} {
		t.Run(name, func(t *testing.T) {
			card, err := reader.Read(t.Context(), sample(t, name+".jpg"))
			if err != nil {
				t.Fatal(err)
			}
			var truth struct{ Fields map[string][]string }
			if err := json.Unmarshal(sample(t, name+".json"), &truth); err != nil {
				t.Fatal(err)
			}
			right, all := 0, 0
			for field, values := range truth.Fields {
				for _, want := range values {
					all++
					if reads(card, field, want) {
						right++
					}
				}
			}
			if share := float64(right) / float64(all); share < c.least {
				t.Errorf("%d of %d values are right, want %.0f %%: %v", right, all, 100*c.least, card.Fields)
			}
			for _, field := range c.exact {
				if want := truth.Fields[field][0]; !reads(card, field, want) {
					t.Errorf("%s = %q, want %q", field, card.Fields[field].Text, want)
				}
			}
		})
	}
}

// reads says whether any value of the field is the one printed, blanks and
// marks aside.
func reads(card ocr.Card, field, want string) bool {
	for _, name := range []string{field, field + "_en"} {
		f := card.Fields[name]
		for _, got := range append([]ocr.Alternative{{Text: f.Text}}, f.More...) {
			if letters(got.Text) == letters(want) {
				return true
			}
		}
	}
	return false
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '@' {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

func TestEngine_EmptyViewHasNoLines(t *testing.T) {
	view := image.NewRGBA(image.Rect(0, 0, 600, 360))
	draw.Draw(view, view.Rect, image.White, image.Point{}, draw.Src)
	if lines, err := engine(t).Lines(t.Context(), view); err != nil || len(lines) != 0 {
		t.Errorf("Lines = %v, %v; want none", lines, err)
	}
}

func TestEngine_RereadsWhereItIsTold(t *testing.T) {
	e := engine(t)
	card, err := (&ocr.Reader{Engine: e}).Read(t.Context(), sample(t, "english.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	box := card.Fields["mobile"].Box
	lines, err := e.Reread(t.Context(), card.View, []ocr.Ask{{Box: box}, {Box: image.Rect(-50, -50, -10, -10)}})
	if err != nil || len(lines) != 2 || !strings.Contains(lines[0].Text, "491 570") || lines[1].Text != "" {
		t.Errorf("Reread = %+v, %v", lines, err)
	}
}

// One worker, one waiting: of many visitors at once some are told to try
// again, none waits without end, and none is lost.
func TestEngine_BusyBeyondItsQueue(t *testing.T) {
	reader := &ocr.Reader{Engine: engine(t)}
	photo := sample(t, "english.jpg")
	var mu sync.Mutex
	var read, busy int
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			_, err := reader.Read(t.Context(), photo)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				read++
			case errors.Is(err, ocr.ErrBusy):
				busy++
			default:
				t.Error(err)
			}
		})
	}
	group.Wait()
	if read == 0 || read+busy != 6 {
		t.Errorf("%d read and %d busy of 6", read, busy)
	}
}

func TestEngine_AnswersWhenTheTimeIsUp(t *testing.T) {
	e := engine(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := (&ocr.Reader{Engine: e}).Read(ctx, sample(t, "english.jpg")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Read = %v, want %v", err, context.DeadlineExceeded)
	}
}

func TestEngine_ClosedIsUnavailable(t *testing.T) {
	e, err := tesseract.New(t.Context(), tesseract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(e.Close(), e.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Lines(t.Context(), image.NewRGBA(image.Rect(0, 0, 100, 100))); !errors.Is(err, ocr.ErrUnavailable) {
		t.Errorf("Lines = %v, want %v", err, ocr.ErrUnavailable)
	}
}

// BenchmarkRead is a whole card from bytes to fields, beside the tesseract
// program on the same photo; "ratio" is the first over the second.
func BenchmarkRead(b *testing.B) {
	reader := &ocr.Reader{Engine: engine(b)}
	photo := sample(b, "simplified.jpg")
	var own, program time.Duration
	for b.Loop() {
		start := time.Now()
		if _, err := reader.Read(b.Context(), photo); err != nil {
			b.Fatal(err)
		}
		own += time.Since(start)
		start = time.Now()
		cmd := exec.CommandContext(b.Context(), "tesseract", "../testdata/simplified.jpg", "-", "--psm", "11", "-l", "chi_sim+eng")
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%v: %s", err, out)
		}
		program += time.Since(start)
	}
	b.ReportMetric(float64(own.Milliseconds())/float64(b.N), "ms/card")
	b.ReportMetric(own.Seconds()/program.Seconds(), "ratio")
}
