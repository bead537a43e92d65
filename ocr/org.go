package ocr

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The functions here and in place.go say how much a text looks like one kind
// of thing, 0–1. What several may claim goes to the one that explains the card
// best.

// companyLike goes by what ends an organization's name.
func companyLike(s string) float64 {
	chinese, latin, _ := hans(s)
	set := words().company
	if chinese > 0 && chinese*2 >= latin {
		return chineseCompany(fold(squeeze(s)), chinese)
	}
	if chinese > 0 {
		return 0
	}
	if inner := trimBrackets(s); inner != s && len(tokens(inner)) > 1 && !strings.ContainsAny(inner, "()") {
		return companyLike(inner) // a place behind it
	}
	t := tokens(s)
	if len(t) < 2 || len(t) > 11 || strings.ContainsAny(s, "@") || houseAndStreet(s, t) {
		return 0
	}
	last := t[len(t)-1]
	switch {
	case bareForm(s):
		return 0.3
	case set["latin"][last] && last != "company" && last != "co" && len(last) > 1:
		if (last == "as" || last == "se" || last == "sa" || last == "ag" || last == "ab" || last == "nv" || last == "bv") && !strings.HasSuffix(strings.TrimRight(s, "."), strings.ToUpper(last)) {
			return 0.5
		}
		return 0.97
	case limited.MatchString(s):
		return 0.9
	case strings.Contains(strings.ToLower(squeeze(s)), "co.,ltd") || strings.Contains(strings.ToLower(squeeze(s)), "co.ltd"):
		return 0.95
	case last == "company" || last == "co":
		return 0.9
	case len(t) > 3 && t[0] == "the" && bodyOf[t[1]] && (t[2] == "of" || t[2] == "for") && capitalized(s):
		return 0.9
	case bodyOf[t[0]] && len(t) > 2 && (t[1] == "of" || t[1] == "for") && capitalized(s):
		return 0.9
	case (set["latinmark"][t[0]] || set.count("latinmark", t) > 0) && !(digitsIn(t[0]) > 0 && strings.Count(s, ",") > 1):
		return 0.88
	case set["form"][last] && len(t) <= 6 && capitalized(s):
		if words().dept.count("words", t[:len(t)-1]) == len(t)-1 || last == "center" || last == "centre" || last == "academy" {
			return 0.55
		}
		return 0.75
	case strings.Contains(s, "(") && slices.ContainsFunc(t, func(w string) bool { return len(w) > 2 && set["latin"][w] }):
		return 0.85
	}
	return 0
}

// houseAndStreet says that a Latin text begins with a house's number, or ends
// with one and a postcode: "8 Lianrong Road, University Town".
func houseAndStreet(s string, t []string) bool {
	street := words().address.count("latin", t) > 0 || slices.ContainsFunc(t, func(w string) bool { return len(w) > 6 && streetEnd.MatchString(w) })
	first := digitsIn(t[0]) > 0 && digitsIn(t[0]) <= 4 && strings.Contains(s, ",")
	return street && (first || digitsIn(s) >= 4 && postCode.MatchString(s))
}

// bodyOf are bodies whose names go on with what they are of: "Chamber of
// Commerce", "Association for Lighting". An institute or a school may be a
// department.
var bodyOf = map[string]bool{"chamber": true, "association": true, "federation": true, "confederation": true, "society": true, "guild": true, "ministry": true, "council": true, "museum": true, "consulate": true, "embassy": true, "league": true, "union": true, "alliance": true, "municipality": true, "city": true, "county": true, "borough": true, "commonwealth": true, "university": true, "port": true}

// bareForm says that a text is the legal form of the name above it, and nothing
// else: "Co., Ltd.".
func bareForm(s string) bool {
	if chinesePrint(s) {
		return words().company["legal"][strings.TrimRight(fold(squeeze(s)), " .。")]
	}
	t := tokens(s)
	return len(t) > 0 && words().company.count("latin", t) == len(t)
}

// capitalized says that every longer word of s begins with a capital.
func capitalized(s string) bool {
	for _, w := range strings.Fields(s) {
		if r, _ := utf8.DecodeRuneInString(w); len(w) > 3 && unicode.IsLower(r) {
			return false
		}
	}
	return true
}

func chineseCompany(s string, chinese int) float64 {
	set := words().company
	body := trimBrackets(strings.TrimRight(s, " .。"))
	if degreeOf(s) {
		return 0
	}
	if strings.Contains(body, "大使馆") || strings.Contains(body, "总领事馆") {
		return 0.95
	}
	if n := set.ends("legal", body); n > 0 && chinese > n+1 {
		return 0.99
	}
	n := set.ends("end", body)
	switch {
	case set["legal"][body]:
		return 0.3
	case strings.Contains(body, "有限公司") && (strings.HasSuffix(body, "分公司") || n > 0):
		return 0.97
	case strings.Contains(body, "政府") && chinese >= 6 && strings.ContainsRune("局厅委院署所馆站会处室府", []rune(body)[len([]rune(body))-1]):
		return 0.95
	case n >= 2 && chinese >= n+2:
		if strings.HasSuffix(body, "办事处") || strings.HasSuffix(body, "代表处") {
			return 0.7
		}
		return 0.93
	case n >= 2 && chinese == n:
		return 0.1
	case publicBody(body, chinese):
		return 0.9
	case n == 1 && chinese >= 4:
		return 0.6
	case set.inside("mark", s) > 0 && chinese >= 6:
		return 0.6
	case chinese >= 4 && chinese <= 12 && set.ends("trade", body) > 0:
		return 0.5
	}
	return 0
}

