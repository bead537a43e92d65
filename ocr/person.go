package ocr

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// chineseName says how much s looks like one, 0–1: a family name from the list
// and one or two characters more that names are made of.
func chineseName(s string) float64 {
	if i := strings.IndexAny(s, "(（"); i > 5 && strings.HasSuffix(s, s[i:]) { // 周启明（Leo）
		if inner := strings.Trim(s[i:], "()（） "); letters(strings.ToLower(inner)) {
			s = s[:i]
		}
	}
	s = squeeze(fold(bareName(s)))
	if parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("·.-・", r) }); len(parts) > 1 {
		return foreignName(parts)
	}
	r := []rune(s)
	n := len(r)
	if n < 2 || n > 5 && !(n < 9 && peoples(r)) {
		return 0
	}
	for _, c := range r {
		if !han(c) && !kana(c) {
			return 0
		}
	}
	if places().wide[s] > 0 || words().common["han"][s] || titleLike(s) > 0.8 || n > 2 && departmentLike(s) > 0.8 {
		return 0.1
	}
	return byFamily(r)
}

// byFamily judges two to eight characters by the family name they begin with.
func byFamily(r []rune) float64 {
	l, n := words(), len(r)
	_, single := l.surnames[string(r[:1])]
	_, double := l.surnames[string(r[:2])]
	_, married := l.surnames[string(r[1:2])]
	usual := 1.0
	for _, c := range r[1:] {
		if !l.given["han"][string(c)] {
			usual -= 0.12
		}
	}
	switch {
	case double && (n == 3 || n == 4):
		return 0.97
	case single && n == 3:
		return 0.95 * usual
	case single && n == 2:
		return 0.9 * usual
	case nipponese(r) && n >= 3:
		return 0.8
	case n >= 4 && peoples(r):
		return 0.85
	case n > 5:
		return 0
	case n == 4 && single && married:
		return 0.6 // a married woman's two family names
	case n == 3 && len(families()[r[0]]) == 1 && usual > 0.85:
		return 0.7 // a rare family name, read as a usual character
	case n == 2 || n == 3:
		return 0.3 // rare names, minorities
	}
	return 0.1
}

func nipponese(r []rune) bool {
	g := words().given["japanese"]
	return g[string(r[:2])] || len(r) > 3 && g[string(r[:3])] || g[string(r[:1])]
}

// peoples says that a name is made of parts of Tibetan, Mongolian or Uyghur
// names.
func peoples(r []rune) bool {
	g := words().given["other"]
	for k := 2; k <= 4 && k <= len(r); k++ {
		if g[string(r[:k])] && (k == len(r) || g[string(r[k:])] || k > 2) {
			return true
		}
	}
	return false
}

// foreignName is a name from another language in Chinese characters, with
// points between its parts.
func foreignName(parts []string) float64 {
	for _, p := range parts {
		if titleLike(p) > 0.6 || departmentLike(p) > 0.8 {
			return 0.1 // two titles
		}
		c, l, d := hans(p)
		if d > 0 || l > 1 || c+l < 1 || c > 7 {
			return 0
		}
	}
	if c, _, _ := hans(parts[0]); c < 2 || len(parts) > 4 {
		return 0
	}
	if words().common.inside("han", strings.Join(parts, "")) > 0 || !transliterated(strings.Join(parts, "")) {
		return 0.2 // 专业·诚信·创新, 古树·手工
	}
	return 0.85
}

// sounds are the characters that names of other languages are spelled with,
// after the tables that news agencies use; ours.
const sounds = "阿埃艾爱安昂奥巴白班邦保鲍贝本比彼别宾波伯博布采查彻茨次措达大戴丹旦当道德登迪蒂丁杜顿多厄恩尔法凡方菲费芬丰冯弗夫福盖甘冈高戈格葛贡古瓜圭哈海汉汗豪赫黑亨华怀惠霍基吉加贾江简姜杰金卡凯坎康考柯科克肯库拉莱赖兰朗劳勒雷蕾莉里理力利莲连琳林隆卢鲁路吕罗洛马玛买迈麦曼芒毛梅门蒙米密明莫默姆木穆内纳娜南尼妮宁牛纽农努诺欧帕派潘庞培佩彭皮珀平普奇齐乔钦琼丘让热仁日荣茹瑞若萨塞赛三桑森沙莎山珊尚舍申什圣施史士舒朔斯丝思松苏孙索塔泰坦汤唐特提图吐托瓦万王旺威薇维韦魏温文翁沃乌吾武西希锡夏香肖谢辛兴休许雪亚雅延央扬杨耶叶伊依因英尤于约扎泽增詹张珍芝治朱孜卓佐合丽得娃其芙蓝狄涅捷耐菈绮蜜翠琪琦缇菲霞莱伍仑伦埔谭泉杉狄黛乃廷挺帝弥咪喀哥吕桂慕托齐娅婭瑟佳珂"

