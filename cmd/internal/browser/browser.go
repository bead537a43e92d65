// Package browser drives the pages in a real headless Chromium, as a visitor,
// an exhibitor and an organizer would: by what stands on the screen.
//
// It owns the command line that Chromium needs to stay off the network and to
// take a picture file for its camera, the profiles that keep tests apart though
// they share a program, and the waiting: every step polls its condition until
// the browser's deadline, so that no test sleeps. A step that does not come true
// fails the test with the step's name and the page's text.
package browser

import (
	"context"
	"iter"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Options say what kind of screen it is and what its camera sees.
type Options struct {
	Width, Height int64         // CSS pixels; 1080×1920 if zero
	Scale         float64       // device pixels per CSS pixel; 1 if zero
	Language      string        // BCP 47; "en" if empty
	Camera        string        // an .mjpeg file from Camera; no camera if empty
	Patience      time.Duration // for one step; 30 s if zero, for a busy machine
	In            *Chromium     // whose tab it is; a program of its own if nil
}

// Browser is one tab with a profile of its own, which is empty at first.
type Browser struct {
	tb       testing.TB
	ctx      context.Context
	patience time.Duration
	reader   sync.WaitGroup // follows the page's console until the tab is gone
	messages []string       // what the page logged or threw; read after reader
}

// Start opens a browser that closes with the test. What the page writes to its
// console is shown if the test fails.
func Start(tb testing.TB, o Options) *Browser {
	tb.Helper()
	in := o.In
	if in == nil {
		in = &Chromium{}
		tb.Cleanup(func() { _ = in.Close() })
	}
	ctx, cancel := chromedp.NewContext(in.program(tb, o).tab, chromedp.WithNewBrowserContext())
	b := &Browser{tb: tb, ctx: ctx, patience: or(o.Patience, 30*time.Second)}
	tb.Cleanup(func() {
		cancel()
		b.report()
	})
	size := chromedp.EmulateViewport(or(o.Width, 1080), or(o.Height, 1920), chromedp.EmulateScale(or(o.Scale, 1)))
	if err := chromedp.Do(ctx, size); err != nil {
		tb.Fatalf("open a tab: %v", err)
	}
	console := chromedp.Console(ctx)
	b.reader.Go(func() { b.follow(console) })
	return b
}

// follow keeps what the page writes until the tab is gone.
func (b *Browser) follow(console iter.Seq2[chromedp.ConsoleMessage, error]) {
	for message, err := range console {
		if err != nil {
			return
		}
		b.messages = append(b.messages, message.String())
	}
}

// report shows what the page wrote if the test failed.
func (b *Browser) report() {
	b.reader.Wait()
	if !b.tb.Failed() {
		return
	}
	for _, m := range b.messages {
		b.tb.Log("page:", m)
	}
}

func or[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}

// Run does the steps within the browser's patience and fails the test with
// name and what the page says if one does not come true.
func (b *Browser) Run(name string, steps ...chromedp.Action[chromedp.Void]) {
	b.tb.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, b.patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.tb.Fatalf("%s: %v; the page says:\n%s", name, err, b.said())
	}
}

// said returns what stands on the page, for the report of a failed step.
func (b *Browser) said() string {
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.pathname + "\n" + document.body.innerText`))
	if err != nil {
		return "nothing: " + err.Error()
	}
	return text
}
