package pagetest_test

import (
	"strings"
	"testing"

	"hallpass/cmd/internal/browser"
)

// The answer to a scan is lost and the phone is paired anew before it asks
// again: the hall knows the scan of the phone's former self, so it stays one
// lead (P3).
func TestBooth_PairedAnewSendsNothingTwice_P3(t *testing.T) {
	h := newHall(t)
	text := h.badge(1, lin)
	b := booth(t, h, browser.Options{})
	h.with(func() { h.lost = true })
	types(b, text, nil)
	waitFor(t, func() bool { return len(h.kept()) == 1 })
	b.Until(`document.querySelector(".top button.pill").innerText.startsWith("1 ")`)
	b.Open(h.URL + "/booth#pair=" + pairingCode)
	waitFor(t, func() bool { return strings.Count(h.asked(), "/pair/device") == 2 })
	b.See(`[data-view="scan"] .scan`)
	h.with(func() { h.lost = false })
	b.Until(`dispatchEvent(new Event("online"))`)
	sent(t, h, b, 1)
	b.Click(`.foot .button:nth-child(2)`)
	b.Until(`document.querySelectorAll(".lead").length === 1`)
}

// A hand scanner beeps whatever the phone shows, so a badge scanned over the
// list of leads is a lead as well.
func TestBooth_HandScannerOnEveryScreen(t *testing.T) {
	h := newHall(t)
	first, second := h.badge(1, lin), h.badge(2, map[string]any{"name": "Ravi Menon", "company": "Quillon Instruments"})
	b := booth(t, h, browser.Options{})
	b.Click(`.foot .button:nth-child(2)`)
	b.See(`#search`)
	types(b, first, nil)
	b.Until(`document.querySelector(".card h2")?.innerText === "林静怡"`)
	b.Click(`.top button.pill`)
	b.See(`[data-view="unsent"] h1`)
	types(b, "HTTPS://EXAMPLE.EXAMPLE/POSTER", nil) // no badge: the list stays
	frame(b)
	b.See(`[data-view="unsent"] h1`)
	types(b, second, nil)
	b.Until(`document.querySelector(".card h2")?.innerText === "Ravi Menon"`)
	sent(t, h, b, 2)
}

// A note is at most as long as the hall keeps: a longer one would be refused
// with the whole lead.
func TestBooth_NoteEndsWhereTheHallRefuses(t *testing.T) {
	h := newHall(t)
	b := booth(t, h, browser.Options{})
	types(b, h.badge(1, lin), nil)
	b.See(`.card textarea`)
	note(b, `.card textarea`, strings.Repeat("样", 1010))
	b.Until(`document.activeElement.blur() ?? true`)
	waitLead(h, b, func(l map[string]any) bool { return l["notes"] == strings.Repeat("样", 1000) })
}
