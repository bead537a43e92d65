package ocr

import "strings"

// mendUser gives the user of a mail address the letter that keeps a word of the
// card's Latin name from standing in it, where another word of the name does
// and the engine was not sure of the letter.
func (g *page) mendUser(m *piece) {
	local, host, ok := strings.Cut(m.text, "@")
	doubtful := strings.ToLower(m.doubts())
	if !ok || doubtful == "" || local != strings.ToLower(local) && m.weak > 0 {
		return
	}
	low := strings.ToLower(local)
	for _, n := range g.pieces {
		if n.field != "name" || chinesePrint(n.text) {
			continue
		}
		var words []string
		for _, t := range tokens(n.text) {
			if t = plainLetters(t); len(t) > 2 && !honorific[t] {
				words = append(words, t)
			}
		}
		for _, t := range words {
			if at := oneOff(low, t, words, doubtful); at >= 0 {
				m.text, m.facts.repaired = low[:at]+t+low[at+len(t):]+"@"+host, true
				m.why = append(m.why, "a letter put right by the name")
				return
			}
		}
	}
}

// mendInitials gives the user of a mail address that is a Chinese family name and
// the initials of the given one the letter that was taken for its like: fengli
// for 冯立军.
func (g *page) mendInitials(m *piece) {
	local, host, ok := strings.Cut(m.text, "@")
	local = strings.ToLower(local)
	if !ok || !letters(local) {
		return
	}
	for _, n := range g.pieces {
		rs := []rune(fold(squeeze(n.text)))
		if n.field != "name" || !chinesePrint(n.text) || len(rs) != 3 || spelled(n.text, m.text) > 0.75 {
			continue
		}
		_, initials := spell(rs[1:])
		for _, f := range familyReadings(string(rs[:1])) {
			rest, ok := strings.CutPrefix(local, f)
			if !ok || len(rest) != 2 {
				continue
			}
			for _, in := range initials {
				if likeButOne(rest, in) {
					m.text, m.facts.repaired = f+in+"@"+host, true
					m.why = append(m.why, "the initials of the name")
					return
				}
			}
		}
	}
}

// likeButOne says that two short texts differ in one letter, taken for its like.
func likeButOne(s, want string) bool {
	if len(s) != len(want) || len(s) < 2 {
		return false
	}
	wrong := 0
	for i := range len(s) {
		if s[i] != want[i] {
			wrong++
			if !strings.ContainsRune("ijl", rune(s[i])) || !strings.ContainsRune("ijl", rune(want[i])) {
				return false
			}
		}
	}
	return wrong == 1
}

// oneOff is where in a mail's user a word stands but for one doubtful letter,
// between other words of the name or signs; -1 for nowhere, or when the word
// itself is there or no other is.
func oneOff(low, t string, words []string, doubtful string) int {
	if strings.Contains(low, t) {
		return -1
	}
	for _, u := range words {
		if u == t || !strings.Contains(low, u) {
			continue
		}
		for i := 0; i+len(t) <= len(low); i++ {
			end := i + len(t)
			opens := i == 0 || !latinLetter(rune(low[i-1])) || strings.HasSuffix(low[:i], u)
			closes := end == len(low) || !latinLetter(rune(low[end])) || strings.HasPrefix(low[end:], u)
			if !opens || !closes {
				continue
			}
			wrong, at := 0, 0
			for k := range len(t) {
				if low[i+k] != t[k] {
					wrong, at = wrong+1, i+k
				}
			}
			if wrong == 1 && strings.IndexByte(doubtful, low[at]) >= 0 {
				return i
			}
		}
	}
	return -1
}
