package ocr

import (
	"slices"
	"strings"
)

// gazetteer knows which districts lie in which cities.
type gazetteer struct {
	wide    map[string]int      // of a folded name: 4 province, 3 city, 2 district
	longest int                 // characters of a name
	within  map[string][]string // folded districts to the folded cities they lie in
	parts   map[string][]string // folded cities to their folded districts
	printed map[string]string   // as the file has it
}

func loadGazetteer() *gazetteer {
	g := &gazetteer{map[string]int{}, 0, map[string][]string{}, map[string][]string{}, map[string]string{}}
	for key, list := range block("places") {
		wide := 2
		switch key {
		case "harbour":
			wide = 3
		case "country":
			wide = 4
		case "zone":
		default:
			province, city, ok := strings.Cut(key, "/")
			g.add(province, 4)
			if !ok {
				city = province
			} else {
				g.add(city, 3)
				g.within[fold(city)] = append(g.within[fold(city)], fold(province))
			}
			for _, d := range list {
				g.within[fold(d)] = append(g.within[fold(d)], fold(city))
				g.parts[fold(city)] = append(g.parts[fold(city)], fold(d))
			}
		}
		for _, name := range list {
			g.add(name, wide)
		}
	}
	return g
}

func (g *gazetteer) add(name string, wide int) {
	f := fold(name)
	g.wide[f] = max(g.wide[f], wide)
	g.longest = max(g.longest, runes(f))
	if g.printed[f] == "" {
		g.printed[f] = name
	}
	for _, end := range []string{"省", "市", "自治区", "回族自治区", "壮族自治区", "维吾尔自治区"} {
		if stem, ok := strings.CutSuffix(f, end); ok && wide > 2 && runes(stem) > 1 {
			g.wide[stem] = max(g.wide[stem], wide)
		}
	}
}

// repair gives the names of places in a Chinese address back what was misread,
// where city and district tell which they must be: one character wrong or lost
// in either. It returns s itself when all is well.
func (g *gazetteer) repair(s string) string {
	for range 2 { // a province and a district at most
		out := g.repairOne(s)
		if out == s {
			break
		}
		s = out
	}
	return s
}

func (g *gazetteer) repairOne(s string) string {
	rs := []rune(s)
	f := []rune(fold(s))
	if len(f) != len(rs) {
		return s
	}
	for i := range f {
		for n := min(g.longest, len(f)-i); n > 2; n-- {
			name := string(f[i : i+n])
			if g.wide[name] == 0 {
				continue
			}
			if g.wide[name] >= 3 || strings.HasSuffix(name, "市") || strings.HasSuffix(name, "县") {
				if out, ok := g.after(rs, f, i+n, name); ok {
					return out
				}
			}
			if out, ok := g.before(rs, f, i, name); ok {
				return out
			}
			break
		}
	}
	return s
}

// after repairs the district behind a city.
func (g *gazetteer) after(rs, f []rune, from int, city string) (string, bool) {
	for n := 2; n <= g.longest && from+n <= len(f); n++ {
		part := string(f[from : from+n])
		if in := g.within[part]; slices.Contains(in, city) || g.wide[part] > 0 && (len(in) == 0 || g.wide[part] > 2) {
			return "", false
		}
	}
	for n := 2; n <= 5 && from+n <= len(f); n++ {
		if !strings.ContainsRune("区县市镇乡", f[from+n-1]) {
			continue
		}
		best := ""
		for _, d := range g.parts[city] {
			k := runes(d)
			if (k == n && n > 2 || k == n+1) && closeRunes([]rune(d), f[from:from+n]) {
				if best != "" {
					return "", false
				}
				best = d
			}
		}
		if best != "" {
			return string(rs[:from]) + g.printed[best] + string(rs[from+n:]), true
		}
	}
	return "", false
}

// before repairs the city before a district that lies in one only.
func (g *gazetteer) before(rs, f []rune, at int, district string) (string, bool) {
	in := g.within[district]
	if len(in) != 1 || at < 2 {
		return "", false
	}
	city := []rune(in[0])
	n := len(city)
	if at >= n && string(f[at-n:at]) == in[0] || strings.HasSuffix(string(f[:at]), string(city[:n-1])) || len(city) < 3 {
		return "", false
	}
	if at >= n && closeRunes(city, f[at-n:at]) && g.wide[string(f[at-n:at])] == 0 {
		return string(rs[:at-n]) + g.printed[in[0]] + string(rs[at:]), true
	}
	if at >= n-1 && n > 2 && closeRunes(city, f[at-n+1:at]) && g.wide[string(f[at-n+1:at])] == 0 && (at == n-1 || f[at-n] != city[0]) {
		return string(rs[:at-n+1]) + g.printed[in[0]] + string(rs[at:]), true
	}
	return "", false
}

// closeRunes says that got is want with one character wrong, or lost.
func closeRunes(want, got []rune) bool {
	if len(want) == len(got) {
		wrong := 0
		for i := range want {
			if want[i] != got[i] {
				wrong++
			}
		}
		return wrong == 1
	}
	if len(want) != len(got)+1 {
		return false
	}
	i := 0
	for i < len(got) && want[i] == got[i] {
		i++
	}
	return string(want[i+1:]) == string(got[i:])
}
