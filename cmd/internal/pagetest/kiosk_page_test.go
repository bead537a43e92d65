package pagetest_test

import (
	"flag"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hallpass/assets"
	"hallpass/cmd/internal/browser"
)

// The pictures of the README, and with -every those of all sizes and languages:
//
//	go test ./cmd/internal/pagetest -run KioskScreens -screenshots ../../../assets/screenshots
var (
	screenshots = flag.String("screenshots", "", "folder to write pictures of the screens to")
	every       = flag.Bool("every", false, "write every picture, not only the README's")
)

// shown are the pictures of the README.
var shown = []string{
	"kiosk-attract-portrait-en", "kiosk-camera-portrait-en", "kiosk-review-portrait-en", "kiosk-visit-portrait-en",
	"kiosk-consent-portrait-en", "kiosk-printing-portrait-en", "kiosk-take-portrait-en", "kiosk-attract-portrait-zh", "kiosk-review-portrait-zh",
	"staff-portrait-en", "staff-holder-portrait-en",
	"kiosk-attract-landscape-en", "kiosk-review-landscape-en",
	"kiosk-code-portrait-en", "kiosk-expected-portrait-en", "kiosk-again-portrait-en",
}

func sampleShow(tb testing.TB) []byte {
	tb.Helper()
	data, err := assets.Files().(interface {
		ReadFile(string) ([]byte, error)
	}).ReadFile("show/show.json")
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// visit opens the page of a kiosk and waits for its first screen.
func visit(t *testing.T, k *kiosk, o browser.Options) *browser.Browser {
	t.Helper()
	b := open(t, o)
	b.Open(k.URL)
	at(b, "attract")
	return b
}

// at waits for a screen.
func at(b *browser.Browser, screen string) {
	b.See(`#kiosk[data-name="` + screen + `"] h1`)
}

func picture(b *browser.Browser, name string) {
	if *screenshots != "" && (*every || slices.Contains(shown, name)) {
		b.Until(`Array.from(document.images).every((i) => i.complete) && !document.getAnimations().some((a) => a.transitionProperty)`)
		b.Screenshot(filepath.Join(*screenshots, name+".png"))
	}
}

// The whole way of a visitor with a card, on both kinds of screen and in both
// languages: camera, shutter by itself, doubts, category, questions, consent,
// printer, slot. Afterwards nothing is left (P7).
func TestKioskScreens_CardToBadge(t *testing.T) {
	for _, c := range []struct {
		name, language string
		width, height  int64
		scale          float64 // half of it makes a picture fit for the README
	}{
		{"portrait-en", "en", 1080, 1920, 0.5},
		{"portrait-zh", "zh-CN", 1080, 1920, 0.5},
		{"landscape-en", "en", 1280, 800, 0.75},
		{"phone-zh", "zh-CN", 390, 844, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := newKiosk(t)
			k.with(func() { k.advice = "too_dark" })
			b := visit(t, k, browser.Options{Width: c.width, Height: c.height, Scale: c.scale, Camera: browser.Camera(t, "testdata/card.jpg")})
			b.Click(`.languages [lang="` + c.language + `"]`)
			b.Until(`document.documentElement.lang === "` + c.language + `"`)
			picture(b, "kiosk-attract-"+c.name)

			b.Click(`.way.first`)
			b.See(`.stage[data-state="unsure"] polygon[points]`)
			picture(b, "kiosk-camera-"+c.name)
			k.with(func() { k.advice = "" })
			at(b, "review")
			b.See(`.doubtful img.crop`)
			b.Until(`Array.from(document.querySelectorAll(".crop")).every((i) => i.complete && i.naturalWidth > 0)`)
			picture(b, "kiosk-review-"+c.name)
			b.Click(`[data-field="title"] .chip:nth-child(2)`)
			b.Click(`.middle .quiet-button`) // what the card does not say can be added
			b.Type(`#field-wechat`, "helenpan")
			b.Click(`.bottom .main`)

			at(b, "visit")
			b.Click(`.choices .choice:nth-child(1)`)
			b.Click(`[data-question="purpose"] .choice:nth-child(3)`)
			b.Click(`[data-question="field"] .choice:nth-child(2)`)
			picture(b, "kiosk-visit-"+c.name)
			b.Click(`.bottom .main`)

			at(b, "consent")
			b.Click(`.consents .choice:nth-child(1)`)
			b.Click(`.consents .choice:nth-child(2)`)
			picture(b, "kiosk-consent-"+c.name)
			b.Click(`.bottom .main`)

			at(b, "printing")
			b.Until(`document.querySelector(".badge-drawing").style.getPropertyValue("--rest") === "85%"`)
			k.print("printing", "")
			b.Until(`document.querySelector(".badge-drawing").style.getPropertyValue("--rest") === "40%"`)
			picture(b, "kiosk-printing-"+c.name)
			k.print("issued", "")
			at(b, "take")
			picture(b, "kiosk-take-"+c.name)
			b.Click(`.bottom .main`)
			at(b, "attract")
			nothingLeft(t, k, b)
			checkRegistered(t, k)
		})
	}
}

func checkRegistered(t *testing.T, k *kiosk) {
	t.Helper()
	all := k.registrations()
	if len(all) != 1 {
		t.Fatalf("registered %d times, want once", len(all))
	}
	fields := all[0]["fields"].(map[string]any)
	if fields["title"] != "运营总监" || fields["name"] != "潘俊杰" || fields["wechat"] != "helenpan" || fields["fax"] != nil {
		t.Errorf("fields = %v, want the corrected title, the name, the added WeChat and no fax, which the show does not ask for", fields)
	}
	if all[0]["category"] != "trade" || all[0]["source"] != "card" {
		t.Errorf("category %v, source %v; want trade, card", all[0]["category"], all[0]["source"])
	}
	consents := all[0]["consents"].(map[string]any)
	if consents["privacy"] != true || consents["ecard"] != true || consents["contact"] != false {
		t.Errorf("consents = %v, want what was touched and nothing else", consents)
	}
}

// nothingLeft checks that the page has forgotten the visitor: the document,
// what the browser stores, the address and the kiosk's memory of the card (P7, P8).
func nothingLeft(t *testing.T, k *kiosk, b *browser.Browser) {
	t.Helper()
	type left struct {
		Text, URL string
		Stored    int
	}
	got := browser.Value[left](b, `({Text: document.documentElement.outerHTML, URL: location.href, Stored: localStorage.length + sessionStorage.length})`)
	for _, secret := range []string{"潘俊杰", "Helen", "dingrui", "9225"} {
		if strings.Contains(got.Text, secret) || strings.Contains(got.URL, secret) {
			t.Errorf("the page still knows %q", secret)
		}
	}
	if got.Stored != 0 {
		t.Errorf("the browser stores %d items, want none", got.Stored)
	}
	waitFor(t, func() bool { return k.inMemory() == 0 })
}
