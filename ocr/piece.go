package ocr

import (
	"image"
	"strings"
	"unicode"
	"unicode/utf8"
)

// piece is a stretch of a line that holds one value.
type piece struct {
	text  string
	field string // by its printed label or its pattern; "" while unknown
	label bool   // the label said so
	conf  float64
	rule  float64 // how sure the rules are of field, 0–1
	box   image.Rectangle
	row   int // index of the line
	high  int // of one line of print, also when several have been joined
}

// No card has more or longer lines; what is beyond comes from a page of a book,
// and the work on it grows with the square.
const (
	maxLines = 300
	maxText  = 400 // characters of a line, and of lines joined to one value
)

// pieces cleans the lines and cuts them where a label or a separator begins a
// new value.
func pieces(lines []Line) []*piece {
	var out []*piece
	for i, l := range lines[:min(len(lines), maxLines)] {
		text := clean(short(l.Text))
		if text == "" {
			continue
		}
		parts := cutLine(text)
		total := float64(max(1, utf8.RuneCountInString(text)))
		at := 0.0
		for _, part := range parts {
			n := float64(utf8.RuneCountInString(part))
			p := &piece{text: strings.TrimSpace(part), conf: l.Confidence, rule: 1, row: i, box: l.Box, high: l.Box.Dy()}
			if len(parts) > 1 { // about where the part stands
				p.box.Min.X = l.Box.Min.X + int(at/total*float64(l.Box.Dx()))
				p.box.Max.X = l.Box.Min.X + int((at+n)/total*float64(l.Box.Dx()))
			}
			at += n
			p.text = strings.TrimRight(strings.TrimLeft(p.text, " |/｜丨·•,;"), " |/｜丨·•;")
			if p.text == "" {
				continue
			}
			if field, rest := takeLabel(p.text); field != "" {
				p.field, p.label, p.text = field, true, rest
			}
			out = append(out, p)
		}
	}
	return out
}

// short is the beginning of s, at most maxText characters.
func short(s string) string {
	n := 0
	for i := range s {
		if n++; n > maxText {
			return s[:i]
		}
	}
	return s
}

// clean makes one form of what is printed in several: full-width letters and
// digits become plain, blanks between spaced-out Chinese characters and marks
// that are read into icons go.
func clean(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '（' || r == '）' || r == '，' || r == '、':
			b.WriteRune(r)
		case r >= 0xff01 && r <= 0xff5e:
			b.WriteRune(r - 0xfee0)
		case r == 0x3000 || unicode.IsSpace(r):
			b.WriteByte(' ')
		case strings.ContainsRune("‘’`´", r):
			b.WriteByte('\'')
		case strings.ContainsRune("–—−‐", r):
			b.WriteByte('-')
		case unicode.IsControl(r), r == utf8.RuneError:
		default:
			b.WriteRune(r)
		}
	}
	out := unspaced(strings.Fields(b.String()))
	out = strings.TrimLeft(out, "'\"`~*_=<>«»©®™°•·■□●○◆◇▲△|\\!;:,.-^¢€£$%} ])")
	out = strings.TrimRight(out, "'\"`~*_=<«©®™°•■□●○◆◇|\\;:^-{[( ")
	// After Chinese a full stop is a speck: cards hold no sentences.
	if stopped := strings.TrimRight(out, ".。"); stopped != "" {
		if r, _ := utf8.DecodeLastRuneInString(stopped); han(r) {
			return stopped
		}
	}
	return out
}

// unspaced joins words with blanks, and closes up Chinese print that is spaced
// out: three characters and more, each on its own.
func unspaced(words []string) string {
	single := 0
	for _, w := range words {
		r, n := utf8.DecodeRuneInString(w)
		switch chinese, _, _ := hans(w); {
		case chinese == 1 && han(r) && n == len(w):
			single++
		case chinese > 0:
			return strings.Join(words, " ")
		}
	}
	if single < 3 {
		return strings.Join(words, " ")
	}
	var b strings.Builder
	for i, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		if i > 0 {
			before, _ := utf8.DecodeLastRuneInString(words[i-1])
			if !han(r) || !han(before) {
				b.WriteByte(' ')
			}
		}
		b.WriteString(w)
	}
	return b.String()
}

