package pagetest_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"hallpass/cmd/internal/browser"
)

// audit returns what is wrong with the screen that is shown: targets smaller
// than least pixels, controls without a name, more or less than one heading, a
// page wider than the screen.
const audit = `((least) => {
	const seen = (e) => e.checkVisibility() && e.getBoundingClientRect().width > 0;
	const wrong = [];
	for (const e of document.querySelectorAll("button, .choice, input.input, a, .sure")) {
		const { width, height } = e.getBoundingClientRect();
		if (seen(e) && (width < least || height < least)) wrong.push("small " + Math.round(width) + "x" + Math.round(height) + " " + e.className + " " + e.textContent);
	}
	for (const e of document.querySelectorAll("button, input, img, video")) {
		const name = e.getAttribute("aria-label") || e.getAttribute("alt") || e.textContent.trim() || [...(e.labels ?? [])].map((l) => l.textContent).join("");
		if (!name) wrong.push("nameless " + e.outerHTML);
	}
	const heads = [...document.querySelectorAll("h1")].filter(seen).length;
	if (heads !== 1) wrong.push(heads + " headings");
	if ([...document.querySelectorAll(".main")].filter(seen).length > 1) wrong.push("two main buttons");
	const wide = document.documentElement.scrollWidth - innerWidth;
	if (wide > 0) wrong.push("the page is " + wide + " px too wide");
	for (const e of document.querySelectorAll(".middle, .bottom")) {
		if (e.scrollWidth > e.clientWidth + 1) wrong.push(e.className + " is cut at the side");
	}
	if (!document.documentElement.lang) wrong.push("no language");
	return wrong;
})`

// walk shows every screen of the way and calls look at each.
func walk(k *kiosk, b *browser.Browser, look func(screen string)) {
	look("attract")
	b.Click(`.way.first`)
	at(b, "review")
	look("review")
	b.Click(`.foot button`) // back to the camera: the same card is taken again
	at(b, "camera")
	look("camera")
	b.Click(`.bottom .aside button:last-child`)
	at(b, "typing")
	look("typing")
	b.Click(`.bottom .main`)
	at(b, "visit")
	b.Click(`.choices .choice:nth-child(2)`)
	look("visit")
	b.Click(`[data-question="purpose"] .choice`)
	b.Click(`[data-question="field"] .choice`)
	b.Click(`.bottom .main`)
	at(b, "consent")
	b.Click(`.consents .choice:nth-child(1)`)
	look("consent")
	b.Click(`.bottom .main`)
	at(b, "printing")
	look("printing")
	k.print("issued", "")
	at(b, "take")
	look("take")
	b.Click(`.bottom .main`)
	at(b, "attract")
	walkGuests(k, b, look)
}

// walkGuests shows the screens for who is expected and who was here before.
func walkGuests(k *kiosk, b *browser.Browser, look func(screen string)) {
	k.with(func() { k.known = "1" })
	b.Click(`.way:nth-child(2)`)
	at(b, "code")
	b.See(`.stage[data-state="looking"]`)
	b.Click(`.bottom .main`) // with nothing entered: the problem stands there too
	b.Until(`document.querySelector("#code-problem").textContent !== ""`)
	look("code")
	b.Type(`#code`, wanting)
	b.Click(`.bottom .main`)
	at(b, "expected")
	look("expected")
	b.Click(`.bottom .foot button`)
	at(b, "code")
	b.Type(`#code`, used)
	b.Click(`.bottom .main`)
	at(b, "again")
	look("again, by code")
	b.Click(`.way:last-child`)
	at(b, "typing")
	b.Type(`#field-name`, "A")
	b.Type(`#field-company`, "B")
	b.Type(`#field-mobile`, "1")
	b.Click(`.bottom .main`)
	at(b, "again")
	look("again, by number")
	b.Click(`.way:first-child`)
	at(b, "lost")
	look("lost")
}

// Every screen on every kind of display: named controls, targets that a
// finger hits, nothing cut off; also at 200 % zoom and mirrored.
func TestKiosk_EveryScreenIsUsable(t *testing.T) {
	for _, c := range []struct {
		name          string
		width, height int64
		scale         float64
		least         int
		mirrored      bool
	}{
		{"portrait", 1080, 1920, 1, 64, false},
		{"landscape", 1280, 800, 1, 64, false},
		{"portrait at 200 %", 540, 960, 2, 64, true},
		{"landscape at 200 %", 640, 400, 2, 48, false},
		{"phone", 390, 844, 1, 48, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := newKiosk(t)
			b := visit(t, k, browser.Options{Width: c.width, Height: c.height, Scale: c.scale, Camera: browser.Camera(t, "testdata/card.jpg")})
			b.Click(`.languages [lang="en"]`)
			b.Until(`document.documentElement.lang === "en"`)
			if c.mirrored {
				browser.Value[string](b, `document.documentElement.dir = "rtl"`)
			}
			walk(k, b, func(screen string) {
				for _, wrong := range browser.Value[[]string](b, fmt.Sprintf("%s(%d)", audit, c.least)) {
					t.Errorf("%s: %s", screen, wrong)
				}
			})
		})
	}
}

// Lowered, everything to touch is in the bottom half.
func TestKiosk_ControlsCanBeLowered(t *testing.T) {
	k := newKiosk(t)
	b := visit(t, k, browser.Options{})
	b.Click(`.foot button:last-child`)
	const highest = `Math.min(...[...document.querySelectorAll("button, .choice")].map((e) => e.getBoundingClientRect().top))`
	b.Until(highest + ` >= innerHeight / 2`)
	b.Click(`.way:last-child`)
	at(b, "typing")
	b.Until(highest + ` >= innerHeight / 2`)
	picture(b, "kiosk-lowered")
	b.Click(`.foot button`)
	at(b, "attract")
	b.Until(highest + ` < innerHeight / 2`) // the next visitor finds them where they were
}

