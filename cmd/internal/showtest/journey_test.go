package showtest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hallpass/cmd/internal/browser"
	"hallpass/cmd/internal/process"
)

// truth is what stands on testdata/card.jpg (a made-up person, photographed by
// a made-up phone), as far as the sample show asks for it.
var truth = map[string]string{
	"name": "余瑞霖", "name_en": "Patrick Yu",
	"title": "客户经理", "company": "武汉鼎睿精密机械有限公司",
	"mobile": "+86 163 8142 4366", "email": "yu.patrick@dingrui.com.cn",
}

// The main job on real input: a photographed card becomes a registration, a
// printed badge, a lead and a number on the organizer's screen; both programs
// are killed and know the same; the hall is away and catches up.
func TestShow_CardToDashboard(t *testing.T) {
	s := openShow(t)
	screen := s.openDashboard()

	visit := s.registerByCard()
	t.Logf("confirmed → on the dashboard: registration %s", screen.after(visit.confirmed, "registrations", 1))
	screen.after(visit.confirmed, "badges", 1)

	badge := s.printed(visit.badgeID)
	kept := s.scanAtBooth(badge)
	t.Logf("lead kept → on the dashboard: %s", screen.after(kept, "leads", 1))

	s.surviveKill()
	s.catchUp()
	eventually(t, "the one card is counted once, through two halls that knew nothing of it", func() bool {
		got := s.stats()
		return got.Reading.Learn && got.Reading.Kiosks == 1 && got.cards() == 1
	})
	s.closeShow()
}

// visited is a registration that was made at the screen, and when the visitor
// was told that it is kept, in ms since 1970.
type visited struct {
	id, badgeID string
	confirmed   float64
}

// registerByCard is a visitor at the kiosk's screen, card in hand.
func (s *show) registerByCard() visited {
	t := s.tb
	t.Helper()
	b := browser.Start(t, browser.Options{Camera: browser.Camera(t, filepath.Join("testdata", "card.jpg"))})
	b.Open(s.kioskURL())
	at(b, "attract")
	b.Click(`.languages [lang="zh-CN"]`)
	b.Click(`.way.first`)
	at(b, "review") // the shutter pressed itself
	var read int
	for name, text := range truth {
		if correct(b, name, text) {
			read++
		}
	}
	t.Logf("the card: %d of %d fields read to the letter, the others corrected by hand", read, len(truth))
	b.Click(`.bottom .main`)
	at(b, "visit")
	b.Click(`.choices .choice:nth-child(1)`)
	b.Click(`[data-question="purpose"] .choice:nth-child(1)`)
	b.Click(`[data-question="field"] .choice:nth-child(2)`)
	b.Click(`.bottom .main`)
	at(b, "consent")
	for i := range 3 {
		b.Click(fmt.Sprintf(`.consents .choice:nth-child(%d)`, i+1))
	}
	b.Click(`.bottom .main`)
	at(b, "take")
	confirmed := answered(b, "/api/v1/registrations")
	b.Click(`.bottom .main`)
	at(b, "attract")
	if page := browser.Value[string](b, `document.documentElement.outerHTML`); strings.Contains(page, truth["name"]) {
		t.Error("P7: the screen still knows the visitor after the badge was taken")
	}
	v := s.lastVisit()
	v.confirmed = confirmed
	return v
}

func at(b *browser.Browser, screen string) { b.See(`#kiosk[data-name="` + screen + `"] h1`) }

// correct does what a visitor does with one field of the review: leaves it if
// it is right and reports so, else types what stands on the card.
func correct(b *browser.Browser, name, text string) bool {
	box := fmt.Sprintf(`[data-field="%s"] input`, name)
	sure := fmt.Sprintf(`[data-sure="%s"]`, name)
	got := browser.Value[string](b, fmt.Sprintf(
		`document.querySelector(%q)?.value ?? document.querySelector(%q + " .value")?.innerText ?? ""`, box, sure))
	if got == text {
		return true
	}
	if browser.Value[bool](b, fmt.Sprintf(`Boolean(document.querySelector(%q))`, sure)) {
		b.Click(sure)
	}
	if !browser.Value[bool](b, fmt.Sprintf(`Boolean(document.querySelector(%q))`, box)) {
		return false // not read, and not asked for: the visitor lets it be
	}
	b.Type(box, text)
	return false
}

