package record_test

import (
	"strings"
	"testing"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/record"
)

func goodRegistration() record.Registration {
	return record.Registration{
		ID: "R1", Show: "lumen", Created: record.Stamp{Wall: 1, Node: "k1"},
		Fields: map[record.FieldName]record.Register[string]{"name": {Value: "林静怡"}},
	}
}

func goodBadge() record.Badge {
	return record.Badge{ID: record.NewID[record.BadgeID](time.Unix(0, 0)), Registration: "R1", Show: "lumen", Issue: 1}
}

func goodLead() record.Lead {
	return record.Lead{ID: "L1", Exhibitor: "e1", Badge: "B1", At: time.Unix(1, 0)}
}

// P9: what cannot be true is refused with the field that says so.
func TestValidate(t *testing.T) {
	edit := func(change func(*record.Registration)) record.Fact {
		r := goodRegistration()
		change(&r)
		return r
	}
	badge, lead := goodBadge(), goodLead()
	badge.Issue, lead.Rating.Value = 0, 4
	foreign := goodBadge()
	foreign.ID = "x"
	tests := []struct {
		name  string
		fact  record.Fact
		field string // "" if the fact is good
	}{
		{"Registration", goodRegistration(), ""},
		{"NoID", edit(func(r *record.Registration) { r.ID = "" }), "id"},
		{"NoShow", edit(func(r *record.Registration) { r.Show = "" }), "show"},
		{"NoTime", edit(func(r *record.Registration) { r.Created = record.Stamp{} }), "created"},
		{"HugeField", edit(func(r *record.Registration) {
			r.Fields["company"] = record.Register[string]{Value: strings.Repeat("司", 1001)}
		}), "company"},
		{"CutOffUTF8", edit(func(r *record.Registration) {
			r.Fields["company"] = record.Register[string]{Value: "公司"[:4]}
		}), "company"},
		{"Badge", goodBadge(), ""},
		{"BadgeWithoutNumber", badge, "issue"},
		{"BadgeWithoutID", foreign, "id"},
		{"Lead", goodLead(), ""},
		{"LeadOverrated", lead, "rating"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.fact.Validate()
			if tt.field == "" {
				if err != nil {
					t.Errorf("Validate() = %v, want nil", err)
				}
				return
			}
			if got := fault.From(err); got.Code != fault.RefusedFact || got.Field != tt.field {
				t.Errorf("Validate() = %v, want fact.refused for %q", err, tt.field)
			}
		})
	}
}

// P7: an exhibitor sees what the visitor agreed to disclose, and only that.
func TestShow_Disclosed(t *testing.T) {
	show := record.Show{Consents: []record.ConsentText{
		{ID: "privacy", Version: 1, Required: true},
		{ID: "card", Version: 2, Discloses: []record.FieldName{"name", "company"}},
		{ID: "contact", Version: 1, Discloses: []record.FieldName{"company", "mobile"}},
	}}
	given := func(version uint32) record.Consent { return record.Consent{Given: true, Version: version} }
	tests := []struct {
		name     string
		consents map[record.ConsentID]record.Consent
		erased   bool
		want     string
	}{
		{"Nothing", nil, false, ""},
		{"CardOnly", map[record.ConsentID]record.Consent{"card": given(2)}, false, "name company"},
		{"Both", map[record.ConsentID]record.Consent{"card": given(2), "contact": given(1)}, false, "name company mobile"},
		{"AgreedToAnOlderText", map[record.ConsentID]record.Consent{"card": given(1)}, false, ""},
		{"TakenBack", map[record.ConsentID]record.Consent{"card": {Version: 2}}, false, ""},
		{"Erased", map[record.ConsentID]record.Consent{"card": given(2)}, true, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := record.Registration{Consents: tt.consents}
			if tt.erased {
				r.Erased = record.Stamp{Wall: 1, Node: "hall"}
			}
			var got []string
			for _, name := range show.Disclosed(r) {
				got = append(got, string(name))
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("Disclosed = %v, want %q", got, tt.want)
			}
		})
	}
}

func TestText_In(t *testing.T) {
	text := record.Text{"en": "Trade", "zh-CN": "专业观众"}
	for lang, want := range map[string]string{"zh-CN": "专业观众", "en": "Trade", "fr": "Trade"} {
		if got := text.In(lang); got != want {
			t.Errorf("In(%q) = %q, want %q", lang, got, want)
		}
	}
	if got := (record.Text{"zh-TW": "專業", "ja": "業"}).In("fr"); got != "業" {
		t.Errorf("In without English = %q, want the first tag's text every time", got)
	}
}
