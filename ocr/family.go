package ocr

import (
	"strings"
	"sync"
	"unicode"
)

// seldom are family names that engines seldom meet, each behind the characters
// that they are read as. Both scripts; ours.
const seldom = `洗冼 先冼 冻冼 智昝 咎昝 替昝 元亓 开亓 瑰璩 璇璩 据璩 優仉 优仉 仅仉 伉仉 退逯 逮逯 迷逯 榻禤 襯禤 褐禤 此訾 紫訾 蘭藺 闌藺 兰蔺 阑蔺
都郗 希郗 却郄 鄥鄔 謬繆 谬缪 罩覃 章覃 余佘 全仝 今仝 逢逄 槐隗 愧隗 魄隗 邦郏 部邰 部郜 焉鄢 恒桓 糕禚 库厍 度庹 晃晁 睦眭 雎睢 削蒯 苟荀 湛谌 堪谌 堪諶 扭钮 扭鈕
抖钭 闪闵 閃閔 闰闫 闆閻 袭龚 襲龔 密宓 官宦 功巩 坐巫 瘐庾 寥廖 戒戎 竭揭 宴晏 扑朴 抗杭 奕栾 弈栾 焚樊 受殳 母毋 祈祁 基綦 慕綦 藏臧 刑荆 刑邢 薜薛 储褚 諸褚 诸褚 院阮 随隋
雅雍 冬佟 傳傅 傅傳 下卞 稽嵇 师帅 威戚 祇祗 郎邬 丽郦 麗酈 贵贲 焦谯 抑柳 杜社 社杜 斬靳 靳斬 勒靳 叢業 頂項 顶项 頂项 須顧 萧肅 詹瞻 瞻詹 鈡鍾 鮮鲜 瓤瞿 翟瞿 瞿翟 粟栗 栗粟 弁牟 叩邝 廣鄺 廣邝 广邝 曉饶 曉饒 晓饶 尸户 尸尹 伊尹 尹伊 弋戈 戈弋 笨竺 竿竺 茵芮 丙芮 内芮 內芮 苦古 凡亢 兀亓`

// families are the family names that a character may be misread from.
var families = sync.OnceValue(func() map[rune][]string {
	out := map[rune][]string{}
	for _, pair := range strings.Fields(seldom) {
		rs := []rune(pair)
		if _, ok := words().surnames[fold(string(rs[1]))]; ok {
			out[rs[0]] = append(out[rs[0]], string(rs[1]))
		}
	}
	return out
})

// mendFamily gives a Chinese name the rare family name that its first character
// looks like, where the mail address or the Latin name spells that one, or
// where the character is no family name at all. Where they spell another that
// none is known to look like, the name is in doubt.
func (g *page) mendFamily() {
	for _, p := range g.pieces {
		rs := []rune(p.text)
		if p.field == "name" && len(rs) > 1 && noFamily[rs[0]] != 0 {
			rs[0] = noFamily[rs[0]]
			p.text, p.facts.repaired = string(rs), true
			p.why = append(p.why, "a family name in its own form")
		}
		if p.field != "name" || len(rs) < 2 || len(rs) > 3 || !chinesePrint(p.text) {
			continue
		}
		says := append(g.latinNames(), g.email)
		now := bestSpelled(p.text, says)
		_, listed := words().surnames[fold(string(rs[:1]))]
		for _, family := range families()[rs[0]] {
			with := family + string(rs[1:])
			if s := bestSpelled(with, says); s > 0.75 && s > now || !listed && now == 0 && len(families()[rs[0]]) == 1 {
				p.text, p.facts.repaired, p.facts.guessed = with, true, s <= 0.75
				p.why = append(p.why, "a rare family name that is read so")
				return
			}
		}
		if now == 0.6 && anotherFamily(rs, g.email) {
			p.facts.against, p.facts.guessed = true, true
			p.why = append(p.why, "the mail address has another family name")
		}
	}
}

// noFamily are traditional forms that no family name has, and those that they are
// taken for.
var noFamily = map[rune]rune{'週': '周', '薑': '姜', '餘': '余', '遊': '游', '瀋': '沈', '鬱': '郁', '穀': '谷', '種': '种', '後': '后', '麯': '曲', '鼕': '冬', '佔': '占', '鬍': '胡', '樑': '梁', '硃': '朱', '慄': '栗', '讎': '仇', '慼': '戚', '蓆': '席', '倖': '幸', '矇': '蒙', '鹹': '咸', '範': '范', '於': '于', '鬆': '松'}

// latinNames are the card's names in Latin letters, as mail users.
func (g *page) latinNames() (out []string) {
	for _, p := range g.pieces {
		if p.field == "name" && !chinesePrint(p.text) {
			t := tokens(p.text)
			out = append(out, strings.Join(t, "")+"@")
			if len(t) > 1 {
				out = append(out, strings.Join(append(t[len(t)-1:], t[:len(t)-1]...), "")+"@")
			}
		}
	}
	return out
}

func bestSpelled(name string, mails []string) (best float64) {
	for _, m := range mails {
		best = max(best, spelled(name, m))
	}
	return best
}

// anotherFamily says that what a mail address has beside a given name in full is
// a syllable, and not of this family name.
func anotherFamily(name []rune, email string) bool {
	local, _, _ := strings.Cut(strings.ToLower(email), "@")
	local = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, local)
	given, _ := spell(name[1:])
	for _, w := range given {
		before, after, ok := strings.Cut(local, w)
		if rest := before + after; ok && len(w) > 3 && len(rest) > 1 && syllables()[rest] {
			for _, f := range familyReadings(string(name[:1])) {
				if f == rest {
					return false
				}
			}
			return true
		}
	}
	return false
}
