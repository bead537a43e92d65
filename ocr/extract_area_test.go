package ocr_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"hallpass/ocr"
)

// The area code of a landline and the city of an address say the same on most
// cards, in whatever script the city stands.
func TestExtract_AreaCodeNamesTheCity(t *testing.T) {
	for _, c := range []struct {
		situation       string
		number, address string
		want            string // the reason that both give, "" for none
	}{
		{"Mainland", "电话：0755-8631 2200", "地址：深圳市南山区科技园路18号", "area code 0755 = 深圳"},
		{"WithoutTheWordCity", "电话：0532-8631 2200", "地址：山东青岛市南区香港中路18号", "area code 0532 = 青岛"},
		{"ThreeDigits", "电话：(021) 5631 2200", "地址：上海市黄浦区南京东路18号", "area code 021 = 上海"},
		{"CountryCode", "T: +86 571 8631 2200", "地址：浙江省杭州市西湖区文三路18号", "area code 0571 = 杭州"},
		{"CountryAndTrunk", "T: +86 (0)10 5631 2200", "地址：北京市朝阳区建国路18号", "area code 010 = 北京"},
		{"DistrictOnly", "电话：0512-5631 2200", "地址：昆山市玉山镇前进路18号", "area code 0512 = 苏州"},
		{"CodeOfThreeCities", "电话：0731-5631 2200", "地址：湖南省株洲市天元区黄河路18号", "area code 0731 = 株洲"},
		{"ProvinceOfTheCitysName", "电话：0432-6631 2200", "地址：吉林省吉林市船营区河南街18号", "area code 0432 = 吉林"},
		{"Fax", "传真：0755-8631 2201", "地址：深圳市福田区深南大道18号", "area code 0755 = 深圳"},
		{"Latin", "T: +86 755 8631 2200", "Address: 18 Keji Road, Nanshan District, Shenzhen 518057, China", "area code 0755 = Shenzhen"},
		{"LatinApostrophe", "T: +86 29 8631 2200", "Address: No. 18 Gaoxin Road, Xi'an 710075, P.R. China", "area code 029 = Xian"},
		{"Taiwan", "電話：(02) 2700-1234", "地址：臺北市大安區敦化南路18號", "area code 02 = 臺北"},
		{"TaiwanCommonForm", "電話：(04) 2300-1234", "地址：台中市西屯區文心路18號", "area code 04 = 臺中"},
		{"TaiwanLatin", "T: +886 7 300 1234", "Address: 18 Zhongshan Road, Kaohsiung City 801, Taiwan", "area code 07 = Kaohsiung"},
		{"Japan", "T: +81-3-5550-1234", "地址：東京都港区芝公園4-2-8", "area code 03 = 東京"},
		{"Korea", "T: +82-2-555-1234", "Address: 18 Teheran-ro, Gangnam-gu, Seoul 06236, Korea", "area code 02 = Seoul"},
		{"Britain", "T: +44 20 7946 0123", "Address: 190 Quarry Lane, London SW1A 1AA", "area code 020 = London"},
		{"NorthAmerica", "T: (415) 555-0123", "Address: 190 Quarry Street, San Francisco, CA 94105", "area code 415 = San Francisco"},
		{"StreetOfACity", "电话：025-5631 2200", "地址：黄浦区南京东路18号", ""},
		{"StreetOfACityInLatin", "T: +86 25 5631 2200", "Address: 18 Nanjing Road, Huangpu District, Shanghai 200001, China", ""},
		{"AnotherCountrysCode", "電話：(02) 2700-1234", "地址：天津市和平区南京路18号", ""},
		{"HongKongHasNone", "電話：+852 2345 6789", "地址：香港灣仔軒尼詩道18號", ""},
		{"MobileHasNone", "手机：+86 198 0000 1234", "地址：深圳市南山区科技园路18号", ""},
		{"TollFree", "电话：400-631-2200", "地址：深圳市南山区科技园路18号", ""},
	} {
		t.Run(c.situation, func(t *testing.T) {
			fields := ocr.Extract(set(c.number, c.address))
			for _, name := range []string{"phone", "fax", "mobile", "address"} {
				f, ok := fields[name]
				if !ok {
					continue
				}
				got := slices.IndexFunc(f.Why, func(w string) bool { return strings.HasPrefix(w, "area code") && strings.Contains(w, "=") })
				switch {
				case c.want == "" && got >= 0:
					t.Errorf("%s %q: %q, want no agreement", name, f.Text, f.Why)
				case c.want != "" && !slices.Contains(f.Why, c.want):
					t.Errorf("%s %q: %q lacks %q", name, f.Text, f.Why, c.want)
				}
			}
		})
	}
}

// Agreement makes both surer than they are beside a city or a code that the
// other says nothing of; a city of another code takes nothing from a number that
// was read well.
func TestExtract_AreaCodeAndConfidence(t *testing.T) {
	card := func(number, city string) map[string]ocr.Field {
		return ocr.Extract(set("电话："+number, "地址："+city+"南山路18号"))
	}
	agree := card("0755-8631 2200", "深圳市")
	other := card("0571-8631 2200", "深圳市")
	for _, field := range []string{"phone", "address"} {
		if a, b := agree[field], other[field]; a.Confidence <= b.Confidence {
			t.Errorf("%s: %.3f where the area code agrees, %.3f where not", field, a.Confidence, b.Confidence)
		}
		if b := other[field]; !slices.Contains(b.Why, "area code 0571 is of another city than the address") {
			t.Errorf("%s says %q", field, b.Why)
		}
	}
	if d := agree["phone"].Confidence - other["phone"].Confidence; d > 0.1 {
		t.Errorf("a well read number of another city loses %.3f", d)
	}
}

