package roster

import "strings"

// known is what a header commonly means, or the header itself as the show's
// names are written: small letters and underscores.
func known(header string) string {
	name := strings.ToLower(strings.TrimSpace(header))
	name = strings.NewReplacer(" ", "_", "-", "_", "/", "_", ".", "").Replace(name)
	if other, ok := names[name]; ok {
		return other
	}
	return name
}

// names are what the lists of ticket shops and spreadsheets call a field.
var names = map[string]string{
	"姓名": "name", "名字": "name", "中文姓名": "name", "full_name": "name", "visitor_name": "name", "visitor": "name", "contact_name": "name",
	"英文名": "name_en", "英文姓名": "name_en", "english_name": "name_en", "name_in_english": "name_en",
	"公司": "company", "公司名称": "company", "单位": "company", "单位名称": "company", "organisation": "company", "organization": "company", "company_name": "company", "employer": "company",
	"英文公司名": "company_en", "公司英文名称": "company_en",
	"职位": "title", "职务": "title", "job_title": "title", "position": "title", "部门": "department",
	"手机": "mobile", "手机号": "mobile", "手机号码": "mobile", "移动电话": "mobile", "mobile_phone": "mobile", "cell": "mobile", "cell_phone": "mobile", "mobile_number": "mobile",
	"电话": "phone", "固定电话": "phone", "telephone": "phone", "phone_number": "phone", "tel": "phone", "传真": "fax",
	"邮箱": "email", "电子邮箱": "email", "电子邮件": "email", "e_mail": "email", "mail": "email", "email_address": "email", "e_mail_address": "email",
	"网址": "website", "网站": "website", "web": "website", "url": "website", "地址": "address", "邮编": "postcode", "邮政编码": "postcode", "zip": "postcode", "postal_code": "postcode",
	"国家": "country", "国家_地区": "country", "微信": "wechat", "微信号": "wechat",
	"类别": "category", "观众类别": "category", "ticket": "category", "ticket_type": "category", "visitor_category": "category",
	"预登记码": "code", "登记码": "code", "确认码": "code", "二维码": "code", "confirmation_code": "code", "registration_code": "code", "booking_code": "code", "barcode": "code", "qr_code": "code", "qr": "code",
}
