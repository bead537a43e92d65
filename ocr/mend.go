package ocr

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	roundZero = regexp.MustCompile(`(\d)[oO](\d|\b)|\b[oO](\d{2,})`)
	zerosRead = regexp.MustCompile(`\b\d{2}[oO]{2,3}\b|\b\d{3}[oO]{1,2}\b`)
	wordZero  = regexp.MustCompile(`([a-z]{2})0([a-z]{2}|[ ,.]|$)`)
	postBox   = regexp.MustCompile(`(?i)\bP\.?\s?[0O]\.?\s?Box\b`)
	stateCode = regexp.MustCompile(`\bC0 (\d{5})\b`)
	strayHead = regexp.MustCompile(`^(?:[A-Za-z]{1,7}|\d{1,2})[.:： ]{0,2}(\p{Han}.+)$`)
	// 邨 of a housing estate, and 氹 of Taipa, which engines do not know
	wrongVillage = regexp.MustCompile(`([^電\s:：])郵([^政局電箱編件差輪遞寄票筒:：\s])`)
	wrongTaipa   = regexp.MustCompile(`(澳門)[冰水永冻凼汆]仔`)
	// an Italian province, as in "20121 Milano (MI)"
	provinceSign = regexp.MustCompile(`[(（]([A-Z])[l1|][)）]`)
	tallOne      = regexp.MustCompile(`([a-z]{2})1([ ,]|$)`)
	labelRest    = regexp.MustCompile(`^(?:Addr?|Ad|ADD)[.: ]*(\p{Han}{4})`)
	zeroWord     = regexp.MustCompile(`(^|[ ,·])0([a-z]{4})`)
	tallL        = regexp.MustCompile(`\b([A-Z])I([a-z])`)
)

// mendAddress puts right what engines confuse in addresses: zeros and letters,
// and names of places that only one character keeps from the gazetteer's.
func (p *piece) mendAddress(s string) string {
	was := s
	if chinesePrint(s) {
		s = labelRest.ReplaceAllString(s, "$1")
		if _, n := utf8.DecodeRuneInString(s); !startsAddress(s) && startsAddress(s[n:]) && strings.ContainsAny(string([]rune(s[n:])[1:min(4, runes(s)-1)]), "省市") {
			s = s[n:] // an icon before it
		}
		s = roundZero.ReplaceAllString(s, "${1}0${2}${3}")
		if m := strayHead.FindStringSubmatch(s); m != nil && startsAddress(m[1]) {
			s = m[1] // what is left of a label or an icon
		}
		s = wrongVillage.ReplaceAllString(s, "${1}邨$2")
		s = wrongTaipa.ReplaceAllString(s, "${1}氹仔")
		s = places().repair(withoutTail(roomSign.ReplaceAllString(s, "$1$2")))
	} else {
		if rs := []rune(s); han(rs[len(rs)-1]) && (len(rs) < 2 || !han(rs[len(rs)-2])) {
			s = strings.TrimSpace(string(rs[:len(rs)-1]))
		}
		s = roundZero.ReplaceAllString(s, "${1}0${2}${3}")
		s = postBox.ReplaceAllString(s, "P.O. Box")
		s = stateCode.ReplaceAllString(s, "CO $1")
		s = zerosRead.ReplaceAllStringFunc(s, func(w string) string { return strings.NewReplacer("o", "0", "O", "0").Replace(w) })
		s = wordZero.ReplaceAllString(s, "${1}o${2}")
		s = zeroWord.ReplaceAllString(s, "${1}O$2")
		s = strings.NewReplacer("R.0.C", "R.O.C", "n.°", "n.º").Replace(s)
		s = tallL.ReplaceAllString(s, "${1}l$2")
		s = tallOne.ReplaceAllString(s, "${1}l$2")
		if strings.Contains(strings.ToLower(s), " rue ") {
			s = strings.NewReplacer("Montreal", "Montréal", "Quebec", "Québec").Replace(s)
		}
		s = provinceSign.ReplaceAllString(s, "(${1}I)")
		s = p.mendWords(mendLatin(accented(s, p.alt), p.alt))
		for plain, accented := range accents {
			s = strings.ReplaceAll(s, plain, accented)
		}
	}
	if squeeze(s) != squeeze(was) {
		p.facts.repaired = true
		p.why = append(p.why, "a place or number put right")
	}
	return s
}