// Where the engine was unsure of the very characters that disagree, they are
// doubtful.
func TestExtract_AreaCodeDoubtsWhatWasDoubtful(t *testing.T) {
	lines := set("电话：0571-8631 2200", "地址：苏州市南山路18号")
	lines[1].Weakest = 0.7
	lines[1].Sure = sure(lines[1].Text, "苏", 0.7)
	got := ocr.Extract(lines)
	if f := got["address"]; f.Confidence >= ocr.Bar {
		t.Errorf("address %q has confidence %.2f", f.Text, f.Confidence)
	}
	if f := got["phone"]; f.Text != "0571-8631 2200" {
		t.Errorf("phone = %q", f.Text)
	}
}

// sure gives every character of s the confidence 0.99, and those of part less.
func sure(s, part string, less float64) (out []float64) {
	for _, r := range s {
		v := 0.99
		if strings.ContainsRune(part, r) {
			v = less
		}
		out = append(out, v)
	}
	return out
}

// A city that one character keeps from the area code's gets it back, and is not
// sure; what may be another place, and every number, stays as it was read.
func TestExtract_AreaCodePutsACityRight(t *testing.T) {
	for _, c := range []struct {
		situation                    string
		number, address, weak, wants string
	}{
		{"Mainland", "0755-8631 2200", "深训市科技园路18号", "训", "深圳市科技园路18号"},
		{"BehindItsProvince", "0755-8631 2200", "广东省深训市科技园路18号", "训", "广东省深圳市科技园路18号"},
		{"BeforeItsDistrict", "0512-5631 2200", "苏洲市吴中区南山路18号", "", "苏州市吴中区南山路18号"},
		{"Latin", "+86 755 8631 2200", "18 Keji Road, Shenzhcn 518057, China", "c", "18 Keji Road, Shenzhen 518057, China"},
		{"Taiwan", "(07) 300-1234", "高碓市中山路18號", "碓", "高雄市中山路18號"},
		{"AnotherCity", "0571-8631 2200", "苏州市南山路18号", "苏", "苏州市南山路18号"},
		{"SureOfIt", "0755-8631 2200", "深训市科技园路18号", "", "深训市科技园路18号"},
		{"TwoCharacters", "0512-5631 2200", "芬洲市南山路18号", "芬洲", "芬洲市南山路18号"},
		{"InsideAName", "0755-8631 2200", "新深训市科技园路18号", "训", "新深训市科技园路18号"},
		{"StreetOfTheName", "+86 755 8631 2200", "18 Shenzhcn Road, Longgang, China", "c", "18 Shenzhcn Road, Longgang, China"},
	} {
		t.Run(c.situation, func(t *testing.T) {
			lines := set("电话："+c.number, "地址："+c.address)
			lines[1].Weakest = 0.7
			lines[1].Sure = sure(lines[1].Text, c.weak, 0.7)
			got := ocr.Extract(lines)
			if f := got["address"]; f.Text != c.wants {
				t.Errorf("address = %q, want %q", f.Text, c.wants)
			} else if c.wants != c.address && f.Confidence >= ocr.Bar {
				t.Errorf("a city put right has confidence %.2f", f.Confidence)
			}
			if f := got["phone"]; f.Text != c.number {
				t.Errorf("phone = %q, want %q", f.Text, c.number)
			}
		})
	}
}

// A number is never changed by the city it stands beside: whatever its area code
// and whatever the address, it comes out as it does alone.
func TestExtract_CityNeverChangesANumber(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 86))
	cities := []string{"深圳市", "深训市", "上海市", "臺北市", "苏洲市", "Shenzhen", "Shenzhcn", "Taipei", "London", "Kuala Lumpur"}
	for range 1500 {
		code := fmt.Sprint(10 + rnd.IntN(990))
		number := fmt.Sprintf("0%s-%d %04d", code, 2000+rnd.IntN(8000), rnd.IntN(10000))
		if rnd.IntN(3) == 0 {
			number = fmt.Sprintf("+86 %s %d %04d", code, 200+rnd.IntN(8000), rnd.IntN(10000))
		}
		city := cities[rnd.IntN(len(cities))]
		address := "地址：" + city + "南山路18号"
		if city[0] < 0x80 {
			address = "Address: 18 Nanshan Road, " + city + " 518057, China"
		}
		lines := set("电话："+number, address)
		lines[0].Confidence, lines[1].Confidence = 0.5+rnd.Float64()/2, 0.5+rnd.Float64()/2
		alone, beside := ocr.Extract(lines[:1])["phone"], ocr.Extract(lines)["phone"]
		if beside.Text != alone.Text {
			t.Fatalf("%q beside %q is %q, alone %q", number, city, beside.Text, alone.Text)
		}
	}
}
