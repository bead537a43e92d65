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

// What cards print that no field wants, and degrees of many makings.
func TestExtract_NoField(t *testing.T) {
	for _, c := range []struct {
		situation string
		lines     []string
		want      map[string]string
	}{
		{"StandAtAFair", []string{"#Ada Castell", "Visit us at", "Hall 4", "Stand C27", "12 Mill Road, Leeds LS1 9XX"}, map[string]string{"address": "12 Mill Road, Leeds LS1 9XX"}},
		{"LicenceUnderAnAddress", []string{"402 East Almond Avenue", "Visalia, California 93299", "CA License No. 0X00418"}, map[string]string{
			"address": "402 East Almond Avenue Visalia, California 93299"}},
		{"CharityNumber", []string{"#Ada Castell", "Founded 1931 · Registered Charity No. 0000418"}, map[string]string{"address": "", "phone": ""}},
		{"AccountsOfServices", []string{"#Elijah Quek", "hey@juniperfox.studio", "ig @juniperfox.sg", "be /juniperfox"}, map[string]string{"email": "hey@juniperfox.studio", "company": "", "website": ""}},
		{"MemberOfAnAssociation", []string{"Orchard Valve Works Ltd", "#Gareth Llewellyn", "Member of the British Valve Association"}, map[string]string{"company": "Orchard Valve Works Ltd"}},
		{"MemberOfTheBoard", []string{"#Gareth Llewellyn", "Member of the Board", "Orchard Valve Works Ltd"}, map[string]string{"title": "Member of the Board"}},
		{"DegreesBehindAName", []string{"#Imogen Vane MA (Hons) MArch RIAS RIBA", "Partner"}, map[string]string{"name": "Imogen Vane", "title": "Partner"}},
		{"DegreeWithAPoint", []string{"#Kamlesh R. Thakkar B.Com, D.T.P.", "Proprietor"}, map[string]string{"name": "Kamlesh R. Thakkar"}},
		{"MembershipInCapitals", []string{"#Aidan Featherstone FRCS", "Consultant Surgeon"}, map[string]string{"name": "Aidan Featherstone"}},
		{"FamilyNameInCapitals", []string{"#Vincent LAU Chi Keung", "Manager"}, map[string]string{"name": "Vincent LAU Chi Keung"}},
		{"ProfessorOfMedicine", []string{"#Prof. Dr. med. Annegret Thalheim", "Medical Director"}, map[string]string{"name": "Prof. Dr. med. Annegret Thalheim"}},
	} {
		t.Run(c.situation, func(t *testing.T) { tells(t, ocr.Extract(set(c.lines...)), c.want) })
	}
}

// Firms by size, place and domain, and people who are their own firm.
func TestExtract_Firms(t *testing.T) {
	small := func(ls []ocr.Line, i int) []ocr.Line {
		ls[i].Box.Max.Y -= ls[i].Box.Dy() / 4
		return ls
	}
	for _, c := range []struct {
		situation string
		lines     []ocr.Line
		want      map[string]string
	}{
		{"TradeUnderTheFirm", small(set("BRANNIGAN & HOLT", "STRUCTURAL ENGINEERS", "#Patrick Brannigan", "pjb@brannigan-holt.com"), 1), map[string]string{"company": "BRANNIGAN & HOLT"}},
		{"LargestLine", set("#Shree Ambika Cold Storage & Ice Factory", "Kamlesh Thakkar", "Proprietor", "Mob 98250 00182"), map[string]string{"company": "Shree Ambika Cold Storage & Ice Factory", "name": "Kamlesh Thakkar"}},
		{"Guild", set("The Guild of Hedgelayers", "#Rosalind Ashby"), map[string]string{"company": "The Guild of Hedgelayers"}},
		{"OwnName", set("#Ingrid Halloran", "ingridhalloran.com", "hello@ingridhalloran.com"), map[string]string{"name": "Ingrid Halloran", "company": ""}},
		{"FounderAndFirm", set("#Nadia Petrossian", "Founder, Lumen & Loom", "nadia@lumenandloom.com"), map[string]string{"title": "Founder", "company": "Lumen & Loom"}},
		{"AndReadAsALetter", set("Pennifold e Sons", "#Harold Pennifold", "clocks@pennifold.com"), map[string]string{"company": "Pennifold & Sons"}},
		{"AddressWithTheDomainsTown", set("#Sigrid Moe", "Municipality of Sundvika", "Storgata 1, NO-6099 Sundvika", "sundvika.no"), map[string]string{"company": "Municipality of Sundvika", "address": "Storgata 1, NO-6099 Sundvika"}},
		{"StreetInAUniversityTown", set("8 Lianrong Road, University Town, Fuzhou 350108"), map[string]string{"company": "", "address": "8 Lianrong Road, University Town, Fuzhou 350108"}},
		{"UnitBeforeATitle", set("#Fatima Rashid", "Marine Claims | Senior Adjuster"), map[string]string{"department": "Marine Claims", "title": "Senior Adjuster"}},
		{"MakerOfThings", set("#Tobias Finch", "Clockmaker & Restorer"), map[string]string{"title": "Clockmaker & Restorer"}},
	} {
		t.Run(c.situation, func(t *testing.T) { tells(t, ocr.Extract(c.lines), c.want) })
	}
}

// One line at the foot of a card, and a country whose numbers need no code.
func TestExtract_FootLineAndCountry(t *testing.T) {
	tells(t, ocr.Extract(set("Pakhusgade 8, 8000 Aarhus C +45 20 41 82 76 asger@halvo.studio halvo.studio")), map[string]string{
		"address": "Pakhusgade 8, 8000 Aarhus C", "email": "asger@halvo.studio", "website": "halvo.studio"})
	tells(t, ocr.Extract(set("#Niamh Gallagher", "087 555 0142", "niamh@kettle.ie")), map[string]string{"mobile": "087 555 0142", "phone": ""})
	tells(t, ocr.Extract(set("#Imogen Vane", "0131 496 0418", "07700900294", "2 Mill Close, Edinburgh EH1 9XX")), map[string]string{
		"phone": "0131 496 0418", "mobile": "07700900294", "fax": ""})
	tells(t, ocr.Extract(set("0:(701) 555-0148", "C:(701) 555-0127")), map[string]string{"phone": "(701) 555-0148", "mobile": "(701) 555-0127"})
}

// The mail address spells the marks that the engine loses.
func TestExtract_UmlautsByMail(t *testing.T) {
	got := ocr.Extract(set("#Jorn Bruggemann", "joern.brueggemann@zwo-getriebe.de"))
	tells(t, got, map[string]string{"name": "Jörn Brüggemann"})
	if c := got["name"].Confidence; c >= ocr.Bar {
		t.Errorf("name has %.2f, want below %.2f", c, ocr.Bar)
	}
	tells(t, ocr.Extract(set("#Michael Bauer", "michael.bauer@zwo-getriebe.de")), map[string]string{"name": "Michael Bauer"})
}
