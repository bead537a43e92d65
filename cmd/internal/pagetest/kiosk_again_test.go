package pagetest_test

import (
	"testing"

	"hallpass/cmd/internal/browser"
)

// A program that hangs is noticed: the visitor's form goes again under the same
// key (P3), and the first screen does not stand there with old news.
func TestKiosk_HangingProgramIsNotWaitedFor(t *testing.T) {
	k := newKiosk(t)
	b := visit(t, k, browser.Options{})
	typed(b)
	browser.Value[bool](b, hurry)
	k.with(func() { k.mute["POST registrations"] = 1 })
	confirmed(b)
	k.waitRegistered(t)
	if calls, kept := k.count("POST registrations"), len(k.registrations()); calls != 2 || kept != 1 {
		t.Errorf("%d calls made %d registrations, want 2 calls and one registration", calls, kept)
	}
	k.print("issued", "")
	at(b, "take")
	k.with(func() { k.mute["GET status"] = 3 })
	b.Click(`.bottom .main`)
	at(b, "starting")
	at(b, "attract")
}

// An answer that breaks off in the middle is no answer, and asked for again.
func TestKiosk_BrokenAnswerIsAskedAgain(t *testing.T) {
	k := newKiosk(t)
	k.with(func() { k.tear["POST registrations"] = 1 })
	b := visit(t, k, browser.Options{})
	typed(b)
	confirmed(b)
	k.waitRegistered(t)
	k.print("issued", "")
	at(b, "take")
	if kept := len(k.registrations()); kept != 1 {
		t.Errorf("%d registrations, want one", kept)
	}
}

// Two quick touches on "print again" are one wish: a second issue would void
// the first on its way (P6).
func TestKiosk_TouchedTwicePrintsOnce(t *testing.T) {
	k := newKiosk(t)
	b := visit(t, k, browser.Options{})
	typed(b)
	confirmed(b)
	k.waitRegistered(t)
	k.print("failed", "media-jam")
	b.See(`[role=alert]`)
	browser.Value[bool](b, `(() => { const b = document.querySelector(".bottom .main"); b.click(); b.click(); return true; })()`)
	b.Until(`document.querySelector(".badge-drawing") && !document.querySelector("[role=alert]")`)
	k.print("issued", "")
	at(b, "take")
	if got := k.count("POST registrations/{id}/badge"); got != 1 {
		t.Errorf("asked to print again %d times, want once", got)
	}
}

// A card left before the camera is nobody: the screen asks and goes home (P7).
func TestKiosk_CardLeftBehindIsNobody(t *testing.T) {
	k := newKiosk(t)
	k.with(func() {
		k.show["idle_seconds"] = 60
		k.advice = "too_dark" // seen, and never taken
	})
	b := visit(t, k, browser.Options{Camera: browser.Camera(t, "testdata/card.jpg")})
	browser.Value[bool](b, hurry)
	b.Click(`.way.first`)
	b.See(`dialog.idle`)
	at(b, "attract")
}
