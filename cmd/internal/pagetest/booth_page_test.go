package pagetest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"hallpass/cmd/internal/browser"
)

// badgeOnFilm is what the QR of testdata/badge.jpg holds.
const badgeOnFilm = "HP1$+AWKB DKAPKT K33LMEL-PLF$LY3M200I914H067GUB300000055UUM5K7DLM6O35VA2PT43A6E-M6VSZCRIMKY:0/0E1YIBGVHEPBK8D99JIM7HVSD56JM815K65WA7$$BM+5V:889RSP6924"

var lin = map[string]any{
	"name": "林静怡", "name_en": "Lin Jingyi", "company": "云岫精密机械有限公司", "title": "采购经理", "email": "lin.jingyi@yunxiu.example",
}

// booth opens the page on a phone and pairs it by the link that the QR holds.
func booth(t *testing.T, h *fakeHall, o browser.Options) *browser.Browser {
	t.Helper()
	if o.Width == 0 {
		o.Width, o.Height = 390, 844
	}
	b := open(t, o)
	b.Open(h.URL + "/booth#pair=" + pairingCode)
	b.See(`[data-view="scan"] .scan`)
	browser.Value[bool](b, listening)
	return b
}

// A refusal is said for a few seconds only, fewer than a busy machine may take
// to look: the page itself notes that it was said.
const listening = `(() => {
  const look = () => { window.refusedAloud ||= document.querySelector('.said[data-kind="bad"]') !== null; };
  new MutationObserver(look).observe(document.body, {attributes: true, childList: true, subtree: true});
  return true;
})()`

// refusedAloud waits until a refusal was said since the last one.
func refusedAloud(tb testing.TB, b *browser.Browser) {
	tb.Helper()
	b.Until(`window.refusedAloud && !(window.refusedAloud = false)`)
}

// frame waits for the browser's next picture.
func frame(b *browser.Browser) {
	browser.Value[bool](b, `new Promise((r) => setTimeout(() => r(true), 30))`)
}

// still waits until nothing slides any more.
func still(b *browser.Browser) { b.Until(`document.getAnimations().length === 0`) }

// retype types into a field in place of what it holds.
func retype(b *browser.Browser, selector, text string) {
	browser.Value[bool](b, fmt.Sprintf(`(document.querySelector(%q).value = "") === ""`, selector))
	note(b, selector, text)
}

// note types into an empty note.
func note(b *browser.Browser, selector, text string) {
	b.Run("type a note", chromedp.WaitVisible(chromedp.CSS(selector)), chromedp.SendKeys(chromedp.CSS(selector), text))
}

// sent waits until the hall has n leads and the page knows it.
func sent(t *testing.T, h *fakeHall, b *browser.Browser, n int) []map[string]any {
	t.Helper()
	for range 600 {
		if len(h.kept()) >= n {
			break
		}
		frame(b)
	}
	b.Until(`document.querySelector(".top button.pill svg path").getAttribute("d").startsWith("M5 12.5")`) // the check mark
	leads := h.kept()
	if len(leads) != n {
		t.Fatalf("the hall has %d leads, want %d", len(leads), n)
	}
	return leads
}

// An exhibitor's whole way: the link pairs, the camera reads the badge, the
// card shows who it is, rating and note reach the hall by themselves.
func TestBoothScreens_CameraToLead(t *testing.T) {
	for _, language := range []string{"en", "zh-CN"} {
		t.Run(language, func(t *testing.T) {
			h := newHall(t)
			h.with(func() { h.people[badgeOnFilm] = lin })
			b := booth(t, h, browser.Options{Language: language, Camera: browser.Camera(t, "testdata/badge.jpg"), Scale: 1.25})
			b.See(`.card .facts`)
			if got := b.Text(`.card h2`); got != "林静怡" {
				t.Errorf("the card says %q, want the name", got)
			}
			b.Click(`.ratings button:nth-child(3)`)
			note(b, `.card textarea`, "要 5 台样机的报价")
			b.Until(`document.activeElement.blur() ?? true`)
			leads := waitLead(h, b, func(l map[string]any) bool { return l["rating"] == 3.0 && l["notes"] == "要 5 台样机的报价" })
			if leads["token"] != badgeOnFilm || leads["at"] == "" {
				t.Errorf("lead = %v, want the badge's token and the time", leads)
			}
			b.See(`.card .mark.good`)
			photo(b, "booth-card-"+language)
			b.Click(`.card .shut`)
			b.See(`.foot`)
			photo(b, "booth-scan-"+language)
			if asked := h.asked(); strings.Contains(asked, "7KQ4") || strings.Contains(asked, "HP1") {
				t.Errorf("an address held the pairing code or a token: %s", asked)
			}
			if got := browser.Value[string](b, `location.href`); got != h.URL+"/booth" {
				t.Errorf("the address bar holds %q", got)
			}
		})
	}
}