// By keyboard alone: from the first screen to the form, with a focus ring.
func TestKiosk_KeyboardReachesEverything(t *testing.T) {
	k := newKiosk(t)
	b := visit(t, k, browser.Options{})
	b.Until(`document.activeElement.tagName === "H1"`)
	press(b, kb.Tab+kb.Tab+kb.Tab+kb.Tab+kb.Tab)
	b.Until(`document.activeElement.matches(".way:last-child:focus-visible")`)
	if got := browser.Value[string](b, `getComputedStyle(document.activeElement).outlineStyle + " " + getComputedStyle(document.activeElement).outlineWidth`); got != "solid 3px" {
		t.Errorf("the focus ring is %q, want solid 3px", got)
	}
	press(b, kb.Enter)
	at(b, "typing")
}

func press(b *browser.Browser, keys string) {
	b.Run("press keys", chromedp.KeyEvent(keys))
}

// The small modules, asked in the page itself.
func TestModules_InTheBrowser(t *testing.T) {
	k := newKiosk(t)
	b := visit(t, k, browser.Options{})
	for _, c := range []struct{ name, expression string }{
		{"every accent becomes readable", `(async () => {
			const { useAccent, contrast } = await import("/assets/web/theme.js");
			const root = document.documentElement, read = (name) => getComputedStyle(root).getPropertyValue(name).trim();
			for (const dark of [false, true]) {
				if (dark) root.dataset.theme = "dark"; else delete root.dataset.theme;
				for (const colour of ["#FFE600", "#00FF00", "#FF0000", "#0B57D0", "#000000", "#FFFFFF", "#808080", "#7A3FC4"]) {
					root.removeAttribute("style");
					useAccent(colour);
					const accent = read("--accent");
					for (const [text, ground] of [[accent, read("--page")], [accent, read("--accent-soft")], [read("--on-accent"), accent], [read("--on-accent"), read("--accent-strong")], [read("--text"), read("--accent-soft")], [read("--quiet"), read("--accent-soft")]]) {
						if (contrast(text, ground) < 4.5) throw new Error([dark, colour, text, ground, contrast(text, ground)].join(" "));
					}
				}
			}
			delete root.dataset.theme;
			root.removeAttribute("style");
			useAccent("#0E7A4B");
			const before = root.getAttribute("style");
			useAccent("red; background: url(x)");
			return before.includes("--accent") && root.getAttribute("style") === before;
		})()`},
		{"a band's text is readable on every grey", `(async () => {
			const { onColour, contrast } = await import("/assets/web/theme.js");
			for (let v = 0; v < 256; v++) {
				const grey = "#" + v.toString(16).padStart(2, "0").repeat(3);
				if (contrast(onColour(grey), grey) < 4.5) throw new Error(grey);
			}
			return true;
		})()`},
		{"languages and plurals", `(async () => {
			const { words } = await import("/assets/web/i18n.js");
			const w = await words(["common", "fault", "kiosk"], ["fr-FR", "zh-Hant-TW"]);
			const chinese = w.language === "zh-CN" && w.pick({ en: "a", "zh-TW": "b" }) === "b" && w.pick({ de: "c" }) === "c";
			await w.use("en");
			return chinese && w.count("kiosk.review.check", 1) === "Check 1 entry" && w.count("kiosk.review.check", 2) === "Check 2 entries"
				&& w.fault({ code: "nobody.knows", message: "Said by the server." }) === "Said by the server."
				&& w.fault(new TypeError("secret")) === "Something went wrong. Ask at the desk."
				&& w.fault({ code: "invalid", field: "email" }) === "Check this entry: E-mail"
				&& w.nameOf("zh-CN") === "中文" && w.nameOf("en") === "English";
		})()`},
		{"the shutter waits for still and sharp, once a card", `(async () => {
			const { Shutter } = await import("/assets/web/kiosk/lens.js");
			const at = (x) => [[x, 0.1], [x + 0.5, 0.1], [x + 0.5, 0.5], [x, 0.5]];
			const shutter = new Shutter(), hear = (quad, advice = "") => shutter.hears(quad, advice);
			const moving = [0, 0.05, 0.1, 0.15].some((x) => hear(at(x)));
			const dark = [1, 2, 3, 4].some(() => hear(at(0.2), "too_dark"));
			const still = [hear(at(0.2)), hear(at(0.205)), hear(at(0.2))];
			const again = [1, 2, 3, 4].some(() => hear(at(0.2)));
			hear(null);
			const next = [hear(at(0.2)), hear(at(0.2)), hear(at(0.2))];
			return !moving && !dark && !again && still.join() === "false,false,true" && next.join() === "false,false,true";
		})()`},
		{"fields in the order of the card", `(async () => {
			const { readingOrder } = await import("/assets/web/kiosk/visitor.js");
			const fields = { phone: { box: [300, 102, 90, 20] }, name: { box: [10, 10, 90, 40] }, mobile: { box: [10, 100, 90, 20] }, email: { box: [10, 140, 90, 20] }, title: {} };
			return readingOrder(Object.keys(fields), fields).join() === "name,mobile,phone,email,title";
		})()`},
	} {
		if !browser.Value[bool](b, c.expression) {
			t.Errorf("%s: it is not so", c.name)
		}
	}
}
