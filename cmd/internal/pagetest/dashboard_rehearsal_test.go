package pagetest_test

import (
	"testing"

	"hallpass/cmd/internal/browser"
)

// A rehearsal says that it is one, from the sign-in on and on the wall; a real
// show never does.
func TestDashboard_Rehearsal(t *testing.T) {
	const mark = `[...document.querySelectorAll(".mark.doubt")].map((m) => m.innerText.trim()).join()`
	for language, want := range map[string]string{"en": "Rehearsal: nobody in it is real", "zh-CN": "演练：其中没有真实的人"} {
		h := newHall(t)
		h.with(func() { h.rehearsal = true })
		b := open(t, browser.Options{Width: 1920, Height: 1080, Scale: 0.5, Language: language})
		b.Open(h.URL + "/")
		b.See(`#name`)
		if got := browser.Value[string](b, mark); got != want {
			t.Errorf("%s: the sign-in says %q, want %q", language, got, want)
		}
		h.with(func() { h.signedIn = true })
		b.Open(h.URL + "/?wall")
		b.See(`.hall .live.good`)
		if got := browser.Value[string](b, mark); got != want {
			t.Errorf("%s: the wall says %q, want %q", language, got, want)
		}
		photo(b, "dashboard-rehearsal-"+language)
		h.with(func() { h.rehearsal = false })
		b.Open(h.URL + "/")
		b.See(`.hall .live.good`)
		if got := browser.Value[string](b, mark); got != "" {
			t.Errorf("%s: a real show says %q, want nothing", language, got)
		}
	}
}
