package pagetest_test

import (
	"testing"

	"hallpass/cmd/internal/browser"
	"hallpass/sync/fault"
)

// hurry shortens the page's long waits from now on; what a test must act upon
// (the countdown's seconds) keeps its time.
const hurry = `(() => { const real = window.setTimeout; window.setTimeout = (f, ms, ...a) => real(f, ms > 5000 ? ms / 50 : ms, ...a); return true; })()`

// upload gives the page a file as the file button would.
const upload = `((type, content) => {
	const input = document.querySelector("input[type=file]");
	const files = new DataTransfer();
	files.items.add(new File([content], "card", {type}));
	input.files = files.files;
	input.dispatchEvent(new Event("change"));
	return true;
})`

// drawn is a small PNG made in the page.
const drawn = `(async () => {
	const canvas = document.createElement("canvas");
	canvas.width = canvas.height = 8;
	canvas.getContext("2d").fillRect(0, 0, 4, 4);
	const blob = await new Promise((done) => canvas.toBlob(done));
	return ` + upload + `("image/png", blob);
})()`

// typed fills the form and goes on to the category.
func typed(b *browser.Browser) {
	b.Click(`.way:last-child`)
	at(b, "typing")
	b.Type(`#field-name`, "林静怡")
	b.Type(`#field-company`, "流明样品有限公司")
	b.Click(`.bottom .main`)
	at(b, "visit")
}

// confirmed goes on to the printer.
func confirmed(b *browser.Browser) {
	b.Click(`.choices .choice:nth-child(3)`)
	b.See(`[data-question="outlet"]`)
	b.Click(`.bottom .main`)
	at(b, "consent")
	b.Click(`.consents .choice:nth-child(1)`)
	b.Click(`.bottom .main`)
	at(b, "printing")
}

// Without a camera there are still two ways, and a picture that is none or
// that says nothing is answered with a sentence (P9).
func TestKiosk_NoCameraUploadOrType(t *testing.T) {
	k := newKiosk(t)
	b := visit(t, k, browser.Options{})
	b.Click(`.languages [lang="en"]`)
	b.Click(`.way.first`)
	b.See(`.stage[data-state="without"]`)
	picture(b, "kiosk-without")
	b.Until(`document.querySelector(".advice").textContent.includes("Upload a picture")`)
	b.Until(`document.querySelectorAll(".bottom .aside button").length === 2`)

	browser.Value[bool](b, upload+`("image/png", "no picture at all")`)
	b.Until(`document.querySelector("[role=alert]")?.textContent.includes("not a picture")`)
	k.with(func() { k.refuse["POST cards"] = fault.CardBlank })
	browser.Value[bool](b, drawn)
	b.Until(`document.querySelector("[role=alert]")?.textContent.includes("no text to read")`)
	k.with(func() { k.refuse["POST cards"] = fault.CardBusy })
	browser.Value[bool](b, drawn)
	at(b, "review") // busy is asked again, not shown
	if k.inMemory() != 1 {
		t.Errorf("%d cards in memory, want the one that was read", k.inMemory())
	}
	b.Click(`.bottom .foot button:first-child`) // back is another card: the first reading is deleted
	b.See(`.stage[data-state="without"]`)
	waitFor(t, func() bool { return k.inMemory() == 0 })
	b.Click(`.bottom .aside button:last-child`)
	at(b, "typing")
}

// The same card is not taken over and over after a reading that failed.
func TestKiosk_CameraTakesACardOnce(t *testing.T) {
	k := newKiosk(t)
	k.with(func() { k.refuse["POST cards"] = fault.CardTimeout })
	b := visit(t, k, browser.Options{Camera: browser.Camera(t, "testdata/card.jpg")})
	b.Click(`.way.first`)
	b.See(`[role=alert]`)
	before := k.count("POST outlines")
	waitFor(t, func() bool { return k.count("POST outlines") > before+6 })
	if got := k.count("POST cards"); got != 1 {
		t.Errorf("the card was taken %d times, want once until it moves", got)
	}
	k.with(func() { k.seen = false })
	b.See(`.stage[data-state="looking"]`)
	k.with(func() { k.seen = true })
	at(b, "review")
}

