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
