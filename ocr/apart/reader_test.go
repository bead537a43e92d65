package apart_test

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"image"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hallpass/ocr"
	"hallpass/ocr/apart"
)

// fullCard has a value in every place that a card has, whatever is added to it.
func fullCard() ocr.Card {
	var card ocr.Card
	n := 0
	fill(reflect.ValueOf(&card).Elem(), &n)
	card.View = named("").View
	return card
}

func fill(v reflect.Value, n *int) {
	if *n++; v.Type() == reflect.TypeFor[*image.RGBA]() {
		return // the pixels have a test of their own in every card
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fill(v.Field(i), n)
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		item := reflect.New(v.Type().Elem()).Elem()
		fill(item, n)
		v.SetMapIndex(reflect.ValueOf("name"), item)
	case reflect.String:
		v.SetString(fmt.Sprintf("林晓 %d <&>", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Float64:
		v.SetFloat(1 / float64(*n))
	case reflect.Int, reflect.Int32, reflect.Int64: // Int32 is a rune
		v.SetInt(int64(*n))
	default:
		panic("a card has a " + v.Kind().String() + "; see that it comes across")
	}
}

func TestRead_AllOfACardComesAcross(t *testing.T) {
	r := start(t, apart.Options{})
	got, err := r.Read(t.Context(), []byte("full"))
	if want := fullCard(); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Read = %+v, %v, want %+v", got, err, want)
	}
	if got := r.Name(); got != "stand-in" {
		t.Errorf("Name = %q", got)
	}
}

func TestRead_ErrorsComeAcross(t *testing.T) {
	r := start(t, apart.Options{})
	for name, want := range failures {
		_, err := r.Read(t.Context(), []byte("fail "+name))
		if err == nil || err.Error() != "read lines: "+want.Error() || name != "other" && !errors.Is(err, want) {
			t.Errorf("%s = %v, want %v", name, err, want)
		}
	}
	for picture, want := range map[string]string{
		"panic":  "the reader panicked with a string", // what it said may be a visitor's (P8)
		"index ": "still alive",
		"odd":    "pass on card",
	} {
		if _, err := r.Read(t.Context(), []byte(picture)); err == nil || picture != "index " && !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s = %v, want %s", picture, err, want)
		}
	}
	if _, err := r.Read(t.Context(), []byte("index abc")); err == nil || !strings.Contains(err.Error(), "index out of range") {
		t.Errorf("index = %v", err)
	}
	if s := r.Stats(); s.Restarts != 0 {
		t.Errorf("%d restarts for errors, want none", s.Restarts)
	}
}

// Every error that package ocr exports is one that comes across as itself.
func TestRead_NoSentinelIsForgotten(t *testing.T) {
	files, err := filepath.Glob("../*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			for _, id := range spec.Names {
				if source, _ := os.ReadFile("message.go"); strings.HasPrefix(id.Name, "Err") && !strings.Contains(string(source), "ocr."+id.Name+"}") {
					t.Errorf("ocr.%s does not come across; add it to codes", id.Name)
				}
			}
			return true
		})
	}
}

func TestRead_EndsWithItsContext(t *testing.T) {
	r := start(t, apart.Options{Workers: 1})
	for _, picture := range []string{"wait 1h", "stuck", "wait 1h"} { // in the child's hands, stuck there, waiting for it
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		began := time.Now()
		_, err := r.Read(ctx, []byte(picture))
		if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took > 400*time.Millisecond {
			t.Errorf("%s = %v after %s, want its deadline after 0.2 s", picture, err, took)
		}
		cancel()
	}
	reads(t, r, "card 林晓", "林晓") // the stuck child is replaced, a second after its time
	if s := r.Stats(); s.Restarts != 1 || s.Lost != 0 {
		t.Errorf("stats = %+v, want one restart and nothing lost", s)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Read(ctx, []byte("card x")); !errors.Is(err, context.Canceled) {
		t.Errorf("ended before = %v", err)
	}
}

func TestRead_QueueIsBounded(t *testing.T) {
	r := start(t, apart.Options{Workers: 2, Queue: 3})
	ctx, cancel := context.WithCancel(t.Context())
	var wait sync.WaitGroup
	var held atomic.Int32
	for range 5 {
		wait.Go(func() {
			held.Add(1)
			_, _ = r.Read(ctx, []byte("wait 1h"))
		})
	}
	eventually(t, "the sixth is refused", 5*time.Second, func() bool {
		if held.Load() < 5 {
			return false
		}
		short, stop := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer stop()
		_, err := r.Read(short, []byte("card x"))
		return errors.Is(err, ocr.ErrBusy)
	})
	cancel()
	wait.Wait()
	reads(t, r, "card 林晓", "林晓")
}

func TestRead_TooManyBytes(t *testing.T) { // P9
	r := start(t, apart.Options{})
	if _, err := r.Read(t.Context(), make([]byte, 20<<20+1)); !errors.Is(err, ocr.ErrTooLarge) {
		t.Errorf("21 MB = %v, want too large", err)
	}
	if _, err := r.Read(t.Context(), make([]byte, 20<<20)); err == nil || errors.Is(err, ocr.ErrTooLarge) {
		t.Errorf("20 MB = %v, want the child's own answer", err)
	}
}

// A thousand cards in several at once, with children that make room for their
// successors meanwhile: every card is read, and nothing is left behind.
func TestRead_ThousandCards(t *testing.T) {
	before := runtime.NumGoroutine()
	r, err := apart.Start(t.Context(), options(apart.Options{Workers: 3, Queue: 3, Cards: 100}))
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for g := range 4 {
		wait.Go(func() {
			for i := range 250 {
				name := fmt.Sprintf("Visitor %d of %d", i, g)
				reads(t, r, "card "+name, name)
			}
		})
	}
	wait.Wait()
	eventually(t, "the child was renewed", 10*time.Second, func() bool { return r.Stats().Renewed >= 1 })
	reads(t, r, "card 林晓", "林晓")
	s := r.Stats()
	if err := r.Close(); err != nil || s.Restarts != 0 || s.Lost != 0 {
		t.Errorf("Close = %v, stats = %+v, want no restarts", err, s)
	}
	eventually(t, "goroutines ended", 5*time.Second, func() bool { return runtime.NumGoroutine() <= before })
}

func TestClose_LetsPicturesBeRead(t *testing.T) {
	r, err := apart.Start(t.Context(), options(apart.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	end := under(t, r, "wait 300ms")
	pid := r.Stats().PID
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if card, err := end(); err != nil || card.Fields["name"].Text != "300ms" {
		t.Errorf("in hand at the end = %v, %v", card.Fields, err)
	}
	if !gone(pid) {
		t.Error("the child outlives Close")
	}
	if _, err := r.Read(t.Context(), []byte("card x")); !errors.Is(err, ocr.ErrUnavailable) {
		t.Errorf("afterwards = %v, want unavailable", err)
	}
	if err := r.Close(); err != nil {
		t.Errorf("again = %v", err)
	}
}
