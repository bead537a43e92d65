package ocr_test

import (
	"testing"

	"hallpass/ocr"
)

// Chinese cards set their labels and the blocks of their sites in ways of their
// own.
func TestExtract_ChineseBlocks(t *testing.T) {
	for _, c := range []struct {
		situation string
		lines     []ocr.Line
		want      map[string]string
	}{
		{"LabelsSetWide", []ocr.Line{
			at("手", 60, 300, 26, 26), at("机：163 5752 1188", 112, 300, 250, 26),
			at("电", 60, 332, 26, 26), at("话：0575-8411 2266", 112, 332, 250, 26),
			at("传", 60, 364, 26, 26), at("真：0575-8411 2277", 112, 364, 250, 26),
			at("邮", 60, 396, 26, 26), at("箱：majun@yunjinfang.example", 112, 396, 300, 26),
			at("网", 60, 428, 26, 26), at("址：www.yunjinfang.example", 112, 428, 300, 26),
			at("地", 60, 460, 26, 26), at("址：浙江省绍兴市柯桥区云集路56号", 112, 460, 400, 26),
		}, map[string]string{"mobile": "163 5752 1188", "phone": "0575-8411 2266", "fax": "0575-8411 2277", "email": "majun@yunjinfang.example",
			"website": "www.yunjinfang.example", "address": "浙江省绍兴市柯桥区云集路56号"}},
		{"LabelsThatLostTheirFirstCharacter", []ocr.Line{
			at("址：www.yunjinfang.example", 112, 428, 300, 26), at("址：浙江省绍兴市柯桥区云集路56号", 112, 460, 400, 26), at("编：312030", 112, 500, 100, 26),
		}, map[string]string{"website": "www.yunjinfang.example", "address": "浙江省绍兴市柯桥区云集路56号", "postcode": "312030"}},
		{"TwoLabelsInARow", []ocr.Line{
			at("电话", 485, 355, 60, 36), at("传真", 721, 355, 60, 36),
			at("0533-7068 251", 482, 391, 190, 36), at("0533-7068 256", 722, 391, 190, 36),
		}, map[string]string{"phone": "0533-7068 251", "fax": "0533-7068 256"}},
		{"AlwaysAnswered", []ocr.Line{at("24小時服務專線：0800-000-417", 60, 300, 300, 26), at("7x24小时服务热线 400-555-0123", 60, 340, 300, 26)},
			map[string]string{"phone": "0800-000-417"}},
		{"NamesOfSitesOverLabelledAddresses", []ocr.Line{
			at("广东炬升照明科技有限公司", 60, 40, 400, 36), at("黄健", 60, 110, 90, 50), at("总监", 180, 124, 50, 24),
			at("深圳总部", 60, 240, 80, 22), at("地址：深圳市宝安区西乡街道宝源路1053号9楼", 60, 268, 400, 20),
			at("中山工厂", 500, 240, 80, 22), at("地址：广东省中山市横栏镇益辉三路18号", 500, 268, 380, 20),
		}, map[string]string{"company": "广东炬升照明科技有限公司", "department": "", "title": "总监"}},
		{"CentresOverLabelledAddresses", []ocr.Line{
			at("工程渠道部", 60, 110, 120, 24), at("营销中心", 60, 240, 80, 22), at("地址：佛山市禅城区季华西路68号", 60, 268, 330, 20),
			at("生产基地", 500, 240, 80, 22), at("地址：肇庆市高要区白诸镇廖甘工业", 500, 268, 330, 20), at("园", 500, 296, 20, 20),
		}, map[string]string{"department": "工程渠道部"}},
		{"WorksAsTheOnlyEmployer", []ocr.Line{at("大同印刷厂", 60, 240, 100, 22), at("地址：肇庆市高要区白诸镇廖甘路8号", 60, 268, 330, 20)},
			map[string]string{"company": "大同印刷厂"}},
		{"LastCharacterOfAnAddressBelow", []ocr.Line{at("地址：广东省肇庆市高要区白诸镇廖甘工业", 500, 268, 400, 22), at("园", 500, 296, 22, 22)},
			map[string]string{"address": "广东省肇庆市高要区白诸镇廖甘工业园"}},
		{"DegreeBesideTheTitle", []ocr.Line{at("司马文博", 60, 100, 200, 48), at("主任医师  医学博士", 60, 160, 220, 22)},
			map[string]string{"title": "主任医师"}},
	} {
		t.Run(c.situation, func(t *testing.T) {
			got := ocr.Extract(c.lines)
			tells(t, got, c.want)
			if more := got["title"].More; len(more) > 0 {
				t.Errorf("further titles %v", more)
			}
		})
	}
}

