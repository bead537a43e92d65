package ocr

import (
	"regexp"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// topNations are countries by what mail and web addresses there end with, whose
// mobiles begin otherwise than other numbers and are printed without a country
// code. Of those with rules of their own there is none here.
var topNations = map[string]string{"ie": "IE", "nz": "NZ", "za": "ZA", "it": "IT", "es": "ES", "nl": "NL", "be": "BE", "ch": "CH", "at": "AT", "se": "SE", "no": "NO", "dk": "DK", "fi": "FI", "pt": "PT", "pl": "PL", "cz": "CZ", "hu": "HU", "gr": "GR", "tr": "TR", "my": "MY", "ph": "PH", "th": "TH", "vn": "VN", "id": "ID", "il": "IL", "in": "IN", "lk": "LK", "ke": "KE", "ae": "AE", "sa": "SA", "br": "BR", "fr": "FR", "de": "DE", "au": "AU", "sg": "SG", "uk": "GB"}

// countryNames end an address.
var countryNames = map[string]string{"ireland": "IE", "new zealand": "NZ", "south africa": "ZA", "italy": "IT", "italia": "IT", "spain": "ES", "netherlands": "NL", "the netherlands": "NL", "belgium": "BE", "switzerland": "CH", "austria": "AT", "sweden": "SE", "norway": "NO", "denmark": "DK", "finland": "FI", "portugal": "PT", "poland": "PL", "malaysia": "MY", "philippines": "PH", "thailand": "TH", "vietnam": "VN", "indonesia": "ID", "israel": "IL", "india": "IN", "brazil": "BR", "france": "FR", "germany": "DE", "deutschland": "DE", "australia": "AU", "singapore": "SG", "united kingdom": "GB", "uk": "GB", "england": "GB", "scotland": "GB", "wales": "GB"}

var britishEnd = regexp.MustCompile(`[ ,][A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z][A-Za-z]$`)

// nationOf is the country that a card's mail and web addresses and its postal
// ones say, by the library's name of it, "" where they say none or several.
func nationOf(ps []*piece) string {
	found := map[string]bool{}
	for _, p := range ps {
		switch {
		case p.field == "email" || p.field == "website":
			d := domainOf(p.text)
			if n := topNations[d[strings.LastIndexByte(d, '.')+1:]]; n != "" {
				found[n] = true
			}
		case p.field == "address" || p.field == "" && digitsIn(p.text) > 0:
			if !chinesePrint(p.text) && britishEnd.MatchString(p.text) {
				found["GB"] = true
			}
			fallthrough
		case p.field == "":
			end := strings.ToLower(strings.TrimSpace(p.text[strings.LastIndexByte(p.text, ',')+1:]))
			if n := countryNames[strings.Trim(end, " .")]; n != "" {
				found[n] = true
			}
		}
	}
	if len(found) != 1 {
		return ""
	}
	for n := range found {
		return n
	}
	return ""
}

// byNation tells mobiles from other numbers that are printed without a country
// code and without a label by the plan of the card's country.
func byNation(ps []*piece, nation string) {
	for _, p := range ps {
		if p.label && !p.unlisted || p.field != "mobile" && p.field != "phone" && p.field != "fax" || strings.HasPrefix(strings.TrimLeft(p.text, "("), "+") || strings.HasPrefix(p.text, "00") {
			continue
		}
		n, err := phonenumbers.Parse(withoutExtension(p.text), nation)
		if err != nil {
			continue
		}
		switch phonenumbers.GetNumberType(n) {
		case phonenumbers.MOBILE:
			p.field = "mobile"
		case phonenumbers.FIXED_LINE, phonenumbers.TOLL_FREE, phonenumbers.SHARED_COST:
			p.field = "phone"
		default:
			if p.field == "mobile" { // another country's
				p.field, p.facts.guessed = "phone", true
			}
			continue
		}
		p.facts.guessed, p.facts.fits = false, true
		p.why = append(p.why, "a number of its country's plan")
	}
}
