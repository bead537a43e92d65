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