// cutLine splits at separators between values and before labels in the middle.
func cutLine(s string) []string {
	var out []string
	start := 0
	for i, r := range s {
		if i <= start {
			continue
		}
		before := s[start:i]
		switch {
		case strings.ContainsRune("|｜丨", r) && strings.TrimSpace(before) != "":
		case r == '/' && i+1 < len(s) && s[i-1] == ' ' && s[i+1] == ' ':
		case (s[i-1] == ' ' || s[i-1] == '/' || s[i-1] == ',') && beginsValue(s[i:]):
		default:
			continue
		}
		out = append(out, before)
		start = i
	}
	return append(out, s[start:])
}

// beginsValue says whether a label and a fitting value begin here, as in the
// fax number printed after a telephone number.
func beginsValue(s string) bool {
	field, rest := takeLabel(s)
	if field == "" || rest == s {
		return false
	}
	switch field {
	case "mobile", "phone", "fax", "postcode", "qq":
		return opensNumber(rest)
	case "email":
		return strings.Contains(rest, "@")
	case "website":
		return strings.HasPrefix(rest, "www.") || strings.HasPrefix(rest, "http")
	}
	return false
}

// takeLabel reads the labels at the beginning of s: several may stand for one
// value, as in "手机 Mobile: ". It returns the first one's field and the rest.
func takeLabel(s string) (field, rest string) {
	rest = s
	for {
		f, after := oneLabel(rest, field != "")
		if f == "" || field != "" && f != field && !(f == "line" || field == "line") {
			return field, rest
		}
		if field == "" {
			field = f
		}
		rest = after
		if rest == "" {
			return field, rest
		}
	}
}

const separators = " :.;/|、·-_：]>)"

func oneLabel(s string, further bool) (field, rest string) {
	lower := strings.ToLower(s)
	address := emailShape.MatchString(s)
	for _, l := range words().labels {
		n := prefixed(lower, l.word)
		if n == 0 || n > len(s) {
			continue
		}
		after := s[n:]
		if address && !strings.HasSuffix(l.word, "mail") || l.word == "http" && strings.HasPrefix(after, "://") {
			continue // the value itself begins like a label: e.meyer@…, http://…
		}
		trimmed := strings.TrimLeft(after, separators)
		if l.latin && after != "" {
			r, _ := utf8.DecodeRuneInString(after)
			if unicode.IsLetter(r) && !han(r) || r == '@' || r == '-' && len(l.word) > 1 {
				continue
			}
			if unicode.IsDigit(r) && len(l.word) < 3 || r == '_' {
				continue
			}
		}
		if len(l.word) == 1 && !letterLabel(l.field, after, trimmed, further) {
			continue
		}
		if weakLabel[l.word] && !strings.ContainsAny(after[:len(after)-len(trimmed)], ":.") {
			continue
		}
		return l.field, trimmed
	}
	return "", s
}

// prefixed is how many bytes of s the word takes at its beginning, 0 if it is
// not there. Blanks between Chinese characters do not count.
func prefixed(s, word string) int {
	if strings.HasPrefix(s, word) {
		return len(word)
	}
	i := 0
	for _, r := range word {
		for i > 0 && i < len(s) && s[i] == ' ' && han(r) {
			i++
		}
		c, n := utf8.DecodeRuneInString(s[i:])
		if c != r || !han(r) && i > 0 {
			return 0
		}
		i += n
	}
	return i
}

// weakLabel are words that also begin a title, a department or an address and
// count only with a colon.
var weakLabel = map[string]bool{
	"office": true, "direct": true, "location": true, "总部": true, "總部": true, "分公司": true,
	"移动": true, "add": false, "line": true, "vat": true, "mail": false, "web": false, "专线": true, "專線": true,
}

// letterLabel says whether a single letter is a label: only before a value of
// its kind.
func letterLabel(field, after, value string, further bool) bool {
	if after == value || value == "" {
		return false
	}
	switch field {
	case "mobile", "phone", "fax":
		return opensNumber(value) && digitsIn(value) >= 7 || further && !spaceOnly(after, value)
	case "email":
		return strings.ContainsRune(value, '@') || !spaceOnly(after, value)
	case "website":
		return domainLike(value) || !spaceOnly(after, value)
	}
	return !spaceOnly(after, value) || digitsIn(value) > 1 && len(value) > 12
}

func spaceOnly(after, value string) bool {
	return strings.TrimSpace(after[:len(after)-len(value)]) == ""
}

func opensNumber(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return strings.ContainsRune("+(（0123456789", r)
}

func digitsIn(s string) (n int) {
	for _, r := range s {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}