func waitLead(h *fakeHall, b *browser.Browser, ok func(map[string]any) bool) map[string]any {
	for range 600 {
		for _, lead := range h.kept() {
			if ok(lead) {
				return lead
			}
		}
		frame(b)
	}
	h.tb.Fatalf("no such lead; the hall has %v", h.kept())
	return nil
}

// A dead spot (P1, P2): scans and edits stay on the phone over a reload and go,
// once, when the hall is back.
func TestBooth_DeadSpot_P1_P2_P3(t *testing.T) {
	h := newHall(t)
	first, second := h.badge(1, lin), h.badge(2, map[string]any{"name": "Ravi Menon", "company": "Quillon Instruments"})
	b := booth(t, h, browser.Options{})
	b.Until(`navigator.serviceWorker.controller !== null`) // so that the page itself opens, too
	h.with(func() { h.away = true })
	types(b, first, nil)
	b.See(`.card`)
	still(b)
	b.Click(`.ratings button:nth-child(2)`)
	b.See(`.ratings button:nth-child(2)[aria-pressed="true"]`)
	types(b, second, nil)
	b.Until(`document.querySelector(".top button.pill").innerText.startsWith("2 ")`)
	photo(b, "booth-deadspot-en")
	b.Open(h.URL + "/booth")
	b.Until(`document.querySelector(".top button.pill")?.innerText.startsWith("2 ")`)
	b.Click(`.top button.pill`)
	b.See(`[data-view="unsent"] .lead:nth-child(2)`)
	h.with(func() { h.away = false })
	b.Until(`dispatchEvent(new Event("online"))`)
	b.Until(`document.querySelectorAll(".lead").length === 0`)
	kept := browser.Value[string](b, `(async () => {
  const urls = [];
  for (const name of await caches.keys()) for (const r of await (await caches.open(name)).keys()) urls.push(r.url);
  return urls.join(" ");
})()`)
	if !strings.Contains(kept, "/booth/main.js") || strings.Contains(kept, "/api/") {
		t.Errorf("the caches hold %s; want the page's own files and no answer of the API (P8)", kept)
	}
	leads := h.kept()
	if len(leads) != 2 || leads[0]["token"] != first || leads[0]["rating"] != 2.0 || leads[1]["token"] != second {
		t.Errorf("the hall has %v, want both scans in their order and the rating", leads)
	}
	if leads[0]["at"].(string) >= leads[1]["at"].(string) {
		t.Errorf("times %v and %v are not those of the scans", leads[0]["at"], leads[1]["at"])
	}
}

// A refused scan says why and stays until a person has decided.
func TestBooth_RefusedStaysListed(t *testing.T) {
	h := newHall(t)
	bad := h.badge(3, lin)
	h.with(func() { h.forged[bad] = true })
	b := booth(t, h, browser.Options{Language: "zh-CN"})
	types(b, bad, nil)
	b.See(`.card .notice.bad`)
	refusedAloud(t, b)
	photo(b, "booth-forged-zh-CN")
	b.Click(`.top button.pill`)
	b.See(`[data-view="unsent"] .lead .notice.bad`)
	photo(b, "booth-refused-zh-CN")
	b.Open(h.URL + "/booth")
	b.See(`.lead .notice.bad`)
	b.Click(`.lead .button.danger`)
	b.Until(`document.querySelectorAll(".lead").length === 0`)
	if h.kept() != nil && len(h.kept()) != 0 {
		t.Errorf("the hall has %v, want nothing", h.kept())
	}
}

