package badge

import (
	"bufio"
	"compress/bzip2"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

// namesOf makes names of a script: nobody's, but built as that script builds
// syllables, from everyday ones to what its rules just allow.
var namesOf = map[string]func(*maker) string{
	"Chinese":    func(m *maker) string { return m.times(2, 4, m.standard) },
	"Japanese":   func(m *maker) string { return m.times(1, 3, m.standard) + "　" + m.times(1, 5, m.kana) },
	"Korean":     func(m *maker) string { return m.words(1, 3, 1, 4, func() string { return m.between(0xAC00, 0xD7A3) }) },
	"Latin":      func(m *maker) string { return m.words(1, 5, 2, 12, m.latin) },
	"Vietnamese": func(m *maker) string { return m.words(2, 5, 1, 3, m.vietnamese) },
	"Cyrillic":   func(m *maker) string { return m.words(1, 3, 3, 14, m.cyrillic) },
	"Greek": func(m *maker) string {
		return m.words(1, 3, 3, 12, func() string {
			return m.of("αβγδεζηθικλμνξοπρστυφχψωάέήίόύώϊϋΐΰΆΈΉΊΌΎΏς")
		})
	},
	"Arabic":     func(m *maker) string { return m.words(1, 5, 2, 8, m.arabic) },
	"Hebrew":     func(m *maker) string { return m.words(1, 4, 2, 7, m.hebrew) },
	"Thai":       func(m *maker) string { return m.words(1, 3, 1, 7, m.thai) },
	"Tibetan":    func(m *maker) string { return strings.TrimSuffix(m.times(1, 8, m.tibetan), "་") },
	"Devanagari": func(m *maker) string { return m.words(1, 3, 1, 5, m.devanagari) },
	"Georgian":   func(m *maker) string { return m.words(1, 3, 3, 10, func() string { return m.between(0x10D0, 0x10F0) }) },
	"Armenian":   func(m *maker) string { return m.words(1, 3, 3, 10, func() string { return m.between(0x561, 0x586) }) },
}

// scripts are those of namesOf and a mixture of them.
func scripts() []string { return append(slices.Sorted(maps.Keys(namesOf)), "Mixed") }

// maker draws from a fixed sequence, so that a failure comes again.
type maker struct {
	*rand.Rand
	all []rune // the standard Chinese characters
}

func (m *maker) name(script string) string {
	if script == "Mixed" {
		return m.mixed()
	}
	return namesOf[script](m)
}

func (m *maker) of(letters string) string {
	all := []rune(letters)
	return string(all[m.IntN(len(all))])
}

func (m *maker) between(first, last rune) string { return string(first + m.Int32N(last-first+1)) }

func (m *maker) times(least, most int, part func() string) string {
	var b strings.Builder
	for range least + m.IntN(most-least+1) {
		b.WriteString(part())
	}
	return b.String()
}

func (m *maker) words(leastWords, mostWords, least, most int, letter func() string) string {
	return strings.TrimSpace(m.times(leastWords, mostWords, func() string { return m.times(least, most, letter) + " " }))
}

// one is a part in a share of the cases.
func (m *maker) one(share float64, part string) string {
	if m.Float64() < share {
		return m.of(part)
	}
	return ""
}

func (m *maker) standard() string { return string(m.all[m.IntN(len(m.all))]) }

func (m *maker) kana() string {
	if m.IntN(2) == 0 {
		return m.between('ぁ', 'ん')
	}
	return m.between('ァ', 'ヴ')
}

func (m *maker) latin() string {
	switch m.IntN(12) {
	case 0:
		return m.of("ÀÉÎÕÜÇÑŠŽŁØÆŒÞÐğışčřůőűžłđəŋħß")
	case 1:
		return m.of("aeioumnqxz") + m.of("\u0301\u0303\u0308\u0323\u0304\u030C") + m.one(0.3, "\u0323\u0331")
	case 2:
		return m.of("-'’.")
	}
	return m.of("abcdefghijklmnopqrstuvwxyzAEWM")
}

func (m *maker) vietnamese() string {
	return m.of("bcdđghklmnpqrstvxBĐNT") + m.of("aăâeêioôơuưyAĂÂEÊIOÔƠUƯY") + m.one(0.6, "\u0300\u0301\u0303\u0309\u0323")
}

func (m *maker) cyrillic() string {
	return m.of("абвгдеёжзийклмнопрстуфхцчшщъыьэюяӘәҒғҚқҢңӨөҰұҮүҺһІіЇїЄєЎўЏџЉљ")
}

// arabic letters of Arabic, Persian, Urdu, Uyghur and Kazakh, some with vowels.
func (m *maker) arabic() string {
	switch m.IntN(30) {
	case 0:
		return "لا"
	case 1:
		return "ـ"
	case 2:
		return "ه\u200Cا"
	}
	return m.of("ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئةىپچژکگیےۇۆۈۋېەڭھ") + m.one(0.15, "\u064E\u064F\u0650\u0651\u0652\u064B")
}

func (m *maker) hebrew() string {
	return m.of("אבגדהוזחטיכלמנסעפצקרשתםןץףך") + m.one(0.1, "\u05BC\u05C1") + m.one(0.15, "\u05B4\u05B5\u05B8\u05B9\u05BB") + m.one(0.03, "־׳״")
}

func (m *maker) thai() string {
	consonant := m.between('ก', 'ฮ')
	switch m.IntN(4) {
	case 0:
		return m.of("เแโใไ") + consonant + m.one(0.4, "่้๊๋")
	case 1:
		return consonant + m.one(0.3, "่้") + m.of("ะาำ")
	}
	return consonant + m.one(0.8, "ัิีึืฺุู็") + m.one(0.4, "่้๊๋์")
}

func (m *maker) tibetan() string {
	return m.one(0.3, "གདབམའ") + m.of("ཀཁགངཅཆཇཉཏཐདནཔཕབམཙཚཛཝཞཟའཡརལཤསཧཨཊཋཌཎཥ") + m.one(0.5, "ྱྲླྭྐྒྗྟྡྣྤྦྨྩྫྷ") + m.one(0.1, "ྱྲ") + m.one(0.6, "ཱིེོུཾ") + m.one(0.4, "གངདནབམའརལས") + "་"
}

func (m *maker) devanagari() string {
	return m.times(0, 2, func() string { return m.between('क', 'ह') + "\u094D" }) + m.between('क', 'ह') + m.one(0.7, "ािीुूृेैोौ") + m.one(0.15, "ंःँ")
}

// mixed are names with company, digits, brackets and signs, across directions.
func (m *maker) mixed() string {
	parts := []func() string{
		func() string { return m.name("Latin") }, func() string { return m.name("Arabic") }, func() string { return m.name("Hebrew") },
		func() string { return m.name("Chinese") }, func() string { return m.of("🎉😀❤👍☎🚀🐼") }, func() string { return m.of("()[]«»&/-–+%@#·,.;:!?") },
		func() string { return m.between('0', '9') + m.between('0', '9') },
	}
	return m.times(2, 6, func() string { return parts[m.IntN(len(parts))]() + m.one(0.6, " ") })
}

// standardCharacters are the 8,105 of the Table of General Standard Chinese
// Characters, from Unicode's own list (Debian's unicode-data, which .ci/install
// brings).
var standardCharacters = sync.OnceValues(func() (all []rune, err error) {
	file, err := os.Open("/usr/share/unicode/Unihan_OtherMappings.txt.bz2")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines := bufio.NewScanner(bzip2.NewReader(file))
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		if len(fields) != 3 || fields[1] != "kTGH" {
			continue
		}
		var r rune
		for _, digit := range fields[0][2:] {
			r = r<<4 | rune(strings.IndexRune("0123456789ABCDEF", digit))
		}
		all = append(all, r)
	}
	return all, lines.Err()
})

func newMaker(t testing.TB, seed uint64) *maker {
	t.Helper()
	all, err := standardCharacters()
	if err != nil {
		t.Fatalf("%v; install Debian's unicode-data (.ci/install test)", err)
	}
	return &maker{rand.New(rand.NewPCG(seed, 8105)), all}
}
