//go:build cgo

package ppocr

import (
	"math"
	"testing"
)

// soft gives each step's class a probability and shares the rest.
func soft(classes int, steps ...[2]float32) (out []float32) {
	for _, s := range steps {
		row := make([]float32, classes)
		for i := range row {
			row[i] = (1 - s[1]) / float32(classes-1)
		}
		row[int(s[0])] = s[1]
		out = append(out, row...)
	}
	return out
}

func TestRecognizer_Decode(t *testing.T) {
	r := &recognizer{keys: []string{"", "a", "b", " "}}
	for name, c := range map[string]struct {
		steps [][2]float32
		want  string
		at    []int
		weak  float64
	}{
		"Empty":        {[][2]float32{{0, .9}, {0, .9}}, "", nil, 1},
		"Repeated":     {[][2]float32{{1, .6}, {1, .9}, {0, .9}, {1, .8}}, "aa", []int{15, 35}, .8},
		"Neighbours":   {[][2]float32{{1, .9}, {2, .7}}, "ab", []int{5, 15}, .7},
		"OuterSpaces":  {[][2]float32{{3, .9}, {1, .9}, {3, .5}, {2, .9}, {3, .9}}, "a b", []int{15, 25, 35}, .5},
		"SurestOfMany": {[][2]float32{{0, .9}, {2, .5}, {2, .6}, {2, .95}, {0, .9}}, "b", []int{35}, .95},
	} {
		t.Run(name, func(t *testing.T) {
			along := slab{X: float64(5 * len(c.steps)), Y: 20, UX: 1, W: float64(10 * len(c.steps)), H: 20}
			a := answer{signs: r.decode(soft(4, c.steps...)), along: along, width: 10}
			l := a.line(along)
			if l.Text != c.want || math.Abs(l.Weakest-c.weak) > 1e-6 || len(l.At) != len(c.at) {
				t.Fatalf("%+v, want %q weakest %v at %v", l, c.want, c.weak, c.at)
			}
			for i, x := range c.at {
				if l.At[i] != x {
					t.Errorf("at %v, want %v", l.At, c.at)
				}
			}
		})
	}
}

// In a column a character stands at its cell's height.
func TestAnswer_Column(t *testing.T) {
	cells := []slab{{X: 30, Y: 40, UX: 1, W: 20, H: 20}, {X: 30, Y: 70, UX: 1, W: 20, H: 20}}
	a := answer{signs: []sign{{text: "王", sure: .9, step: 2}, {text: "芳", sure: .8, step: 8}}, cells: cells, width: 2.0 / 12}
	l := a.line(slab{X: 30, Y: 55, UX: 1, W: 30, H: 60})
	if l.Text != "王芳" || !l.Upright || l.At[0] != 40 || l.At[1] != 70 {
		t.Errorf("%+v", l)
	}
}

// Where a character is in doubt, the others are told, likeliest first.
func TestRecognizer_DecodeTellsWhatElse(t *testing.T) {
	r := &recognizer{keys: []string{"", "傅", "傳", "传", " "}}
	signs := r.decode([]float32{.01, .58, .28, .07, .06, .9, .1, 0, 0, 0, 0, 0, .01, .99, 0})
	if len(signs) != 2 || len(signs[0].also) != 2 || signs[1].also != nil {
		t.Fatalf("decode = %+v", signs)
	}
	if a := signs[0].also; a[0].Rune != '傳' || a[1].Rune != '传' || a[0].Sure < .27 {
		t.Errorf("it may also be %+v", a)
	}
}

// A blank that the network hardly saw is told by the room for it as well.
func TestRecognizer_DecodeFindsBlanks(t *testing.T) {
	r := &recognizer{keys: []string{"", "a", "b", "@", "文", " "}}
	row := func(class int, blank float32) []float32 {
		v := make([]float32, 6)
		v[class], v[5] = 0.9-blank, v[5]+blank
		return v
	}
	word := func(gap int, blank float32, second int) (out []float32) {
		for _, c := range []int{1, 2, 1} {
			out = append(append(out, row(c, 0)...), row(0, 0)...)
		}
		for range gap {
			out = append(out, row(0, blank)...)
		}
		for _, c := range []int{second, 1, 2} {
			out = append(append(out, row(c, 0)...), row(0, 0)...)
		}
		return out
	}
	for name, c := range map[string]struct {
		out  []float32
		want string
	}{
		"RoomAndAHint":  {word(1, 0.1, 2), "aba bab"},
		"NoHint":        {word(1, 0.01, 2), "ababab"},
		"NoRoom":        {word(0, 0.1, 2), "ababab"},
		"InAnAddress":   {word(1, 0.1, 3), "aba@ab"},
		"BeforeChinese": {word(1, 0.1, 4), "aba文ab"},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			for _, g := range r.decode(c.out) {
				got += g.text
			}
			if got != c.want {
				t.Errorf("decode = %q, want %q", got, c.want)
			}
		})
	}
}

// A column's cells in which nothing was read are known by their places.
func TestAnswer_EmptyCells(t *testing.T) {
	a := answer{cells: make([]slab, 4), width: 1.0 / 6, signs: []sign{{text: "馥", step: 2}, {text: "科", step: 15}, {text: "技", step: 40}}}
	if got := a.empty(); len(got) != 1 || got[0] != 1 {
		t.Errorf("empty cells %v, want [1]", got)
	}
	if got := (answer{signs: a.signs}).empty(); got != nil {
		t.Errorf("a row has empty cells %v", got)
	}
}
