package ocr

import "strings"

// nearMiss marks a mail address and the name that it nearly spells: where a word
// of the name stands in it but for one letter, or a double letter of its initials
// is single, one of the two was misread.
func (g *page) nearMiss(m *piece) {
	local, _, ok := strings.Cut(strings.ToLower(m.text), "@")
	if !ok || officeMail[local] {
		return
	}
	local = plainLetters(local)
	for _, n := range g.pieces {
		if n.field != "name" || n.text == "" {
			continue
		}
		if w := almostIn(local, g.spellings(n, local)); w != "" {
			if at := sameButOne(local, w); at >= 0 && words().given["latin"][w] && strings.HasPrefix(strings.ToLower(m.text), local+"@") {
				m.text, m.facts.repaired = m.text[:at]+w+m.text[at+len(w):], true
				m.why = append(m.why, "a letter put right by a known name")
				return
			}
			m.facts.guessed = true
			m.why = append(m.why, "spells \""+w+"\" of the name but for a letter")
		}
	}
}

// sameButOne is where w begins or ends a mail's user but for one letter, -1 for
// nowhere.
func sameButOne(local, w string) int {
	for _, at := range []int{0, len(local) - len(w)} {
		if at >= 0 && at+len(w) <= len(local) && distance(local[at:at+len(w)], w) == 1 {
			return at
		}
	}
	return -1
}

// spelledOut writes marks out as mail addresses do.
var spelledOut = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ø", "oe", "å", "aa", "æ", "ae", "ß", "ss")

// spellings are the words of a name as mail addresses spell them.
func (g *page) spellings(n *piece, local string) (out []string) {
	if !chinesePrint(n.text) {
		for _, t := range tokens(withoutDegrees(n.text)) {
			if strings.Contains(local, spelledOut.Replace(t)) {
				continue
			}
			if t = plainLetters(t); len(t) > 3 && !honorific[t] {
				out = append(out, t)
			}
		}
		return out
	}
	rs := []rune(squeeze(fold(n.text)))
	if len(rs) != 3 {
		return nil
	}
	full, initials := spell(rs[1:])
	for _, family := range familyReadings(string(rs[:1])) {
		for _, i := range initials {
			if len(i) == 2 && i[0] == i[1] { // shijj
				out = append(out, family+i)
			}
		}
	}
	for _, f := range full {
		if len(f) > 4 {
			out = append(out, f)
		}
	}
	return out
}

// almostIn is the word that stands in a mail's user with one letter changed, lost
// or added, and in no other way at all, "" for none.
func almostIn(local string, spellings []string) string {
	for _, w := range spellings {
		if strings.Contains(local, w) {
			return ""
		}
	}
	for _, w := range spellings {
		for k := len(w) - 1; k <= len(w)+1; k++ {
			for i := 0; i+k <= len(local); i++ {
				whole := k == len(local) || i == 0 || i+k == len(local)
				if part := local[i : i+k]; whole && distance(part, w) == 1 && (len(w) > 4 && part[0] == w[0] || k == len(local)) {
					return w
				}
			}
		}
	}
	return ""
}
