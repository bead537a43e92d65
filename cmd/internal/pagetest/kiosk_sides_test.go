package pagetest_test

import (
	"testing"

	"hallpass/cmd/internal/browser"
)

// read uploads a picture and waits for what was read.
func read(b *browser.Browser) {
	b.See(`.stage[data-state="without"]`)
	browser.Value[bool](b, drawn)
	at(b, "review")
}

// The other side of a card is put together with the first: what it adds is
// shown behind, what it settles is no longer doubtful, what the visitor has
// changed stays, and nothing of the first reading is left in memory (P7).
func TestKiosk_OtherSide(t *testing.T) {
	for _, language := range []string{"en", "zh-CN"} {
		k := newKiosk(t)
		b := visit(t, k, browser.Options{Width: 1080, Height: 1920, Scale: 0.5})
		b.Click(`.languages [lang="` + language + `"]`)
		b.Until(`document.documentElement.lang === "` + language + `"`)
		b.Click(`.way.first`)
		read(b)
		b.Until(`document.querySelectorAll(".doubtful").length === 2 && document.querySelectorAll(".bottom .aside button").length === 2`)
		picture(b, "kiosk-sides-before-"+language)
		b.Click(`[data-field="title"] .chip:nth-child(2)`) // corrected before the card is turned

		b.Click(`.bottom .aside button:first-child`)
		at(b, "camera")
		want := map[string]string{"en": "Show the other side of your card", "zh-CN": "请出示名片背面"}[language]
		b.Until(`document.querySelectorAll(".bottom .aside button").length === 1`) // typing would lose the card
		if k.inMemory() != 1 {
			t.Errorf("%d cards in memory while the card is turned, want the front", k.inMemory())
		}
		b.Click(`.bottom .foot button:first-child`) // back to what was read
		at(b, "review")
		b.Click(`.bottom .aside button:first-child`)
		read(b)
		b.Until(`document.querySelectorAll(".doubtful").length === 1`)
		if got := b.Text(`[data-sure="wechat"] .value`); got != "helenpan" {
			t.Errorf("wechat, from the other side = %q; heading was %q", got, want)
		}
		if last := browser.Value[string](b, `[...document.querySelectorAll("[data-sure]")].at(-1).dataset.sure`); last != "wechat" {
			t.Errorf("the last line is %s, want what stands on the other side", last)
		}
		if got := browser.Value[string](b, `document.querySelector("#field-title").value`); got != "运营总监" {
			t.Errorf("the corrected title became %q", got)
		}
		if k.inMemory() != 1 {
			t.Errorf("%d cards in memory, want the two sides as one", k.inMemory())
		}
		picture(b, "kiosk-sides-after-"+language)
		b.Click(`.bottom .main`)
		at(b, "visit")
	}
}

// What the reader is not made for stands above what it read.
func TestKiosk_UnfamiliarCard(t *testing.T) {
	for language, want := range map[string][2]string{
		"en":    {"more than one card", "hardly known"},
		"zh-CN": {"多张名片", "不熟悉"},
	} {
		k := newKiosk(t)
		k.with(func() { k.strange = true })
		b := visit(t, k, browser.Options{Width: 1080, Height: 1920, Scale: 0.5})
		b.Click(`.languages [lang="` + language + `"]`)
		b.Until(`document.documentElement.lang === "` + language + `"`)
		b.Click(`.way.first`)
		read(b)
		b.Until(`document.querySelectorAll(".notice.doubt").length === 2`)
		for _, sentence := range want {
			b.Until(`[...document.querySelectorAll(".notice")].some((n) => n.textContent.includes("` + sentence + `"))`)
		}
		picture(b, "kiosk-unfamiliar-"+language)
	}
}

// Somebody else's card is not the other side of mine: the page says so, and
// what was read stays. Taken again, it takes the place of mine.
func TestKiosk_OtherSideOfSomebodyElse(t *testing.T) {
	k := newKiosk(t)
	b := visit(t, k, browser.Options{Width: 1080, Height: 1920, Scale: 0.5})
	b.Click(`.languages [lang="en"]`)
	b.Click(`.way.first`)
	read(b)
	k.with(func() { k.stranger = true })
	b.Click(`.bottom .aside button:first-child`)
	b.See(`.stage[data-state="without"]`)
	browser.Value[bool](b, drawn)
	b.Until(`document.querySelector("[role=alert]")?.textContent.includes("names somebody else")`)
	picture(b, "kiosk-sides-stranger")
	waitFor(t, func() bool { return k.inMemory() == 1 })
	b.Click(`.bottom .foot button:first-child`)
	at(b, "review")
	if got := b.Text(`[data-sure="name"] .value`); got != "潘俊杰" {
		t.Errorf("name = %q, want the first card's", got)
	}
	b.Click(`.bottom .aside button:last-child`)
	read(b)
	b.Until(`document.querySelector("[data-sure=name] .value").textContent === "林晓"`)
	waitFor(t, func() bool { return k.inMemory() == 1 })
}

// A kiosk that has forgotten the first side reads the second as a card.
func TestKiosk_FirstSideForgotten(t *testing.T) {
	k := newKiosk(t)
	b := visit(t, k, browser.Options{})
	b.Click(`.way.first`)
	read(b)
	k.with(func() { clear(k.cards) })
	b.Click(`.bottom .aside button:first-child`)
	read(b)
	if got := k.count("POST cards"); got != 3 {
		t.Errorf("asked %d times, want once, with it, and without it", got)
	}
}
