// Package contact owns how a person is recognized: it writes mobile numbers and
// e-mail addresses in one way, however they were typed, and hides them behind a
// keyed hash, so that nodes can tell whether somebody has registered already
// without holding anybody's data. It keeps nothing and logs nothing.
//
// Numbers follow libphonenumber's plans. What it cannot read as a contact is
// left out, which is no failure.
package contact

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"slices"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/unicode/norm"

	"hallpass/sync/record"
)

// Hash returns the digest of one contact: the first 16 bytes of HMAC-SHA256
// (RFC 2104) over its text. Whoever lacks the key learns nothing from it; whoever
// has it can still try numbers, so the key stays with the hall and its kiosks.
func Hash(key []byte, contact string) (digest [16]byte) { return NewHasher(key).Of(contact) }

// Hasher gives the Hash of many contacts under one key, at half the price. Not
// for several goroutines at once.
type Hasher struct{ mac hash.Hash }

// NewHasher returns the Hasher of a key.
func NewHasher(key []byte) Hasher { return Hasher{hmac.New(sha256.New, key)} }

// Of is Hash.
func (h Hasher) Of(contact string) (digest [16]byte) {
	var sum [sha256.Size]byte
	h.mac.Reset()
	h.mac.Write([]byte(contact)) // never fails
	copy(digest[:], h.mac.Sum(sum[:0]))
	return digest
}

// leastDigits is when an invalid number still tells people apart; shorter ones
// are extensions and slips of the finger.
const leastDigits = 7

// Of returns what names one person: "tel:" with each mobile number, "mailto:"
// with the e-mail address; the order is always the same. Field gives the text
// of a field, empty if there is none; region is that of numbers without a
// country code, see Region. A land line is shared by a company and counts only
// if it is a mobile number after all.
func Of(field func(record.FieldName) string, region string) []string {
	var out []string
	if number, _ := phone(field("mobile"), region); number != "" {
		out = append(out, "tel:"+number)
	}
	if number, mobile := phone(field("phone"), region); mobile {
		out = append(out, "tel:"+number)
	}
	if mail := email(field("email")); mail != "" {
		out = append(out, "mailto:"+mail)
	}
	return out
}

// phone returns E.164 and whether it is a mobile number, or the bare digits of
// one that no plan knows.
func phone(text, region string) (number string, mobile bool) {
	if number, mobile, known := quick(text, region); known {
		return number, mobile
	}
	text = strings.TrimSpace(norm.NFKC.String(text))
	if text == "" {
		return "", false
	}
	return planned(text, region)
}

// planned asks the library.
func planned(text, region string) (string, bool) {
	if number, err := phonenumbers.Parse(text, region); err == nil && phonenumbers.IsValidNumber(number) {
		return phonenumbers.Format(number, phonenumbers.E164), phonenumbers.GetNumberType(number) == phonenumbers.MOBILE
	}
	digits := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text)
	if len(digits) < leastDigits {
		return "", false
	}
	return digits, false
}

// email folds width and case; "" for what is no address.
func email(text string) string {
	text = strings.ToLower(strings.TrimSpace(norm.NFKC.String(text)))
	if at := strings.LastIndexByte(text, '@'); at < 1 || at == len(text)-1 || strings.ContainsAny(text, " ,;") {
		return ""
	}
	return text
}

// Region is the country in which a show's numbers are dialled, by its time
// zone (IANA); "ZZ", where every number needs a "+", if we do not know it.
func Region(timezone string) string {
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
