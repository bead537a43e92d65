package ocr

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	separators = " \t:.;/|、·-_：]>)）,，】」』"
	openers    = "[【「『<《◆*# "
)

// takeLabel reads the labels at the beginning of s: several may stand for one
// value, as in "手机 Mobile: ". It returns the first one's field and the rest.
func takeLabel(s string) (field, rest string) {
	rest = s
	for {
		f, after := oneLabel(rest, field != "")
		if f == "" || field != "" && f != field && !compatible(field, f) {
			return field, rest
		}
		if field == "" || f == "none" {
			field = f
		}
		rest = after
		if rest == "" {
			return field, rest
		}
	}
}

// compatible labels are printed together before one value: "Tel/Fax", "Tel M".
func compatible(a, b string) bool {
	number := func(f string) bool { return f == "phone" || f == "mobile" || f == "fax" }
	return number(a) && number(b) || b == "none" || a == "phone" && b == "wechat" || a == "mobile" && b == "wechat"
}

func oneLabel(s string, further bool) (field, rest string) {
	whole := s
	s = strings.TrimLeft(s, openers)
	if inner := strings.TrimLeft(s, "(（"); inner != s {
		if at := strings.IndexAny(inner, ")）"); at <= 0 || at > 40 || strings.EqualFold(inner[:at], "o") || exactLabel(inner[:at]) == "" && wholeLabel(inner[:at]) == "" {
			return "", whole
		}
		s = inner
	}
	address := emailShape.MatchString(s)
	for _, l := range words().labelsFor(s) {
		n := prefixed(s, l.word)
		if n == 0 {
			continue
		}
		after := s[n:]
		if digitsIn(l.word) == len(l.word) && strings.IndexAny(after, "0123456789") == 0 {
			continue // a shop's name of digits begins a number
		}
		if address && !strings.HasSuffix(l.word, "mail") || l.word == "http" && strings.HasPrefix(strings.TrimLeft(after, "sS"), "://") {
			continue // the value itself begins like a label: e.meyer@…, http://…
		}
		trimmed := strings.TrimLeft(after, separators)
		if labels(l, after, trimmed, further) {
			if l.field != "any" {
				return l.field, trimmed
			}
			if f, _ := takeLabel(trimmed); f != "" && f != "none" {
				return f, trimmed
			}
			if f := promised(trimmed); f != "" && (f != "address" || strings.ContainsAny(after[:len(after)-len(trimmed)], ":：") || l.latin && further && !unitNumber.MatchString(trimmed) || l.latin && (after[0] == gap || l.word == "office" && !unitNumber.MatchString(trimmed))) {
				return f, trimmed
			}
		}
	}
	return "", whole
}

// behindLabel reads a label in brackets behind its value: "0900-123-456
// (mobile)".
func behindLabel(s string) (field, value string) {
	closed := strings.TrimRight(s, ")）]】 ")
	at := strings.LastIndexAny(closed, "(（[【")
	if closed == s || at < 5 {
		return "", s
	}
	value = strings.TrimSpace(s[:at])
	_, n := utf8.DecodeRuneInString(s[at:])
	inner := strings.TrimSpace(closed[at+n:])
	field, rest := takeLabel(inner + ":")
	if field == "" || rest != "" {
		f := promised(value)
		if c, l, d := hans(inner); f == "phone" && c >= 2 && c <= 5 && l+d == 0 && !extension.MatchString(inner) && !strings.ContainsAny(fold(inner), "统税编账帐号证照") {
			return f, value // "(写字楼)"
		}
		if (f == "phone" || f == "website") && anyLabel(inner) {
			return f, value
		}
		if m := almostLabel(inner); m != "" && (m == "any" && f != "" || f == m || f == "phone" && (m == "mobile" || m == "fax")) {
			if m == "any" {
				m = f
			}
			return m, value
		}
		return "", s
	}
	if field != "none" && field != "address" && !fits(field, value) {
		return "", s
	}
	return field, value
}

// behindSite is the address behind the name of a branch or town and a colon, ""
// for none: "Rotterdam: Havenweg 19".
func behindSite(s string) string {
	at := strings.IndexAny(s, ":：")
	if at < 3 || at > 30 {
		return ""
	}
	c, l, d := hans(s[:at])
	first, _ := utf8.DecodeRuneInString(s)
	latin := c == 0 && l > 2 && unicode.IsUpper(first) && len(strings.Fields(s[:at])) <= 3
	rest := strings.TrimLeft(s[at:], separators)
	if d > 0 || !latin && (c < 2 || c > 7 || l > 0) || promised(rest) != "address" || digitsIn(rest) == 0 && !(startsAddress(rest) && runes(rest) > 7) {
		return ""
	}
	return rest
}

func anyLabel(s string) bool {
	for _, l := range words().labelsFor(s) {
		if l.field == "any" && prefixed(s, l.word) == len(s) {
			return true
		}
	}
	return false
}

