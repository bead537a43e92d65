package pagetest_test

import (
	"encoding/json"
	"fmt"
	"image/png"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"hallpass/assets"
	"hallpass/badge"
	"hallpass/sync/fault"
)

// own reports whether a request carries the key of a registration, and answers
// if not.
func (k *kiosk) own(w http.ResponseWriter, r *http.Request) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.bodies[r.Header.Get("Idempotency-Key")] == nil {
		reply(w, http.StatusForbidden, map[string]any{"code": fault.AuthDenied})
		return false
	}
	return true
}

// ask does what is asked about a badge: it goes to a state.
func (k *kiosk) ask(w http.ResponseWriter, r *http.Request, to func(body map[string]any) string) {
	var body map[string]any
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		reply(w, http.StatusUnprocessableEntity, map[string]any{"code": fault.Invalid})
		return
	}
	if !k.own(w, r) {
		return
	}
	k.with(func() { k.asked = append(k.asked, body) })
	k.print(to(body), "")
	k.mu.Lock()
	defer k.mu.Unlock()
	reply(w, http.StatusOK, map[string]any{"id": "r1", "badge": k.badge})
}

func (k *kiosk) postBadge(w http.ResponseWriter, r *http.Request) {
	k.ask(w, r, func(map[string]any) string { return "reserved" })
}

func (k *kiosk) postConfirm(w http.ResponseWriter, r *http.Request) {
	k.ask(w, r, func(body map[string]any) string {
		if body["out"] == true {
			return "issued"
		}
		return "reserved"
	})
}

func (k *kiosk) postVoid(w http.ResponseWriter, r *http.Request) {
	k.ask(w, r, func(map[string]any) string { return "voided" })
}

func (k *kiosk) putRegistration(w http.ResponseWriter, r *http.Request) {
	k.ask(w, r, func(body map[string]any) string {
		k.with(func() { k.right = body })
		return "reserved"
	})
}

// renderer draws previews as a kiosk does.
var renderer = sync.OnceValues(func() (*badge.Renderer, error) {
	fonts, err := badge.OpenFonts(assets.Files(), "fonts/NotoSansSC-Regular.ttf", "fonts/NotoSansSC-Bold.ttf")
	if err != nil {
		return nil, err
	}
	data, err := fs.ReadFile(assets.Files(), "badge/a6.json")
	if err != nil {
		return nil, err
	}
	template, err := badge.ParseTemplate(data)
	if err != nil {
		return nil, err
	}
	return badge.New(template, fonts)
})

func (k *kiosk) postPreview(w http.ResponseWriter, r *http.Request) {
	var form struct {
		Fields   map[string]string
		Category string
	}
	if err := json.NewDecoder(r.Body).Decode(&form); err != nil {
		reply(w, http.StatusUnprocessableEntity, map[string]any{"code": fault.Invalid})
		return
	}
	draw, err := renderer()
	if err != nil {
		k.tb.Error(err)
		return
	}
	sides, report, err := draw.Images(badge.Page{
		Person: badge.Person{
			ID: "0", Name: form.Fields["name"], NameLatin: form.Fields["name_en"], Company: form.Fields["company"], Title: form.Fields["title"],
			Category: form.Category, CategoryLabel: "专业观众 Trade visitor", CategoryColour: "#0B57D0",
		},
		Token: "PREVIEW", Show: badge.Show{Name: "流明国际光电展", Detail: "Lumen Optics Fair · 2027-04-21 – 04-23", Accent: "#0B57D0"},
	}, 145)
	if err != nil {
		k.tb.Error(err)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	if len(report.Missing) > 0 {
		w.Header().Set("Hallpass-Missing", url.PathEscape(strings.Join(report.Missing, " ")))
	}
	_ = png.Encode(w, sides[0])
}

// getStatusEvents pushes the status when it has changed.
func (k *kiosk) getStatusEvents(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for last := ""; ; {
		data, _ := json.Marshal(k.standing())
		if now := string(data); now != last {
			last = now
			fmt.Fprintf(w, "event: status\ndata: %s\n\n", data)
			if err := http.NewResponseController(w).Flush(); err != nil {
				return
			}
		}
		select {
		case <-tick.C:
		case <-r.Context().Done():
			return
		}
	}
}

// heard is what was asked about the badge so far.
func (k *kiosk) heard() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	data, _ := json.Marshal(k.asked)
	return string(data)
}

func wantHeard(t *testing.T, k *kiosk, want string) {
	t.Helper()
	if got := k.heard(); got != want {
		t.Errorf("the kiosk was asked %s, want %s", got, want)
	}
}
