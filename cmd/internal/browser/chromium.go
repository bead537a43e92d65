package browser

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Chromium is the programs that the tests of a package take turns on: starting
// one costs more than most tests do in it. There is one for each language, with
// a camera and without, from its first use until Close. The zero value has none.
type Chromium struct {
	mu      sync.Mutex // guards running
	running map[kind]*program
}

// kind is what is said to Chromium when it starts, and not again.
type kind struct {
	language string
	camera   bool
}

type program struct {
	tab   context.Context // its first; others are made of it
	film  string          // what the camera plays, a link
	close func() error
}

// Close ends the programs.
func (c *Chromium) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []error
	for _, p := range c.running {
		all = append(all, p.close())
	}
	c.running = nil
	return errors.Join(all...)
}

// program is the one that does as the options say, started if need be. The next
// page that opens the camera sees the options' film.
func (c *Chromium) program(tb testing.TB, o Options) *program {
	tb.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	of := kind{or(o.Language, "en"), o.Camera != ""}
	p := c.running[of]
	if p == nil {
		var err error
		if p, err = launch(of); err != nil {
			tb.Fatalf("start Chromium: %v (make test installs it)", err)
		}
		if c.running == nil {
			c.running = map[kind]*program{}
		}
		c.running[of] = p
	}
	if of.camera {
		_ = os.Remove(p.film)
		if err := os.Symlink(o.Camera, p.film); err != nil {
			tb.Fatal(err)
		}
	}
	return p
}

func launch(of kind) (*program, error) {
	// Not tb.TempDir: Chromium's children may still write while the test ends,
	// and a folder that cannot be emptied at once would fail the test.
	profile, err := os.MkdirTemp("", "hallpass-chromium-")
	if err != nil {
		return nil, err
	}
	p := &program{film: filepath.Join(profile, "camera.mjpeg")}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), flags(of, profile, p.film)...)
	tab, cancel := chromedp.NewContext(allocator)
	p.tab, p.close = tab, func() error {
		cancel()
		stop()
		return os.RemoveAll(profile)
	}
	if err := chromedp.Do(tab); err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, nil
}

func flags(of kind, profile, film string) []chromedp.ExecAllocatorOption {
	list := []chromedp.ExecAllocatorOption{
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.UserDataDir(profile),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("mute-audio", true),
		chromedp.Flag("lang", of.language),
		chromedp.Flag("accept-lang", of.language),
		chromedp.WSURLReadTimeout(60 * time.Second), // a cold start on two busy cores
	}
	if of.camera {
		list = append(list,
			chromedp.Flag("use-fake-device-for-media-stream", true),
			chromedp.Flag("use-fake-ui-for-media-stream", true),
			chromedp.Flag("use-file-for-fake-video-capture", film))
	}
	return list
}
