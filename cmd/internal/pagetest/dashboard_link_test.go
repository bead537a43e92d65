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
	waitFor(t, func() bool {
		asked := h.asked()
		return strings.Count(asked, "/api/v1/me") >= 5 && strings.Count(asked, "/api/v1/live") >= 2
	})
	h.push(busy()) // by now a page that keeps every stream has them all on the way
	b.Until(`document.querySelector(".figure[data-name=registrations] b").textContent === "12,480"`)
	waitFor(t, func() bool { // the hall hears a moment later that a stream was closed
		h.mu.Lock()
		defer h.mu.Unlock()
		return len(h.watchers) == 1
	})
}
