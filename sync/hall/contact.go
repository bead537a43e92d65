package hall

import (
	"slices"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/unicode/norm"

	"hallpass/sync/record"
)

// normalizer writes one person's contacts in one way, however they were typed.
type normalizer struct {
	region string // ISO 3166 of numbers without a country code, "ZZ" if unknown
}

// leastDigits is when an invalid number still tells people apart; shorter ones
// are extensions and slips of the finger.
const leastDigits = 7

// contacts returns what names one person: mobile numbers and e-mail addresses.
// A land line is shared by a company and counts only if it is a mobile number
// after all.
func (n normalizer) contacts(r record.Registration) []string {
	var out []string
	if mobile, _ := n.phone(r.Field("mobile")); mobile != "" {
		out = append(out, "tel:"+mobile)
	}
	if phone, valid := n.phone(r.Field("phone")); valid != nil && phonenumbers.GetNumberType(valid) == phonenumbers.MOBILE {
		out = append(out, "tel:"+phone)
	}
	if mail := email(r.Field("email")); mail != "" {
		out = append(out, "mailto:"+mail)
	}
	return out
}

// phone returns E.164 and the number, or the bare digits of one that no plan
// knows and nil.
func (n normalizer) phone(text string) (string, *phonenumbers.PhoneNumber) {
	text = strings.TrimSpace(norm.NFKC.String(text))
	if text == "" {
		return "", nil
	}
	if number, err := phonenumbers.Parse(text, n.region); err == nil && phonenumbers.IsValidNumber(number) {
		return phonenumbers.Format(number, phonenumbers.E164), number
	}
	digits := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text)
	if len(digits) < leastDigits {
		return "", nil
	}
	return digits, nil
}

// email folds width and case; "" for what is no address.
func email(text string) string {
	text = strings.ToLower(strings.TrimSpace(norm.NFKC.String(text)))
	if at := strings.LastIndexByte(text, '@'); at < 1 || at == len(text)-1 || strings.ContainsAny(text, " ,;") {
		return ""
	}
	return text
}

// regionOf is the country in which a show's numbers are dialled, by its time
// zone (IANA); "ZZ", where every number needs a "+", if we do not know it.
func regionOf(timezone string) string {
	for region, zones := range regions {
		if slices.Contains(zones, timezone) {
			return region
		}
	}
	return "ZZ"
}

// regions lists the zones of the places where exhibitions are held (ISO 3166 to
// IANA). The phone library's own zone data calls Paris Algerian.
var regions = map[string][]string{
	"AE": {"Asia/Dubai"}, "AR": {"America/Argentina/Buenos_Aires"}, "AT": {"Europe/Vienna"},
	"AU": {"Australia/Sydney", "Australia/Melbourne", "Australia/Brisbane", "Australia/Perth"},
	"BE": {"Europe/Brussels"}, "BR": {"America/Sao_Paulo"}, "CA": {"America/Toronto", "America/Vancouver"},
	"CH": {"Europe/Zurich"}, "CL": {"America/Santiago"}, "CN": {"Asia/Shanghai", "Asia/Urumqi", "Asia/Chongqing"},
	"CZ": {"Europe/Prague"}, "DE": {"Europe/Berlin"}, "DK": {"Europe/Copenhagen"}, "EG": {"Africa/Cairo"},
	"ES": {"Europe/Madrid"}, "FI": {"Europe/Helsinki"}, "FR": {"Europe/Paris"}, "GB": {"Europe/London"},
	"GR": {"Europe/Athens"}, "HK": {"Asia/Hong_Kong"}, "HU": {"Europe/Budapest"}, "ID": {"Asia/Jakarta"},
	"IE": {"Europe/Dublin"}, "IL": {"Asia/Jerusalem"}, "IN": {"Asia/Kolkata", "Asia/Calcutta"}, "IT": {"Europe/Rome"},
	"JP": {"Asia/Tokyo"}, "KR": {"Asia/Seoul"}, "KZ": {"Asia/Almaty"}, "MA": {"Africa/Casablanca"},
	"MO": {"Asia/Macau"}, "MX": {"America/Mexico_City"}, "MY": {"Asia/Kuala_Lumpur"}, "NG": {"Africa/Lagos"},
	"NL": {"Europe/Amsterdam"}, "NO": {"Europe/Oslo"}, "NZ": {"Pacific/Auckland"}, "PH": {"Asia/Manila"},
	"PL": {"Europe/Warsaw"}, "PT": {"Europe/Lisbon"}, "QA": {"Asia/Qatar"}, "RU": {"Europe/Moscow"},
	"SA": {"Asia/Riyadh"}, "SE": {"Europe/Stockholm"}, "SG": {"Asia/Singapore"}, "TH": {"Asia/Bangkok"},
	"TR": {"Europe/Istanbul"}, "TW": {"Asia/Taipei"}, "UA": {"Europe/Kyiv"},
	"US": {"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Phoenix"},
	"VN": {"Asia/Ho_Chi_Minh"}, "ZA": {"Africa/Johannesburg"},
}
