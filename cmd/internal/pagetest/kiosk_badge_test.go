package pagetest_test

import (
	"testing"

	"hallpass/cmd/internal/browser"
)

// english is a kiosk's page in English with a typed visitor before the consents.
func english(t *testing.T, o browser.Options) (*kiosk, *browser.Browser) {
	t.Helper()
	k := newKiosk(t)
	b := visit(t, k, o)
	b.Click(`.languages [lang="en"]`)
	b.Until(`document.documentElement.lang === "en"`)
	typed(b)
	return k, b
}

// issued is a visitor whose badge came out.
func issued(t *testing.T) (*kiosk, *browser.Browser) {
	t.Helper()
	k, b := english(t, browser.Options{Scale: 0.5})
	confirmed(b)
	k.waitRegistered(t)
	k.print("issued", "")
	at(b, "take")
	return k, b
}

// The badge is seen as it will be printed, with the way back to correct it, on
// every kind of screen; the corrected one is seen again. When the visitor
// leaves it is gone (P7).
func TestKiosk_PreviewBeforePrint(t *testing.T) {
	for _, c := range []struct {
		name          string
		width, height int64
	}{{"portrait", 1080, 1920}, {"landscape", 1280, 800}, {"phone", 390, 844}} {
		t.Run(c.name, func(t *testing.T) {
			k, b := english(t, browser.Options{Width: c.width, Height: c.height, Scale: 0.5})
			b.Click(`.choices .choice:nth-child(3)`)
			b.Click(`.bottom .main`)
			at(b, "consent")
			b.See(`.preview canvas`)
			picture(b, "kiosk-preview-"+c.name)
			b.Click(`.bottom .aside button`)
			at(b, "typing")
			b.Type(`#field-name`, "林静仪")
			b.Click(`.bottom .main`)
			b.Click(`.bottom .main`)
			at(b, "consent")
			b.See(`.preview canvas`)
			if got := k.count("POST previews"); got != 2 {
				t.Errorf("%d previews, want one for each of two names", got)
			}
			b.Click(`.consents .choice:nth-child(1)`)
			b.Click(`.bottom .main`)
			at(b, "printing")
			b.See(`.badge-drawing canvas`)
			k.waitRegistered(t)
			k.print("issued", "")
			at(b, "take")
			b.Click(`.bottom .main`)
			at(b, "attract")
			b.Until(`!document.querySelector("canvas")`)
		})
	}
}

// What no font has is said before anything is printed (P9).
func TestKiosk_PreviewTellsWhatIsMissing(t *testing.T) {
	_, b := english(t, browser.Options{Scale: 0.5})
	b.Click(`.choices .choice:nth-child(3)`)
	b.Click(`.bottom .main`)
	at(b, "consent")
	b.See(`.preview canvas`)
	b.Until(`!document.querySelector(".preview .notice")`)
	b.Click(`.bottom .aside button`)
	at(b, "typing")
	b.Type(`#field-name`, "李\U00016FE4")
	b.Click(`.bottom .main`)
	b.Click(`.bottom .main`)
	at(b, "consent")
	b.Until(`document.querySelector(".preview .notice")?.textContent.includes("\u{16FE4}")`)
	picture(b, "kiosk-preview-missing-en")
}

// Without an answer to the preview the visitor goes on all the same.
func TestKiosk_NoPreviewStopsNobody(t *testing.T) {
	k, b := english(t, browser.Options{})
	k.with(func() { k.refuse["POST previews"] = "internal" })
	confirmed(b)
	b.See(`.badge-drawing .face`)
	k.waitRegistered(t)
	k.print("issued", "")
	at(b, "take")
}

// A badge that moved: the visitor is sent where it is, while it prints and when
// it is out.
func TestKiosk_BadgeAtTheNextPrinter(t *testing.T) {
	k, b := english(t, browser.Options{Scale: 0.5})
	confirmed(b)
	k.waitRegistered(t)
	k.print("printing", "")
	k.with(func() { k.place = "Desk 2, left" })
	k.print("printing", "")
	b.Until(`document.querySelector("h1").textContent === "Your badge comes at Desk 2, left"`)
	b.See(`.moved`)
	picture(b, "kiosk-moved-en")
	k.print("issued", "")
	at(b, "take")
	b.Until(`document.querySelector("h1").textContent === "Take your badge at Desk 2, left"`)
	picture(b, "kiosk-take-moved-en")
}