// repeatedEnd says that a text ends with a character that it has before: a list
// of departments.
func repeatedEnd(s string) bool {
	rs := []rune(fold(squeeze(s)))
	last := rs[len(rs)-1]
	return strings.ContainsRune("科部系组", last) && strings.ContainsRune(string(rs[:len(rs)-2]), last)
}

// publicBody says that a name is an office's of a province, city or county:
// "…县文化和旅游局".
func publicBody(s string, chinese int) bool {
	rs := []rune(s)
	if chinese < 5 || !strings.ContainsRune("局厅委院署所馆站会处", rs[len(rs)-1]) || digitsIn(s) > 0 {
		return false
	}
	for k := min(9, len(rs)-3); k > 1; k-- {
		if head := string(rs[:k]); places().wide[head] >= 2 || k > 2 && strings.ContainsRune("省市县区州旗", rs[k-1]) && !strings.ContainsRune("处所站", rs[len(rs)-1]) && string(rs[k-2:k]) != "地区" && string(rs[k-2:k]) != "社区" && string(rs[k-2:k]) != "园区" {
			return true
		}
	}
	return false
}

// trimBrackets takes a place in brackets off the end.
func trimBrackets(s string) string {
	for _, pair := range [][2]string{{"（", "）"}, {"(", ")"}} {
		if strings.HasSuffix(s, pair[1]) {
			if i := strings.LastIndex(s, pair[0]); i > 0 {
				return strings.TrimSpace(s[:i])
			}
		}
	}
	return s
}

// titleLike goes by the word that ends a Chinese title and the words of a
// Latin one.
func titleLike(s string) float64 {
	chinese, latin, digits := hans(s)
	if digits > 0 || chinese > 18 || strings.ContainsAny(s, "@") {
		return 0
	}
	if chinese >= 2 {
		return chineseTitle(fold(s), chinese, latin)
	}
	if chinese == 1 {
		return 0
	}
	return latinTitle(s)
}

func chineseTitle(s string, chinese, latin int) float64 {
	if degreeOf(s) || strings.ContainsAny(s, "您我们") { // printed beside the name, or a motto
		return 0
	}
	if chinese > 4 && bareName(s) != s {
		return 0.3 // 罗启彤医生
	}
	set := words().title
	body := strings.TrimRight(trimBrackets(s), " .")
	t := tokens(s)
	n := set.ends("end", body)
	switch {
	case len(t) > 2:
		return 0
	case len(t) > 0 && set["head"][t[len(t)-1]]:
		return 0.9
	case set["whole"][body]:
		return 0.95
	case n >= 2 && chinese <= 12:
		return 0.95
	case n >= 2:
		return 0.75
	case n == 1 && chinese >= 3 && chinese <= 8:
		return 0.7
	case latin > 0 && len(t) > 0 && set["head"][t[0]]:
		return 0.8
	}
	return 0
}

func latinTitle(s string) float64 {
	set, dept := words().title, words().dept
	t := tokens(strings.ReplaceAll(s, "&", " "))
	if len(t) == 0 || len(t) > 12 {
		return 0
	}
	if ofBoard.MatchString(s) {
		return 0.95
	}
	heads, known := 0, 0
	head := func(w string) bool { return set["head"][w] || headShape.MatchString(w) }
	for i, w := range t {
		if head(w) {
			heads++
		}
		if head(w) || set["other"][w] || dept["words"][w] || dept["latin"][w] && i > 0 {
			known++
		}
	}
	if heads == 0 {
		return 0
	}
	share := float64(known) / float64(len(t))
	divided := false
	for i, w := range t[:len(t)-1] {
		divided = divided || dividing[w] && i > 0 && !small[t[i+1]]
	}
	end := head(t[len(t)-1])
	if unfinished[t[len(t)-1]] && len(t) > 1 && !(t[len(t)-1] == "associate") && !(t[len(t)-1] == "general" && set["head"][t[0]] && len(t) == 2) {
		share *= 0.5
		end = false
	}
	if first, _, ok := strings.Cut(s, ", "); ok && heads > 0 && len(tokens(first)) < len(t) && !unfinished[t[len(t)-1]] && latinTitle(first) > 0.9 && companyLike(s) < 0.8 {
		return 0.9 // "Key Account Manager, DACH"
	}
	switch {
	case divided:
		return 0.6
	case end && share == 1:
		return 0.96
	case end && len(t) > 1 && latinName(s) < 0.8:
		return 0.55 + 0.35*share
	case set["head"][t[0]] && (strings.Contains(s, " of ") || strings.Contains(s, ",") || strings.Contains(s, " at ") || strings.Contains(s, " for ") || strings.Contains(s, " to ") || strings.Contains(s, " - ")):
		return 0.6 + 0.35*share
	case share == 1:
		return 0.85
	}
	return 0.45 * share
}