// listing is what the organizer reads of the registrations.
type listing struct {
	Registrations []struct {
		ID, Category, Source string
		Fields               map[string]string
	}
}

// lastVisit finds the newest registration at the hall, and its badge at the kiosk.
func (s *show) lastVisit() visited {
	s.tb.Helper()
	var list listing
	eventually(s.tb, "the hall has the registration", func() bool {
		list = call[listing](s.tb, "GET", s.hallURL()+"/api/v1/registrations?limit=10", s.organizer.Key, nil)
		return len(list.Registrations) == 1
	})
	r := list.Registrations[0]
	if r.Source != "card" || r.Category != "trade" || r.Fields["name"] != truth["name"] || r.Fields["company"] != truth["company"] {
		s.tb.Errorf("the hall knows %+v, want the card's person as a trade visitor", r)
	}
	entry := call[registration](s.tb, "GET", s.kioskURL()+"/api/v1/registrations/"+r.ID, "", nil)
	if entry.Badge.State != "issued" {
		s.tb.Errorf("badge is %q after “take your badge”, want issued (P6)", entry.Badge.State)
	}
	return visited{id: r.ID, badgeID: entry.Badge.ID}
}

// paper is one printed badge: its page as a picture, and its QR as read by zbar.
type paper struct{ png, token string }

// printed takes the one badge of that id out of the printer.
func (s *show) printed(badgeID string) paper {
	s.tb.Helper()
	files, err := filepath.Glob(filepath.Join(s.printer.Badges(), badgeID+"*.pdf"))
	if err != nil || len(files) != 1 {
		s.tb.Fatalf("printed %v (%v), want one page for the badge", files, err)
	}
	page := filepath.Join(s.tb.TempDir(), "badge")
	run(s.tb, "pdftoppm", "-r", "200", "-png", "-singlefile", files[0], page)
	return paper{png: page + ".png", token: s.decode(page + ".png")}
}

// decode reads a QR with a reader that is not ours.
func (s *show) decode(png string) string {
	s.tb.Helper()
	return strings.TrimRight(string(run(s.tb, "zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", png)), "\n")
}

// scanAtBooth is an exhibitor: the phone is paired by its link, its camera sees
// the badge, the visitor's card appears, is rated, and can be downloaded.
// It returns when the phone was told that the lead is kept, in ms since 1970.
func (s *show) scanAtBooth(badge paper) float64 {
	t := s.tb
	t.Helper()
	link := s.pair("-exhibitor", s.exhibitor())
	b := browser.Start(t, browser.Options{Width: 390, Height: 844, Camera: browser.Camera(t, badge.png)})
	b.Open(s.hallURL() + "/booth#pair=" + link.Code)
	b.See(`.card .facts`)
	if got := b.Text(`.card h2`); got != truth["name"] {
		t.Errorf("the booth's card says %q, want %q", got, truth["name"])
	}
	if card := b.Text(`.card`); !strings.Contains(card, truth["company"]) || !strings.Contains(card, truth["email"]) {
		t.Errorf("the booth's card says %q, want what the visitor agreed to show", card)
	}
	kept := answered(b, "/api/v1/leads")
	b.Click(`.ratings button:nth-child(3)`)
	b.See(`.ratings button:nth-child(3)[aria-pressed="true"]`)
	b.See(`.card .mark.good`)
	key := browser.Value[string](b, deviceKey)
	csv, code := ask(t, "GET", s.hallURL()+"/api/v1/leads.csv", key, nil)
	if code != 200 || !strings.Contains(string(csv), truth["name"]) {
		t.Errorf("leads.csv: %d %s, want the lead", code, csv)
	}
	return kept
}

