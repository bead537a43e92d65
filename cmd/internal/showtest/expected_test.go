package showtest_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	qrcode "github.com/skip2/go-qrcode"

	"hallpass/cmd/internal/browser"
)

// expects has the hall take in one visitor, answers included, and returns the code
// that it gives out.
func (s *keyShow) expects(name, mobile string) string {
	s.tb.Helper()
	list, codes := filepath.Join(s.dir, "visitors.csv"), filepath.Join(s.dir, "codes.csv")
	text := "Name,Company,Mobile,Category,purpose,field\n" + name + ",Quillon Instruments," + mobile + ",trade,source,indoor\n"
	if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
		s.tb.Fatal(err)
	}
	run(s.tb, "hall", "import", list, "-codes", codes, "-data", s.hallData())
	written, err := os.ReadFile(codes)
	if err != nil {
		s.tb.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(string(written))).ReadAll()
	if err != nil || len(lines) != 2 {
		s.tb.Fatalf("codes = %q, %v", written, err)
	}
	return lines[1][1]
}

// heldUp is a picture of a QR code in the middle of what a camera sees.
func heldUp(t *testing.T, text string) string {
	t.Helper()
	qr, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		t.Fatal(err)
	}
	view := image.NewGray(image.Rect(0, 0, 1280, 960))
	draw.Draw(view, image.Rect(440, 280, 840, 680), qr.Image(400), image.Point{}, draw.Src)
	var data bytes.Buffer
	if err := png.Encode(&data, view); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "code.png")
	if err := os.WriteFile(name, data.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// asks is a question to a kiosk about a code or a contact.
func (d desk) asks(path string, body any) (answer string, status int) {
	d.show.tb.Helper()
	data, status := ask(d.show.tb, "POST", d.kioskURL()+"/api/v1/"+path, "", body)
	return strings.TrimSpace(string(data)), status
}

// A list that the operator imports, to the badge and the number on the dashboard: the
// visitor holds the QR of the confirmation before a kiosk's camera and touches three
// times. At another kiosk the code is used, and the visitor's number is known, also
// when the hall is gone (P2, P3).
func TestShow_ExpectedVisitor(t *testing.T) {
	const mobile = "+86 138 0000 0000"
	s := openKeyShow(t)
	s.organizer = decode[account](t, run(t, "hall", "user", "-data", s.hallData(), "-name", "organizer", "-json"))
	one := s.open("one", "-pair", s.pair("-kiosk", "One").Code)
	two := s.open("two", "-pair", s.pair("-kiosk", "Two").Code)
	if answer, status := one.asks("preregistrations", map[string]string{"code": "NOBODY1"}); status != 503 || !strings.Contains(answer, "not here yet") {
		t.Errorf("before there is a list: %d %s", status, answer)
	}
	code := s.expects("Ada Quill", mobile)
	for _, d := range []desk{one, two} {
		eventually(t, "the list arrives", func() bool {
			_, status := d.asks("preregistrations", map[string]string{"code": code})
			return status == 200
		})
	}
	b := browser.Start(t, browser.Options{Camera: browser.Camera(t, heldUp(t, "https://lumen.example/c/"+code))})
	b.Open(one.kioskURL())
	at(b, "attract")
	b.Click(`.languages [lang="en"]`)
	b.Until(`document.documentElement.lang === "en"`)
	b.Click(`.way.first`) // no card is read here, so this is the code
	at(b, "expected")
	b.Click(`.bottom .main`)
	at(b, "consent")
	b.Click(`.consents .choice:nth-child(1)`)
	b.Click(`.bottom .main`)
	at(b, "take")
	if page := b.Text(`#kiosk`); !strings.Contains(page, "Ada Quill") {
		t.Errorf("the last screen says %q", page)
	}

	eventually(t, "the hall counts one visitor with one badge", func() bool {
		now := s.stats()
		return now.Registrations == 1 && now.Persons == 1 && now.Badges == 1 && now.Quarantine == 0
	})
	eventually(t, "the other kiosk hears that the code is used", func() bool {
		_, status := two.asks("preregistrations", map[string]string{"code": code})
		return status == 409
	})
	known := func() bool {
		answer, status := two.asks("known", map[string]any{"fields": map[string]string{"mobile": "138-0000-0000"}})
		return status == 200 && answer == `{"known":true}`
	}
	eventually(t, "the other kiosk knows the number", known)
	s.hall.Kill()
	if !known() {
		t.Error("without the hall the number is forgotten")
	}
	if answer, _ := two.asks("known", map[string]any{"fields": map[string]string{"mobile": "138-0000-0001"}}); answer != `{"known":false}` {
		t.Errorf("another number: %s", answer)
	}
	for _, secret := range []string{"Ada", "0000 0000", code} { // P8
		if log := fmt.Sprint(s.hall.Said(), one.Said(), two.Said()); strings.Contains(log, secret) {
			t.Errorf("a log holds %q", secret)
		}
	}
}
