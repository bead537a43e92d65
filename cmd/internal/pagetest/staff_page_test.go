package pagetest_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"hallpass/cmd/internal/browser"
	"hallpass/kiosk/store"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// knocked is the staff's door, opened by touches at the top of the first screen.
func knocked(t *testing.T, d *realDesk, o browser.Options, language string) *browser.Browser {
	t.Helper()
	b := open(t, o)
	b.Open(d.URL)
	b.Until(`["attract", "out"].includes(document.querySelector("#kiosk").dataset.name)`)
	b.Until(`document.documentElement.lang === "zh-CN"`)
	if language != "zh-CN" {
		b.Click(`[lang="` + language + `"]`)
		b.Until(`document.documentElement.lang === "` + language + `" && ["attract", "out"].includes(document.querySelector("#kiosk").dataset.name)`)
	}
	browser.Value[bool](b, `(() => { for (let n = 0; n < 5; n++) dispatchEvent(new PointerEvent("pointerdown", {clientX: 30, clientY: 20})); return true; })()`)
	at(b, "door")
	return b
}

// entered is the staff's first screen.
func entered(t *testing.T, d *realDesk, o browser.Options, language string) *browser.Browser {
	t.Helper()
	b := knocked(t, d, o, language)
	b.Type(`#staff-code`, staffCode+kb.Enter)
	at(b, "staff")
	return b
}

// english1080 is the screen of most kiosks.
var english1080 = browser.Options{Scale: 0.5}

func person(name, company string) map[record.FieldName]string {
	return map[record.FieldName]string{"name": name, "company": company}
}

// usable checks the screen that is shown as every kiosk screen is.
func usable(t *testing.T, b *browser.Browser, screen string, least int) {
	t.Helper()
	for _, wrong := range browser.Value[[]string](b, fmt.Sprintf("%s(%d)", audit, least)) {
		t.Errorf("%s: %s", screen, wrong)
	}
}

// The door opens to the code alone, says what is wrong, and leads back; nothing
// but touches at the top of a waiting screen leads to it.
func TestStaff_Door(t *testing.T) {
	d := openDesk(t, true)
	b := knocked(t, d, english1080, "en")
	usable(t, b, "door", 64)
	picture(b, "staff-door-en")
	b.Type(`#staff-code`, "0000")
	b.Click(`.bottom .main`)
	b.Until(`document.querySelector("[role=alert]").textContent === "This is not the staff code."`)
	picture(b, "staff-door-wrong-en")
	for range 5 {
		b.Type(`#staff-code`, "1111"+kb.Enter)
		b.Until(`document.querySelector("#staff-code").value === ""`)
	}
	b.Until(`document.querySelector("[role=alert]").textContent.startsWith("Too many wrong codes")`)
	b.Click(`.foot button`)
	at(b, "attract")
	browser.Value[bool](b, `(() => { for (let n = 0; n < 9; n++) dispatchEvent(new PointerEvent("pointerdown", {clientX: 30, clientY: innerHeight / 2})); return true; })()`)
	press(b, kb.F9)
	at(b, "door") // by keyboard
}

// Nothing registered, no printer: each part says how it fills.
func TestStaff_Empty(t *testing.T) {
	for _, c := range []struct {
		name, language string
		width, height  int64
	}{{"portrait-en", "en", 1080, 1920}, {"landscape-zh", "zh-CN", 1280, 800}, {"phone-en", "en", 390, 844}} {
		d := openDesk(t, false)
		b := entered(t, d, browser.Options{Width: c.width, Height: c.height, Scale: 0.5}, c.language)
		b.Until(`document.querySelectorAll(".office .panel p").length >= 4`)
		usable(t, b, c.name, map[bool]int{true: 48, false: 64}[c.width < 500])
		picture(b, "staff-empty-"+c.name)
		b.Type(`#staff-find`, "Zoe"+kb.Enter)
		b.Until(`document.querySelector(".field [role=status] p")`)
		if c.language == "en" && !strings.Contains(b.Text(`.field [role=status]`), "Nobody here is called that") {
			t.Errorf("nobody found says %q", b.Text(`.field [role=status]`))
		}
	}
}

