package pagetest_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"hallpass/cmd/internal/browser"
)

// dashboard opens the organizer's page, signed in.
func dashboard(t *testing.T, h *fakeHall, o browser.Options, query string) *browser.Browser {
	t.Helper()
	if o.Width == 0 {
		o.Width, o.Height = 1280, 800
	}
	h.with(func() { h.signedIn = true })
	b := open(t, o)
	b.Open(h.URL + "/" + query)
	b.See(`.hall .live.good`)
	return b
}

// busy is the hall in the rush of the first morning.
func busy() map[string]any {
	stats := emptyStats()
	minutes := stats["per_minute"].([]any)
	for i, m := range minutes {
		wave := 14 + 0.8*float64(i) + 9*math.Sin(float64(i)/5) + 5*math.Sin(float64(i)*1.7)
		if i == len(minutes)-1 {
			wave /= 3 // this minute is not over
		}
		m.(map[string]any)["registrations"], m.(map[string]any)["leads"] = int(wave), int(wave*float64(i)/160)
	}
	stats["registrations"], stats["persons"], stats["badges"], stats["leads"] = 12480, 12307, 12466, 3914
	stats["quarantine"], stats["conflicts"], stats["discarded"] = 3, 0, 0
	stats["voids"] = map[string]any{"window_ms": 13 * 60_000, "kiosk": "East 2", "behind": 1}
	stats["kiosks"] = []any{
		kioskState("North 1", "up", "idle"), kioskState("North 2", "up", "processing"), kioskState("North 3", "up", "stopped", "media-empty"),
		kioskState("North 4", "up", "idle"), kioskState("East 1", "up", "idle", "media-low"), kioskState("East 2", "down", "idle"),
		kioskState("East 3", "up", "processing"), kioskState("Press desk", "up", "idle"),
	}
	return stats
}

func kioskState(name, state, printer string, reasons ...string) map[string]any {
	unsent, seen := 0, time.Now().UTC()
	if state == "down" {
		unsent, seen = 41, seen.Add(-13*time.Minute)
	}
	return map[string]any{
		"node": strings.ToLower(strings.ReplaceAll(name, " ", "-")), "name": name, "state": state, "seen": seen.Format(time.RFC3339),
		"last_seq": 940, "acked_seq": 940 - unsent, "unsent": unsent, "printer": printer, "reasons": append([]string{}, reasons...),
		"version": "0.1.0", "disk_free_mb": 51200, "skew_ms": 12,
	}
}

// Sign-in, the rush on the desk and on the wall, and an empty hall that says
// how to fill it, in both languages.
func TestDashboardScreens(t *testing.T) {
	for _, language := range []string{"en", "zh-CN"} {
		t.Run(language, func(t *testing.T) {
			h := newHall(t)
			b := open(t, browser.Options{Width: 1280, Height: 800, Language: language})
			b.Open(h.URL + "/")
			b.See(`#name`)
			photo(b, "signin-"+language)
			b.Type(`#name`, "morgan")
			b.Type(`#password`, "not this one")
			b.Click(`.signin .main`)
			b.See(`#problem svg`)
			photo(b, "signin-wrong-"+language)
			retype(b, `#password`, password)
			b.Click(`.signin .main`)
			b.See(`.hall .live.good`)
			b.Until(`document.querySelector(".alert code")?.innerText === "hall pair -data DIR -kiosk NAME"`)
			photo(b, "dashboard-empty-"+language)
			h.push(busy())
			b.Until(`document.querySelectorAll(".tile").length === 8`)
			photo(b, "dashboard-desk-"+language)

			wall := dashboard(t, h, browser.Options{Width: 1920, Height: 1080, Scale: 0.75, Language: language}, "?wall")
			wall.Until(`document.querySelectorAll(".tile").length === 8`)
			photo(wall, "dashboard-wall-"+language)
			if got := browser.Value[float64](wall, `parseFloat(getComputedStyle(document.querySelector(".figure b")).fontSize)`); got < 0.05*1080-0.5 {
				t.Errorf("a figure on the wall is %.1f px high, want 5 vh", got)
			}
		})
	}
}