// labels says whether a word at the beginning of a text is a label: what
// stands behind it must go with it.
func labels(l label, after, value string, further bool) bool {
	if l.field != "none" && len(l.word) > 1 && !(l.latin && after != "" && latinLetter(rune(after[0]))) && labelFollows(l.field, value) {
		return true
	}
	r, _ := utf8.DecodeRuneInString(after)
	marked := strings.ContainsAny(after[:len(after)-len(value)], ":.：]】") || after == ""
	switch {
	case len(l.word) == 1:
		return letterLabel(l.word, l.field, after, value, further)
	case l.latin && after != "":
		if unicode.IsLetter(r) && !han(r) && !glued(l, value) || r == '-' && !opensNumber(value) || r == '_' || r == '@' {
			return false
		}
		if unicode.IsDigit(r) && len(l.word) < 3 {
			return false
		}
		if l.field == "any" && value == "" {
			return false
		}
		if !marked && l.field == "none" {
			return strongNone[l.word] || l.word != "line" && longCode.MatchString(value)
		}
		if l.field == "address" && postWord[l.word] {
			return promised(value) == "address"
		}
		if !marked && (weakLabel[l.word] || l.field == "address" && !strings.HasPrefix(l.word, "ad")) {
			return fits(l.field, value)
		}
		if !marked && l.field != "address" && l.field != "any" {
			return fits(l.field, value) || further || blurred(l.field, value)
		}
	case !marked && (weakLabel[l.word] || l.field == "none"):
		return l.field != "none" && l.field != "address" && fits(l.field, value) || l.field == "none" && (strongNone[l.word] || longCode.MatchString(value))
	case !l.latin && runes(l.word) == 1:
		return marked
	case !marked && l.field == "address" && runes(l.word) < 3 && placeLike(value) < 0.3:
		return false
	case !marked && l.field != "address":
		return fits(l.field, value) || further || value != after || blurred(l.field, value)
	}
	return true
}

// longCode begins with the number of a tax office, a register or a bank.
var longCode = regexp.MustCompile(`^[A-Z]{0,3} ?\d[\d -]{5,}`)

// unitNumber goes on with an office's number.
var unitNumber = regexp.MustCompile(`^[A-Z]?\d+[A-Z]?\s*(,|$)`)

// labelFollows says that another label for the same kind of value begins s, as
// in "手机Mobile:".
func labelFollows(field, s string) bool {
	for _, l := range words().labelsFor(s) {
		if l.field != field && !compatible(field, l.field) && l.field != "any" && field != "any" || len(l.word) < 2 || l.field == "none" {
			continue
		}
		if n := prefixed(s, l.word); n > 0 {
			rest := strings.TrimLeft(s[n:], separators)
			f := l.field
			if f == "any" {
				f = field
			}
			if rest == "" || rest != s[n:] || f == "any" && promised(rest) != "" || f != "any" && fits(f, rest) {
				return true
			}
		}
	}
	return false
}

// promised is the field whose form a value has, "" for none: what "office" or
// "main" stands before.
func promised(value string) string {
	switch {
	case strings.Contains(value, "@"):
		return "email"
	case fits("website", value):
		return "website"
	case opensNumber(value) && digitsIn(value) >= 7 && placeLike(value) < 0.6 && dialable(value):
		return "phone"
	case placeLike(value) > 0.5:
		return "address"
	}
	return ""
}

// dialable says that a text is a number with little else.
func dialable(s string) bool {
	s = noteTail.ReplaceAllString(s, "$1")
	c, l, _ := hans(withoutExtension(s))
	return c < 3 && l < 8
}

// noteTail is a note in brackets behind a number: "（微信同号）".
var noteTail = regexp.MustCompile(`(\d)\s*[(（]\p{Han}{2,6}[)）]$`)

// blurred says that a value that fits stands behind a few unread signs.
func blurred(field, s string) bool {
	i := strings.IndexAny(s, "+(（0123456789")
	switch field {
	case "mobile", "phone", "fax":
		return i > 0 && runes(s[:i]) <= 8 && digitsIn(s) >= 7 && dialable(s[i:])
	case "email":
		return strings.Contains(s, "@")
	case "website":
		return strings.Contains(s, "www") || strings.Contains(s, "http")
	}
	return false
}

// glued says whether a value may follow its Latin label without a blank.
func glued(l label, value string) bool {
	switch {
	case l.field == "email" && len(l.word) > 3:
		return strings.Contains(value, "@")
	case l.field == "website" && len(l.word) > 2:
		return strings.HasPrefix(value, "www") || strings.HasPrefix(value, "http")
	}
	return l.word == "wechat" && idShape.MatchString(value)
}