// A busy desk: badges that nobody saw, a printer in trouble, a hall that is
// away; on both kinds of screen and in both languages.
func TestStaff_Full(t *testing.T) {
	d := openDesk(t, true)
	d.register(t, record.BadgeIssued, person("Anaïs Müller", "Brightwell Lamps"), "trade")
	d.register(t, record.BadgeIssued, person("林静怡", "流明样品有限公司"), "public")
	d.with(func() { d.first.status.Blind = true })
	for _, name := range []string{"潘俊杰", "Ana Miller"} {
		d.register(t, record.BadgeUnknown, person(name, "Halden Optics"), "public")
	}
	d.with(func() {
		d.link.Hall, d.link.HallSince, d.link.AckedAt, d.link.Skew = "down", time.Now().Add(-7*time.Minute), time.Now().Add(-8*time.Minute), 4*time.Second
	})
	d.Label.Raise("cover-open")
	for _, c := range []struct {
		name, language string
		width, height  int64
		scale          float64
		least          int
	}{{"portrait-en", "en", 1080, 1920, 0.5, 64}, {"portrait-zh", "zh-CN", 1080, 1920, 0.5, 64}, {"landscape-en", "en", 1280, 800, 0.75, 64}, {"phone-zh", "zh-CN", 390, 844, 1, 48}} {
		t.Run(c.name, func(t *testing.T) {
			b := entered(t, d, browser.Options{Width: c.width, Height: c.height, Scale: c.scale}, c.language)
			b.Until(`document.querySelectorAll(".panel .hit").length === 2 && document.querySelectorAll(".machine").length === 2`)
			b.Until(`document.querySelector(".machine:nth-child(2) .mark.bad")`)
			if c.language == "en" {
				b.Until(`document.querySelector(".office").textContent.includes("open: close its cover")`)
				b.Until(`document.querySelector(".office").textContent.includes("records not yet at the hall")`)
			}
			usable(t, b, c.name, c.least)
			picture(b, "staff-"+c.name)
			b.Type(`#staff-find`, "halden"+kb.Enter)
			b.Until(`document.querySelectorAll(".field .hit").length === 2`)
			picture(b, "staff-found-"+c.name)
			b.Click(`.field .hit:nth-child(2)`) // 潘俊杰 came first
			at(b, "holder")
			b.See(`.steps li`)
			usable(t, b, c.name+" holder", c.least)
			picture(b, "staff-holder-"+c.name)
		})
	}
}

// What staff do about a badge: seen to have come out, printed again with a
// reason, voided after a second question.
func TestStaff_ConfirmReprintVoid_P6(t *testing.T) {
	d := openDesk(t, true)
	d.with(func() { d.first.status.Blind = true })
	e := d.register(t, record.BadgeUnknown, person("潘俊杰", "Halden Optics"), "public")
	b := entered(t, d, english1080, "en")
	b.Click(`.panel .hit`)
	at(b, "holder")
	b.Until(`document.querySelector("h1").textContent === "Did this badge come out?"`)
	b.Click(`.bottom .main`)
	b.Until(`document.querySelector("h1").textContent === "潘俊杰" && document.querySelector(".panel .mark.good").textContent === "came out · seen by staff"`)
	d.with(func() { d.first.status.Blind = false })

	b.Click(`.bottom .main`) // without a reason
	b.Until(`document.querySelector("fieldset [role=alert]").textContent === "Choose why first."`)
	picture(b, "staff-why-en")
	b.Click(`fieldset .choice:nth-child(2)`)
	b.Click(`.bottom .main`)
	b.Until(`document.querySelector(".panel .number").textContent.startsWith("Badge 2") && document.querySelector(".panel .mark.good")`)
	b.Until(`document.querySelector(".office").textContent.includes("May be printed 9 more times")`)

	b.Click(`fieldset .choice:nth-child(1)`)
	b.Click(`.bottom .aside button:last-child`)
	b.See(`dialog .danger`)
	picture(b, "staff-void-en")
	b.Click(`dialog .quiet-button`)
	b.Until(`!document.querySelector("dialog")`)
	b.Click(`.bottom .aside button:last-child`)
	b.Click(`dialog .danger`)
	b.Until(`document.querySelector(".panel .mark").textContent === "void · lost"`)
	picture(b, "staff-voided-en")
	now, err := d.Find(t.Context(), string(e.Registration.ID))
	if err != nil || now.Current().Now() != record.BadgeVoided || len(now.Badges) != 2 || now.Badges[0].Reason.Value != "damaged" {
		t.Errorf("the badges are %+v, %v", now.Badges, err)
	}
	b.Click(`.foot button`)
	at(b, "staff")
	b.Until(`document.querySelectorAll(".panel .hit").length === 0`)
}

// A misspelt name is corrected by staff under the same registration; then the
// screen is the visitors' again and knows nobody (P7).
func TestStaff_Corrects_P7(t *testing.T) {
	d := openDesk(t, true)
	e := d.register(t, record.BadgeIssued, person("潘俊介", "Halden Optics"), "public")
	b := entered(t, d, english1080, "en")
	b.Type(`#staff-find`, e.Current().Token+kb.Enter) // as a scanner types it
	b.Until(`document.querySelector(".notice.good")?.textContent.startsWith("This badge counts.")`)
	picture(b, "staff-scanned-en")
	b.Click(`.field .hit`)
	at(b, "holder")
	b.Click(`.bottom .aside button:first-child`)
	at(b, "typing")
	b.Until(`document.querySelector("#field-name").value === "潘俊介"`)
	b.Click(`.foot button`) // back, and again
	at(b, "holder")
	b.Click(`.bottom .aside button:first-child`)
	at(b, "typing")
	b.Type(`#field-name`, "潘俊杰")
	for _, screen := range []string{"visit", "consent"} {
		b.Click(`.bottom .main`)
		at(b, screen)
	}
	b.Click(`.bottom .main`)
	at(b, "take")
	b.Click(`.bottom .main`)
	at(b, "attract")
	now, err := d.Find(t.Context(), string(e.Registration.ID))
	if err != nil || now.Registration.Field("name") != "潘俊杰" || now.Current().Issue != 2 || now.Current().Now() != record.BadgeIssued {
		t.Errorf("corrected: %v, issue %d, %v", now.Registration.Field("name"), now.Current().Issue, err)
	}
	if html := browser.Value[string](b, `document.documentElement.outerHTML + location.href`); strings.Contains(html, "潘俊") || strings.Contains(html, staffCode) {
		t.Error("the page still knows the visitor or the staff code")
	}
}