// deviceKey takes the phone's key out of its database, as only its own page can.
const deviceKey = `import("/assets/web/booth/database.js").then((m) => m.open()).then((db) => db.setting("device")).then((d) => d.key)`

func (s *show) exhibitor() string {
	s.tb.Helper()
	type exhibitors struct{ Exhibitors []struct{ ID string } }
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "assets", "show", "show.json"))
	if err != nil {
		s.tb.Fatal(err)
	}
	return decode[exhibitors](s.tb, data).Exhibitors[0].ID
}

// surviveKill ends both programs as a power cut would and compares what they
// know before and after (P1, P4).
func (s *show) surviveKill() {
	s.tb.Helper()
	eventually(s.tb, "everything is acknowledged", func() bool { return s.status().Unsent == 0 })
	before, at := s.stats(), s.status()
	s.hall.Kill()
	s.kiosk.Kill()
	s.startHall()
	s.startKiosk()
	eventually(s.tb, "the kiosk is back", func() bool { return s.status().Hall == "up" })
	if got := s.status(); got.Node != at.Node || got.Epoch != at.Epoch || got.LastSeq != at.LastSeq || got.Unsent != 0 {
		s.tb.Errorf("P1: the kiosk knows %+v after kill -9, want %+v", got, at)
	}
	if got := s.stats(); !got.same(before) {
		s.tb.Errorf("P1: the hall counts %+v after kill -9, want %+v", got, before)
	}
}

// same compares the counts; a kiosk's "last seen" moves on.
func (a stats) same(b stats) bool {
	return a.Registrations == b.Registrations && a.Persons == b.Persons && a.Badges == b.Badges &&
		a.Leads == b.Leads && a.Quarantine == b.Quarantine && len(a.Kiosks) == len(b.Kiosks)
}

// catchUp registers three more while the hall is down: they get their badges
// (P2), and the hall has them once it is back, once each (P3).
func (s *show) catchUp() {
	s.tb.Helper()
	before := s.stats()
	s.hall.Kill()
	for i := range 3 {
		r := s.register(i)
		s.issued(r.ID)
		if paper := s.printed(r.Badge.ID); paper.token != r.Token {
			s.tb.Errorf("zbarimg reads %q from the paper, want the token %q", paper.token, r.Token)
		}
	}
	if got := s.status(); got.Unsent == 0 {
		s.tb.Errorf("the kiosk says %+v with the hall away, want facts unsent", got)
	}
	s.startHall()
	began := time.Now()
	eventually(s.tb, "the hall has all", func() bool {
		return s.status().Unsent == 0 && s.stats().Badges == before.Badges+3
	})
	s.tb.Logf("hall back → all caught up: %s", time.Since(began).Round(time.Millisecond))
	if got := s.stats(); got.Registrations != before.Registrations+3 || got.Persons != before.Persons+3 {
		s.tb.Errorf("the hall counts %+v, want three more than %+v", got, before)
	}
}

// closeShow ends both programs as Ctrl-C does and has their files checked.
func (s *show) closeShow() {
	s.tb.Helper()
	s.tb.Logf("the kiosk, idle, with two readers: %d MB resident", process.Resident(s.tb, s.kiosk.PID())/1000)
	s.kiosk.Interrupt()
	s.hall.Interrupt()
	for name, data := range map[string]string{"kiosk": s.kioskData(), "hall": s.hallData()} {
		type report struct {
			OK       bool
			Verified bool `json:"journal_verified"`
		}
		if got := decode[report](s.tb, run(s.tb, name, "check", "-data", data, "-json")); !got.OK || !got.Verified {
			s.tb.Errorf("%s check: %+v, want all in order", name, got)
		}
	}
}