// weakLabel are words that also begin a title, a department, a company or an
// address: without a colon they need a value that fits.
var weakLabel = map[string]bool{
	"office": true, "direct": true, "location": true, "总部": true, "分公司": true, "移动": true, "行动": true, "line": true, "专线": true, "总公司": true, "工厂": true,
	"main": true, "plant": true, "factory": true, "headquarters": true, "headquarter": true, "hq": true, "tax": true, "bank": true, "account": true, "license": true, "licence": true, "web": true,
	"mail": true, "add": true, "北京": true, "上海": true, "深圳": true, "广州": true, "香港": true, "台北": true, "银行": true, "产品": true, "本社": true, "mp": true, "hp": true, "fx": true, "vx": true, "p": true,
	"since": true, "est": true, "iso": true, "ext": true, "did": true, "资质": true, "抖音": true, "直线": true, "mob": true, "cell": true, "phone": true, "zip": true, "url": true, "信箱": true, "热线": true, "总机": true,
	"北京办公室": true, "上海办公室": true, "深圳办公室": true, "香港办公室": true, "住所": true, "联系方式": true, "website": true, "homepage": true, "adr": true,
}

// postWord are labels of addresses that also stand before other values, or in
// them.
var postWord = map[string]bool{"mail": true, "post": true, "postal": true, "mailing": true, "delivery": true, "deliveries": true, "visit": true, "visitors": true}

// strongNone mark what is no field even without a colon.
var strongNone = map[string]bool{"统一编号": true, "统一号": true, "统编": true, "统编号": true, "汇款账户": true, "汇款帐户": true, "汇款账号": true, "汇款帐号": true, "银行账号": true, "银行帐号": true, "纳税人识别号": true, "gstin": true, "account_no": true, "account_number": true, "vat_no": true, "tax_id": true, "统一社会信用代码": true, "税号": true, "开户行": true, "开户银行": true, "账号": true, "帐号": true, "skype": true, "lineid": true, "营业时间": true, "主营业务": true, "股票代码": true, "swift": true}

// fits says whether a value has the form that its label promises.
func fits(field, value string) bool {
	switch field {
	case "mobile", "phone", "fax":
		return opensNumber(value) && digitsIn(value) >= 5 && dialable(value)
	case "email":
		return strings.ContainsAny(value, "@©®")
	case "website":
		return domainLike(firstWord(value)) || strings.HasPrefix(value, "www") || strings.HasPrefix(value, "http")
	case "postcode", "qq":
		return len(onlyDigits(value)) >= 4 && opensNumber(value)
	case "wechat":
		return idShape.MatchString(squeeze(value))
	case "address":
		return placeLike(value) > 0.3 || digitsIn(value) > 0
	}
	return value != ""
}

func firstWord(s string) string {
	if f := strings.Fields(s); len(f) > 0 {
		return f[0]
	}
	return ""
}

// letterLabel says whether a single letter is a label: only before a value of
// its kind.
func letterLabel(l, field, after, value string, further bool) bool {
	if value == "" {
		return false
	}
	if after == value { // nothing between: M+44…
		if field == "address" && startsAddress(value) {
			return true
		}
		if l == "o" && value[0] >= '0' && value[0] <= '9' {
			return false // a zero: O20 7946 0355
		}
		return (field == "mobile" || field == "phone" || field == "fax") && (value[0] == '+' || value[0] == '(' || digitsIn(value) >= 10 && opensNumber(value))
	}
	marked := !spaceOnly(after, value)
	switch field {
	case "mobile", "phone", "fax":
		return opensNumber(value) && digitsIn(value) >= 7 && dialable(value) || further && marked
	case "email":
		if after[0] == '-' && !strings.Contains(value, ".") {
			return false // "E-Bike Development"
		}
		return strings.ContainsRune(value, '@') || marked
	case "website":
		return domainLike(value) || marked
	case "wechat":
		return idShape.MatchString(value) && len(value) > 5 && (marked || strings.ContainsAny(value, "-_0123456789"))
	}
	return marked || len(value) > 12 && (digitsIn(value) > 1 || digitsIn(value) > 0 && field == "address" && placeLike(value) > 0.6)
}

// prefixed is how many bytes of s the word takes at its beginning, 0 if it is
// not there. Blanks between Chinese characters do not count, and engines take
// l, i and 1, or o and 0, for one another.
func prefixed(s, word string) int {
	i := 0
	for k, r := range word {
		for k > 0 && i < len(s) && (s[i] == ' ' || s[i] == gap) && (han(r) || r == '_') {
			i++
		}
		if r == '_' {
			continue
		}
		if i == len(s) {
			return 0
		}
		c, n := utf8.DecodeRuneInString(s[i:])
		if !sameSign(c, r) && !(k > 0 && len(word) > 2 && twins(c, r)) {
			return 0
		}
		i += n
	}
	return i
}

func sameSign(c, r rune) bool {
	if c < utf8.RuneSelf {
		return unicode.ToLower(c) == r
	}
	return words().plain(c) == r
}

// twins are read for one another.
func twins(c, r rune) bool {
	switch r {
	case 'l', 'i':
		return strings.ContainsRune("1lI|!i", c)
	case 'o':
		return c == '0' || c == 'O'
	case 'b':
		return c == '6'
	}
	return false
}

func spaceOnly(after, value string) bool {
	return strings.TrimSpace(after[:len(after)-len(value)]) == ""
}

func opensNumber(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return strings.ContainsRune("+(（0123456789", r)
}