// A new roll is told in two touches, and what no roll has is refused.
func TestStaff_NewRoll(t *testing.T) {
	d := openDesk(t, true)
	b := entered(t, d, english1080, "en")
	b.Click(`.machine:nth-child(2) .roll button`)
	b.Type(`#roll-1`, "0")
	b.Click(`.roll .button`)
	b.Until(`document.querySelector(".roll [role=alert]").textContent.includes("A roll has 1 to")`)
	b.Type(`#roll-1`, "250")
	picture(b, "staff-roll-en")
	b.Click(`.roll .button`)
	b.Until(`document.querySelector(".machine:nth-child(2)").textContent.includes("250 badges left")`)
	press, err := d.Press(t.Context())
	if err != nil || press.Pool[1].LabelsLeft != 250 {
		t.Errorf("pool = %+v, %v", press.Pool, err)
	}
}

// Staff who walk away are asked once; then the screen is the visitors' and the
// code must be typed again (P7).
func TestStaff_IdleCloses_P7(t *testing.T) {
	d := openDesk(t, true)
	d.register(t, record.BadgeIssued, person("潘俊杰", "Halden Optics"), "public")
	b := entered(t, d, english1080, "en")
	b.Type(`#staff-find`, "潘"+kb.Enter)
	b.Click(`.field .hit`)
	at(b, "holder")
	browser.Value[bool](b, hurry)
	b.Click(`fieldset .choice`) // from here on the wait is short
	b.See(`dialog.idle`)
	at(b, "attract")
	if html := browser.Value[string](b, `document.documentElement.outerHTML`); strings.Contains(html, "潘俊杰") {
		t.Error("the page still knows the visitor")
	}
	press(b, kb.F9)
	at(b, "door")
}

// Who has registered here and comes again without the badge: the screen recognizes
// the number, sends the visitor to the staff, and staff who type their code there
// find the visitor already, and nothing of what else was typed (P7).
func TestStaff_FindWhoTheScreenHasSent(t *testing.T) {
	d := openDesk(t, true)
	if err := d.Data.Pair(t.Context(), store.Pairing{URL: "https://hall.example", Node: "01M8000000000000000000000K", Hall: "HALL", Show: d.Data.Show().ID}); err != nil {
		t.Fatal(err)
	}
	payload, err := wire.Encode(record.Registered{Show: d.Data.Show().ID, Key: bytes.Repeat([]byte{7}, record.DigestKeySize), Region: "CN"})
	if err != nil {
		t.Fatal(err)
	}
	key := record.Change{Node: "HALL", Seq: 1, Stamp: record.Stamp{Wall: 1, Node: "HALL"}, Kind: record.KindRegistered, Payload: payload, Salt: []byte{1}}
	if err := d.Data.Apply(t.Context(), "E1", []record.Change{key}); err != nil {
		t.Fatal(err)
	}
	fields := person("Mei Tan", "Fjord Samples")
	fields["mobile"] = "+86 138 0000 0000"
	d.register(t, record.BadgeIssued, fields, "trade")
	b := open(t, english1080)
	b.Open(d.URL)
	at(b, "attract")
	b.Click(`.languages [lang="en"]`)
	b.Until(`document.documentElement.lang === "en"`)
	b.Click(`.way:last-child`)
	b.Type(`#field-name`, "Someone")
	b.Type(`#field-company`, "Elsewhere Ltd")
	b.Type(`#field-mobile`, "138 0000 0000")
	b.Click(`.bottom .main`)
	at(b, "again")
	b.Click(`.way:first-child`)
	at(b, "lost")
	b.Click(`.bottom .aside button`)
	at(b, "door")
	b.Type(`#staff-code`, staffCode+kb.Enter)
	at(b, "staff")
	b.Until(`document.querySelector(".hit strong")?.textContent === "Mei Tan"`)
	if page := browser.Value[string](b, `document.documentElement.outerHTML`); strings.Contains(page, "Someone") || strings.Contains(page, "Elsewhere") {
		t.Error("the screen still knows what the visitor typed")
	}
	b.Click(`.hit`)
	at(b, "holder")
}
