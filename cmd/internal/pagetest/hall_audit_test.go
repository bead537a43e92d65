package pagetest_test

import (
	"fmt"
	"testing"

	"hallpass/cmd/internal/browser"
)

// inspect reports what the kiosk's audit finds wrong on the screen that is
// shown: small targets, nameless controls, anything too wide.
func inspect(t *testing.T, b *browser.Browser, screen string, least int) {
	t.Helper()
	for _, wrong := range browser.Value[[]string](b, fmt.Sprintf("%s(%d)", audit, least)) {
		t.Errorf("%s: %s", screen, wrong)
	}
}

// Every screen of the booth page on a common and a small phone, and mirrored.
func TestBooth_EveryScreenIsUsable(t *testing.T) {
	for _, c := range []struct {
		name          string
		width, height int64
		mirrored      bool
	}{{"common", 390, 844, false}, {"small", 320, 568, true}, {"laptop", 1280, 720, false}} {
		t.Run(c.name, func(t *testing.T) {
			h := newHall(t)
			b := open(t, browser.Options{Width: c.width, Height: c.height})
			look := func(screen string) {
				if c.mirrored {
					browser.Value[string](b, `document.documentElement.dir = "rtl"`)
				}
				photo(b, "booth-audit-"+c.name+"-"+screen)
				inspect(t, b, screen, 48)
			}
			b.Open(h.URL + "/booth")
			b.See(`#code`)
			look("pair")
			b.Type(`#code`, pairingCode)
			b.Click(`form .main`)
			b.See(`.blind .notice`)
			look("scan")
			types(b, h.badge(1, map[string]any{"name": "Silberquellsteinhausenbergdorffer", "company": "Yunxiu Precision Machinery and Instruments (Holding) Limited", "mobile": "+44 7700 900011", "email": "a.very.long.address@instruments.yunxiu.example"}), nil)
			b.See(`.card .facts`)
			still(b)
			look("card")
			b.Click(`.card .shut`)
			b.Click(`.foot .button:nth-child(2)`)
			b.See(`.lead`)
			look("leads")
			b.Click(`.bar .button:nth-child(1)`)
			b.Click(`.top button.pill`)
			b.See(`[data-view="unsent"] h1`)
			look("unsent")
		})
	}
}

// The dashboard on a laptop, at 200 % zoom, and mirrored on the wall.
func TestDashboard_EveryScreenIsUsable(t *testing.T) {
	for _, c := range []struct {
		name          string
		width, height int64
		query         string
		mirrored      bool
	}{{"laptop", 1280, 800, "", false}, {"zoom", 640, 400, "", false}, {"wall", 1920, 1080, "?wall", true}} {
		t.Run(c.name, func(t *testing.T) {
			h := newHall(t)
			h.push(taught())
			b := dashboard(t, h, browser.Options{Width: c.width, Height: c.height}, c.query)
			b.Until(`document.querySelectorAll(".tile").length === 8`)
			if c.mirrored {
				browser.Value[string](b, `document.documentElement.dir = "rtl"`)
			}
			photo(b, "dashboard-audit-"+c.name)
			inspect(t, b, c.name, 44)
		})
	}
}
