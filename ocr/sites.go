package ocr

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// siteName says that a short Chinese text without numbers names a shop, a works
// or a town, as stands above the address of each of several: "杭州店".
func siteName(s string) bool {
	c, l, d := hans(s)
	if c < 2 || c > 6 || d > 0 || l > 12 {
		return false
	}
	f := []rune(fold(squeeze(s)))
	return !strings.ContainsRune("省市区县州国乡镇", f[len(f)-1])
}

// siteWord is what an office, a works or a shop among several is called: behind
// the name of a town, or alone.
var siteWord = []string{"总部", "总公司", "分公司", "子公司", "本社", "支社", "支店", "分店", "分社", "营业所", "营业部", "办事处", "事务所", "联络处", "工厂", "厂区", "总厂", "分厂", "厂", "展厅", "展示中心", "展示厅", "门店", "旗舰店", "直营店", "店", "馆", "仓库", "物流中心", "生产基地", "基地", "庄园", "农场", "农庄", "酒庄", "茶园", "工作室", "办公室", "研发中心", "门市部", "门市"}

// siteHeading says that a text is the name of a site: "高雄分公司", "Tokyo Branch",
// "Showroom". It says nothing unless an address stands beside or below.
func siteHeading(s string) bool {
	c, l, d := hans(s)
	switch {
	case d > 0:
		return false
	case c > 0:
		f := fold(squeeze(s))
		for _, w := range siteWord {
			if rest, ok := strings.CutSuffix(f, w); ok && l == 0 && c <= 8 {
				return rest == "" && c > 1 || rest != "" && runes(rest) <= 4
			}
		}
		return l == 0 && c <= 8 && centreOf(f)
	}
	t := tokens(s)
	if first, _ := utf8.DecodeRuneInString(s); len(t) == 0 || len(t) > 3 || !unicode.IsUpper(first) || len(t) > 2 && !capitalized(s) {
		return false
	}
	switch t[len(t)-1] {
	case "showroom", "factory", "warehouse", "plant", "headquarters", "workshop", "branch", "depot", "boutique", "mill", "distillery", "brewery", "winery", "works", "cellar", "cellars", "taproom", "studios", "atelier", "foundry", "nursery", "quarry", "bakery", "shipyard", "farm", "estate", "vineyard", "laboratory", "lab":
		return true
	case "office", "store", "shop", "studio":
		return len(t) > 1 && (t[0] == "head" || t[0] == "main" || t[0] == "registered" || t[0] == "sales" || t[0] == "branch" || cities()[plainLetters(t[0])] || words().address["place"][t[0]])
	}
	return false
}

// centreOf says that a folded text is a town and what a firm has there: "武汉分拨
// 中心", "苏州仓".
func centreOf(f string) bool {
	rest := strings.TrimPrefix(f, places().head(f))
	if rest == f {
		return false
	}
	for _, w := range []string{"中心", "仓", "库", "园区", "校区", "院区", "厂区", "车间", "码头", "码头仓", "门诊", "基地"} {
		if strings.HasSuffix(rest, w) && runes(rest) <= runes(w)+3 {
			return true
		}
	}
	return false
}

// siteLabel makes the name of a site a label, if an address stands where labels
// have their values.
func (p *piece) siteLabel(ps []*piece) bool {
	if p.label || p.field != "" || p.up || !siteHeading(p.text) {
		return false
	}
	probe := *p
	probe.field = "any"
	for _, v := range ps {
		if _, ok := beside(&probe, v); ok && siteAddress(v.text) {
			p.word, p.why = p.text, append(p.why, "label \""+p.text+"\"")
			p.field, p.label, p.text = "any", true, ""
			return true
		}
	}
	return false
}

// siteBlocks takes the names of sites out that stand above blocks of labelled
// values, "中山工廠" over "地址:…": they are no company and no department. One
// that may be either needs the block of another site on the card.
func siteBlocks(ps []*piece) {
	var blocks []*piece
	for _, v := range ps {
		if v.label && v.text != "" && v.field == "address" && !v.up {
			blocks = append(blocks, v)
		}
	}
	for _, p := range ps {
		if p.label || p.field != "" || p.up || len(blocks) == 0 || !siteOf(p.text, len(blocks) > 1) {
			continue
		}
		if slices.ContainsFunc(blocks, func(v *piece) bool {
			down := v.box.Min.Y - p.box.Max.Y
			return abs(v.box.Min.X-p.box.Min.X) < p.high && down > -p.high/2 && down < p.high
		}) {
			p.field, p.text, p.why = "none", "", append(p.why, "names the site of the address below")
		}
	}
}

