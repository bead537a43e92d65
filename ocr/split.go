package ocr

import (
	"regexp"
	"strings"
)

// longestTwo is the most characters that two values in a row have.
const longestTwo = 90

// split cuts an open piece that holds two things: a department and a title, a
// name and a title, or the same in Chinese and in Latin letters. Of all places
// where one may end it takes the one after which both parts are likeliest.
func (p *piece) split() []*piece {
	if p.field != "" || p.text == "" || strings.ContainsAny(p.text, "@") || runes(p.text) > longestTwo {
		return []*piece{p}
	}
	return p.splitDeep(0)
}

func (p *piece) splitDeep(depth int) []*piece {
	whole := likeliest(p.text) - p.seams()
	for i, w := range tokens(p.text) {
		if plural[w] && i > 0 && whole > 0.8 && titleLike(p.text) > 0.9 {
			whole = 0.8
		}
	}
	if tradeAndOfficer(p.text) {
		whole = 0.5
	}
	if at, width := dashedRole(p.text); at > 0 && depth < 3 {
		parts := p.cutAt(at, width, depth)
		last := parts[len(parts)-1]
		last.take("department", neat(respace(last.text)), 0.75, "behind the title and a dash")
		return parts
	}
	if unitBehind(p.text) {
		p.facts.guessed = true // or two values
	}
	if at, width := givenBeside(p.text); at > 0 && depth < 3 {
		return p.cutAt(at, width, depth)
	}
	if at := secondTitle(p.text); at > 0 && depth < 3 {
		return p.cutAt(at, 0, depth)
	}
	bestGain, at, width := 0.0, 0, 0
	rs := []rune(p.text)
	byteAt := 0
	for i, r := range rs {
		n := len(string(r))
		if i > 0 && i < len(rs)-1 {
			if w, ok := cutsAt(rs, i); ok {
				left, right := strings.TrimSpace(p.text[:byteAt]), strings.TrimSpace(p.text[byteAt+w:])
				if left != "" && right != "" {
					if gain := together(left, right, r) - whole; gain > bestGain {
						bestGain, at, width = gain, byteAt, w
					}
				}
			}
		}
		byteAt += n
	}
	if at == 0 || depth > 3 {
		return []*piece{p}
	}
	return p.cutAt(at, width, depth)
}

// givenBeside finds the blank between a Chinese name and a given name in Latin
// letters beside it: "Luna 陆小满".
func givenBeside(s string) (at, width int) {
	left, right, ok := strings.Cut(s, " ")
	if !ok || strings.Contains(right, " ") || chinesePrint(left) == chinesePrint(right) {
		return 0, 0
	}
	name, given := left, right
	if chinesePrint(right) {
		name, given = right, left
	}
	if c, l, _ := hans(name); l > 0 || c > 4 || chineseName(name) < 0.85 || !words().given["latin"][strings.ToLower(given)] || !capitalized(given) {
		return 0, 0
	}
	return len(left), 1
}

// ownTitles are titles that follow another without a sign between, and never
// end one.
var ownTitles = []string{"博士生导师", "硕士生导师", "研究生导师", "高级工程师", "总工程师", "高级经济师", "注册会计师", "教授级高工", "国家一级演员", "主任医师", "党委书记", "法定代表人", "首席科学家", "特聘教授", "特聘研究员"}

// secondTitle is the byte at which a second Chinese title begins that runs on
// from a first, 0 for none: "特聘研究员硕士生导师".
func secondTitle(s string) int {
	f := fold(s)
	for _, t := range ownTitles {
		if first, ok := strings.CutSuffix(f, t); ok && runes(first) >= 3 && runes(f) == runes(s) && words().title.ends("end", first) >= 2 && titleLike(first) > 0.9 {
			return len(string([]rune(s)[:runes(first)]))
		}
	}
	return 0
}

// cutAt makes two pieces of one, without the sign of the width between them.
func (p *piece) cutAt(at, width, depth int) []*piece {
	a, b := *p, *p
	a.text, b.text = trimValue(p.text[:at]), trimValue(p.text[at+width:])
	if i := strings.Index(p.alt, b.text); i > 0 {
		a.alt, b.alt = trimValue(p.alt[:i]), trimValue(p.alt[i:])
	} else {
		a.alt, b.alt = "", ""
	}
	if p.up {
		cut := p.box.Min.Y + p.box.Dy()*at/len(p.text)
		a.box.Max.Y, b.box.Min.Y = cut, cut
	} else {
		cut := p.box.Min.X + p.box.Dx()*at/len(p.text)
		a.box.Max.X, b.box.Min.X = cut, cut
	}
	return append(a.splitDeep(depth+1), b.splitDeep(depth+1)...)
}