// A number on the screen changes by the push alone; the log says how soon.
func TestDashboard_NumberChangesByThePush(t *testing.T) {
	h := newHall(t)
	b := dashboard(t, h, browser.Options{Language: "en"}, "")
	browser.Value[bool](b, `(() => {
  const figure = document.querySelector('[data-name="registrations"] b');
  new MutationObserver(() => { window.changed = Date.now(); }).observe(figure, {childList: true, characterData: true, subtree: true});
  return true;
})()`)
	began := time.Now()
	h.push(busy())
	b.Until(`window.changed > 0`)
	changed := time.UnixMilli(int64(browser.Value[float64](b, `window.changed`)))
	t.Logf("the number changed %s after the push", changed.Sub(began).Round(time.Millisecond))
	if got := b.Text(`[data-name="registrations"] b`); got != "12,480" {
		t.Errorf("registrations read %q, want the language's own grouping", got)
	}
	if got := b.Text(`[data-name="rate"] b`); got == "0" || got == "–" {
		t.Errorf("the rate reads %q, want the mean of the last whole minutes", got)
	}
}

// A hall that goes away is said with the time of the last picture; when it is
// back the page is live again by itself.
func TestDashboard_SaysSinceWhenThereIsNoConnection(t *testing.T) {
	h := newHall(t)
	b := dashboard(t, h, browser.Options{Language: "en"}, "")
	h.push(busy())
	b.Until(`document.querySelectorAll(".tile").length === 8`)
	h.with(func() { h.away = true })
	h.CloseClientConnections()
	b.See(`.live.doubt`)
	if got := b.Text(`.live`); !strings.Contains(got, "No connection since") || !strings.Contains(got, ":") {
		t.Errorf("the mark says %q, want since when there is no connection", got)
	}
	photo(b, "dashboard-lost-en")
	if got := b.Text(`[data-name="leads"] b`); got != "3,914" {
		t.Errorf("leads read %q, want the last number that was known", got)
	}
	h.with(func() { h.away = false })
	b.See(`.live.good`)
}

func TestDashboard_EndedSignInAsksAgain(t *testing.T) {
	h := newHall(t)
	b := dashboard(t, h, browser.Options{}, "")
	h.with(func() { h.signedIn = false })
	h.CloseClientConnections()
	b.See(`#password`)
}

func TestDashboard_SignOut(t *testing.T) {
	h := newHall(t)
	b := dashboard(t, h, browser.Options{}, "")
	b.Click(`.tools > .button:last-child`)
	b.See(`#password`)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.signedIn {
		t.Error("the hall still takes the session")
	}
}

// Each state of a kiosk has its word beside the colour, and the worst stand first.
func TestDashboard_KioskSaysHowItDoes(t *testing.T) {
	with := func(kiosk map[string]any, key string, value any) map[string]any {
		kiosk[key] = value
		return kiosk
	}
	h := newHall(t)
	b := dashboard(t, h, browser.Options{Language: "en"}, "")
	cases := []struct {
		kiosk      map[string]any
		kind, word string
	}{
		{kioskState("well", "up", "idle"), "good", "Working"},
		{kioskState("few", "up", "idle", "none"), "good", "Working"},
		{kioskState("down", "down", "idle"), "bad", "No connection since"},
		{with(kioskState("never", "down", ""), "seen", nil), "bad", "Not seen since the hall started"},
		{kioskState("paper", "up", "stopped", "media-empty"), "bad", "Paper is out"},
		{kioskState("gone", "up", "unreachable"), "bad", "Printer does not answer"},
		{kioskState("strange", "up", "stopped", "fuser-over-temp"), "bad", "Printer has stopped"},
		{kioskState("low", "up", "idle", "media-low"), "doubt", "Paper is low"},
		{with(kioskState("clock", "up", "idle"), "skew_ms", -4200), "doubt", "Clock is off by 4 sec"},
		{with(kioskState("disk", "up", "idle"), "disk_free_mb", 300), "doubt", "Disk almost full: 300 MB free"},
		{with(kioskState("refused", "down", "idle"), "refused", true), "bad", "Nothing more is taken: too much in quarantine"},
		{with(kioskState("twin", "down", "idle"), "twin", true), "bad", "Two kiosks run from one disk"},
		{with(kioskState("late", "up", "idle"), "unsent", 1240), "doubt", "Catching up: 1,240 facts to send"},
	}
	stats := emptyStats()
	var kiosks []any
	for _, c := range cases {
		kiosks = append(kiosks, c.kiosk)
	}
	stats["kiosks"] = kiosks
	h.push(stats)
	b.Until(fmt.Sprintf(`document.querySelectorAll(".tile").length === %d`, len(cases)))
	for _, c := range cases {
		tile := fmt.Sprintf(`.tile.%s[data-node=%q] .mark`, c.kind, c.kiosk["node"])
		if got := b.Text(tile); !strings.Contains(got, c.word) {
			t.Errorf("kiosk %s says %q, want %q", c.kiosk["name"], got, c.word)
		}
	}
	order := browser.Value[string](b, `Array.from(document.querySelectorAll(".tile"), (t) => t.classList[1]).join(" ")`)
	if want := "bad bad bad bad bad bad bad doubt doubt doubt doubt good good"; order != want {
		t.Errorf("tiles stand as %s, want %s", order, want)
	}
}