// A printer that cannot tell: the visitor says whether the badge came out.
func TestKiosk_BlindPrinterAsks(t *testing.T) {
	k, b := english(t, browser.Options{Scale: 0.5})
	confirmed(b)
	k.waitRegistered(t)
	k.print("unknown", "blind")
	b.Until(`document.querySelector("h1").textContent === "Did your badge come out?"`)
	picture(b, "kiosk-ask-en")
	b.Click(`.bottom .aside button`)
	b.Until(`document.querySelector("h1").textContent === "Your badge is on its way"`)
	k.print("unknown", "blind")
	b.Until(`document.querySelector("h1").textContent === "Did your badge come out?"`)
	b.Click(`.bottom .main`)
	at(b, "take")
	wantHeard(t, k, `[{"out":false},{"out":true}]`)
}

// "Not mine" voids at once; the right details are printed under the same
// registration, and then everything is forgotten (P7).
func TestKiosk_NotMineVoidsAtOnce(t *testing.T) {
	k, b := issued(t)
	b.Click(`.bottom .aside button`)
	at(b, "wrong")
	picture(b, "kiosk-wrong-en")
	browser.Value[bool](b, `(() => { const b = document.querySelector(".way"); b.click(); b.click(); return true; })()`)
	at(b, "voided")
	picture(b, "kiosk-voided-en")
	wantHeard(t, k, `[{"reason":"not-mine"}]`)
	b.Click(`.bottom .main`)
	at(b, "typing")
	b.Type(`#field-name`, "潘俊杰")
	for _, screen := range []string{"visit", "consent", "printing"} {
		b.Click(`.bottom .main`)
		at(b, screen)
	}
	b.Until(`document.querySelector("[role=status]").textContent.startsWith("Saved")`)
	if n := len(k.registrations()); n != 1 {
		t.Errorf("%d registrations, want the one that was corrected", n)
	}
	k.mu.Lock()
	name := k.right["fields"].(map[string]any)["name"]
	k.mu.Unlock()
	if name != "潘俊杰" {
		t.Errorf("corrected to %v", name)
	}
	k.print("issued", "")
	at(b, "take")
	b.Click(`.bottom .main`)
	at(b, "attract")
	nothingLeft(t, k, b)
}

// A bad print and one that did not come out are printed again, with the reason.
func TestKiosk_BadPrintAndNoPrint(t *testing.T) {
	k, b := issued(t)
	for i, way := range []string{`.way:nth-child(3)`, `.way:nth-child(4)`} {
		b.Click(`.bottom .aside button`)
		at(b, "wrong")
		b.Click(way)
		at(b, "printing")
		waitFor(t, func() bool { k.mu.Lock(); defer k.mu.Unlock(); return len(k.asked) == i+1 && len(k.listener) > 0 })
		k.print("issued", "")
		at(b, "take")
	}
	wantHeard(t, k, `[{"reason":"misprint"},{"reason":"not-out"}]`)
	b.Click(`.bottom .aside button`)
	at(b, "wrong")
	k.with(func() { k.refuse["POST registrations/{id}/badge"] = "too_many" })
	b.Click(`.way:nth-child(3)`)
	b.Until(`document.querySelector("[role=alert]").textContent.length > 0`)
	b.Click(`.foot button`)
	at(b, "take")
}

// A printer's fault turns the first screen at once, and it says how each printer
// of the pool is and how long its labels last.
func TestKiosk_OutOfOrderAtOnceWithThePool(t *testing.T) {
	k := newKiosk(t)
	b := visit(t, k, browser.Options{Scale: 0.5})
	b.Click(`.languages [lang="en"]`)
	asked := k.count("GET status")
	k.with(func() {
		k.printer = map[string]any{"state": "stopped", "reasons": []string{"media-empty"}}
		k.printers = []map[string]any{
			{"place": "Desk 1", "name": "A", "state": "stopped", "reasons": []string{"media-empty"}, "labels_left": 0, "empty_at": nil},
			{"place": "Desk 2, left", "name": "B", "state": "stopped", "reasons": []string{"cover-open"}, "labels_left": 120, "empty_at": "2027-04-21T03:40:00Z"},
		}
	})
	at(b, "out")
	if now := k.count("GET status"); now > asked+1 {
		t.Errorf("the page had to ask %d times", now-asked)
	}
	b.Until(`document.querySelector(".printers").textContent.includes("120 badges left, until about")`)
	picture(b, "kiosk-out-pool-en")
}
