package ocr

import (
	"regexp"
	"strings"
)

// joined says how likely lines are one value of a class.
func (g *page) joined(c class, ps []*piece, text string) float64 {
	last := ps[len(ps)-1]
	if ps[0].field == "address" && c != asAddress {
		return 0
	}
	switch first := ps[0].text; {
	case c == asName:
		return g.joinedName(ps, text)
	case c == asTitle && len(ps) <= 3:
		if g.hasRoom(ps) && !goesOn(ps) && alone(last.text) && (alone(first) || len(tokens(last.text)) > 1 && departmentLike(first) > 0.5) {
			return 0
		}
		if latinName(first) > 0.7 && titleLike(first) < 0.3 && titleLike(last.text) > 0.6 {
			return 0 // a name above a title
		}
		return wrapped(titleLike(text), titleLike(first), titleLike(last.text), ps)
	case c == asDepartment && len(ps) <= 2:
		if chinesePrint(first) && abs(ps[0].high-last.high)*5 > ps[0].high {
			return 0 // larger print
		}
		if chinesePrint(first) && titleLike(first) > 0.6 && departmentLike(last.text) > 0.8 {
			return 0 // a title above it
		}
		return wrapped(departmentLike(text), departmentLike(first), departmentLike(last.text), ps)
	case c == asCompany && len(ps) <= 3 && !underAnother(ps[0], last, ps):
		return wrapped(companyLike(text), companyLike(first), companyLike(last.text), ps)
	case c == asAddress:
		return joinedAddress(ps, text)
	}
	return 0
}

// joinedName says how likely two lines of large print, or a column of single
// characters, are a name.
func (g *page) joinedName(ps []*piece, text string) float64 {
	whole := *ps[0]
	if column(ps) {
		whole.text = squeeze(text)
		return g.person(&whole)
	}
	last := ps[len(ps)-1]
	if first := strings.TrimSpace(ps[0].text); len(ps) == 2 && strings.HasSuffix(first, "-") && !g.banned[ps[0]] && len(tokens(last.text)) == 1 && digitsIn(text) == 0 && abs(ps[0].high-last.high)*3 < ps[0].high {
		whole.text = first + last.text
		return min(1.05, g.person(&whole)+0.1)
	}
	if len(ps) > 2 || g.banned[ps[0]] || han([]rune(text)[0]) || len(tokens(ps[0].text)) > 2 || len(tokens(last.text)) > 2 || float64(ps[0].high) < 1.2*g.usual {
		return 0
	}
	whole.text = text
	if s := g.person(&whole); s > 0.9 && g.person(ps[0]) < 0.8 && g.person(last) < 0.8 {
		return s
	}
	return 0
}

// underAnother says that a company's line stands under a value of its own: a
// department, a name in larger print, a title, or a line with room for more.
func underAnother(first, last *piece, ps []*piece) bool {
	own := companyLike(last.text)
	words := len(tokens(last.text))
	larger := first.high*4 > last.high*5
	switch {
	case own > 0.9 && words > 2 && alone(first.text) && !goesOn(ps):
		return true
	case larger && (own > 0.5 && companyLike(first.text) < 0.5 || latinName(first.text) > 0.6 && words < 3):
		return true
	case own <= 0.8 || goesOn(ps):
		return false
	}
	wide, below := first.level().Dx(), last.level().Dx()
	return titleLike(first.text) > 0.8 || wide*10 < 6*below || len(tokens(first.text)) == 1 && departmentLike(first.text) > 0.5 && wide < below
}

// column says that single characters stand under one another: a name set from
// top to bottom whose characters were found one by one.
func column(ps []*piece) bool {
	for _, p := range ps {
		if rs := []rune(p.text); len(rs) != 1 || !han(rs[0]) || abs(p.box.Min.X-ps[0].box.Min.X) > p.high/2 {
			return false
		}
	}
	return len(ps) <= 4
}

