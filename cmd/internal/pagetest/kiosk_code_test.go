package pagetest_test

import (
	"encoding/json"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	qrcode "github.com/skip2/go-qrcode"

	"hallpass/cmd/internal/browser"
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// The people who are expected, by their code.
const (
	complete = "7KQ4M2XPTC" // all that is asked is said
	wanting  = "WANTING"    // of a category that nobody chooses, without a company
	used     = "USED42"
)

func (k *kiosk) postPreregistrations(w http.ResponseWriter, r *http.Request) {
	var body struct{ Code string }
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		reply(w, http.StatusUnprocessableEntity, map[string]any{"code": fault.Invalid})
		return
	}
	refuse := func(code fault.Code) {
		reply(w, fault.Status(code), map[string]any{"code": code, "message": "in English", "field": "code"})
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	switch code := record.CodeOf(body.Code); {
	case !k.list:
		refuse(fault.Unavailable)
	case code == complete:
		reply(w, http.StatusOK, map[string]any{
			"code": code, "category": "trade",
			"fields":  map[string]string{"name": "潘俊杰", "name_en": "Helen Pan", "company": "武汉鼎睿精密机械有限公司", "title": "运营总监", "mobile": "+86 163 9225 1847", "email": "pan@dingrui.example"},
			"answers": map[string]any{"purpose": []string{"source"}, "field": []string{"indoor"}},
		})
	case code == wanting:
		reply(w, http.StatusOK, map[string]any{"code": code, "category": "vip", "fields": map[string]string{"name": "潘俊杰"}, "answers": map[string]any{}})
	case code == used:
		refuse(fault.Conflict)
	default:
		refuse(fault.NotFound)
	}
}

// confirmationOf is a picture of a confirmation on paper with the QR of its link.
func confirmationOf(t *testing.T, code string) string {
	t.Helper()
	qr, err := qrcode.New("https://lumen.example/confirmation?code="+code, qrcode.Medium)
	if err != nil {
		t.Fatal(err)
	}
	table := image.NewRGBA(image.Rect(0, 0, 1280, 960))
	draw.Draw(table, table.Bounds(), image.NewUniform(color.RGBA{0x6f, 0x77, 0x82, 0xff}), image.Point{}, draw.Src)
	draw.Draw(table, image.Rect(340, 120, 940, 960), image.White, image.Point{}, draw.Src)
	draw.Draw(table, image.Rect(440, 260, 840, 660), qr.Image(400), image.Point{}, draw.Src)
	name := filepath.Join(t.TempDir(), "confirmation.png")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, table); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

// checkConfirmed looks what a code's visitor was registered as, once.
func checkConfirmed(t *testing.T, k *kiosk, code, company string) {
	t.Helper()
	all := k.registrations()
	if len(all) != 1 || all[0]["code"] != code || all[0]["source"] != "preregistration" {
		t.Fatalf("registered %v, want once, with the code", all)
	}
	if fields := all[0]["fields"].(map[string]any); fields["company"] != company || fields["name"] != "潘俊杰" {
		t.Errorf("fields = %v", fields)
	}
}

// Who was registered in advance holds the confirmation up, looks, agrees and has a
// badge: two touches and the consent. Afterwards nothing is left (P7).
func TestKioskScreens_CodeToBadge(t *testing.T) {
	k := newKiosk(t)
	k.with(func() { k.mute["POST preregistrations"] = 1 }) // slow, so that the picture of the camera stays
	b := visit(t, k, browser.Options{Scale: 0.5, Camera: browser.Camera(t, confirmationOf(t, complete))})
	b.Click(`.languages [lang="en"]`)
	b.Until(`document.documentElement.lang === "en"`)
	b.Click(`.way:nth-child(2)`)
	at(b, "code")
	b.See(`.stage[data-state="looking"]`)
	b.Until(`document.querySelector(".advice").textContent !== ""`) // seen, read and asked
	picture(b, "kiosk-code-portrait-en")
	b.Until(`document.querySelector("#code-problem").textContent !== ""`) // not waited for any longer
	b.Click(`.bottom .main`)

	at(b, "expected")
	b.Until(`document.querySelectorAll(".sure").length === 7`) // all that is known, and the category
	picture(b, "kiosk-expected-portrait-en")
	b.Click(`[data-sure="company"]`)
	b.Type(`#field-company`, "Fjord Samples")
	b.Click(`.bottom .main`)

	at(b, "consent") // every question is answered
	b.Until(`document.querySelector(".step").textContent === "3 of 3"`)
	b.Click(`.consents .choice:nth-child(1)`)
	b.Click(`.bottom .main`)
	k.waitRegistered(t)
	k.print("issued", "")
	at(b, "take")
	b.Click(`.bottom .main`)
	at(b, "attract")
	nothingLeft(t, k, b)
	checkConfirmed(t, k, complete, "Fjord Samples")
}

// Without a camera the code is typed, as it stands on paper. What the badge needs
// and the list does not say is asked, and a category that nobody
// chooses for themselves is kept.
func TestKiosk_CodeTypedAndCompleted(t *testing.T) {
	k := newKiosk(t)
	b := visit(t, k, browser.Options{})
	b.Click(`.languages [lang="en"]`)
	b.Click(`.way:nth-child(2)`)
	at(b, "code")
	b.Until(`!document.querySelector(".stage")`)
	b.Type(`#code`, "want-ing")
	press(b, "\r")
	at(b, "expected")
	b.Click(`.bottom .main`)
	b.Until(`document.activeElement.id === "field-company" && document.querySelector("#field-company-problem").textContent.includes("needed")`)
	b.Type(`#field-company`, "Fjord Samples")
	b.Click(`[data-sure="category"]`)
	at(b, "visit")
	b.Until(`document.querySelector("input[name=category]:checked").closest("label").textContent.includes("VIP")`)
	b.Click(`.bottom .foot button`) // back: the entries are as they were left
	at(b, "expected")
	b.Until(`document.querySelector('[data-sure="company"] .value').textContent === "Fjord Samples"`)
	b.Click(`.bottom .main`)
	at(b, "consent")
	b.Click(`.consents .choice:nth-child(1)`)
	b.Click(`.bottom .main`)
	k.waitRegistered(t)
	k.print("issued", "")
	at(b, "take")
	checkConfirmed(t, k, wanting, "Fjord Samples")
	if got := k.registrations()[0]["category"]; got != "vip" {
		t.Errorf("category = %v, want the list's", got)
	}
}

// P9: each code that opens nothing says why and what to do, and a wrong one can be
// corrected where it stands.
func TestKiosk_CodesThatOpenNothing(t *testing.T) {
	k := newKiosk(t)
	b := visit(t, k, browser.Options{})
	b.Click(`.languages [lang="en"]`)
	b.Click(`.way:nth-child(2)`)
	at(b, "code")
	says := func(sentence string) {
		t.Helper()
		b.Until(`document.querySelector("#code-problem").textContent.includes("` + sentence + `") && document.activeElement.id === "code"`)
	}
	b.Click(`.bottom .main`)
	says("Type the code here")
	b.Type(`#code`, "NOBODY1")
	b.Until(`document.querySelector("#code-problem").textContent === ""`)
	b.Click(`.bottom .main`)
	says("Compare it with your confirmation")
	picture(b, "kiosk-code-wrong-portrait-en")
	b.Click(`.foot [lang="zh-CN"]`) // what was typed stays in another language
	b.Until(`document.querySelector("h1").textContent === "请出示确认码" && document.querySelector("#code").value === "NOBODY1"`)
	b.Click(`.foot [lang="en"]`)
	b.Until(`document.documentElement.lang === "en"`)

	k.with(func() { k.hall = "down" })
	b.See(`[data-live=hall] .mark`)
	b.Click(`.bottom .main`)
	says("no connection to the hall")
	k.with(func() { k.list = false })
	b.Click(`.bottom .main`)
	says("has not reached this kiosk yet")
	k.with(func() { k.list, k.hall, k.refuse["POST preregistrations"] = true, "up", fault.TooMany })
	b.Click(`.bottom .main`)
	says("Wait a minute")
	k.with(func() { k.tear["POST preregistrations"] = 1 })
	b.Click(`.bottom .main`)
	says("No answer")
	k.with(func() { k.mute["POST preregistrations"] = 1 }) // slow: said so, and not waited for
	b.Type(`#code`, used)
	b.Click(`.bottom .main`)
	b.Until(`document.querySelector(".advice").textContent.includes("Looking for") || document.querySelector("#code-problem").textContent.includes("No answer")`)
	says("No answer")

	b.Click(`.bottom .main`)
	at(b, "again")
	b.Until(`document.querySelector("h1").textContent.includes("with this code")`)
	picture(b, "kiosk-again-code-portrait-en")
	b.Click(`.way:nth-child(2)`) // another code
	at(b, "code")
	b.Until(`document.querySelector("#code").value === ""`)
	b.Click(`.bottom .aside button`) // none
	at(b, "typing")
	if n := len(k.registrations()); n != 0 {
		t.Errorf("%d registrations", n)
	}
}

// A code that was used elsewhere while its visitor looked at the screen: nothing
// is printed twice (P3), and the way to another one is open.
func TestKiosk_CodeUsedMeanwhile(t *testing.T) {
	k := newKiosk(t)
	b := visit(t, k, browser.Options{})
	b.Click(`.languages [lang="en"]`)
	types(b, complete, nil) // a hand scanner, on the first screen
	at(b, "expected")
	b.Click(`.bottom .main`)
	at(b, "consent")
	b.Click(`.consents .choice:nth-child(1)`)
	k.with(func() { k.refuse["POST registrations"], k.field = fault.Conflict, "code" })
	b.Click(`.bottom .main`)
	b.Until(`document.querySelector("[role=alert]")?.textContent.includes("with this code already")`)
	b.Click(`.bottom .aside button`)
	at(b, "code")
	if n := len(k.registrations()); n != 0 {
		t.Errorf("%d registrations", n)
	}
}

// Where no hall tells who is expected there is no such way; a hand scanner's
// reading is then nothing.
func TestKiosk_NoCodesWithoutAHall(t *testing.T) {
	k := newKiosk(t)
	k.with(func() { k.show["codes"] = false })
	b := visit(t, k, browser.Options{})
	types(b, complete, nil)
	b.Until(`document.querySelectorAll(".way").length === 2`)
	b.Click(`.way:last-child`)
	at(b, "typing")
	if n := k.count("POST preregistrations"); n != 0 {
		t.Errorf("asked %d times", n)
	}
}
