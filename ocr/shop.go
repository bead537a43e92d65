package ocr

import "strings"

// shopEnds are what shops, workshops and small works end their names with. A
// family name or a place may end so too, so they count only on a card that
// names no firm.
const shopEnds = "行坊轩斋阁堂馆店社舍厂铺号记居楼庄窑会站局署院园吧屋苑"

// shopTrades are trades that the name of a shop or a studio ends with.
var shopTrades = []string{"咖啡", "茗茶", "茶业", "茶品", "茶事", "陶艺", "木作", "手作", "花艺", "摄影", "影像", "印务", "印刷", "设计", "服饰", "饰品", "家居", "家具", "糕饼", "烘焙", "面包", "海味", "拉面", "火锅", "茶饮", "美学", "空间", "文创", "文化", "传媒", "广告", "互动", "数据", "科技", "速运", "快递", "海运", "物流", "地产", "测量师", "建筑", "园艺", "珠宝", "银饰", "古琴", "乐器", "皮具", "布艺", "刺绣", "酒业", "酿造", "果业", "农业", "渔业", "水产", "五金", "工艺", "美术", "音乐", "教育", "瑜伽", "旅行", "旅游", "民宿", "客栈", "旅舍", "汽修", "装饰", "装潢", "工程", "机械", "电子", "电器", "纺织", "针织", "制衣", "模具", "塑胶"}

// shopLike says how much a Chinese text is the name of a shop or studio that no
// legal form ends, 0–1.
func shopLike(s string) float64 {
	f := fold(squeeze(trimBrackets(s)))
	rs := []rune(f)
	if c, l, d := hans(f); c != len(rs) || l+d > 0 || c < 3 || c > 12 || motto(s) > 0.5 {
		return 0
	}
	for _, w := range shopTrades {
		if rest, ok := strings.CutSuffix(f, w); ok && runes(rest) >= 2 && runes(rest) <= 8 {
			return 0.7
		}
	}
	if strings.ContainsRune(shopEnds, rs[len(rs)-1]) && !siteOf(s, true) {
		return 0.6
	}
	return 0
}

// guessCompany takes the line that stands out most, by size and above the
// others, where nothing on the card is a firm by its words: a brand.
func (g *page) guessCompany() {
	var best *piece
	most := 1.0
	for _, p := range g.pieces {
		c, l, d := hans(p.text)
		if p.field != "" || c < 2 || c > 12 || l+d > 0 || strings.ContainsAny(p.text, "，。、·,.:：|/!") || motto(p.text) > 0.5 || max(titleLike(p.text), departmentLike(p.text), placeLike(p.text)) > 0.6 {
			continue
		}
		size := min(float64(p.high)/g.usual, 2.2)
		score := 0.6*size + 0.5*shopLike(p.text)
		if g.topmost(p) {
			score += 0.2
		}
		if score > most {
			best, most = p, score
		}
	}
	if best == nil {
		return
	}
	best.take("company", neat(best.text), 0.6, "stands out where no firm is named")
	best.facts.guessed = true
}

// topmost says that nothing stands above a piece.
func (g *page) topmost(p *piece) bool {
	for _, q := range g.pieces {
		if q != p && q.text != "" && q.box.Max.Y <= p.box.Min.Y {
			return false
		}
	}
	return true
}
