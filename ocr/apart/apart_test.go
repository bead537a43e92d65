package apart_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"log/slog"
	"math"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"hallpass/ocr"
	"hallpass/ocr/apart"
)

// The test program is also the child, and a parent to be killed.
const (
	asChild  = "APART_TEST_CHILD"
	asParent = "APART_TEST_PARENT"
	openFail = "APART_TEST_FAIL" // while this file is there, no child starts
	writeTo  = "APART_TEST_WRITE"
	dialTo   = "APART_TEST_DIAL"
)

func TestMain(m *testing.M) {
	switch {
	case os.Getenv(asChild) != "":
		if err := apart.Main(open); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	case os.Getenv(asParent) != "":
		parent()
	default:
		os.Exit(m.Run())
	}
}

func open(context.Context) (apart.Source, string, error) {
	if _, err := os.Stat(os.Getenv(openFail)); err == nil {
		return nil, "", errors.New("its model is not installed; run make install")
	}
	return obedient{}, "stand-in", nil
}

// obedient does what the picture says.
type obedient struct{}

func (obedient) Read(ctx context.Context, picture []byte) (ocr.Card, error) {
	what, rest, _ := strings.Cut(string(picture), " ")
	switch what {
	case "card":
		return named(rest), nil
	case "full":
		return fullCard(), nil
	case "odd":
		return ocr.Card{Fields: map[string]ocr.Field{"name": {Confidence: math.NaN()}}}, nil
	case "wait":
		d, _ := time.ParseDuration(rest)
		select {
		case <-time.After(d):
			return named(rest), nil
		case <-ctx.Done():
			return ocr.Card{}, ctx.Err()
		}
	case "stuck": // as native code is: no context ends it
		select {}
	case "fail":
		return ocr.Card{}, fmt.Errorf("read lines: %w", failures[rest])
	case "loot":
		return ocr.Card{}, loot()
	case "panic":
		panic("林晓")
	case "index":
		return ocr.Card{}, errors.New(strings.Split("a b", " ")[len(rest)])
	}
	if len(what) < 20 {
		harm(what)
	}
	return ocr.Card{}, errors.New("still alive")
}

// loot tries what an exploited library would, and says what it could do.
func loot() error {
	_, write := os.Create(os.Getenv(writeTo))
	_, make := syscall.Open(os.Getenv(writeTo), syscall.O_RDONLY|syscall.O_CREAT, 0o600)
	_, call := net.Dial("tcp", os.Getenv(dialTo))
	_, sink := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	return fmt.Errorf("write %v, make %v, call %v, sink %v", write == nil, make == nil, call == nil, sink == nil)
}

// harm is what native libraries do to a process.
func harm(what string) {
	self := os.Getpid()
	say := func(text string) { _, _ = syscall.Write(3, []byte(text)) }
	switch what {
	case "kill":
		_ = syscall.Kill(self, syscall.SIGKILL)
	case "abort":
		_ = syscall.Kill(self, syscall.SIGABRT)
	case "stop":
		_ = syscall.Kill(self, syscall.SIGSTOP)
	case "garbage":
		say("Error in pixReadMem: 林晓 is no answer\n")
	case "oversized":
		say("HPC1\x04\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x02\xff\xff\xff\xff{}")
	case "cut":
		say("HPC1\x04\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x09\x00\x00\x00\x00{}")
		os.Exit(0)
	case "print":
		fmt.Println("Estimating resolution of 林晓")
		fmt.Fprint(os.Stderr, strings.Repeat("x", 9000), "\nand more")
		return
	case "eat":
		var all [][]byte
		for range 4096 {
			all = append(all, bytes.Repeat([]byte{1}, 1<<20))
		}
		fmt.Fprintln(os.Stderr, len(all))
	}
	select {}
}

var failures = map[string]error{
	"not_picture": ocr.ErrNotPicture, "too_large": ocr.ErrTooLarge, "blank": ocr.ErrBlank, "busy": ocr.ErrBusy,
	"unavailable": ocr.ErrUnavailable, "lost": ocr.ErrLost, "deadline": context.DeadlineExceeded, "canceled": context.Canceled,
	"other": errors.New("leptonica was built without its jaw"),
}

func named(name string) ocr.Card {
	view := image.NewRGBA(image.Rect(0, 0, 300, 200))
	for i := range view.Pix {
		view.Pix[i] = byte(i)
	}
	return ocr.Card{View: view, Fields: map[string]ocr.Field{"name": {Text: name, Confidence: 0.9}}}
}

// start runs a reader whose child is this program.
func start(t testing.TB, o apart.Options) *apart.Reader {
	t.Helper()
	r, err := apart.Start(t.Context(), options(o))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func options(o apart.Options) apart.Options {
	o.Command = []string{os.Args[0]}
	o.Env = append(o.Env, os.Environ()...)
	o.Env = append(o.Env, asChild+"=1", "GORACE=atexit_sleep_ms=0")
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// reads is a read that must give the card of that name.
func reads(t testing.TB, r *apart.Reader, picture, name string) {
	t.Helper()
	card, err := r.Read(t.Context(), []byte(picture))
	if err != nil || card.Fields["name"].Text != name {
		t.Errorf("Read(%q) = %q, %v, want the card of %q", picture, card.Fields["name"].Text, err, name)
	}
}

// under starts a read and returns when a child has had it for a moment.
func under(t testing.TB, r *apart.Reader, picture string) (end func() (ocr.Card, error)) {
	t.Helper()
	var card ocr.Card
	var err error
	var wait sync.WaitGroup
	ctx := t.Context()
	wait.Go(func() { card, err = r.Read(ctx, []byte(picture)) })
	<-time.After(100 * time.Millisecond)
	return func() (ocr.Card, error) { wait.Wait(); return card, err }
}

// eventually polls with a deadline.
func eventually(t testing.TB, what string, limit time.Duration, ok func() bool) {
	t.Helper()
	deadline := time.After(limit)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline:
			t.Fatalf("not so after %s: %s", limit, what)
		case <-tick.C:
		}
	}
}

// gone says whether a process has ended.
func gone(pid int) bool {
	state, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || bytes.Contains(state, []byte(") Z "))
}

// parent is a kiosk to be killed: it names its child and hangs.
func parent() {
	o := options(apart.Options{})
	o.Env = append(o.Env, asParent+"=")
	r, err := apart.Start(context.Background(), o)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(r.Stats().PID)
	select {}
}

// P9: a program that Start did not start says what it is.
func TestMain_StartedByHand(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), asChild+"=1")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "which the kiosk starts by itself") {
		t.Errorf("by hand = %v %s", err, out)
	}
}
