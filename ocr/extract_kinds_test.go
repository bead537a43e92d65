package ocr_test

import (
	"image"
	"slices"
	"strings"
	"testing"

	"hallpass/ocr"
)

// Kinds of firms, labels and names that no list has as a whole.
func TestExtract_KindsOfCards(t *testing.T) {
	for _, c := range []struct {
		situation string
		lines     []string
		want      map[string]string
	}{
		{"LabelOfTwoWords", []string{"#周启明", "公務手機：0999-806-135", "課題組主頁：geo.lingnan.edu.cn/zhou"}, map[string]string{"mobile": "0999-806-135", "website": "geo.lingnan.edu.cn/zhou"}},
		{"WordBeforeALatinLabel", []string{"电话Tel: +86 774 3826 190", "客服Hotline：400 086 6318"}, map[string]string{"phone": "+86 774 3826 190|400 086 6318"}},
		{"BranchesOfARestaurant", []string{"翠庭軒飲食集團有限公司", "尖沙咀店2730 5186", "尖沙咀漆咸道南45號好運中心3樓", "沙田店2601 7749", "沙田源禾路8號禾輋邨商場2樓"}, map[string]string{
			"phone": "2730 5186|2601 7749", "address": "尖沙咀漆咸道南45號好運中心3樓|沙田源禾路8號禾輋邨商場2樓"}},
		{"OfficeOfAGovernment", []string{"嵐東縣政府觀光發展處", "#周啟明", "遊憩規劃科"}, map[string]string{"company": "嵐東縣政府觀光發展處", "department": "遊憩規劃科"}},
		{"CommitteeOfAnAssociation", []string{"中国竹纤维产业促进会", "标准化工作委员会", "#周启明"}, map[string]string{"company": "中国竹纤维产业促进会", "department": "标准化工作委员会"}},
		{"Services", []string{"#Maeve Corrigan", "Pensions · Health · Enterprise Risk", "Bluestem Actuarial Partners LLP"}, map[string]string{"department": "", "company": "Bluestem Actuarial Partners LLP"}},
		{"ServicesInChinese", []string{"#周啟明", "粵菜·點心·宴會"}, map[string]string{"name": "周啟明"}},
		{"SloganInCapitals", []string{"PLAY THE TIDE", "逐浪者數位娛樂股份有限公司"}, map[string]string{"name": ""}},
		{"LettersBehindAName", []string{"#Theodora K. Winslow FSA, MAAA", "Principal"}, map[string]string{"name": "Theodora K. Winslow"}},
		{"NameGoesOnBehindADash", []string{"#Maeve Dufour-", "#Castaner", "Photographer"}, map[string]string{"name": "Maeve Dufour-Castaner"}},
		{"TitlesWithASign", []string{"#周启明", "合伙人｜律师"}, map[string]string{"title": "合伙人|律师"}},
		{"OfficeAndQualification", []string{"#周启明", "商务拓展经理 / 注册会计师"}, map[string]string{"title": "商务拓展经理|注册会计师"}},
		{"TitlesThatRunOn", []string{"#周启明", "特聘研究员硕士生导师"}, map[string]string{"title": "特聘研究员|硕士生导师"}},
		{"StrokeForAComma", []string{"#周启明", "党组成员丶副局长"}, map[string]string{"title": "党组成员、副局长"}},
		{"RareFamilyNameByMail", []string{"#元斯年", "E: qisinian@zhenghuai.example.com"}, map[string]string{"name": "亓斯年"}},
		{"NoFamilyName", []string{"#洗婉翹", "註冊中醫師"}, map[string]string{"name": "冼婉翹"}},
		{"ShopWithoutALegalForm", []string{"鹿谷晨嵐茶行", "#周啟明", "負責人"}, map[string]string{"company": "鹿谷晨嵐茶行"}},
		{"PostcodeBehindAnAddress", []string{"北京市西城区月坛南街甲14号中纺里写字楼602室邮编:100045"}, map[string]string{"address": "北京市西城区月坛南街甲14号中纺里写字楼602室", "postcode": "100045"}},
		{"LettersForDigitsInAnAddress", []string{"8 impasse des Glycines, 31ooo Toulouse, France"}, map[string]string{"address": "8 impasse des Glycines, 31000 Toulouse, France"}},
		{"DigitInAWord", []string{"Room 110, Block 18, Idea Valley, 1889 Huanda0 East Road, Hengqin, Zhuhai, China"}, map[string]string{"address": "Room 110, Block 18, Idea Valley, 1889 Huandao East Road, Hengqin, Zhuhai, China"}},
		{"FormOfTheLineAbove", []string{"#周启明", "有限公司"}, map[string]string{"company": ""}},
		{"ZeroReadAsALetter", []string{"Reservations O20 7946 O355"}, map[string]string{"phone": "020 7946 0355"}},
	} {
		t.Run(c.situation, func(t *testing.T) {
			got := ocr.Extract(set(c.lines...))
			for field, want := range c.want {
				said := []string{got[field].Text}
				for _, m := range got[field].More {
					said = append(said, m.Text)
				}
				values := strings.Split(want, "|")
				if strings.Contains(want, "合伙人") {
					values = []string{want}
				}
				slices.Sort(said)
				slices.Sort(values)
				if !slices.Equal(said, values) {
					t.Errorf("%s = %q, want %q", field, said, values)
				}
			}
		})
	}
}

// A photo whose outline was not found keeps its lines tilted: the labels of a
// table belong to the values of their own row all the same.
func TestExtract_TiltedTable(t *testing.T) {
	rows := [][2]string{{"Cell", "(775) 555-0164"}, {"Office", "(775) 555-0120 ext.8"}, {"Fax", "(775) 555-0121"}, {"Email", "marcus@sagebrush.example.com"}, {"Web", "www.sagebrush.example.com"}, {"Visit", "4410 Quail Hollow Parkway, Suite B, Reno"}}
	for _, slope := range []float64{0.2, -0.2} {
		var lines []ocr.Line
		put := func(x, y, w int, text string) {
			middle := y + int(slope*float64(x+w/2))
			high := 30 + int(0.2*float64(w))
			x -= int(slope * float64(y))
			lines = append(lines, ocr.Line{Text: text, Confidence: 0.99, Box: image.Rect(x, 300+middle-high/2, x+w, 300+middle+high/2)})
		}
		for i, r := range rows {
			put(180, 40*i, 12*len(r[0]), r[0])
			put(300, 40*i, 12*len(r[1]), r[1])
		}
		got := ocr.Extract(lines)
		for field, want := range map[string]string{"mobile": "(775) 555-0164", "phone": "(775) 555-0120 ext.8", "fax": "(775) 555-0121"} {
			if got[field].Text != want {
				t.Errorf("slope %v: %s = %q, want %q", slope, field, got[field].Text, want)
			}
		}
		if b := got["fax"].Box; !b.In(image.Rect(0, 0, 900, 900)) || !b.Overlaps(lines[5].Box) {
			t.Errorf("slope %v: the fax stands at %v, was printed at %v", slope, b, lines[5].Box)
		}
	}
}
