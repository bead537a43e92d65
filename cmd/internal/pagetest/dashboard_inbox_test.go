package pagetest_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"hallpass/cmd/internal/browser"
)

// What is to be decided in both languages: from the live hall by the button, one
// tap a conflict, by keyboard as well, and the address brings it back.
func TestDashboard_Inbox(t *testing.T) {
	for language, says := range map[string]struct{ stands, empty, taken string }{
		"en":    {"stands now", "Nothing to decide", "Taken in"},
		"zh-CN": {"现采用", "没有需要处理的内容", "已接收"},
	} {
		t.Run(language, func(t *testing.T) {
			h := newHall(t)
			h.undecided()
			b := dashboard(t, h, browser.Options{Width: 1280, Height: 1000, Language: language}, "")
			b.Click(`#inbox`)
			b.Until(`document.querySelectorAll(".entry").length === 4`)
			photo(b, "dashboard-conflicts-"+language)
			b.Click(`.entry[data-id="1"] .button`)
			b.Until(`document.querySelectorAll(".entry").length === 3`)
			if got := b.Text(`.said`); !strings.Contains(got, says.stands) || !strings.Contains(got, "云岫精密机械有限公司") {
				t.Errorf("after the choice the page says %q", got)
			}
			if !browser.Value[bool](b, `document.activeElement === document.querySelector('.entry[data-id="2"] h2')`) {
				t.Error("the next one has not got the focus")
			}
			browser.Value[bool](b, `(document.activeElement.parentElement.parentElement.querySelector("button").focus(), true)`)
			press(b, kb.Enter)
			for _, id := range []string{"3", "4"} {
				b.Click(`.entry[data-id="` + id + `"] .side.stands .button`)
			}
			b.See(`.none`)
			if got := b.Text(`.none`); !strings.Contains(got, says.empty) {
				t.Errorf("empty, the list says %q", got)
			}
			b.Click(`.chip:nth-child(2):not([lang])`)
			b.Until(`document.querySelectorAll(".acts").length === 3`)
			b.Click(`.entry[data-id="2"] .danger`)
			b.See(`.entry[data-id="2"] .input`)
			photo(b, "dashboard-quarantine-"+language)
			b.Click(`.entry[data-id="2"] .why .danger`)
			b.See(`.said.doubt`)
			b.Type(`.entry[data-id="2"] .input`, "no parcels at this show")
			press(b, kb.Enter)
			b.Until(`document.querySelectorAll(".entry").length === 2`)
			h.with(func() { h.inbox.takes = true })
			b.Click(`.entry[data-id="1"] .button`)
			b.Until(`document.querySelectorAll(".entry").length === 1`)
			if got := b.Text(`.said`); !strings.Contains(got, says.taken) {
				t.Errorf("tried again, the page says %q", got)
			}
			b.Open(h.URL + "/#decisions")
			b.See(`.decision`)
			photo(b, "dashboard-decisions-"+language)
			b.Click(`.tools > .button:last-child`)
			b.See(`.figures`)
		})
	}
}

// Somebody else was quicker: the list is read again, and says so.
func TestDashboard_InboxSaysThatSomethingWasSaidSince(t *testing.T) {
	h := newHall(t)
	h.undecided()
	h.with(func() { h.inbox.moved = true })
	b := dashboard(t, h, browser.Options{Width: 1280, Height: 1000, Language: "en"}, "")
	b.Click(`.alerts .link`)
	b.Until(`document.querySelectorAll(".entry").length > 0`)
	b.Open(h.URL + "/#conflicts")
	b.Until(`document.querySelectorAll(".side").length === 8`)
	b.Click(`.entry[data-id="2"] .button`)
	b.See(`.said.doubt`)
	if got := b.Text(`.said`); !strings.Contains(got, "since") {
		t.Errorf("the page says %q", got)
	}
	h.with(func() { h.signedIn = false })
	b.Click(`.chip:nth-child(2):not([lang])`)
	b.See(`#password`)
}

// A broken program puts thousands aside: a page at a time, the focus where the
// new ones begin.
func TestDashboard_InboxOfThousands(t *testing.T) {
	h := newHall(t)
	h.undecided()
	h.thousands(1200)
	h.with(func() { h.signedIn = true })
	b := open(t, browser.Options{Width: 1280, Height: 1000, Language: "en"})
	b.Open(h.URL + "/#quarantine")
	for page := 1; page <= 2; page++ {
		b.Until(`document.querySelectorAll(".entry").length === ` + map[int]string{1: "50", 2: "100"}[page])
		b.Click(`.inbox > .button`)
	}
	b.Until(`document.querySelectorAll(".entry").length === 150`)
	b.Until(`document.activeElement === document.querySelector('.entry[data-id="101"] h2')`)
	b.Click(`.apart > .button`)
	b.See(`.said.doubt`)
	if got := b.Text(`.said`); got != "0 taken in, 1,200 still refused." {
		t.Errorf("tried all again, the page says %q", got)
	}
}

// The inbox on a laptop, at 200 % zoom, on a phone, and mirrored.
func TestDashboard_InboxIsUsable(t *testing.T) {
	for _, c := range []struct {
		name          string
		width, height int64
		mirrored      bool
	}{{"laptop", 1280, 800, false}, {"zoom", 640, 400, true}, {"phone", 390, 844, false}} {
		t.Run(c.name, func(t *testing.T) {
			h := newHall(t)
			h.undecided()
			h.with(func() { h.signedIn = true })
			b := open(t, browser.Options{Width: c.width, Height: c.height, Language: "en"})
			b.Open(h.URL + "/#conflicts")
			b.Until(`document.querySelectorAll(".entry").length === 4`)
			if c.mirrored {
				browser.Value[string](b, `document.documentElement.dir = "rtl"`)
			}
			photo(b, "dashboard-audit-conflicts-"+c.name)
			inspect(t, b, "conflicts "+c.name, 44)
			b.Click(`.chip:nth-child(2):not([lang])`)
			b.Until(`document.querySelectorAll(".acts").length === 3`)
			b.Click(`.entry .danger`)
			photo(b, "dashboard-audit-quarantine-"+c.name)
			inspect(t, b, "quarantine "+c.name, 44)
		})
	}
}
