package badge

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// replacements are tried in order; the first that changes a text is one step.
type replacements [][2]string

var companyWords = replacements{
	{"Company Limited", "Co., Ltd."}, {"Company, Limited", "Co., Ltd."}, {"Corporation", "Corp."}, {"Incorporated", "Inc."},
	{"Limited", "Ltd."}, {"International", "Intl."}, {"Manufacturing", "Mfg."}, {"Technologies", "Tech."}, {"Technology", "Tech."},
	{"Engineering", "Eng."}, {"Equipment", "Equip."}, {"Department", "Dept."}, {"University", "Univ."}, {"Association", "Assn."},
	{"Institute", "Inst."}, {"Industries", "Ind."}, {"Industrial", "Ind."}, {"Electronics", "Elec."}, {"Development", "Dev."},
	{"Import and Export", "Imp. & Exp."}, {"Import & Export", "Imp. & Exp."}, {" and ", " & "}, {", Co., Ltd.", ""}, {" Co., Ltd.", ""},
	{"股份有限公司", ""}, {"有限责任公司", ""}, {"有限公司", ""},
}

var titleWords = replacements{
	{"Senior Vice President", "SVP"}, {"Executive Vice President", "EVP"}, {"Vice President", "VP"}, {"Chief Executive Officer", "CEO"},
	{"Chief Technology Officer", "CTO"}, {"Chief Financial Officer", "CFO"}, {"Chief Operating Officer", "COO"}, {"Chief Marketing Officer", "CMO"},
	{"General Manager", "GM"}, {"Research and Development", "R&D"}, {"Senior", "Sr."}, {"Assistant", "Asst."}, {"Associate", "Assoc."},
	{"Manager", "Mgr."}, {"Director", "Dir."}, {"Engineer", "Eng."}, {"Department", "Dept."}, {"International", "Intl."},
	{"Development", "Dev."}, {"Marketing", "Mktg."}, {"Procurement", "Proc."}, {"Operations", "Ops."}, {" and ", " & "},
}

// shorter returns a text with one more word abbreviated in the way its field
// has, and false when there is nothing left to abbreviate.
func shorter(field, text string) (string, bool) {
	switch field {
	case "name", "name_latin":
		return initial(text)
	case "company":
		return companyWords.step(text)
	case "title":
		return titleWords.step(text)
	}
	return text, false
}

func (words replacements) step(text string) (string, bool) {
	for _, w := range words {
		at := strings.Index(text, w[0])
		if at < 0 || at == 0 && w[1] == "" || !wordEnds(text[at+len(w[0]):], w[0]) {
			continue
		}
		return strings.TrimSpace(text[:at] + w[1] + text[at+len(w[0]):]), true
	}
	return text, false
}

// wordEnds keeps "Engineer" in "Engineering" as it is. Chinese words and
// patterns that end in a space or a point end anywhere.
func wordEnds(rest, word string) bool {
	last, _ := utf8.DecodeLastRuneInString(word)
	next, _ := utf8.DecodeRuneInString(rest)
	return rest == "" || !unicode.IsLetter(last) || ideographic(last) || !unicode.IsLetter(next)
}

// initial shortens the first middle name that is not yet an initial or a
// particle in lower case: "Anna Maria von Berg" to "Anna M. von Berg".
func initial(name string) (string, bool) {
	words := strings.Split(name, " ")
	for i := 1; i < len(words)-1; i++ {
		first, size := utf8.DecodeRuneInString(words[i])
		if !unicode.IsUpper(first) || len(words[i]) <= size+1 {
			continue
		}
		words[i] = words[i][:size] + "."
		return strings.Join(words, " "), true
	}
	return name, false
}