// transliterated says that most characters of a name are such.
func transliterated(s string) bool {
	n, all := 0, 0
	for _, r := range fold(s) {
		if han(r) {
			all++
			if strings.ContainsRune(sounds, r) {
				n++
			}
		}
	}
	return n*2 >= all
}

// bareName leaves out the form of address after a Chinese name.
func bareName(s string) string {
	for _, end := range []string{"医生", "醫生", "醫師", "医师", "律师", "律師", "老师", "老師"} {
		if rest, ok := strings.CutSuffix(strings.TrimSpace(s), end); ok && runes(rest) == 3 && !strings.ContainsAny(rest, " ·") && byFamily([]rune(fold(rest))) > 0.8 && max(departmentLike(rest), titleLike(rest)) < 0.5 {
			return rest
		}
	}
	for _, end := range []string{"先生", "女士", "小姐", " 博士", " 教授"} {
		if rest, ok := strings.CutSuffix(strings.TrimSpace(s), end); ok && runes(squeeze(rest)) >= 2 {
			return strings.TrimRight(rest, " \t(（")
		}
	}
	return s
}

// latinName wants two to five capitalized words of letters and nothing that is
// a word of a title, a trade, a company or a place.
func latinName(s string) float64 {
	s = strings.TrimRight(withoutDegrees(s), " ,.")
	chinese, latin, digits := hans(s)
	if chinese+digits > 0 || latin < 4 || strings.ContainsAny(s, "@&/:#+%") {
		return 0
	}
	fields := strings.Fields(strings.NewReplacer(",", " ", "(", " ", ")", " ", "\"", " ", "“", " ", "”", " ").Replace(s))
	for len(fields) > 1 && honorific[strings.ToLower(strings.TrimSuffix(fields[0], "."))] {
		fields = fields[1:] // "Prof. Dr. med."
	}
	if len(fields) < 2 || len(fields) > 5 {
		return 0
	}
	l := words()
	capitals, known, common := 0, 0, 0
	for _, f := range fields {
		low := strings.ToLower(strings.Trim(f, ".'-"))
		if sentence[low] {
			return 0
		}
		first, _ := utf8.DecodeRuneInString(f)
		switch {
		case unicode.IsUpper(first) || first == 'l' && len(f) > 2 && strings.IndexByte("aeiou", f[1]) < 0:
			capitals++
		case !particle[low]:
			return 0
		}
		switch {
		case nameWord(low):
			known++
		case plainWord(low), l.common["mark"][low], voiceless(low):
			common++
		}
	}
	if capitals < 2 && !(capitals == 1 && len(fields) == 2 && known == 2) {
		return 0.1
	}
	score := 0.72 + 0.2*float64(known)/float64(len(fields)) - 0.6*float64(common)/float64(len(fields))
	if len(fields) > 3 {
		score -= 0.05
	}
	if nickname.MatchString(s) {
		score = max(score, 0.92)
	}
	return max(0.05, score)
}

// nameWord says that a Latin word is a given or a family name of the lists, one
// in pinyin, two of them with a dash, or an initial.
func nameWord(low string) bool {
	l := words()
	if l.given["latin"][low] || l.given["family"][low] || l.romans[strings.ReplaceAll(low, "-", "")] || pinyinWord(low) || runes(low) == 1 {
		return true
	}
	first, second, ok := strings.Cut(low, "-")
	return ok && len(first) > 2 && len(second) > 2 && (nameWord(first) || nameWord(second))
}