// The same badge in front of the phone again is the same meeting.
func TestBooth_SameBadgeIsOneLead(t *testing.T) {
	h := newHall(t)
	text := h.badge(1, lin)
	b := booth(t, h, browser.Options{Camera: browser.Camera(t, "testdata/badge.jpg")})
	h.with(func() { h.people[badgeOnFilm] = lin })
	types(b, text, nil)
	types(b, text, nil)
	b.Until(`document.querySelector(".place .card h2") !== null`)
	for range 50 { // a dozen pictures of the badge on film
		frame(b)
	}
	leads := sent(t, h, b, 2)
	if leads[0]["token"] == leads[1]["token"] {
		t.Errorf("one badge made two leads")
	}
}

func TestBooth_ShortCode(t *testing.T) {
	h := newHall(t)
	h.with(func() { h.people["TQW8B16TQP"] = lin })
	b := booth(t, h, browser.Options{})
	b.Click(`.foot .button:nth-child(1)`)
	b.Type(`#short`, "TQW8B-16TQQ")
	b.Click(`dialog .main`)
	b.See(`dialog .problem svg`)
	photo(b, "booth-shortcode-en")
	retype(b, `#short`, " tqw8b l6tqp ")
	b.Click(`dialog .main`)
	b.See(`.card`)
	leads := sent(t, h, b, 1)
	if leads[0]["code"] != "TQW8B16TQP" || leads[0]["token"] != nil {
		t.Errorf("lead = %v, want the code alone, as the hall writes it", leads[0])
	}
}

// The e-card of a registration that has not reached the hall fills in later.
func TestBooth_PendingFillsIn(t *testing.T) {
	h := newHall(t)
	text := h.badge(1, lin)
	h.with(func() { h.pending = true })
	b := booth(t, h, browser.Options{})
	types(b, text, nil)
	sent(t, h, b, 1)
	if got := b.Text(`.card h2`); !strings.Contains(got, "7KQ4M-2XPTC") {
		t.Errorf("a lead without a name is called %q, want its short code", got)
	}
	h.with(func() { h.pending = false })
	b.Until(`dispatchEvent(new Event("online"))`)
	b.Until(`document.querySelector(".card h2").innerText === "林静怡"`)
}

func TestBooth_WrongAndTypedPairingCode(t *testing.T) {
	h := newHall(t)
	b := open(t, browser.Options{Width: 390, Height: 844})
	b.Open(h.URL + "/booth#pair=7KQ4-M2XP-TC3W")
	b.See(`.notice.bad`)
	photo(b, "booth-pair-en")
	retype(b, `#code`, "nonsense")
	b.Click(`form .main`)
	b.Until(`document.querySelector(".notice.bad").innerText.includes("12")`)
	retype(b, `#code`, "7kq4 m2xp tc3v")
	b.Click(`form .main`)
	b.See(`[data-view="scan"]`)
}

// A device that the hall no longer takes keeps its scans until it is paired again.
func TestBooth_DeniedDeviceKeepsScans_P2(t *testing.T) {
	h := newHall(t)
	text := h.badge(1, lin)
	b := booth(t, h, browser.Options{})
	h.with(func() { h.denied = true })
	types(b, text, nil)
	b.See(`.card`)
	b.Click(`.top button.pill`)
	b.Click(`.notice.bad .button`)
	b.Type(`#code`, pairingCode)
	b.Click(`form .main`)
	b.See(`[data-view]`)
	b.Until(`document.querySelectorAll(".lead").length === 0`)
	waitLead(h, b, func(l map[string]any) bool { return l["token"] == text })
}

// A phone that goes to another exhibitor takes nothing along: neither the
// leads of the first nor, under the second's name, what the first did not send.
func TestBooth_AnotherExhibitorSeesNothing_P7(t *testing.T) {
	h := newHall(t)
	sentBefore, unsent := h.badge(1, lin), h.badge(2, lin)
	b := booth(t, h, browser.Options{})
	types(b, sentBefore, nil)
	sent(t, h, b, 1)
	h.with(func() { h.denied = true })
	types(b, unsent, nil)
	b.Until(`document.querySelector(".top button.pill svg path").getAttribute("d").startsWith("M12 4 2.75")`) // the warning sign
	b.Open(h.URL + "/booth#pair=" + otherCode)
	b.Until(`document.querySelector(".top .still")?.innerText.includes("Fjordlicht")`)
	sent(t, h, b, 1)
	b.Click(`.foot .button:nth-child(2)`)
	b.See(`[data-view="leads"] h1`)
	if n := browser.Value[int](b, `document.querySelectorAll(".lead").length`); n != 0 {
		t.Errorf("the other exhibitor sees %d leads, want none", n)
	}
	b.Open(h.URL + "/booth#pair=" + pairingCode)
	waitLead(h, b, func(l map[string]any) bool { return l["token"] == unsent && l["exhibitor"] == "e1" })
}

