package ocr

import (
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

// Where the library's data knows an area code of the mainland, Japan or Korea,
// it knows one of the cities that the table has for it.
func TestAreas_AgreeWithTheirSource(t *testing.T) {
	renamed := map[string]bool{"86710": true} // Xiangfan is Xiangyang since 2010
	local := map[string]string{"86": "56312200", "81": "56312200", "82": "56312200"}
	language := map[string]string{"86": "zh", "81": "ja", "82": "ko"}
	a := areaTable()
	asked := 0
	for code, cities := range a.cities {
		country := a.countryOf(code)
		if local[country] == "" || renamed[code] {
			continue
		}
		digits := (code + local[country])[:len(country)+significant[country][0]]
		number, err := phonenumbers.Parse("+"+digits, "")
		if err != nil {
			t.Errorf("%s: %v", digits, err)
			continue
		}
		says, err := phonenumbers.GetGeocodingForNumber(number, language[country])
		if err != nil {
			t.Errorf("%s: %v", digits, err)
		}
		if says == "" || strings.HasPrefix(says, "中国") || says == "日本" || says == "대한민국" {
			continue
		}
		asked++
		found := false
		for _, c := range cities {
			found = found || strings.Contains(says, c.printed) || strings.Contains(strings.ToLower(says), c.latin)
		}
		if !found {
			t.Errorf("area code %s is of %v, the library says %q", code, cities, says)
		}
	}
	if asked < 330 {
		t.Errorf("the library knows %d codes of the table, want 330", asked)
	}
}

// Every city of the mainland and of Taiwan has an area code, so that one of
// another city can be told.
func TestAreas_HaveEveryCity(t *testing.T) {
	a := areaTable()
	for key := range block("places") {
		province, city, below := strings.Cut(key, "/")
		switch {
		case province == "harbour" || province == "zone" || province == "country":
			continue
		case !below && (strings.HasSuffix(province, "省") || strings.HasSuffix(province, "区")):
			continue // its towns have no city above them
		case !below:
			city = province
		}
		if len(a.codes[bareCity(fold(city))]) == 0 {
			t.Errorf("%s has no area code", key)
		}
	}
}
