package showtest_test

import (
	"fmt"
	"time"

	"hallpass/cmd/internal/browser"
)

// dashboard is the organizer's screen, watching the clock: the page notes when
// each figure first shows each number.
type dashboard struct {
	s *show
	b *browser.Browser
}

const watchFigures = `(() => {
  window.shown = {};
  const note = () => {
    for (const f of document.querySelectorAll(".figure[data-name]")) {
      const key = f.dataset.name + " " + f.querySelector("b").innerText;
      window.shown[key] ??= Date.now();
    }
  };
  new MutationObserver(note).observe(document.body, {childList: true, characterData: true, subtree: true});
  note();
  return true;
})()`

// openDashboard signs the organizer in by name and password.
func (s *show) openDashboard() dashboard {
	s.tb.Helper()
	b := browser.Start(s.tb, browser.Options{Width: 1280, Height: 800})
	b.Open(s.hallURL() + "/")
	b.Type(`#name`, s.organizer.Name)
	b.Type(`#password`, s.organizer.Password)
	b.Click(`.signin .main`)
	b.See(`.hall .live.good`)
	b.See(`.tile.good`)
	browser.Value[bool](b, watchFigures)
	return dashboard{s, b}
}

// after waits until the figure shows n and returns how long after the act that
// was. Both times are of this machine's clock, in milliseconds.
func (d dashboard) after(act float64, figure string, n int) time.Duration {
	d.s.tb.Helper()
	key := fmt.Sprintf("window.shown[%q]", fmt.Sprintf("%s %d", figure, n))
	d.b.Until(key + " > 0")
	shown := browser.Value[float64](d.b, key)
	return time.Duration((shown - act) * float64(time.Millisecond)).Round(time.Millisecond)
}

// answered is when the page had the whole answer to its last request of that
// kind: the moment at which a person was told.
func answered(b *browser.Browser, path string) float64 {
	return browser.Value[float64](b, fmt.Sprintf(
		`performance.timeOrigin + performance.getEntriesByType("resource").filter((e) => e.name.endsWith(%q)).at(-1).responseEnd`, path))
}