// withoutTail takes off the sign that an icon behind an address was read as.
func withoutTail(s string) string {
	rs := []rune(s)
	if n := len(rs); n > 8 && strings.ContainsRune("室楼层号座栋樓層號棟", rs[n-2]) && han(rs[n-1]) && !strings.ContainsRune("全内內东西南北東之室楼樓号號层層座栋棟旁侧側前后後院馆館店铺鋪仓倉库庫门門口厅廳房厂廠边邊村", rs[n-1]) {
		return string(rs[:n-1])
	}
	return s
}

// dropSignBehindName takes off the character that an ornament behind a Chinese
// name was read as, where only the rest is a name and the mail address spells it.
func (p *piece) dropSignBehindName(email string) {
	rs := []rune(squeeze(p.text))
	if p.field != "" || len(rs) < 4 || len(rs) > 5 || chineseName(p.text) > 0.5 {
		return
	}
	rest := string(rs[:len(rs)-1])
	if c, _, _ := hans(p.text); c != len(rs) || chineseName(rest) < 0.9 || spelled(rest, email) < 0.5 || max(titleLike(p.text), departmentLike(p.text), companyLike(p.text), placeLike(p.text)) > 0.4 {
		return
	}
	p.text, p.facts.repaired = rest, true
	p.why = append(p.why, "a sign behind the name taken off")
}

// limited is "Co., Ltd" with a letter of the last word lost or misread.
var limited = regexp.MustCompile(`(?i)\b(Co)([.,]{1,2} ?|\s)(td|lid|lld|itd|ltcl|lta|lt|ld|ltd[i1l]|ud|ltd)(\.?)$`)

// mendBrand decides between two readings of a character in a Chinese company by
// the domain, which spells brands: 宏鎧 or 宏鐵 in hungkai.example.
func (p *piece) mendBrand(s string, domains []string) string {
	rs, other := []rune(s), []rune(squeeze(p.alt))
	if len(rs) != len(other) || !chinesePrint(s) {
		return s
	}
	spells := func(r rune) bool {
		return slices.ContainsFunc(words().readings[words().plain(r)], func(syllable string) bool {
			return len(syllable) > 1 && slices.ContainsFunc(domains, func(d string) bool {
				host, _, _ := strings.Cut(d, ".")
				return !publicMail[d] && strings.Contains(host, syllable)
			})
		})
	}
	for i, r := range rs {
		if o := other[i]; o != r && han(r) && han(o) && words().plain(o) != words().plain(r) && spells(o) && !spells(r) {
			rs[i] = o
			p.facts.repaired = true
			p.why = append(p.why, "the domain spells the other reading")
		}
	}
	return string(rs)
}

// lostAnd is an & that was read as a letter or digit between two words.
var lostAnd = regexp.MustCompile(`(\p{L}{2}) (?:8|[eaG6g](?: ?e)?|Se|de|et|é) ((?i:sons?|daughters?|co\.?|cie\.?|brothers|bros\.?|partners|associates|company)\b)`)

// mendCompany puts the legal form of a Latin name right.
func (p *piece) mendCompany(s string) string {
	if with := lostAnd.ReplaceAllString(s, "$1 & $2"); with != s && !chinesePrint(s) {
		p.facts.repaired = true
		p.why = append(p.why, "&, read as a letter or digit")
		s = with
	}
	m := limited.FindStringSubmatch(s)
	if m == nil || strings.EqualFold(m[3], "ltd") {
		return s
	}
	form := "Ltd"
	if m[1] == "CO" {
		form = "LTD"
	}
	p.facts.repaired = true
	p.why = append(p.why, "its legal form put right")
	return s[:len(s)-len(m[3])-len(m[4])] + form + m[4]
}

// accents are names of places that are not printed without.
var accents = map[string]string{"Munchen": "München", "Nurnberg": "Nürnberg", "Wurzburg": "Würzburg", "Koln,": "Köln,", "Espana": "España", "Espafia": "España", "Sao Paulo": "São Paulo", "Malmo,": "Malmö,", "Goteborg": "Göteborg", "Saarbrucken": "Saarbrücken", "Lubeck": "Lübeck"}