func TestBooth_LeadsListSearchEditDownload(t *testing.T) {
	h := newHall(t)
	names := []map[string]any{lin, {"name": "Ravi Menon", "company": "Quillon Instruments"}, {"name": "Zoë Brandt", "company": "Fjordlicht"}, {"name": "周雨桐", "company": "澄海光电"}}
	b := booth(t, h, browser.Options{Language: "zh-CN"})
	for i, person := range names {
		types(b, h.badge(byte(i+1), person), nil)
		b.Until(fmt.Sprintf(`document.querySelector(".card h2")?.innerText === %q`, person["name"]))
		still(b)
		b.Click(fmt.Sprintf(`.ratings button:nth-child(%d)`, i%3+1))
	}
	sent(t, h, b, len(names))
	b.Click(`.card .shut`)
	b.Click(`.foot .button:nth-child(2)`)
	b.Until(`document.querySelectorAll(".lead").length === 4`)
	photo(b, "booth-leads-zh-CN")
	b.Type(`#search`, "quill")
	b.Until(`document.querySelectorAll(".lead").length === 1`)
	b.Click(`.lead .summary`)
	note(b, `.lead textarea`, "call on Monday")
	b.Until(`document.activeElement.blur() ?? true`)
	waitLead(h, b, func(l map[string]any) bool { return l["notes"] == "call on Monday" })
	browser.Value[bool](b, `(HTMLAnchorElement.prototype.click = function () { window.saved = this; }) && true`)
	b.Click(`.bar .button:nth-child(2)`)
	b.Until(`window.saved?.download.endsWith(".csv") && window.saved.href.startsWith("blob:")`)
	if got := browser.Value[string](b, `fetch(saved.href).then((r) => r.text()).catch(() => "name")`); !strings.Contains(got, "name") {
		t.Errorf("the file says %q", got)
	}
}

// Without https there is no camera; the page says so and takes a picture's
// file instead. 0.0.0.0 is this machine, but not loopback to a browser.
func TestBooth_NoCameraOffersPicture(t *testing.T) {
	h := newHall(t)
	h.with(func() { h.people[badgeOnFilm] = lin })
	b := open(t, browser.Options{Width: 390, Height: 844, Language: "zh-CN"})
	b.Open(strings.Replace(h.URL, "127.0.0.1", "0.0.0.0", 1) + "/booth#pair=" + pairingCode)
	b.Until(`!isSecureContext && document.querySelector(".blind .notice")?.innerText.includes("https")`)
	photo(b, "booth-nocamera-zh-CN")
	browser.Value[bool](b, listening)
	pickFile(t, b, "booth_page_test.go")
	refusedAloud(t, b)
	pickFile(t, b, "testdata/badge.jpg")
	b.See(`.card`)
	if lead := sent(t, h, b, 1)[0]; lead["token"] != badgeOnFilm || len(lead["client_id"].(string)) != 36 {
		t.Errorf("lead = %v, want the badge in the picture and a client_id", lead)
	}
}

func pickFile(t *testing.T, b *browser.Browser, file string) {
	t.Helper()
	path, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	b.Run("pick "+file, chromedp.SetUploadFiles(chromedp.CSS(`#picture`), []string{path}))
}

// The service worker's list is complete, so that the page opens offline.
func TestBooth_ServiceWorkerListsEveryFile(t *testing.T) {
	source := string(asset(t, "web/booth/service-worker.js"))
	for _, folder := range []string{"booth", "scan"} {
		entries, err := os.ReadDir("../../../assets/web/" + folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if name := e.Name(); name != "index.html" && name != "service-worker.js" && !strings.Contains(source, `"/assets/web/`+folder+`/`+name+`"`) {
				t.Errorf("service-worker.js does not list %s/%s", folder, name)
			}
		}
	}
	for _, language := range languages(t) {
		for _, part := range []string{"booth", "common", "fault"} {
			if !strings.Contains(source, fmt.Sprintf(`"/assets/web/messages/%s/%s.json"`, language, part)) {
				t.Errorf("service-worker.js does not list the %s messages in %s", part, language)
			}
		}
	}
}
