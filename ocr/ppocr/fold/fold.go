// Package fold rewrites the networks of the reader pack so that they run in two
// thirds of the time.
//
// They come with each step of their training spelled out: after a convolution y
// they compute a·y+b, then z·min(max(z+3,0),6)/6, then c·z+d, in eight passes
// over the picture, several of which also make the library lay it out anew.
// Network says the same in the convolution itself and one pass or none; what
// comes out differs by the rounding of 32-bit numbers.
//
//   - a·y+b goes into the weights of the convolution before it.
//   - z·min(max(z+3,0),6)/6 is z times a hard sigmoid, which the library knows
//     how to do while a convolution's numbers are still at hand.
//   - c·z+d goes into the weights of the convolutions after it, or becomes one
//     operation where those see the picture's rim, to which no d was added.
//
// Whatever does not look exactly like that stays as it is.
package fold

import "slices"

// Network returns the model, a network in ONNX format, with fewer operations.
// It fails if the model cannot be read as one.
func Network(model []byte) ([]byte, error) {
	g, err := readGraph(model)
	if err != nil {
		return nil, err
	}
	f := newFolding(g)
	f.hardSwish()
	f.affineBefore()
	f.affineAfter()
	g.nodes = f.alive()
	return g.encode(), nil
}

// folding knows who makes and who takes each value.
type folding struct {
	g     *graph
	maker map[string]*node
	uses  map[string][]*node
	dead  map[*node]bool
	fresh []*node // constants made here
}

func newFolding(g *graph) *folding {
	f := &folding{g: g, dead: map[*node]bool{}}
	f.index()
	return f
}

func (f *folding) index() {
	f.maker, f.uses = map[string]*node{}, map[string][]*node{}
	for _, n := range f.alive() {
		for _, s := range n.out {
			f.maker[s] = n
		}
		for _, s := range n.in {
			f.uses[s] = append(f.uses[s], n)
		}
	}
}

// alive are the nodes as they are now, constants first.
func (f *folding) alive() []*node {
	out := slices.Clone(f.fresh)
	for _, n := range f.g.nodes {
		if !f.dead[n] {
			out = append(out, n)
		}
	}
	return out
}

// only is the one operation that takes a value, if there is just one and it is
// of that kind.
func (f *folding) only(value, op string) *node {
	if u := f.uses[value]; len(u) == 1 && u[0].op == op {
		return u[0]
	}
	return nil
}

// scalar is a constant that holds one number.
func (f *folding) scalar(value string) (float32, bool) {
	if n := f.maker[value]; n != nil {
		if _, v, ok := n.tensor(); ok && len(v) == 1 {
			return v[0], true
		}
	}
	return 0, false
}

// with returns the value and the number of an operation that joins the two.
func (f *folding) with(n *node) (value string, v float32, ok bool) {
	if len(n.in) != 2 {
		return "", 0, false
	}
	if v, ok = f.scalar(n.in[1]); ok {
		return n.in[0], v, true
	}
	if v, ok = f.scalar(n.in[0]); ok && n.op != "Div" {
		return n.in[1], v, true
	}
	return "", 0, false
}