// mendName lets the mail address put right a Latin name that was read with a
// letter or two wrong or lost, and small l for a capital I.
func (p *piece) mendName(s, email string) string {
	local, _, ok := strings.Cut(email, "@")
	parts := strings.FieldsFunc(strings.ToLower(local), func(r rune) bool { return r == '.' || r == '_' || r == '-' || unicode.IsDigit(r) })
	given := words().given["latin"]
	words := strings.Fields(s)
	for i, w := range words {
		if with := umlauts(w, parts); with != w {
			words[i] = with
			continue
		}
		if len(w) > 4 && w[0] == '(' && w[1] == 'l' && strings.IndexByte("aeiou", w[2]) < 0 {
			words[i] = "(I" + w[2:]
		}
		if len(w) > 2 && w[0] == 'l' && strings.IndexByte("aeiou", w[1]) < 0 {
			words[i] = "I" + w[1:]
		}
		if plain := plainLetters(w); ok && plain == strings.ToLower(w) && !given[plain] { // a known name is no misreading
			words[i] = spellAs(words[i], plainLetters(strings.Join(words[i:], "")), parts)
		}
	}
	out := strings.Join(words, " ")
	if out != s {
		p.facts.repaired = true
		p.why = append(p.why, "a letter put right by the mail address")
	}
	return out
}

// umlauts gives a word the marks that a part of the mail address spells out:
// Bruggemann beside brueggemann is Brüggemann, Oerjan stays.
func umlauts(w string, parts []string) string {
	low := strings.ToLower(w)
	for _, part := range append(parts, "") {
		if len(part) <= len(low) || plainLetters(w) != low {
			continue
		}
		rs, k := []rune(w), 0
		for i := 0; i < len(rs) && k < len(part); i, k = i+1, k+1 {
			if byte(unicode.ToLower(rs[i])) != part[k] {
				break
			}
			if k+1 < len(part) && part[k+1] == 'e' && (i+1 == len(rs) || unicode.ToLower(rs[i+1]) != 'e') {
				if with := marked[rs[i]]; with != 0 {
					rs[i] = with
					k++
				}
			}
			if i == len(rs)-1 && k == len(part)-1 {
				return string(rs)
			}
		}
	}
	return w
}

// marked are the vowels whose mark is written as an e behind them.
var marked = map[rune]rune{'a': 'ä', 'o': 'ö', 'u': 'ü', 'A': 'Ä', 'O': 'Ö', 'U': 'Ü'}

// initialsOf says that a part of a mail address is a word of the name with the
// initials of what follows: longqs for Long Qingsheng.
func initialsOf(part, low, rest string) bool {
	end, ok := strings.CutPrefix(part, low)
	return ok && end != "" && len(end) < 4 && !strings.ContainsAny(end, "aeiou") && strings.HasPrefix(strings.TrimPrefix(rest, low), end[:1])
}

// spellAs gives a word the letters of the one among parts that it is nearly, or
// the beginning of; rest is the word and what follows.
func spellAs(w, rest string, parts []string) string {
	low := strings.ToLower(w)
	for _, part := range parts {
		if part == low || initialsOf(part, low, rest) || len(part) > len(low) && strings.HasPrefix(rest, part[:min(len(part), len(low)+2)]) {
			return w
		}
	}
	if len(parts) == 1 && len(parts[0]) > 5 { // an initial and the family name
		parts = []string{parts[0], parts[0][1:]}
	}
	for _, part := range parts {
		if part == low {
			return w
		}
		cut := len(low) >= 3 && len(part) > len(low) && !pinyinWord(part[len(low):]) && strings.HasPrefix(part, low) && len(parts) > 1 && part != parts[0][1:]
		if !cut && (len(part) < 5 || distance(low, part) > 1+len(part)/9 || part[0] != low[0]) {
			continue
		}
		if strings.ToUpper(w) == w {
			return strings.ToUpper(part)
		}
		first, n := utf8.DecodeRuneInString(w)
		return string(unicode.ToUpper(first)) + part[n:]
	}
	return w
}