// What the badge needs is asked for where it is missing; the button works by
// keyboard as well.
func TestKiosk_MissingFieldsAreAsked(t *testing.T) {
	k := newKiosk(t)
	b := visit(t, k, browser.Options{Width: 1280, Height: 800})
	b.Click(`.languages [lang="en"]`)
	b.Click(`.way:last-child`)
	at(b, "typing")
	b.Type(`#field-name`, "Maya Lindqvist")
	b.Click(`.bottom .main`)
	b.Until(`document.activeElement.id === "field-company" && document.activeElement.getAttribute("aria-invalid") === "true"`)
	picture(b, "kiosk-typing")
	if got := b.Text(`#field-company-problem`); got != "Company is needed for the badge." {
		t.Errorf("the problem says %q", got)
	}
	b.Type(`#field-company`, "Fjord Samples")
	b.Until(`!document.querySelector("#field-company").hasAttribute("aria-invalid")`)
	b.Click(`.bottom .main`)
	at(b, "visit")
	b.Click(`.bottom .main`)
	b.Until(`document.querySelector(".problem").textContent.includes("Choose what you come as")`)
	b.Click(`.choices .choice:nth-child(1)`)
	b.Click(`.bottom .main`)
	b.Until(`document.querySelector('[data-question="purpose"] .problem').textContent.includes("Choose an answer")`)
	b.Click(`[data-question="purpose"] .choice`)
	b.Click(`[data-question="field"] .choice`)
	b.Click(`.bottom .main`)
	at(b, "consent")
	b.Click(`.bottom .main`)
	b.Until(`document.querySelector("[role=alert]")?.textContent.includes("agreement")`)
	if k.count("POST registrations") != 0 {
		t.Error("registered without the required consent")
	}
}

// A language may change at any moment; what was entered stays.
func TestKiosk_LanguageKeepsTheEntries(t *testing.T) {
	k := newKiosk(t)
	b := visit(t, k, browser.Options{})
	b.Click(`.way:last-child`)
	b.Type(`#field-name`, "林静怡")
	b.Click(`.foot [lang="en"]`)
	b.Until(`document.querySelector("h1").textContent === "Who is the badge for?"`)
	if got := browser.Value[string](b, `document.querySelector("#field-name").value`); got != "林静怡" {
		t.Errorf("the name became %q", got)
	}
}

// An answer that was lost on the way is asked for again under the same key:
// one registration, one badge (P3).
func TestKiosk_LostAnswerRegistersOnce(t *testing.T) {
	k := newKiosk(t)
	k.with(func() { k.drop["POST registrations"] = 2 })
	b := visit(t, k, browser.Options{})
	typed(b)
	confirmed(b)
	k.waitRegistered(t)
	k.print("issued", "")
	at(b, "take")
	if calls, kept := k.count("POST registrations"), len(k.registrations()); calls < 3 || kept != 1 {
		t.Errorf("%d calls made %d registrations, want at least 3 calls and one registration", calls, kept)
	}
}

// The printer's own reason is said in words; after a failure the visitor
// prints again without entering anything (P6).
func TestKiosk_PrinterTrouble(t *testing.T) {
	k := newKiosk(t)
	b := visit(t, k, browser.Options{})
	b.Click(`.languages [lang="en"]`)
	typed(b)
	confirmed(b)
	k.waitRegistered(t)
	k.print("printing", "media-empty")
	b.Until(`document.querySelector(".notice")?.textContent.includes("out of paper")`)
	if got := b.Text(`.bottom .main`); got != "Collect it at the desk" {
		t.Errorf("the way out says %q", got)
	}
	picture(b, "kiosk-paper-en")
	k.print("printing", "")
	b.Until(`document.querySelector("h1").textContent === "Your badge is on its way"`) // goes on by itself
	k.print("failed", "media-jam")
	b.Until(`document.querySelector("[role=alert]")?.textContent.includes("stuck in the printer")`)
	picture(b, "kiosk-failed")
	if got := b.Text(`.code-line`); got != "7KQ4M-2XPTC" {
		t.Errorf("the code for the desk is %q", got)
	}
	b.Click(`.bottom .main`)
	b.Until(`document.querySelector(".badge-drawing") && !document.querySelector("[role=alert]")`)
	k.print("printing", "")
	k.print("issued", "")
	at(b, "take")
	if n := len(k.registrations()); n != 1 {
		t.Errorf("%d registrations, want one", n)
	}
}

