package pagetest_test

import (
	"strings"
	"testing"

	"hallpass/cmd/internal/browser"
)

// A network that comes and goes leaves one stream open, however often: a
// browser has six connections for a hall, and with all of them in forgotten
// streams the page would hang.
func TestDashboard_OneStreamHoweverOftenTheNetworkReturns(t *testing.T) {
	h := newHall(t)
	b := dashboard(t, h, browser.Options{}, "")
	browser.Value[bool](b, `(() => { for (let i = 0; i < 4; i++) dispatchEvent(new Event("online")); return true; })()`)
	waitFor(t, func() bool { return strings.Count(h.asked(), "/api/v1/live") >= 5 })
	waitFor(t, func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return len(h.watchers) == 1
	})
	h.push(busy())
	b.Until(`document.querySelector(".figure[data-name=registrations] b").textContent === "12,480"`)
}