// wrapped lowers the likeness of joined lines when the first or the last is a
// whole value by itself.
func wrapped(all, first, last float64, ps []*piece) float64 {
	l := ps[len(ps)-1]
	c, _, _ := hans(l.text)
	if goesOn(ps) {
		return all
	}
	if n := len(ps); n > 2 && c == 0 && goesOn(ps[:n-1]) && len(tokens(l.text)) <= 2 && abs(l.high-ps[0].high)*4 < ps[0].high {
		return all // "Institute / of Marine / Research"
	}
	if acronym[strings.ToLower(strings.TrimSpace(l.text))] && departmentLike(ps[0].text) > 0.5 {
		return 0
	}
	if c == 0 && trailing(ps[0], l) {
		return min(1.05, all+0.1)
	}
	if opensTitle(ps[0].text) && c > 0 && c <= 4 {
		return min(1, all+0.2)
	}
	f := ps[0].text
	if c > 0 && runes(squeeze(f)) < 5 || chineseName(f) > 0.8 || latinName(f) > 0.85 && first < 0.5 || all < first+0.03 && likeliest(f) > 0.7 && first > 0.7 {
		return 0
	}
	if all < 0.7 || first > 0.9 && (likeliest(l.text) > 0.55 || !full(ps) || all < 0.85) {
		return 0
	}
	whole := c > 6 || c == 0 && len(tokens(l.text)) > 2
	if last > 0.85 && whole && !full(ps) {
		return all - 0.3
	}
	if !full(ps) {
		all -= 0.08
	}
	return all
}

// alone says that a text may well be a title or department by itself.
func alone(s string) bool { return max(titleLike(s), departmentLike(s)) > 0.84 }

// hasRoom says that the first line might have gone on: another line of the card
// that begins or ends where it does is clearly longer than it would be with the
// next line's first word.
func (g *page) hasRoom(ps []*piece) bool {
	a, b := ps[0], ps[1]
	la, lb := a.level(), b.level()
	n := max(1, runes(b.text))
	word := runes(firstWord(b.text))
	if han([]rune(b.text)[0]) {
		word = 2
	}
	need := la.Dx() + lb.Dx()*(word+1)/n
	for _, p := range g.pieces {
		l := p.level()
		if p == a || p == b || p.text == "" || p.up != a.up {
			continue
		}
		flush := abs(l.Min.X-la.Min.X) < a.high || abs(l.Max.X-la.Max.X) < a.high || abs(l.Min.X+l.Max.X-la.Min.X-la.Max.X) < a.high
		if flush && l.Dx()*10 > need*11 {
			return true
		}
	}
	return false
}

// trailing says that a long Latin title with its field behind a comma, "Chief
// Expert, Traction Battery", goes on with the shorter line below.
func trailing(a, b *piece) bool {
	t, next := tokens(a.text), tokens(b.text)
	if len(t) < 4 || len(next) == 0 || !strings.Contains(a.text, ", ") || titleLike(a.text) < 0.8 || titleLike(b.text) > 0.5 {
		return false
	}
	end := next[len(next)-1]
	return !words().title["head"][t[len(t)-1]] && !dividing[end] && departmentLike(b.text) > 0.8 && b.level().Dx() < a.level().Dx()
}

// acronym are titles that no trade stands before.
var acronym = map[string]bool{"ceo": true, "cfo": true, "coo": true, "cto": true, "cio": true, "cmo": true, "cso": true, "chro": true}

// opensTitle says that a Chinese text ends with the first word of a rank.
func opensTitle(s string) bool {
	s = fold(squeeze(s))
	for _, w := range []string{"首席", "高级", "资深", "特级", "助理", "执行", "一级", "主任", "特约"} {
		if strings.HasSuffix(s, w) && runes(s) > 6 {
			return true
		}
	}
	return false
}

