package kiosk_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"hallpass/badge/spool"
	"hallpass/badge/spool/virtual"
	"hallpass/badge/token"
	"hallpass/kiosk"
	"hallpass/kiosk/store"
	"hallpass/ocr"
	"hallpass/sync/record"
)

// The crash tests run this test binary again as a kiosk that kills itself with
// SIGKILL at a chosen point, because a point between two lines cannot be hit
// from outside.
const (
	crashDir     = "KIOSK_TEST_DIR"
	crashPoint   = "KIOSK_TEST_POINT" // empty: work to the end
	crashPrinter = "KIOSK_TEST_PRINTER"
	crashKey     = "KIOSK_TEST_KEY"
)

func TestMain(m *testing.M) {
	if os.Getenv(crashDir) == "" {
		os.Exit(m.Run())
	}
	if err := mortal(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// die ends the process as a power cut does.
func die(point string) {
	if os.Getenv(crashPoint) == point {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}

// crashShow lets kiosks learn, so that a kill could also spoil the counts.
func crashShow() record.Show {
	show := sampleShow()
	show.Learn = true
	return show
}

func misread(context.Context, []byte) (ocr.Card, error) {
	return ocr.Card{Engine: "stand-in", Fields: map[string]ocr.Field{"name": sure("林晓"), "company": sure("Lumen 0ptics")}}, nil
}

// mortal registers one visitor by card under a key, waits for the badge and
// prints what a person would have been told.
func mortal() (err error) {
	s, err := store.Open(os.Getenv(crashDir), store.Options{Show: crashShow()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	p, err := spool.Open(os.Getenv(crashPrinter))
	if err != nil {
		return err
	}
	d := &kiosk.Desk{
		Store: mortalStore{s}, Clock: s.Clock(), Layout: plain{}, Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
		Printers: pool(mortalPrinter{p}), Poll: 5 * time.Millisecond, Reader: reader(misread),
		Sign: func(c token.Claims) (string, error) { return token.Sign(s.Key(), c) },
	}
	if err := d.Open(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	done := make(chan error, 1)
	run, stop := context.WithCancel(ctx)
	go func() { done <- d.Run(run) }()
	defer func() { stop(); err = errors.Join(err, <-done) }()
	card, err := d.ReadCard(ctx, nil)
	if err != nil {
		return err
	}
	form := goodForm()
	form.Source, form.Card = record.SourceCard, card.ID
	e, _, err := d.Register(ctx, os.Getenv(crashKey), form)
	if err != nil {
		return err
	}
	fmt.Println("saved", e.Registration.ID)
	news, err := d.Watch(ctx, e.Registration.ID)
	if err != nil {
		return err
	}
	for now := range news {
		fmt.Println(now.State, e.Registration.ID)
		if now.Final() {
			return nil
		}
	}
	return errors.New("no final word on the badge")
}

// mortalStore dies after a commit, before anybody was told.
type mortalStore struct{ *store.Store }

func (s mortalStore) Add(ctx context.Context, key string, e kiosk.Entry, counted record.Tally) (kiosk.Entry, bool, error) {
	e, fresh, err := s.Store.Add(ctx, key, e, counted)
	die("after reserve")
	return e, fresh, err
}

// mortalPrinter dies around the printer's acts.
type mortalPrinter struct{ spool.Printer }

func (p mortalPrinter) Submit(ctx context.Context, job spool.Job) error {
	die("before submit")
	err := p.Printer.Submit(ctx, job)
	die("after submit")
	return err
}

func (p mortalPrinter) Job(ctx context.Context, name string) (spool.JobStatus, error) {
	st, err := p.Printer.Job(ctx, name)
	if st.State == spool.Completed {
		die("after completion")
	}
	return st, err
}

// P1, P6: whatever the moment of the kill, after a restart and a repeat of the
// request there is one registration with one live badge that came out once,
// and its card was counted once.
func TestCrash_NothingLostNothingPrintedTwice(t *testing.T) {
	printer, err := virtual.Start(t.Context(), t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := printer.Close(); err != nil {
			t.Error(err)
		}
	}()
	dir := t.TempDir()
	saved := map[string]string{} // key → registration id
	points := []string{"after reserve", "before submit", "after submit", "after completion"}
	const rounds = 12
	for i := range rounds {
		point, key := points[i%len(points)], fmt.Sprintf("visitor-%d", i)
		if told, err := kioskUntil(t, dir, printer.URI(), point, key); err == nil {
			t.Fatalf("round %d survived %q: %v", i, point, told)
		}
		told, err := kioskUntil(t, dir, printer.URI(), "", key)
		if err != nil {
			t.Fatalf("round %d after %q: %v", i, point, err)
		}
		saved[key] = told["saved"]
	}
	checkCrash(t, dir, printer.Badges(), saved)
}

// kioskUntil runs one kiosk that dies at point and returns the last thing it
// said of each kind.
func kioskUntil(t *testing.T, dir, printer, point, key string) (map[string]string, error) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), crashDir+"="+dir, crashPoint+"="+point, crashPrinter+"="+printer, crashKey+"="+key)
	var said, log strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &log
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) && !exit.Sys().(syscall.WaitStatus).Signaled() {
		t.Fatalf("kiosk failed: %v\n%s", err, log.String())
	}
	told := map[string]string{}
	for lines := bufio.NewScanner(strings.NewReader(said.String())); lines.Scan(); {
		kind, id, _ := strings.Cut(lines.Text(), " ")
		told[kind] = id
	}
	return told, err
}

func checkCrash(t *testing.T, dir, badges string, saved map[string]string) {
	t.Helper()
	f := openFor(t, dir, crashShow(), nil, plain{})
	defer f.close(t) // checks the journal
	n := uint64(len(saved))
	want := record.Tally{
		Fields:     map[record.FieldName]record.FieldTally{"name": {Sure: record.Outcomes{Accepted: n}}, "company": {Sure: record.Outcomes{Corrected: n}}},
		Confusions: map[record.Confusion]uint64{{Read: '0', Meant: 'O'}: n},
	}
	if got := tally(t, f); !got.Equal(want) {
		t.Errorf("tally of %d visitors = %+v, want %+v", n, got, want)
	}
	papers, err := filepath.Glob(filepath.Join(badges, "*.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	printed := map[string]int{}
	for _, paper := range papers {
		job, _, _ := strings.Cut(filepath.Base(paper), ".") // JOB.pdf, and JOB.2.pdf if printed again
		printed[job]++
	}
	for key, id := range saved {
		e, ok, err := f.Store.Recall(t.Context(), key)
		if err != nil || !ok || string(e.Registration.ID) != id {
			t.Errorf("%s was told %s, kept is %s, %v", key, id, e.Registration.ID, err)
			continue
		}
		live := 0
		for _, b := range e.Badges {
			if printed[b.Job()] > 1 {
				t.Errorf("%s: issue %d was printed %d times", key, b.Issue, printed[b.Job()])
			}
			if b.Now() != record.BadgeVoided {
				live++
			}
		}
		if now := e.Current(); live != 1 || now.Now() != record.BadgeIssued || printed[now.Job()] != 1 {
			t.Errorf("%s: %d live badges, newest is %s and came out %d times", key, live, now.Now(), printed[now.Job()])
		}
	}
	if len(saved) == 0 {
		t.Error("nothing was saved at all")
	}
}