// Nobody starts to type while the kiosk's program is away.
func TestKiosk_ProgramAwayAndBack(t *testing.T) {
	k := newKiosk(t)
	b := visit(t, k, browser.Options{})
	k.with(func() { k.away = true })
	at(b, "starting")
	k.with(func() { k.away = false })
	at(b, "attract")
}

// Nobody stands before a printer that says nothing: after a while the page
// gives the code for the desk and clears when it is left.
func TestKiosk_SilentPrinterLetsTheVisitorGo(t *testing.T) {
	k := newKiosk(t)
	b := visit(t, k, browser.Options{})
	b.Click(`.languages [lang="en"]`)
	typed(b)
	b.Click(`.choices .choice:nth-child(3)`)
	b.Click(`.bottom .main`)
	at(b, "consent")
	b.Click(`.consents .choice:nth-child(1)`)
	browser.Value[bool](b, hurry)
	b.Click(`.bottom .main`)
	b.Until(`document.querySelector(".notice")?.textContent.includes("longer than usual")`)
	b.Until(`document.querySelector(".code-line").textContent === "7KQ4M-2XPTC"`)
	b.Click(`.bottom .main`)
	at(b, "attract")
	nothingLeft(t, k, b)
}

// A refused registration says why and leads back to the form; a corrected one
// goes under a new key.
func TestKiosk_RefusedRegistrationCanBeCorrected(t *testing.T) {
	k := newKiosk(t)
	k.with(func() { k.refuse["POST registrations"] = fault.Invalid })
	b := visit(t, k, browser.Options{})
	b.Click(`.languages [lang="en"]`)
	typed(b)
	confirmed(b)
	b.Until(`document.querySelector("[role=alert]")?.textContent.includes("Check this entry")`)
	b.Click(`.bottom .aside button`)
	at(b, "typing")
	b.Type(`#field-title`, "采购经理")
	b.Click(`.bottom .main`)
	b.Click(`.bottom .main`)
	b.Click(`.bottom .main`)
	k.waitRegistered(t)
	k.print("issued", "")
	at(b, "take")
	if fields := k.registrations()[0]["fields"].(map[string]any); fields["title"] != "采购经理" {
		t.Errorf("fields = %v, want the correction", fields)
	}
}

// Whoever walks away is asked once and then forgotten (P7); whoever says "I am
// still here" keeps everything.
func TestKiosk_IdleForgets(t *testing.T) {
	k := newKiosk(t)
	k.with(func() { k.show["idle_seconds"] = 20 })
	b := visit(t, k, browser.Options{})
	b.Click(`.languages [lang="en"]`)
	b.Click(`.way:last-child`)
	b.Type(`#field-name`, "潘俊杰")
	browser.Value[bool](b, hurry)
	b.Type(`#field-company`, "dingrui")
	b.See(`dialog.idle .main`)
	picture(b, "kiosk-idle")
	b.Click(`dialog.idle .main`)
	b.Until(`document.querySelector("#field-name").value === "潘俊杰"`)
	b.Until(`/cleared in \d+ seconds?/.test(document.querySelector("dialog.idle")?.textContent)`)
	at(b, "attract")
	b.Until(`document.documentElement.lang === "zh-CN" && !document.querySelector("dialog")`)
	nothingLeft(t, k, b)
}

// A printer that cannot print at all is said before anybody types, and the way
// to the desk stays open; the hall's absence is a mark, no more (P2).
func TestKiosk_OutOfOrderAndAlone(t *testing.T) {
	k := newKiosk(t)
	k.with(func() {
		k.hall = "down"
		k.printer = map[string]any{"state": "stopped", "reasons": []string{"cover-open-error"}}
	})
	b := open(t, browser.Options{})
	b.Open(k.URL)
	at(b, "out")
	b.Until(`document.querySelector(".picture").textContent.includes("请合上")`)
	b.See(`[data-live=hall] .mark`)
	picture(b, "kiosk-out")
	b.Click(`.bottom .aside button`)
	at(b, "attract")
	before := k.count("GET status")
	waitFor(t, func() bool { return k.count("GET status") > before+1 })
	at(b, "attract")
	b.Click(`.way:last-child`)
	at(b, "typing")
	b.Click(`.foot button`)
	at(b, "out")
	k.with(func() { k.printer = map[string]any{"state": "idle", "reasons": []string{}} })
	at(b, "attract")
	k.with(func() { k.hall = "up" })
	b.Until(`!document.querySelector("[data-live=hall] .mark")`)
}