// goesOn says that every line but the last ends with a word or sign that must go
// on.
func goesOn(ps []*piece) bool {
	for i, p := range ps[:len(ps)-1] {
		s := strings.TrimRight(p.text, " ")
		f := strings.Fields(strings.ToLower(s))
		if next := firstWord(ps[i+1].text); connecting[next] || next == "&" {
			continue
		}
		if len(f) == 0 || !strings.HasSuffix(s, ",") && !strings.HasSuffix(s, "&") && !strings.HasSuffix(s, "-") && !connecting[f[len(f)-1]] {
			return false
		}
	}
	return true
}

// connecting words never end a value.
var connecting = map[string]bool{"and": true, "of": true, "for": true, "the": true, "at": true, "to": true, "in": true}

// full says that a line was broken because its next word had no room.
func full(ps []*piece) bool {
	for i, a := range ps[:len(ps)-1] {
		b := ps[i+1]
		n := max(1, runes(b.text))
		word := runes(firstWord(b.text))
		if r := []rune(b.text); han(r[0]) {
			word = 2
		}
		la, lb := a.level(), b.level()
		need := la.Dx() + lb.Dx()*word/n
		if need*100 < 97*max(la.Dx(), lb.Dx()) {
			return false
		}
	}
	return true
}

// joinedAddress: each further line must go on, not begin anew.
func joinedAddress(ps []*piece, text string) float64 {
	if c, _, _ := hans(text); c > 80 || runes(text) > 170 { // prose
		return 0
	}
	s := placeLike(text)
	if ps[0].field == "address" {
		s = max(s, 0.9)
	}
	if s < 0.6 {
		return 0
	}
	so := ps[0].text
	if ps[0].field == "" && !chinesePrint(so) && placeLike(so) < 0.1 && !strings.HasSuffix(so, ",") {
		return 0
	}
	for _, p := range ps {
		if strings.ContainsAny(p.text, ":：") || strings.Contains(p.text, "www.") || longRun.MatchString(p.text) || runes(p.text) < 2 && !han([]rune(p.text)[0]) && !strings.HasSuffix(ps[0].text, "之") || words().company.ends("legal", fold(squeeze(p.text))) > 0 || !chinesePrint(p.text) && companyLike(p.text) > 0.94 {
			return 0
		}
	}
	if ps[0].field == "" && chinesePrint(so) && (companyLike(so) > 0.9 || notPlace(so) && !strings.ContainsAny(so, "0123456789")) {
		return 0
	}
	for i, before := 1, so; ps[0].field == "" && i < len(ps) && chinesePrint(so); i++ {
		if startsAddress(ps[i].text) && placeLike(before) < 0.3 && spanOf(fold(ps[i].text)).house {
			return 0
		}
		before = glue(before, ps[i].text)
	}
	if ps[0].field == "" && startsAddress(ps[1].text) && (siteName(so) || siteOf(so, true)) {
		if p := spanOf(fold(ps[1].text)); p.house || p.site && digitsIn(ps[1].text) > 0 {
			return 0
		}
	}
	if ps[0].field == "" && townName(so) && digitsIn(ps[1].text) > 0 && placeLike(ps[1].text) > 0.5 {
		return 0 // the town of an office; Latin addresses begin with the narrowest
	}
	for _, p := range ps[1:] {
		a := placeLike(p.text)
		switch c, l, d := hans(p.text); {
		case c > 0 && c < 3 && l+d == 0 && chinesePrint(so) && !strings.ContainsAny(p.text, "号號楼樓室层層座栋棟内內元") && !(endsPlace(p.text) && full([]*piece{ps[0], p})):
			return 0 // the rest of another line
		case strings.Count(p.text, "·") > 1 && d == 0:
			return 0 // what the firm deals in
		case startsAddress(p.text) && spanOf(fold(so)).house && placeLike(so) > 0.5:
			return 0
		case chinesePrint(p.text) == chinesePrint(so) && !chinesePrint(so) && ended(so) && latinHouse.MatchString(p.text):
			return 0
		case !chinesePrint(p.text) && ended(so) && strange(p.text):
			return 0
		case a < 0.2 && digitsIn(p.text) == 0 && !strings.HasSuffix(strings.TrimSpace(so), ",") && !full([]*piece{ps[0], p}):
			return 0
		}
		so = glue(so, p.text)
	}
	return min(1.1, s+0.1)
}

