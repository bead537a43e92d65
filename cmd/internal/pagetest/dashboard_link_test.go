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
	waitFor(t, func() bool { return strings.Count(h.asked(), "/api/v1/live") >= 2 })
	open := func() (n int) {
		h.with(func() { n = len(h.watchers) })
		return n
	}
	waitFor(t, func() bool { return strings.Count(h.asked(), "/api/v1/me") >= 5 })
	waitFor(t, func() bool { return open() == 1 })
	stats := busy()
	h.push(stats)
	b.Until(`document.querySelector(".figure[data-name=registrations] b").textContent === "12,480"`)
	if got := open(); got != 1 {
		t.Errorf("%d streams are open, want one", got)
	}
}
