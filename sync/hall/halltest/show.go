package halltest

import (
	"time"

	"hallpass/sync/record"
)

// Show is a small show: two exhibitors and two gates, and a consent that discloses name,
// company and e-mail, never the mobile number.
func Show() record.Show {
	return record.Show{
		ID: "lamps-2027", Edition: "2027", Name: record.Text{"en": "Lamps 2027", "zh-CN": "2027 灯展"},
		Languages: []string{"en", "zh-CN"}, Timezone: "Asia/Shanghai", FirstDay: time.Date(2027, 4, 21, 0, 0, 0, 0, time.UTC), Days: 4,
		Idle:   time.Minute,
		Fields: []record.FieldRule{{Name: "name", Required: true}, {Name: "company"}, {Name: "mobile"}, {Name: "email"}},
		Categories: []record.Category{
			{ID: "trade", Name: record.Text{"en": "Trade visitor"}, Colour: "#0B57D0", Self: true},
			{ID: "media", Name: record.Text{"en": "Media"}, Colour: "#7A3FC4", Self: true},
		},
		Consents: []record.ConsentText{{
			ID: "card", Version: 1, Text: record.Text{"en": "Exhibitors who scan my badge may see my card."},
			Discloses: []record.FieldName{"name", "company", "email"},
		}},
		Exhibitors: []record.Exhibitor{
			{ID: "aurora", Name: record.Text{"en": "Aurora Lamps"}, Hall: "1", Booth: "1A01"},
			{ID: "borealis", Name: record.Text{"en": "Borealis Optics"}, Hall: "1", Booth: "1A02"},
		},
		Gates: []record.Gate{
			{ID: "north", Name: record.Text{"en": "North gate"}, Hall: "1", Direction: "both"},
			{ID: "exit", Name: record.Text{"en": "Way out"}, Hall: "1", Direction: "out"},
		},
	}
}
