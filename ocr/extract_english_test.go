package ocr_test

import (
	"slices"
	"strings"
	"testing"

	"hallpass/ocr"
)

// How cards in English set labels, offices, units and accounts.
func TestExtract_English(t *testing.T) {
	for _, c := range []struct {
		situation string
		lines     []string
		want      map[string]string
	}{
		{"LabelOfNoList", []string{"#Tobias Finch", "Bindery 01632 960 284", "Mobile 07700 900 618"}, map[string]string{
			"phone": "01632 960 284", "mobile": "07700 900 618", "name": "Tobias Finch"}},
		{"MobileBehindALabelOfNoList", []string{"Evenings +44 7700 900618"}, map[string]string{"mobile": "+44 7700 900618"}},
		{"RoomBeforeANumber", []string{"Unit 4 01632 960 284 Mill Road"}, map[string]string{"mobile": ""}},
		{"CertificateBeforeANumber", []string{"#Ada Castell", "ISO 9001 2015", "EN 14399"}, map[string]string{"phone": "", "mobile": ""}},
		{"NumberInSquareBrackets", []string{"[415] 555-0142"}, map[string]string{"phone": "(415) 555-0142"}},
		{"NumberThatTheCalledOnePaysFor", []string{"Cell 305-555-0142", "24h Emergency 1-800-555-0142"}, map[string]string{"phone": "1-800-555-0142", "mobile": "305-555-0142"}},
		{"SocialAccount", []string{"#Priya Raman", "priya@quellix.io", "@quellix.hq"}, map[string]string{"company": "", "wechat": "", "email": "priya@quellix.io"}},
		{"PartOfTheWorldBehindATitle", []string{"#Kavya Rao", "Area Sales Manager - South"}, map[string]string{"title": "Area Sales Manager - South", "department": ""}},
		{"UnitBehindATitle", []string{"#Kavya Rao", "Territory Manager - Wound Care"}, map[string]string{"title": "Territory Manager", "department": "Wound Care"}},
		{"UnitUnderATitle", []string{"#Helena Brandt", "Director of Sales", "Adhesives", "Phone +49 89 5550 417"}, map[string]string{
			"title": "Director of Sales", "department": "Adhesives"}},
		{"MottoUnderATitle", []string{"#Helena Brandt", "Director of Sales", "Trusted quality."}, map[string]string{"department": ""}},
		{"NoLetterAddedToAWord", []string{"#Ravi Perera", "HEAD OF BLENDING"}, map[string]string{"title": "HEAD OF BLENDING"}},
	} {
		t.Run(c.situation, func(t *testing.T) { tells(t, ocr.Extract(set(c.lines...)), c.want) })
	}
}

// A title with a unit behind its comma may be two values: it is never sure.
func TestExtract_TitleWithUnit(t *testing.T) {
	f := ocr.Extract(set("#Oskar Lindqvist", "Key Account Manager, Cutting Tools"))["title"]
	if f.Text != "Key Account Manager, Cutting Tools" || f.Confidence >= ocr.Bar {
		t.Errorf("title = %q at %.2f, want it whole and below %.2f", f.Text, f.Confidence, ocr.Bar)
	}
	if f = ocr.Extract(set("#Oskar Lindqvist", "Vice President, EMEA"))["title"]; f.Text != "Vice President, EMEA" || f.Confidence < ocr.Bar {
		t.Errorf("title = %q at %.2f, want it sure", f.Text, f.Confidence)
	}
}

// Two offices in columns, each under its town: both addresses without the towns,
// and no telephone is the other's fax.
func TestExtract_OfficesUnderTowns(t *testing.T) {
	got := ocr.Extract([]ocr.Line{
		at("Megan Karri", 60, 180, 400, 50), at("Specification Consultant", 60, 240, 380, 34),
		at("m 0491 570 110", 60, 300, 200, 32), at("emegan.karri@wandoo.com.au", 60, 340, 400, 32),
		at("Sydney", 60, 480, 100, 32), at("Perth", 560, 480, 90, 32),
		at("Level 4, 12 Harris Street, Pyrmont NSW 2009", 60, 520, 440, 32), at("7 Belmont Avenue, Rivervale WA 6103", 560, 520, 400, 32),
		at("(02) 7010 4110", 60, 560, 200, 32), at("(08) 7010 2950", 560, 560, 200, 32),
	})
	if a, want := all(got, "address"), []string{"7 Belmont Avenue, Rivervale WA 6103", "Level 4, 12 Harris Street, Pyrmont NSW 2009"}; !slices.Equal(a, want) {
		t.Errorf("addresses = %q, want %q", a, want)
	}
	if p, want := all(got, "phone"), []string{"(02) 7010 4110", "(08) 7010 2950"}; !slices.Equal(p, want) {
		t.Errorf("phones = %q, want %q", p, want)
	}
	tells(t, got, map[string]string{"fax": "", "email": "megan.karri@wandoo.com.au"})
}

// Letters go to one address and visitors to the other.
func TestExtract_AddressOfLetters(t *testing.T) {
	got := ocr.Extract(set("Visiting Verkstadsgatan 14, 733 00 Sala, Sweden", "Mail Box 417, SE-733 00 Sala"))
	if a, want := all(got, "address"), []string{"Box 417, SE-733 00 Sala", "Verkstadsgatan 14, 733 00 Sala, Sweden"}; !slices.Equal(a, want) {
		t.Errorf("addresses = %q, want %q", a, want)
	}
}

// The second reading of one of two joined lines still shows its accent, and
// small capitals among large ones are no new words.
func TestExtract_SecondReadingOfAPart(t *testing.T) {
	lines := set("Am Pruffeld 9, Haus 4", "12489 Berlin", "WORKSHOP MANAGER")
	lines[0].Second = ocr.Reading{Text: "Am Priiffeld 9, Haus 4", Confidence: 0.9}
	lines[2].Second = ocr.Reading{Text: "-WoRKSHOP MANAGER", Confidence: 0.9}
	got := ocr.Extract(lines)
	if a := got["address"].Text; !strings.Contains(a, "Prüffeld") || !strings.Contains(a, "Berlin") {
		t.Errorf("address = %q, want both lines and ü", a)
	}
	if title := got["title"].Text; title != "WORKSHOP MANAGER" {
		t.Errorf("title = %q, want capitals", title)
	}
}
