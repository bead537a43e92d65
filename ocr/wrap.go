package ocr

import (
	"slices"
	"strings"
)

// unwrap joins a value that was set on several lines: what is below, as high,
// as near and in line goes on with what is above.
func unwrap(ps []*piece) []*piece {
	for i := 0; i < len(ps); i++ {
		for {
			k := below(ps, i)
			if k < 0 {
				break
			}
			a, b := ps[i], ps[k]
			n, m := float64(runes(a.text)), float64(runes(b.text))
			a.conf = (a.conf*n + b.conf*m) / (n + m)
			a.text = glue(a.text, b.text)
			a.box = a.box.Union(b.box)
			if !a.label {
				if b.field != "" {
					a.field = b.field
				}
				if s := likeness(a.field, a.text); s > 0 {
					a.rule = s
				}
			}
			ps = slices.Delete(ps, k, k+1)
			if k < i {
				i--
			}
		}
	}
	return ps
}

// below finds the piece that goes on with ps[i].
func below(ps []*piece, i int) int {
	a := ps[i]
	for k, b := range ps {
		if k != i && !b.label && b.text != "" && a.text != "" && inLine(a, b) && runes(a.text)+runes(b.text) <= maxText && goesOn(a, b) {
			return k
		}
	}
	return -1
}

func inLine(a, b *piece) bool {
	h, hb := float64(a.high), float64(b.high)
	gap := float64(b.box.Min.Y - a.box.Max.Y)
	if hb < 0.65*h || hb > 1.55*h || gap < -0.5*h || gap > 1.1*h {
		return false
	}
	left := float64(b.box.Min.X - a.box.Min.X)
	right := float64(b.box.Max.X - a.box.Max.X)
	middle := (left + right) / 2
	return abs(left) < 1.2*h || a.label && left > 0 && left < 6*h || abs(right) < 1.2*h || abs(middle) < h
}

func goesOn(a, b *piece) bool {
	ac, al, _ := hans(a.text)
	bc, bl, bd := hans(b.text)
	sameScript := (ac > al) == (bc > bl) || bl == 0 && bd > 0 && bc <= 2
	if !sameScript {
		return false
	}
	switch a.field {
	case "address":
		return b.field == "" && (strings.HasSuffix(a.text, ",") || addressLike(b.text) > 0 || bd > 0 && runes(b.text) < 14 || houseNumber.MatchString(b.text)) ||
			b.field == "address" && !(addressLike(b.text) > 0.9 && startsAddress(b.text) && !strings.HasSuffix(a.text, ","))
	case "title", "":
		if b.field == "title" && al > 0 && len(tokens(b.text)) <= 2 && a.field == "" {
			return latinName(a.text) < 0.5
		}
		return b.field == "company" && a.field == "" && (len(tokens(b.text)) <= 4 && bc == 0 || bc > 0 && bc <= 8)
	case "department":
		return b.field == "title" && al > 0 && len(tokens(b.text)) == 1
	}
	return false
}

// startsAddress says whether s is the beginning of an address of its own.
func startsAddress(s string) bool {
	c, _, _ := hans(s)
	if c == 0 {
		return latinHouse.MatchString(s)
	}
	for _, w := range []string{"省", "市", "香港", "台北", "中国", "中國"} {
		if at := strings.Index(s, w); at >= 0 && at < 16 {
			return true
		}
	}
	return false
}

func glue(a, b string) string {
	ar, br := []rune(a), []rune(b)
	if han(ar[len(ar)-1]) && (han(br[0]) || br[0] >= '0' && br[0] <= '9') || han(br[0]) {
		return a + b
	}
	return a + " " + b
}

func likeness(field, s string) float64 {
	switch field {
	case "company":
		return companyLike(s)
	case "title":
		return titleLike(s)
	case "department":
		return departmentLike(s)
	case "address":
		return addressLike(s)
	}
	return 0
}
