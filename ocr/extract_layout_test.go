package ocr_test

import (
	"testing"

	"hallpass/ocr"
)

// Whole cards as engines read them: labels and values with their usual
// mistakes, in the orders that designers like.
func TestExtract_Layouts(t *testing.T) {
	for _, c := range []struct {
		situation string
		lines     []string
		want      map[string]string
	}{
		{"SimplifiedFullWidth", []string{"苏州白塔材料有限公司", "#周  启  明", "销售总监", "手　机：１６３ １２３４ ５６７８", "电　话：（０５１２）６１２３４５６７", "邮　箱：ｚｈｏｕ＠ｂａｉｔａ．ｅｘａｍｐｌｅ", "网　址：ｗｗｗ．ｂａｉｔａ．ｅｘａｍｐｌｅ"}, map[string]string{
			"company": "苏州白塔材料有限公司", "name": "周启明", "title": "销售总监", "mobile": "163 1234 5678", "phone": "(0512)61234567", "email": "zhou@baita.example", "website": "www.baita.example"}},
		{"TraditionalDepartmentBesideTitle", []string{"藍田精密股份有限公司", "#諸葛書涵", "研發部 協理", "手機 0900-123-456", "電話 (02)2345-6789#12", "傳真 (02)2345-6780", "工廠地址 338桃園市蘆竹區石塔路9號"}, map[string]string{
			"company": "藍田精密股份有限公司", "name": "諸葛書涵", "department": "研發部", "title": "協理", "mobile": "0900-123-456", "phone": "(02)2345-6789#12", "fax": "(02)2345-6780", "address": "338桃園市蘆竹區石塔路9號"}},
		{"EnglishLowerCaseLabels", []string{"#Ada Castell", "Head of Quality", "Harbor Lantern Robotics Ltd.", "t. +44 20 7946 0123,", "m. +44 7700 900456", "e. a.castell@harborlantern.com", "w. www.harborlantern.com", "Unit 4, Lantern House,", "12 Quarry Lane,", "London SW1A 1AA"}, map[string]string{
			"name": "Ada Castell", "title": "Head of Quality", "company": "Harbor Lantern Robotics Ltd.", "phone": "+44 20 7946 0123", "mobile": "+44 7700 900456", "email": "a.castell@harborlantern.com", "website": "www.harborlantern.com", "address": "Unit 4, Lantern House, 12 Quarry Lane, London SW1A 1AA"}},
		{"EnglishOneLineOfContacts", []string{"Bright Mill, Inc.", "#Mina O'Castell", "Founder & CEO", "T: 415-555-0123 ext. 42 | F: 415-555-0124", "mina @ brightmill . io | brightmill.io", "500 Lantern Ave, Suite 12, San Francisco, CA 94103"}, map[string]string{
			"company": "Bright Mill, Inc.", "name": "Mina O'Castell", "title": "Founder & CEO", "phone": "415-555-0123 ext. 42", "fax": "415-555-0124", "email": "mina@brightmill.io", "website": "brightmill.io", "address": "500 Lantern Ave, Suite 12, San Francisco, CA 94103"}},
		{"BilingualInPairs", []string{"苏州白塔材料有限公司", "Suzhou White Pagoda Materials Co., Ltd.", "#欧阳启明", "Leo Ouyang", "技术总监 Technical Director", "地址 Add: 苏州市白塔区石塔路9号", "No. 9, Shita Road, Baita District, Suzhou, China", "电话 Tel: +86 512 6123 4567", "手机 Mobile: +86 164 2345 6789", "邮箱 E-mail: leo@baita.example"}, map[string]string{
			"company": "苏州白塔材料有限公司", "company_en": "Suzhou White Pagoda Materials Co., Ltd.", "name": "欧阳启明", "name_en": "Leo Ouyang", "title": "技术总监", "title_en": "Technical Director",
			"address": "苏州市白塔区石塔路9号", "address_en": "No. 9, Shita Road, Baita District, Suzhou, China", "phone": "+86 512 6123 4567", "mobile": "+86 164 2345 6789", "email": "leo@baita.example"}},
	} {
		t.Run(c.situation, func(t *testing.T) { wantFields(t, ocr.Extract(set(c.lines...)), c.want) })
	}
}