// P9: a kiosk of which nothing more is taken, and two that run from one disk, are
// told in every language with what to do; from the sentence one tap leads to
// what has to be decided.
func TestDashboard_SaysWhatToDoAboutRefusedAndTwins(t *testing.T) {
	for language, says := range map[string]struct{ held, decide, anew string }{
		"en":    {"10,000 in quarantine", "Decide about its facts in the inbox", "pair it anew in an empty data folder"},
		"zh-CN": {"隔离区 10,000 条", "隔离区中逐条决定", "换用空的数据文件夹重新绑定"},
	} {
		t.Run(language, func(t *testing.T) {
			h := newHall(t)
			h.undecided()
			b := dashboard(t, h, browser.Options{Width: 1280, Height: 900, Language: language}, "")
			stats := busy()
			refused, twin := kioskState("North 2", "down", "idle"), kioskState("East 3", "up", "idle")
			refused["refused"], refused["quarantine"], twin["twin"] = true, 10_000, true
			stats["kiosks"] = []any{kioskState("North 1", "up", "idle"), refused, twin}
			stats["quarantine"] = 10_000
			h.push(stats)
			b.Until(`document.querySelectorAll(".tile .todo").length === 2`)
			photo(b, "dashboard-refused-"+language)
			for where, want := range map[string][]string{
				`.tile[data-node="north-2"]`: {says.held, says.decide}, `.tile[data-node="east-3"]`: {says.anew}, `.alerts`: {says.decide, says.anew},
			} {
				for _, part := range want {
					if got := b.Text(where); !strings.Contains(got, part) {
						t.Errorf("%s says %q, want %q", where, got, part)
					}
				}
			}
			b.Click(`.alerts .link`)
			b.See(`.entry .acts`)
		})
	}
}

// P5: the dashboard states the worst case of a void that some kiosk lacks.
func TestDashboard_SaysHowLongAVoidMayBeUnknown_P5(t *testing.T) {
	h := newHall(t)
	b := dashboard(t, h, browser.Options{Language: "en"}, "")
	for _, c := range []struct {
		voids map[string]any
		want  string
	}{
		{map[string]any{"window_ms": 25_000, "kiosk": "", "behind": 0}, "What is voided is known to every kiosk within 25 sec."},
		{map[string]any{"window_ms": 840_000, "kiosk": "East 2", "behind": 3}, "East 2 may not know what was voided in the last 14 min."},
	} {
		stats := emptyStats()
		stats["kiosks"], stats["voids"] = []any{kioskState("East 2", "up", "idle")}, c.voids
		h.push(stats)
		b.Until(fmt.Sprintf(`document.querySelector(".fleet > p.small").textContent === %q`, c.want))
	}
}

// The wall screen is in the address, so that it comes back as one.
func TestDashboard_WallAndBack(t *testing.T) {
	h := newHall(t)
	b := dashboard(t, h, browser.Options{}, "")
	b.Click(`.tools > .button:nth-last-child(2)`)
	b.Until(`document.documentElement.dataset.screen === "wall" && location.search === "?wall"`)
	browser.Value[bool](b, `dispatchEvent(new KeyboardEvent("keydown", {key: "Escape"}))`)
	b.Until(`document.documentElement.dataset.screen === "desk" && location.search === ""`)
}