// blankBefore puts the one blank into a Chinese department and title that the
// other engine read between them.
func (p *piece) blankBefore() {
	head, tail, ok := strings.Cut(strings.TrimSpace(p.alt), " ")
	if !ok || strings.Contains(tail, " ") || head+tail != p.text || !chinesePrint(p.text) || runes(head) < 3 || runes(tail) < 2 {
		return
	}
	if departmentLike(head) > 0.85 && titleLike(tail) > 0.7 {
		p.text = head + " " + tail
	}
}

// dropIcon takes off the single letter or sign that an icon was read as before
// Chinese print.
func (p *piece) dropIcon() {
	rs := []rune(p.text)
	if len(rs) > 3 && rs[0] == '1' && han(rs[1]) && max(titleLike(string(rs[1:])), departmentLike(string(rs[1:]))) > 0.8 {
		p.text = string(rs[1:]) // a bar before it
		return
	}
	if len(rs) < 4 || !latinLetter(rs[0]) {
		return
	}
	rest := strings.TrimLeft(string(rs[1:]), " .")
	if c, l, _ := hans(rest); c >= 3 && l == 0 && han([]rune(rest)[0]) && (titleLike(rest) > 0.8 || departmentLike(rest) > 0.8 || startsAddress(rest)) {
		p.text = rest
	}
}

func trimValue(s string) string { return strings.Trim(s, " \t|/·,，、;:-") }

// cutsAt says whether a value may end before the i-th character, and how many
// bytes lie between it and the next.
func cutsAt(rs []rune, i int) (width int, ok bool) {
	r := rs[i]
	switch {
	case r == ' ' || r == gap:
		return 1, true
	case r == '·' && i > 1 && han(rs[i-1]):
		return len("·"), true
	case r == '_' && i > 1 && han(rs[i-1]) != han(rs[i+1]):
		return 1, true
	case (r == '/' || r == '-' || r == '、' || r == '，' || r == '(' || r == ',' || r == ':') && i > 1:
		return len(string(r)), r != '(' && r != '-' && r != ':'
	case han(r) != han(rs[i-1]) && rs[i-1] != ' ' && rs[i-1] != gap && (latinLetter(r) || latinLetter(rs[i-1])):
		return 0, true
	}
	return 0, false
}