// degreeOf says that a Chinese text is an academic degree: "博士", "法学博士",
// "管理学硕士".
func degreeOf(s string) bool {
	for _, d := range []string{"博士", "硕士", "学士"} {
		if head, ok := strings.CutSuffix(s, d); ok {
			return head == "" || runes(head) == 1 && d == "博士" || strings.Contains(head, "大学") || strings.HasSuffix(head, "学") && runes(head) <= 5
		}
	}
	return false
}

// dropDegree takes the degree, or what somebody is a member of, off that stands
// behind a Chinese title or name.
func (p *piece) dropDegree() {
	at := strings.LastIndexAny(p.text, " \t/|·、，,")
	if at < 0 {
		return
	}
	_, n := utf8.DecodeRuneInString(p.text[at:])
	tail := fold(p.text[at+n:])
	if before := trimValue(p.text[:at]); before != "" && (degreeOf(tail) || strings.HasSuffix(tail, "会员") && titleLike(before) > 0.6) {
		p.text, p.alt, p.why = before, "", append(p.why, "a degree behind it taken off")
	}
}

// ofBoard is who sits on a board.
var ofBoard = regexp.MustCompile(`(?i)^(founding |executive )?member of the ([a-z]+ )?(board|committee|council)( of [a-z ]+)?$`)

// headShape are the endings of words that name a profession.
var headShape = regexp.MustCompile(`(ologist|ographer|ician|onomist|omist|therapist|geschäftsführer(in)?|meister(in)?|leiter(in)?|\w{3}maker|\w{3}master|\w{3}keeper|\w{3}monger|\w{3}wright|\w{3}grower|\w{3}smith)$`)

// unfinished are words that a title does not end with.
var unfinished = map[string]bool{"digital": true, "senior": true, "junior": true, "deputy": true, "vice": true, "general": true, "technical": true, "regional": true, "global": true, "national": true, "international": true, "strategic": true, "smart": true, "chief": true, "associate": true, "managing": true, "acting": true, "corporate": true, "executive": false}

// dividing are the words that end a department and cannot stand in a title.
var dividing = map[string]bool{"department": true, "dept": true, "division": true, "center": true, "centre": true, "unit": true, "office": true, "team": true, "laboratory": true, "lab": true, "section": true}

// numbering tells units of one kind apart.
var numbering = regexp.MustCompile(`^([ivx]+|[a-h])$`)

// departmentLike goes by the word that ends it, or by a line that has only
// words of trades and functions.
func departmentLike(s string) float64 {
	chinese, latin, digits := hans(s)
	set := words().dept
	if digits > 0 || chinese == 0 && latin < 4 || strings.ContainsAny(s, "@") {
		return 0
	}
	if chinese > 0 {
		n := set.ends("end", fold(trimBrackets(s)))
		switch {
		case n == 0 || chinese < latin || chinese > 16 || strings.HasSuffix(fold(s), "模组"):
			return 0
		case chinese >= 6 && repeatedEnd(s):
			return 0.3 // 内科妇科儿科
		case chinese >= 3:
			return 0.9
		case chinese == 2:
			return 0.55
		}
		return 0
	}
	t := tokens(strings.ReplaceAll(s, "&", " & "))
	if len(t) == 0 || len(t) > 8 || len(t) == 1 && exactLabel(t[0]) != "" {
		return 0
	}
	known := 0
	for _, w := range t {
		if set["words"][w] || set["latin"][w] || w == "&" || regional[w] && len(t) > 1 {
			known++
		}
	}
	if strings.HasSuffix(strings.ReplaceAll(s, " ", ""), "R&D") && len(t) > 2 && len(t) < 7 && capitalized(s) {
		return 0.86 // "E-Bike R&D"
	}
	if n := len(t); n > 2 && numbering.MatchString(t[n-1]) && dividing[t[n-2]] {
		return 0.9 // "Business Unit II"
	}
	all := known == len(t)
	end := set["latin"][t[len(t)-1]]
	switch {
	case len(t) > 1 && dividing[t[len(t)-1]] && t[0] != "the":
		return 0.6 + 0.32*float64(known)/float64(len(t))
	case len(t) > 1 && (t[0] == "department" || t[0] == "dept" || t[0] == "division" || t[0] == "faculty" || t[0] == "school" || t[0] == "institute") && small[t[1]]:
		return 0.9
	case end && all && len(t) > 1:
		return 0.88
	case all && len(t) > 1:
		return 0.85
	case end && len(t) > 1 && known*2 >= len(t):
		return 0.6
	case all:
		return 0.6
	}
	return 0
}
