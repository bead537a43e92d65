package pagetest_test

import (
	"strings"
	"testing"

	"hallpass/cmd/internal/browser"
)

func readingOff() map[string]any {
	return map[string]any{"learn": false, "kiosks": 0, "fields": []any{}, "confusions": []any{}}
}

// readField is one field's counts: accepted, corrected and emptied where it was
// shown as sure, then as doubtful, and how often it was typed.
func readField(name string, n ...int) map[string]any {
	outcomes := func(n []int) map[string]any {
		return map[string]any{"accepted": n[0], "corrected": n[1], "emptied": n[2]}
	}
	return map[string]any{"field": name, "sure": outcomes(n[:3]), "doubtful": outcomes(n[3:6]), "typed": n[6]}
}

func pair(read, meant string, cards int) map[string]any {
	return map[string]any{"read": read, "meant": meant, "cards": cards}
}

// taught is a show that has learned for a morning.
func taught() map[string]any {
	stats := busy()
	stats["reading"] = map[string]any{
		"learn": true, "kiosks": 7,
		"fields": []any{
			readField("company", 2810, 21, 4, 604, 190, 12, 57), readField("company_en", 1402, 9, 30, 380, 122, 41, 0),
			readField("email", 3105, 11, 6, 201, 88, 9, 41), readField("mobile", 3240, 9, 2, 122, 31, 3, 26),
			readField("name", 3102, 14, 0, 388, 141, 0, 33), readField("name_en", 980, 8, 41, 301, 76, 55, 0),
			readField("title", 2411, 77, 19, 512, 160, 44, 120), readField("wechat", 12, 3, 0, 9, 4, 1, 310),
		},
		"confusions": []any{pair("0", "O", 61), pair("l", "1", 44), pair("己", "已", 23), pair("迟", "退", 11), pair("口", "日", 7), pair("<", "ß", 3)},
	}
	return stats
}

// The panel says how well cards are read, in both languages, and what a show
// gets to see that does not count, or has not counted yet.
func TestDashboard_ReadingOfCards(t *testing.T) {
	for language, says := range map[string]struct{ off, none, kiosks string }{
		"en":    {"Switched off", "Nothing yet", "Counts of 7 of 8 kiosks"},
		"zh-CN": {"未开启", "暂无数据", "8 台登记机中 7 台"},
	} {
		t.Run(language, func(t *testing.T) {
			h := newHall(t)
			b := dashboard(t, h, browser.Options{Width: 1280, Height: 1400, Language: language}, "")
			stats := busy()
			h.push(stats)
			b.See(`.reading code`)
			if got := b.Text(`.reading`); !strings.Contains(got, says.off) || !strings.Contains(got, `"learn": true`) {
				t.Errorf("switched off, the panel says %q", got)
			}
			none := busy()
			none["reading"] = map[string]any{"learn": true, "kiosks": 0, "fields": []any{}, "confusions": []any{}}
			h.push(none)
			b.Until(`!document.querySelector(".reading code")`)
			if got := b.Text(`.reading`); !strings.Contains(got, says.none) {
				t.Errorf("with nothing counted, the panel says %q", got)
			}
			h.push(taught())
			b.Until(`document.querySelectorAll(".reading tbody tr").length === 8`)
			photo(b, "dashboard-reading-"+language)
			if got := b.Text(`.reading [role=status]`); !strings.Contains(got, says.kiosks) {
				t.Errorf("the panel counts %q, want %q", got, says.kiosks)
			}
			rows := map[string]string{ // read, accepted, corrected though sure, when doubtful, emptied, typed
				"title": "3,223 90.7% 3.1% 22.3% 2.0% 120", "mobile": "3,407 98.7% 0.3% 19.9% 0.1% 26", "wechat": "29 72.4% 20.0% 28.6% 3.4% 310",
			}
			for field, want := range rows {
				got := browser.Value[string](b, `Array.from(document.querySelectorAll('.reading tr[data-field="`+field+`"] td'), (c) => c.lastElementChild ? c.firstElementChild.lastChild.textContent : c.textContent).join(" ")`)
				if got != want {
					t.Errorf("%s reads %q, want %q", field, got, want)
				}
			}
			order := browser.Value[string](b, `Array.from(document.querySelectorAll(".reading tbody tr"), (r) => r.dataset.field + (r.querySelector(".mark") ? "!" : "")).join(" ")`)
			if !strings.HasPrefix(order, "title! name_en ") || !strings.HasSuffix(order, " wechat") || strings.Count(order, "!") != 1 {
				t.Errorf("rows stand as %s; want the worst first and marked, and what is too little to judge last", order)
			}
			if got := b.Text(`.reading .pairs li:nth-child(6)`); !strings.Contains(got, "<") || !strings.Contains(got, "ß") {
				t.Errorf("the last pair reads %q", got)
			}
			if wide := browser.Value[bool](b, `document.documentElement.scrollWidth > innerWidth`); wide {
				t.Error("the page scrolls sideways")
			}
		})
	}
}

// The wall shows what can be acted on across the room, not shares.
func TestDashboard_ReadingIsNotForTheWall(t *testing.T) {
	h := newHall(t)
	b := dashboard(t, h, browser.Options{Width: 1920, Height: 1080}, "?wall")
	h.push(taught())
	b.Until(`document.querySelectorAll(".tile").length === 8`)
	if shown := browser.Value[bool](b, `document.querySelector(".reading").checkVisibility()`); shown {
		t.Error("the panel takes room on the wall")
	}
}