// siteOf says that a text is the name of a site and of nothing else; on a card
// with several, a centre may be one too.
func siteOf(s string, several bool) bool {
	f := fold(squeeze(s))
	c, l, d := hans(s)
	if several && d+l == 0 && c >= 4 && c <= 8 && strings.HasSuffix(f, "中心") {
		return true
	}
	if c == 0 || !siteHeading(s) {
		return false
	}
	for _, w := range siteWord {
		if rest, ok := strings.CutSuffix(f, w); ok && (several || rest == "" || places().wide[rest] > 0) {
			return true
		}
	}
	return false
}

// siteAddress says that a text may be the address of a site: its name beside it
// makes up for words that no list has.
func siteAddress(s string) bool {
	return digitsIn(s) > 0 && (placeLike(s) > 0.3 || postCode.MatchString(s)) && promised(s) != "phone" && promised(s) != "email" && promised(s) != "website"
}

// siteBefore cuts the name of a site off the Chinese address that begins behind
// it, with no more than a blank between, which engines lose: "神冈工厂台中市…".
func siteBefore(s string) (site, address string) {
	rs := []rune(s)
	for i := 2; i <= 8 && i < len(rs)-6; i++ {
		head, rest := string(rs[:i]), string(rs[i:])
		if siteHeading(head) && startsAddress(rest) && spanOf(fold(rest)).house {
			return strings.TrimSpace(head), strings.TrimSpace(rest)
		}
	}
	return "", s
}

// latinSiteBefore does so for a word before a Latin address with a number and a
// comma: "Factory Strada Provinciale 32, 20833 Giussano".
func latinSiteBefore(s string) (site, address string) {
	f := strings.Fields(s)
	for i := 1; i <= 2 && i < len(f)-2; i++ {
		head, rest := strings.Join(f[:i], " "), strings.Join(f[i:], " ")
		first := tokens(f[i])
		if siteHeading(head) && len(first) > 0 && !streetBehind[first[0]] && strings.Contains(rest, ",") && digitsIn(rest) > 0 && (placeLike(rest) > 0.6 || postCode.MatchString(rest)) {
			return head, rest
		}
	}
	return "", s
}

// streetBehind are streets' kinds that stand behind a name, which a word before
// them may be: "Factory Road".
var streetBehind = map[string]bool{"road": true, "rd": true, "street": true, "st": true, "lane": true, "ln": true, "avenue": true, "ave": true, "close": true, "way": true, "drive": true, "yard": true, "court": true, "row": true, "building": true, "bldg": true, "park": true, "estate": true, "hill": true, "square": true, "place": true, "terrace": true, "no": true}

// townName says that a Latin text is the name of a town and nothing else.
func townName(s string) bool {
	t := latinWords(s)
	if len(t) == 0 || len(t) > 3 || digitsIn(s) > 0 || strings.ContainsAny(s, ",.;:") || !capitalized(s) {
		return false
	}
	name := strings.Join(t, " ")
	return cities()[name] || words().address["place"][name] || len(areaTable().codes[name]) > 0
}

// dropSites takes the names of sites out of the addresses that stand below.
func (g *page) dropSites() {
	for _, p := range g.pieces {
		if p.field != "address" || p.label || p.lines > 1 || !siteName(p.text) {
			continue
		}
		if slices.ContainsFunc(g.pieces, func(q *piece) bool {
			below := q.box.Min.Y - p.box.Max.Y
			return q != p && q.field == "address" && startsAddress(q.text) && below > -p.high/2 && below < 2*p.high && abs(q.box.Min.X-p.box.Min.X) < 3*p.high
		}) {
			p.field, p.why = "none", append(p.why, "names the site of the address below")
		}
	}
}