// voiceless says that a word of two letters and more cannot be spoken, as "HS".
func voiceless(low string) bool {
	return len(low) > 1 && !strings.ContainsAny(plainLetters(low), "aeiouy") && low != "jr" && low != "sr" && low != "st" && low != "ng"
}

// plainWord says that a Latin word is one of a title, a trade, a company, a
// place or a motto.
func plainWord(low string) bool {
	l := words()
	return l.title["head"][low] || l.title["other"][low] || l.dept["words"][low] || l.dept["latin"][low] || l.company["latin"][low] || l.company["form"][low] || l.address["latin"][low] || l.common["latin"][low] || l.address["place"][low]
}

// pinyinWord says that a word is one, two or three Chinese syllables.
func pinyinWord(low string) bool {
	low = strings.NewReplacer("-", "", "'", "").Replace(low)
	n := len(low)
	if n < 2 || n > 14 {
		return false
	}
	s := syllables()
	var fit func(rest string, left int) bool
	fit = func(rest string, left int) bool {
		if rest == "" {
			return true
		}
		for k := min(6, len(rest)); k > 0 && left > 0; k-- {
			if s[rest[:k]] && fit(rest[k:], left-1) {
				return true
			}
		}
		return false
	}
	return fit(low, 3)
}

// nickname stands in quotes inside a name.
var nickname = regexp.MustCompile(`^\p{Lu}\S+ ["“]?\p{Lu}[\p{L}-]+["”] \p{Lu}\S+$`)

// particle are the small words inside European and Arabic names.
var particle = map[string]bool{"van": true, "von": true, "der": true, "den": true, "de": true, "da": true, "di": true, "du": true, "la": true, "le": true, "bin": true, "al": true, "el": true, "y": true, "ten": true, "ter": true, "dos": true, "do": true, "del": true, "della": true, "ibn": true, "binti": true, "zu": true, "af": true, "te": true, "e": true, "das": true, "dello": true, "dal": true, "dalla": true, "lo": true, "bint": true, "binte": true, "bte": true, "a/l": true, "a/p": true, "s/o": true, "d/o": true, "op": true, "het": true, "'t": true, "zum": true, "zur": true, "vom": true, "ben": true, "abu": true, "abd": true, "ul": true, "ur": true, "i": true, "las": true, "los": true, "tot": true}

// sentence are words that sentences have and names have not.
var sentence = map[string]bool{"the": true, "of": true, "for": true, "and": true, "to": true, "with": true, "at": true, "in": true, "on": true, "by": true, "your": true, "our": true, "is": true, "are": true, "we": true, "you": true, "from": true, "that": true}

var honorific = map[string]bool{"dr": true, "prof": true, "mr": true, "mrs": true, "ms": true, "miss": true, "ir": true, "sir": true, "dame": true, "lord": true, "lady": true, "hon": true, "rev": true, "professor": true, "dipl.-ing": true, "ing": true, "mx": true, "capt": true, "med": true, "jur": true, "rer": true, "nat": true, "phil": true, "h.c": true, "habil": true, "pol": true, "oec": true, "dott": true, "dott.ssa": true, "avv": true, "dra": true, "sra": true, "mme": true, "mlle": true, "datuk": true, "dato": true, "dato'": true, "datin": true, "tan_sri": true, "puan": true, "encik": true, "shri": true, "smt": true, "cdr": true, "col": true, "maj": true, "lt": true, "sgt": true, "fr": true, "dipl.-kfm": true, "dipl.-inf": true, "dr.-ing": true, "mag": true, "pd": true, "priv.-doz": true, "sen": true, "amb": true, "engr": true, "atty": true}

// letterless gives the small letters of s without accents, and nothing else.
func plainLetters(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case 'ö', 'ó', 'ø', 'ô', 'ò', 'õ':
			return 'o'
		case 'ü', 'ú', 'ù', 'û':
			return 'u'
		case 'ä', 'á', 'å', 'à', 'â', 'ã':
			return 'a'
		case 'é', 'è', 'ê', 'ë':
			return 'e'
		case 'í', 'ï', 'ì', 'î':
			return 'i'
		case 'ñ':
			return 'n'
		case 'ç':
			return 'c'
		}
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, strings.ToLower(s))
}