// What stands on Chinese cards beside the values of fields.
func TestExtract_ChineseSurroundings(t *testing.T) {
	for _, c := range []struct {
		situation string
		lines     []string
		want      map[string]string
	}{
		{"GoodsInTwoWordsAreNoName", []string{"云岭古茶专业合作社", "高山古树·手工晒青", "#普金秀", "理事长"}, map[string]string{"name": "普金秀", "company": "云岭古茶专业合作社"}},
		{"NameOfAnotherLanguage", []string{"#其其格·乌兰", "招商总监"}, map[string]string{"name": "其其格·乌兰"}},
		{"LabelOfNoListInBrackets", []string{"【茶园】云南省普洱市景迈乡坪上村8号"}, map[string]string{"address": "云南省普洱市景迈乡坪上村8号"}},
		{"FirmOverItsAddress", []string{"#易简", "匠尚空间设计事务所", "成都市锦江区红砂路7号院"}, map[string]string{"company": "匠尚空间设计事务所", "address": "成都市锦江区红砂路7号院"}},
		{"NameOverAnAddress", []string{"白宛臻", "新竹市東區力行五路26號"}, map[string]string{"name": "白宛臻", "address": "新竹市東區力行五路26號"}},
		{"AssociationOverItsMotto", []string{"台灣織品循環協會", "讓每一塊布再走一次"}, map[string]string{"company": "台灣織品循環協會", "address": ""}},
		{"MemberOfABody", []string{"香港建築師學會會員註冊建築師認可人士"}, map[string]string{"address": ""}},
		{"TwoTitlesWithAPoint", []string{"#商静姝", "合伙人 · 律师"}, map[string]string{"title": "合伙人·律师"}},
		{"LicenceBesideAnOffice", []string{"#商静姝", "技术负责人 / 授权签字人"}, map[string]string{"title": "技术负责人"}},
		{"BankAccount", []string{"农行622800000000 004182 户名：骆阿芳"}, map[string]string{"phone": "", "mobile": ""}},
		{"HousingEstate", []string{"九龍慈雲山慈晴郵晴怡樓地下3號"}, map[string]string{"address": "九龍慈雲山慈晴邨晴怡樓地下3號"}},
		{"PostOfficeInAnAddress", []string{"香港中環康樂廣場2號郵政總局大廈3樓"}, map[string]string{"address": "香港中環康樂廣場2號郵政總局大廈3樓"}},
		{"Taipa", []string{"澳門冰仔海洋花園大馬路218號"}, map[string]string{"address": "澳門氹仔海洋花園大馬路218號"}},
		{"OpeningHoursUnderAnAddress", []string{"香港柴灣利眾街40號富誠工業大廈15字樓B2室", "星期一至六九時至六時半公眾假期休息"}, map[string]string{"address": "香港柴灣利眾街40號富誠工業大廈15字樓B2室"}},
		{"HoursByTheClock", []string{"台北市文山區木新路二段308巷6號", "週二至週日 10:30–19:00"}, map[string]string{"address": "台北市文山區木新路二段308巷6號"}},
		{"SensorsAreNoDepartment", []string{"毫米波雷達/光達/感測融合模組", "#紀彥廷", "技術長"}, map[string]string{"department": ""}},
		{"DepotsAmongAddresses", []string{"#鲍振宇", "营运总经理", "武汉分拨中心", "武汉市东西湖区走马岭物流园A6库"}, map[string]string{"department": "", "address": "武汉市东西湖区走马岭物流园A6库"}},
		{"BrandOfNoEnding", []string{"#維記印務", "余國維", "東主", "電話: 2415 0382", "香港柴灣利眾街40號富誠工業大廈15字樓B2室"}, map[string]string{"company": "維記印務", "name": "余國維", "title": "東主"}},
		{"BrandByItsSize", []string{"#半山小記", "林晚晴", "手机 163 7981 2046", "景德镇市珠山区文创街12号"}, map[string]string{"company": "半山小記"}},
		{"FarmersAssociation", []string{"#綠潭鄉農會", "供銷部", "專員"}, map[string]string{"company": "綠潭鄉農會", "department": "供銷部"}},
		{"ListBehindPoints", []string{"#詹凱翔", "·農民保險", "·生鮮超市", "·稻米收購"}, map[string]string{"company": ""}},
		{"NoteBehindANumber", []string{"2407 3182（寫字樓）"}, map[string]string{"phone": "2407 3182"}},
		{"TaxNumberInANote", []string{"02-2345-6789", "63075202（統一）"}, map[string]string{"phone": "02-2345-6789", "mobile": ""}},
		{"LetterBeforeAnAccount", []string{"V jiangshang-yj"}, map[string]string{"wechat": "jiangshang-yj"}},
		{"ThreeLinesOverAnAddress", []string{"白宛臻", "資材處", "新竹市東區力行五路26號"}, map[string]string{"name": "白宛臻", "department": "資材處", "address": "新竹市東區力行五路26號"}},
		{"CaptionOfACode", []string{"岭上咖啡有限公司", "扫一扫逛庄园"}, map[string]string{"company": "岭上咖啡有限公司", "address": ""}},
		{"SchemeWithACapital", []string{"Http://www.kaifu-bearing.example"}, map[string]string{"website": "Http://www.kaifu-bearing.example"}},
		{"LandlineBehindAMobile", []string{"手机：163 5741 1234  0574-6361 1234"}, map[string]string{"mobile": "163 5741 1234", "phone": "0574-6361 1234"}},
		{"SeveralLines", []string{"電話: 2362 1234 (3線)"}, map[string]string{"phone": "2362 1234"}},
		{"HotlineOfNoList", []string{"房源热线 163 5718 1234（微信同号）"}, map[string]string{"phone": "163 5718 1234"}},
		{"PhysicianByHisCalling", []string{"康悅牙科醫務所", "#羅啟彤醫生", "香港大學牙醫學士"}, map[string]string{"name": "羅啟彤", "company": "康悅牙科醫務所", "title": ""}},
		{"EmbassysOffice", []string{"芬兰驻华大使馆商务处", "#甘霖", "商务官员"}, map[string]string{"company": "芬兰驻华大使馆商务处", "name": "甘霖"}},
		{"MottoOfASteward", []string{"#曲丽华", "资深业务经理  MDRT会员", "您身边的保险管家"}, map[string]string{"title": "资深业务经理"}},
		{"FounderAndOfficer", []string{"#尉迟恭敬", "联合创始人 & CTO"}, map[string]string{"title": "联合创始人& CTO"}},
		{"AccountOfSocialMedia", []string{"#尤佳", "摄影师", "@拾光影像工作室"}, map[string]string{"company": ""}},
		{"InstituteUnderItsChineseName", []string{"深海装备与技术研究院", "Institute of Deep-sea Equipment", "#蔺博文"}, map[string]string{
			"company": "深海装备与技术研究院", "company_en": "Institute of Deep-sea Equipment", "department": ""}},
		{"WorkshopTheDomainSpells", []string{"溪禾茶研所", "Xihe Tea Ltd", "#叶溪", "hello@xihetea.cn"}, map[string]string{"company": "溪禾茶研所", "company_en": "Xihe Tea Ltd", "department": ""}},
		{"FamilyNameInItsOwnForm", []string{"#週思源", "採購專員"}, map[string]string{"name": "周思源"}},
		{"RestOfALabel", []string{"Ad云南省昆明市五华区解放北街543号"}, map[string]string{"address": "云南省昆明市五华区解放北街543号"}},
		{"LineOfTwoScripts", []string{"#霍思敏", "市場推广主任"}, map[string]string{"title": "市場推廣主任"}},
		{"BlankReadAsALine", []string{"#霍思敏", "出口业务主管_Export Supervisor"}, map[string]string{"title": "出口业务主管", "title_en": "Export Supervisor"}},
		{"InitialTakenForItsLike", []string{"#冯立军", "邮箱：fengli@shuobang.cn"}, map[string]string{"email": "fenglj@shuobang.cn"}},
		{"InitialsOfAnother", []string{"#石建军", "邮箱：shiwl@jiegu.cn"}, map[string]string{"email": "shiwl@jiegu.cn"}},
		{"YearBehindAnAccount", []string{"微信：mushiyuanl998"}, map[string]string{"wechat": "mushiyuan1998"}},
		{"GivenNameBesideTheChineseOne", []string{"#Luna 陆小满", "产品经理"}, map[string]string{"name": "陆小满", "title": "产品经理"}},
		{"DistrictOfOldDays", []string{"地址：浙江省杭州市下城区庆春路52号金融大厦15层"}, map[string]string{"address": "浙江省杭州市下城区庆春路52号金融大厦15层"}},
		{"AddressInAUniversityTown", []string{"华榕职业技术学院", "8 Lianrong Road, University Town, Minhou, Fuzhou 350108"}, map[string]string{"company": "华榕职业技术学院", "company_en": ""}},
	} {
		t.Run(c.situation, func(t *testing.T) { tells(t, ocr.Extract(set(c.lines...)), c.want) })
	}
}

// An address found in two parts of one row, and a blank that only the other
// engine read.
func TestExtract_ChineseRows(t *testing.T) {
	got := ocr.Extract([]ocr.Line{at("通讯地址：江州市梅岭区学府大道818号", 63, 608, 488, 38), at("致远楼B417", 556, 608, 157, 38)})
	tells(t, got, map[string]string{"address": "江州市梅岭区学府大道818号致远楼B417"})
	for alt, want := range map[string]map[string]string{
		"外商投资促进科 科长":  {"department": "外商投资促进科", "title": "科长"},
		"外商 投资 促进科科长": {"department": "", "title": "外商投资促进科科长"},
	} {
		l := at("外商投资促进科科长", 368, 273, 282, 37)
		l.Second = ocr.Reading{Text: alt, Confidence: 0.7}
		tells(t, ocr.Extract([]ocr.Line{l}), want)
	}
}
