package pagetest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"hallpass/cmd/internal/browser"
	"hallpass/sync/fault"
)

func (k *kiosk) postKnown(w http.ResponseWriter, r *http.Request) {
	var form struct{ Fields map[string]string }
	if err := json.NewDecoder(r.Body).Decode(&form); err != nil {
		reply(w, http.StatusUnprocessableEntity, map[string]any{"code": fault.Invalid})
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	reply(w, http.StatusOK, map[string]any{"known": k.known != "" && form.Fields["mobile"] == k.known})
}

// registersAs fills the form, goes on, and waits for the screen that comes.
func registersAs(b *browser.Browser, mobile, screen string) {
	b.Click(`.way:last-child`)
	at(b, "typing")
	b.Type(`#field-name`, "潘俊杰")
	b.Type(`#field-company`, "Fjord Samples")
	b.Type(`#field-mobile`, mobile)
	b.Click(`.bottom .main`)
	at(b, screen)
}

// P2, P7: who seems to be registered is told so before a second badge is made, not
// who it was, and decides: correct, go on as somebody else, or see the staff.
func TestKiosk_RegisteredAlready(t *testing.T) {
	const taken = "+86 163 9225 1847"
	k := newKiosk(t)
	k.with(func() { k.known = taken })
	b := visit(t, k, browser.Options{})
	b.Click(`.languages [lang="en"]`)
	registersAs(b, taken, "again")
	picture(b, "kiosk-again-portrait-en")
	if text := b.Text(`#kiosk`); strings.Contains(text, "潘") || strings.Contains(text, "9225") || strings.Contains(text, "Fjord") {
		t.Errorf("the screen says whose it is: %s", text)
	}
	b.Click(`.foot [lang="zh-CN"]`)
	b.Until(`document.querySelector("h1").textContent === "您可能已经登记过"`)
	picture(b, "kiosk-again-portrait-zh")
	b.Click(`.foot [lang="en"]`)
	b.Until(`document.documentElement.lang === "en"`)

	b.Click(`.way:nth-child(2)`) // mistyped
	at(b, "typing")
	b.Until(`document.querySelector("#field-mobile").value === "` + taken + `"`)
	b.Type(`#field-mobile`, "+86 163 9225 0000")
	b.Click(`.bottom .main`)
	at(b, "visit")
	b.Click(`.bottom .foot button`)
	b.Type(`#field-mobile`, taken)
	b.Click(`.bottom .main`)
	at(b, "again")

	b.Click(`.way:nth-child(3)`) // somebody else, who is not asked once more
	at(b, "visit")
	b.Click(`.bottom .foot button`)
	at(b, "typing")
	b.Click(`.bottom .main`)
	confirmed(b)
	k.waitRegistered(t)
	k.print("issued", "")
	at(b, "take")
	if n := len(k.registrations()); n != 1 {
		t.Errorf("%d registrations, want the one that the visitor insisted on", n)
	}
}

// Whoever needs the badge again is sent to the staff, who find on the same screen
// what was typed; the visitor's other entries are gone (P7).
func TestKiosk_StaffPrintAgain(t *testing.T) {
	k := newKiosk(t)
	k.with(func() { k.known = "16392251847" })
	b := visit(t, k, browser.Options{})
	b.Click(`.languages [lang="en"]`)
	registersAs(b, "16392251847", "again")
	b.Click(`.way:first-child`)
	at(b, "lost")
	picture(b, "kiosk-lost-portrait-en")
	b.Click(`.bottom .foot button`) // back
	at(b, "again")
	b.Click(`.way:first-child`)
	at(b, "lost")
	b.Click(`.bottom .aside button`)
	at(b, "door")
	b.Click(`.bottom .foot button`)
	at(b, "attract")
	nothingLeft(t, k, b)
}

// No answer to "is this person known" holds nobody up (P2), and one who has walked
// away is forgotten (P7).
func TestKiosk_KnownDoesNotHoldUp(t *testing.T) {
	k := newKiosk(t)
	k.with(func() { k.known, k.tear["POST known"] = "16392251847", 1 })
	b := visit(t, k, browser.Options{})
	b.Click(`.languages [lang="en"]`)
	registersAs(b, "16392251847", "visit")
	b.Click(`.bottom .foot button`)
	k.with(func() { k.mute["POST known"] = 1 })
	b.Click(`.bottom .main`)
	at(b, "visit")
	b.Click(`.bottom .foot button`)
	at(b, "typing")
	browser.Value[bool](b, hurry)
	b.Click(`.bottom .main`)
	at(b, "again")
	b.See(`dialog.idle`)
	at(b, "attract")
	nothingLeft(t, k, b)
}

// A changed setting is on the first screen at once, without a touch and without
// being asked for; whoever is at the form goes on as begun.
func TestKiosk_ChangedSettingIsShownAtOnce(t *testing.T) {
	k := newKiosk(t)
	b := visit(t, k, browser.Options{})
	b.Click(`.languages [lang="en"]`)
	change := func(name, revision string) {
		k.with(func() { k.show["name"], k.show["revision"] = map[string]any{"en": name, "zh-CN": name}, revision })
	}
	change("Lumen West", "second")
	b.Until(`document.querySelector("h1").textContent.includes("Lumen West")`)
	b.Click(`.way:last-child`)
	at(b, "typing")
	b.Type(`#field-name`, "潘俊杰")
	asked := k.count("GET show")
	before := k.count("GET status")
	change("Lumen East", "third")
	waitFor(t, func() bool { return k.count("GET status") > before+1 })
	if got := browser.Value[string](b, `document.querySelector("#field-name").value`); got != "潘俊杰" || k.count("GET show") != asked {
		t.Errorf("under the visitor's hands: %q, asked %d times", got, k.count("GET show")-asked)
	}
	b.Click(`.foot button`)
	at(b, "attract")
	b.Until(`document.querySelector("h1").textContent.includes("Lumen East")`)
}