func latinLetter(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' }

// seams is what the blanks and signs inside a whole value cost it.
func (p *piece) seams() float64 {
	cost := 0.0
	rs := []rune(p.text)
	for i, r := range rs {
		if i == 0 || i == len(rs)-1 {
			continue
		}
		switch {
		case r == gap:
			cost += 0.3
		case r == ' ' && han(rs[i-1]) && han(rs[i+1]):
			cost += 0.1
		case (r == '/' || r == '·') && (han(rs[i-1]) || han(rs[i+1]) || latinLetter(rs[i-1]) && latinLetter(rs[i+1])):
			cost += 0.15
		}
	}
	return min(cost, 0.6)
}

// likeliest is how well a text is explained as one value.
func likeliest(s string) float64 {
	c, l, _ := hans(s)
	if c > 1 && l > 5 && strings.Contains(s, " ") && placeLike(s) < 0.8 { // two languages
		return 0.3
	}
	t := respace(s)
	return max(companyLike(t), titleLike(t), departmentLike(t), placeLike(t), 0.85*max(chineseName(s), latinName(t)), motto(s), 0.35)
}

// together is how well two parts are explained as two values.
func together(left, right string, cut rune) float64 {
	a, b := explained(left), explained(right)
	if strings.HasPrefix(right, "&") || strings.HasSuffix(left, "&") {
		return 0 // 联合创始人 & CTO
	}
	if a > 0.85 && b < 0.6 && chinesePrint(left) && titleLike(left) > 0.85 && latinTwin(right) {
		b = 0.6 // the same in Latin letters, in words of no list
	}
	if strings.ContainsRune("/|、·", cut) && titlesInOne(left, right) {
		return 0 // as printed
	}
	if cut == '·' && min(roleLike(left), roleLike(right)) < 0.65 {
		return 0 // parts of a name
	}
	if r := tokens(right); len(r) > 1 && leadsCompany[r[0]] && latinName(left) >= 0.8 && titleLike(left) == 0 && companyLike(right) > 0.8 {
		return 1 // a person and an employer
	}
	if (cut == ' ' || cut == ',' || cut == gap) && !chinesePrint(left) && !chinesePrint(right) && !twoValues(left, right, cut) {
		return 0
	}
	if a < 0.55 || b < 0.55 {
		return 0
	}
	return (a + b) / 2
}

// latinTwin says that a Latin text may be the translation of what stands before
// it: two to five words with capitals.
func latinTwin(s string) bool {
	c, l, d := hans(s)
	f := strings.Fields(s)
	return c == 0 && d == 0 && l > 6 && len(f) >= 2 && len(f) <= 5 && capitalized(s) && companyLike(s) < 0.5 && latinName(s) < 0.8
}

// titlesInOne says that two parts with a sign between them are Chinese titles of
// one person, or such and an officer's letters: "合伙人 | 律师", "创始人 / CEO".
func titlesInOne(left, right string) bool {
	first := left
	if at := strings.LastIndexAny(left, "/|、·"); at >= 0 {
		first = strings.Trim(left[at:], "/|、· ")
	}
	short := func(s string) bool { c, l, _ := hans(s); return c >= 2 && c <= 8 && l == 0 }
	if !short(first) || titleLike(first) < 0.65 {
		return false
	}
	right = strings.TrimSpace(right)
	if right == "授权签字人" || right == "授權簽字人" {
		return false // a licence beside an office
	}
	for _, rank := range []string{"注册", "高级", "执业", "国家", "特级", "一级", "二级"} {
		if strings.HasPrefix(fold(right), rank) && strings.HasSuffix(fold(right), "师") {
			return false // a qualification beside an office
		}
	}
	return short(right) && titleLike(right) > 0.65 || acronym[strings.ToLower(right)]
}

// roleLike is how well a text is explained as what somebody does and where.
func roleLike(s string) float64 { return max(titleLike(s), departmentLike(s), companyLike(s)) }

// twoValues says whether two Latin parts with a mere blank or comma between them
// may be two values: a department that ends as such and a title, or a name and
// a title.
func twoValues(left, right string, cut rune) bool {
	l, r := tokens(left), tokens(right)
	if len(l) > 1 && words().company["latin"][l[len(l)-1]] && companyLike(left) > 0.94 && (latinName(right) > 0.8 || titleLike(right) > 0.9) {
		return true
	}
	if cut == gap && explained(left) > 0.8 && explained(right) > 0.8 && max(companyLike(right), companyLike(left+" "+right)) < 0.8 {
		return true
	}
	if len(l) == 0 || len(r) == 0 || titleLike(right) < 0.9 {
		return false
	}
	if cut == ' ' && len(r) == 1 && tradeAndOfficer(left+" "+right) {
		return true
	}
	if cut == ' ' && len(l) > 1 && len(r) > 1 && plural[l[len(l)-1]] && departmentLike(left) > 0.8 && titleLike(left) == 0 && !small[r[0]] {
		return true
	}
	if cut == ' ' && dividing[l[len(l)-1]] && len(l) > 1 && titleLike(left) == 0 {
		return true
	}
	return latinName(left) >= 0.85 && titleLike(left) == 0 && (cut == ',' || len(r) > 1)
}

// leadsCompany are words that begin the name of an organization and end none.
var leadsCompany = map[string]bool{"banque": true, "banca": true, "banco": true, "société": true, "societé": true, "stiftung": true, "hochschule": true, "fachhochschule": true, "universität": true, "université": true, "università": true, "universidad": true, "universidade": true, "universiteit": true, "fondation": true, "fondazione": true, "fundación": true, "cooperative": true, "coopérative": true, "cooperativa": true, "klinikum": true, "hôpital": true, "ospedale": true, "sparkasse": true, "stadtwerke": true, "officine": true, "ateliers": true, "ministry": true, "embassy": true, "maison": true}

// tradeAndOfficer says that a Latin text is a department and an officer's title
// like CFO, not "Group CFO" or "Deputy CTO".
func tradeAndOfficer(s string) bool {
	t := tokens(s)
	if len(t) < 2 || !acronym[t[len(t)-1]] || chinesePrint(s) {
		return false
	}
	for _, w := range t[:len(t)-1] {
		if !words().dept["words"][w] || unfinished[w] || rank[w] {
			return false
		}
	}
	return true
}

// rank words stand before an officer's title.
var rank = map[string]bool{"group": true, "asia": true, "pacific": true, "apac": true, "emea": true, "china": true, "europe": true, "greater": true, "and": true, "&": true, "of": true, "division": true, "northern": true, "southern": true, "eastern": true, "western": true, "domestic": true, "overseas": true}

// plural words end a department more often than they stand in a title.
var plural = map[string]bool{"services": true, "partnerships": true, "pr": true, "projects": true, "affairs": true, "relations": true, "r&d": true}

// explained is how surely a part is a value of its own: a department, a title,
// a name or a company, not an address or a lone word.
func explained(s string) float64 {
	c, l, _ := hans(s)
	if c+l < 2 || c == 0 && l < 2 {
		return 0
	}
	t := respace(s)
	best := max(titleLike(t), 0.98*departmentLike(t), companyLike(t))
	if c > 0 && l == 0 {
		best = max(best, chineseName(s))
	} else if c == 0 {
		best = max(best, latinName(t))
	}
	if c > 3 && l == 0 && placeLike(s) > 0.7 {
		best = max(best, placeLike(s))
	}
	return best
}

// dashedRole finds the dash between a Latin title and what it is for: "Sales
// Manager – Wound Care". It returns where to cut and how much to leave out, 0 for
// no such dash.
func dashedRole(s string) (at, width int) {
	m := roleDash.FindStringSubmatchIndex(s)
	if m == nil {
		return 0, 0
	}
	left, right := s[:m[2]], s[m[3]:]
	t := tokens(left)
	if len(t) < 2 || territory(right) || !words().title["head"][t[len(t)-1]] || titleLike(left) < 0.7 || titleLike(right) > 0.5 || companyLike(right) > 0.5 || len(tokens(right)) > 4 {
		return 0, 0
	}
	return m[2], m[3] - m[2]
}

// unitBehind says that behind the comma of a title stands a trade or unit, which
// may be a value of its own: "Key Account Manager, Industrial Fasteners". A rank
// says little without what follows: "Vice President, Membership" is one title.
func unitBehind(s string) bool {
	left, right, ok := strings.Cut(s, ", ")
	t, r := tokens(left), tokens(right)
	if !ok || chinesePrint(s) || len(t) < 2 || len(r) == 0 || len(r) > 3 || strings.ContainsAny(right, ",;/|()") || digitsIn(right) > 0 || !capitalized(right) {
		return false
	}
	switch t[len(t)-1] {
	case "manager", "engineer", "executive", "officer", "representative", "coordinator", "supervisor", "specialist", "buyer", "designer", "developer", "technician", "scientist", "analyst", "planner", "administrator":
	default:
		return false
	}
	return t[len(t)-2] != "chief" && t[len(t)-2] != "general" && titleLike(left) > 0.85 && titleLike(right) < 0.3 && max(companyLike(s), companyLike(right)) < 0.5 && !territory(right)
}

// territory says that a text is the part of the world that somebody sells in: it
// belongs to the title.
func territory(s string) bool {
	l := words()
	t := tokens(s)
	for _, w := range t {
		if !regional[w] && !l.address["place"][w] && !cities()[w] && w != "and" && w != "&" {
			return false
		}
	}
	return len(t) > 0
}

var regional = map[string]bool{"east": true, "west": true, "north": true, "south": true, "central": true, "northern": true, "southern": true, "eastern": true, "western": true, "northeast": true, "northwest": true, "southeast": true, "southwest": true, "midwest": true, "coast": true, "region": true, "zone": true, "area": true, "territory": true, "emea": true, "apac": true, "apj": true, "asean": true, "latam": true, "mena": true, "dach": true, "cee": true, "gcc": true, "anz": true, "benelux": true, "nordics": true, "nordic": true, "baltics": true, "iberia": true, "balkans": true, "europe": true, "european": true, "asia": true, "pacific": true, "asia-pacific": true, "americas": true, "america": true, "africa": true, "middle": true, "gulf": true, "levant": true, "oceania": true, "australasia": true, "worldwide": true, "global": true, "international": true, "domestic": true, "overseas": true, "export": true, "mainland": true, "greater": true, "bay": true, "eu": true, "us": true, "usa": true, "uk": true, "midlands": true, "scandinavia": true, "caribbean": true, "maghreb": true, "caucasus": true}

var roleDash = regexp.MustCompile(`[a-z](\s?[-–—]\s?)[A-Z][a-z]`)