// joinRows puts an address together whose line was found in two parts, with less
// than a character and a half between: "…818号　致远楼B417".
func joinRows(ps []*piece) {
	for _, a := range ps {
		if a.up || !chinesePrint(a.text) || a.field != "address" && (a.field != "" || placeLike(a.text) < 0.7) {
			continue
		}
		for _, b := range ps {
			room := b.box.Min.X - a.box.Max.X
			row := min(a.box.Max.Y, b.box.Max.Y)-max(a.box.Min.Y, b.box.Min.Y) > a.high/2
			if b == a || b.field != "" || b.up || b.text == "" || !row || room < -a.high/2 || room*2 > 3*a.high || abs(a.high-b.high)*4 > a.high || !chinesePrint(b.text) || placeLike(b.text) < 0.1 || startsAddress(b.text) {
				continue
			}
			a.join([]*piece{a, b})
			break
		}
	}
}

// notPlace says that a Chinese line is something else than a part of an address:
// a name, a title or a department, and names no place.
func notPlace(s string) bool {
	return max(chineseName(s), titleLike(s), departmentLike(s)) > 0.85 && placeLike(s) < 0.3
}

// endsPlace says that one or two Chinese characters may be the last of an address:
// "园" of an industrial park that had no room in the line above.
func endsPlace(s string) bool {
	f := []rune(fold(squeeze(s)))
	return strings.ContainsRune("园区厂村路街道场侧旁口厦院馆苑铺段巷弄城镇店", f[len(f)-1])
}

// longRun is longer than any number in an address.
var longRun = regexp.MustCompile(`\d{7,}|\d{4} \d{4} \d{4}`)

// ended says that a Latin address has come to its country or postcode.
func ended(s string) bool {
	t := tokens(s)
	if len(t) < 3 || strings.HasSuffix(s, ",") {
		return false
	}
	last := t[len(t)-1]
	return words().address["place"][last] || digitsIn(last) >= 5 || len(t) > 4 && province[last]
}

// province is what Latin addresses of China end with where no country stands.
var province = map[string]bool{"guangdong": true, "zhejiang": true, "jiangsu": true, "fujian": true, "shandong": true, "hunan": true, "hubei": true, "henan": true, "hebei": true, "sichuan": true, "anhui": true, "jiangxi": true, "liaoning": true, "shaanxi": true, "shanxi": true, "yunnan": true, "guangxi": true, "guizhou": true, "heilongjiang": true, "jilin": true, "hainan": true, "gansu": true, "xinjiang": true}

// strange says that no word of a Latin text belongs into an address.
func strange(s string) bool {
	t := tokens(s)
	_, latin, _ := hans(s)
	return latin > 2 && words().address.count("latin", t)+words().address.count("place", t) == 0
}

func chinesePrint(s string) bool {
	c, l, _ := hans(s)
	return c > 0 && c*3 > l
}

func oneScript(ps []*piece) bool {
	for _, p := range ps[1:] {
		c, l, _ := hans(p.text)
		if chinesePrint(p.text) != chinesePrint(ps[0].text) && (c+l > 2 || c == 2 && l == 0 && digitsIn(p.text) == 0) {
			return false
		}
	}
	return true
}

func glue(a, b string) string {
	ar, br := []rune(a), []rune(b)
	switch before, after := ar[len(ar)-1], br[0]; {
	case han(before) && (han(after) || after >= '0' && after <= '9' || after >= 'A' && after <= 'Z') || han(after):
		return a + b
	case before == '-' && (after >= 'a' && after <= 'z' || len(ar) > 1 && latinLetter(ar[len(ar)-2]) && latinLetter(after)):
		return a + b
	}
	return a + " " + b
}
