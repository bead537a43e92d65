package rehearsal

// word is a name in its own script and in Latin letters.
type word struct{ own, latin string }

// people is how one language calls people; order takes family and given name.
type people struct {
	order                   string
	families, given, titles []word
}

// The made-up people of a rehearsal: scripts that a badge must be able to
// print, in the mixture of an exhibition in China.
var peoples = []people{han, han, han, han, traditional, latin, latin, cyrillic, arabic, devanagari, hangul, kana}

var (
	han = people{"%s%s",
		[]word{{"王", "Wang"}, {"李", "Li"}, {"欧阳", "Ouyang"}, {"仝", "Tong"}, {"单", "Shan"}, {"曾", "Zeng"}, {"逯", "Lu"}, {"麴", "Qu"}},
		[]word{{"晨曦", "Chenxi"}, {"若溪", "Ruoxi"}, {"䶮", "Yan"}, {"子昂", "Ziang"}, {"思远", "Siyuan"}, {"念慈", "Nianci"}, {"一鸣", "Yiming"}, {"雨桐", "Yutong"}},
		[]word{{"采购经理", "Purchasing Manager"}, {"总工程师", "Chief Engineer"}, {"照明设计师", "Lighting Designer"}, {"董事长", "Chairwoman"}}}
	traditional = people{"%s%s",
		[]word{{"陳", "Chan"}, {"葉", "Yip"}, {"鄧", "Tang"}, {"關", "Kwan"}},
		[]word{{"頌恩", "Chung Yan"}, {"偉樂", "Wai Lok"}, {"詠珊", "Wing Shan"}, {"家豪", "Ka Ho"}},
		[]word{{"業務總監", "Sales Director"}, {"工程顧問", "Consulting Engineer"}}}
	latin = people{"%[2]s %[1]s",
		[]word{{"Quill", "Quill"}, {"Świątek", "Swiatek"}, {"Nguyễn", "Nguyen"}, {"Ó Briain", "O Briain"}, {"Lindqvist", "Lindqvist"}, {"Fernández Ruiz", "Fernandez Ruiz"}},
		[]word{{"Ida", "Ida"}, {"Zoë", "Zoe"}, {"Bartłomiej", "Bartlomiej"}, {"Ngọc Ánh", "Ngoc Anh"}, {"José", "Jose"}, {"Freyja", "Freyja"}},
		[]word{{"Head of Procurement", "Head of Procurement"}, {"Lighting Consultant", "Lighting Consultant"}, {"Owner", "Owner"}}}
	cyrillic = people{"%[2]s %[1]s",
		[]word{{"Соколов", "Sokolov"}, {"Мельник", "Melnyk"}, {"Щербак", "Shcherbak"}},
		[]word{{"Лев", "Lev"}, {"Мирослав", "Myroslav"}, {"Юрий", "Yuri"}},
		[]word{{"Инженер", "Engineer"}, {"Директор по закупкам", "Director of Purchasing"}}}
	arabic = people{"%[2]s %[1]s",
		[]word{{"الخطيب", "Al-Khatib"}, {"النجار", "Al-Najjar"}, {"حداد", "Haddad"}},
		[]word{{"ليلى", "Layla"}, {"سليم", "Salim"}, {"نور", "Nour"}},
		[]word{{"مدير المشتريات", "Purchasing Manager"}, {"مهندس إضاءة", "Lighting Engineer"}}}
	devanagari = people{"%[2]s %[1]s",
		[]word{{"शर्मा", "Sharma"}, {"कुलकर्णी", "Kulkarni"}},
		[]word{{"अनन्या", "Ananya"}, {"विक्रम", "Vikram"}},
		[]word{{"मुख्य अभियंता", "Chief Engineer"}}}
	hangul = people{"%s%s",
		[]word{{"김", "Kim"}, {"남궁", "Namgung"}, {"황보", "Hwangbo"}},
		[]word{{"서연", "Seoyeon"}, {"도윤", "Doyun"}},
		[]word{{"구매 팀장", "Purchasing Lead"}}}
	kana = people{"%s %s",
		[]word{{"小鳥遊", "Takanashi"}, {"五十嵐", "Igarashi"}},
		[]word{{"さくら", "Sakura"}, {"ケンジ", "Kenji"}},
		[]word{{"照明デザイナー", "Lighting Designer"}}}
)

// Companies that do not exist, and what they do.
var (
	firms = []word{{"蓝汀", "Lanting"}, {"星禾", "Xinghe"}, {"霁月", "Jiyue"}, {"Quillon", "Quillon"}, {"Oriel", "Oriel"},
		{"Norrsken", "Norrsken"}, {"Тихий Свет", "Tikhiy Svet"}, {"منارة", "Manara"}, {"별빛", "Byeolbit"}, {"Fogline", "Fogline"}}
	trades = []word{{"光学有限公司", "Optics Ltd"}, {"照明工程", "Lighting Works"}, {"Instruments", "Instruments"}, {"LED 科技", "LED Technology"}, {"舞台设备", "Stage Equipment"}}
)
