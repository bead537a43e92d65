package runs_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"hallpass/sync/hall/store/runs"
)

// source is lines in the order of their keys; it stands for a tree as well.
type source struct {
	lines []runs.Line
	at    int
}

func (s *source) Seek(key []byte) (k, v []byte) {
	s.at = runs.Find(s.lines, key)
	return s.here()
}

func (s *source) Next() (k, v []byte) {
	s.at++
	return s.here()
}

func (s *source) here() (k, v []byte) {
	if s.at >= len(s.lines) {
		return nil, nil
	}
	return s.lines[s.at].Key, s.lines[s.at].Value
}

// some makes up lines and does with a model what they say.
func some(random *rand.Rand, n int, model map[string]string, gone bool) (lines []runs.Line) {
	picked := map[string]bool{}
	for range n {
		picked[fmt.Sprintf("key %02d", random.IntN(60))] = true
	}
	for _, key := range slices.Sorted(maps.Keys(picked)) {
		l := runs.Line{Key: []byte(key), Value: fmt.Append(nil, random.IntN(1000)), Gone: gone && random.IntN(3) == 0}
		if l.Gone {
			l.Value = nil
			delete(model, key)
		} else {
			model[key] = string(l.Value)
		}
		lines = append(lines, l)
	}
	return lines
}

// first groups keys by all but their last digit.
func first(key []byte) int { return max(0, len(key)-1) }

// A run knows of nearly all groups that it does not have, and of all that it has.
func TestRun_May(t *testing.T) {
	var lines []runs.Line
	for i := range 1000 {
		lines = append(lines, runs.Line{Key: fmt.Appendf(nil, "group %04d %d", 2*i, i%10)})
	}
	whole := func(key []byte) int { return len("group 0000") }
	r, wrong := runs.Merge([]runs.Run{runs.Of(lines[:500], whole), runs.Of(lines[500:], whole)}, whole), 0
	for i := range 2000 {
		may := r.May(fmt.Appendf(nil, "group %04d", i))
		if i%2 == 0 && !may {
			t.Errorf("group %04d is not found", i)
		}
		if has := r.Has(fmt.Appendf(nil, "group %04d", i)); has != (i%2 == 0) {
			t.Errorf("group %04d is there: %v", i, has)
		}
		if i%2 == 1 && may {
			wrong++
		}
	}
	if wrong > 60 { // of 1,000; the text's estimate is 30
		t.Errorf("%d of 1000 groups that are not there may be", wrong)
	}
	if !runs.Of(lines, nil).May([]byte("anything")) || runs.Of(nil, whole).May([]byte("anything")) {
		t.Error("a run without groups, or without lines, answers otherwise")
	}
}

func read(c *runs.Cursor, from string) (all []string) {
	for k, v := c.Seek([]byte(from)); k != nil; k, v = c.Next() {
		all = append(all, string(k)+"="+string(v))
	}
	return all
}

// Several sources, merged or not, read as one: of each key what the newest says.
func TestCursor_ReadsAsOneMap(t *testing.T) {
	for seed := range uint64(300) {
		random, model := rand.New(rand.NewPCG(seed, 1)), map[string]string{}
		tree := &source{lines: some(random, random.IntN(40), model, false)}
		var all []runs.Run
		for range random.IntN(6) {
			all = append(all, runs.Of(some(random, random.IntN(30), model, true), first))
		}
		fresh := some(random, random.IntN(10), model, true)
		from := fmt.Sprintf("key %02d", random.IntN(70))
		var want []string
		for _, key := range slices.Sorted(maps.Keys(model)) {
			if key >= from {
				want = append(want, key+"="+model[key])
			}
		}
		if got := read(runs.NewCursor(fresh, all, tree), from); !slices.Equal(got, want) {
			t.Fatalf("seed %d: from %q %q, want %q", seed, from, got, want)
		}
		if cut := len(all) / 2; len(all) > 1 {
			all = append(all[:cut:cut], runs.Merge(all[cut:], first))
		}
		if got := read(runs.NewCursor(fresh, all, tree), from); !slices.Equal(got, want) {
			t.Fatalf("seed %d: merged, from %q %q, want %q", seed, from, got, want)
		}
	}
}

func TestRun_KeepsLines(t *testing.T) {
	lines := []runs.Line{{Key: []byte("a")}, {Key: []byte("b"), Value: []byte("two")}, {Key: bytes.Repeat([]byte("c"), 65_535), Gone: true}}
	r, err := runs.Parse(runs.Of(lines, nil))
	if err != nil || r.Len() != len(lines) || !r.Sound() {
		t.Fatalf("%d lines, sound %v, %v", r.Len(), r.Sound(), err)
	}
	for i, want := range lines {
		if got := r.Line(i); !bytes.Equal(got.Key, want.Key) || !bytes.Equal(got.Value, want.Value) || got.Gone != want.Gone {
			t.Errorf("line %d is %+v, want %+v", i, got, want)
		}
	}
	if empty, err := runs.Parse(runs.Of(nil, nil)); err != nil || empty.Len() != 0 || !empty.Sound() {
		t.Errorf("no lines: %d, sound %v, %v", empty.Len(), empty.Sound(), err)
	}
}

// P9: whatever a disk makes of a run, nothing panics, and Sound says so.
func TestRun_DamagedAnywhere_P9(t *testing.T) {
	whole := runs.Of(some(rand.New(rand.NewPCG(1, 2)), 20, map[string]string{}, true), first)
	touch := func(data []byte) {
		r, err := runs.Parse(data)
		if err != nil {
			return
		}
		if r.Sound() && !bytes.Equal(data, whole) {
			t.Errorf("%x is sound", data)
		}
		for i := range r.Len() {
			r.Line(i)
		}
		r.May([]byte("key 1"))
		read(runs.NewCursor(nil, []runs.Run{r}, nil), "key 30")
	}
	for i := range whole {
		for _, by := range []byte{0x01, 0x80, 0xFF} {
			damaged := bytes.Clone(whole)
			damaged[i] ^= by
			touch(damaged)
		}
		touch(whole[:i])
	}
}
