package fold

import (
	"math"
	"slices"
)

// affine is c·z+d, as two operations.
type affine struct {
	mul, add *node
	from, to string
	c, d     float32
}

// affineAt is what begins at a value, if it has no other use.
func (f *folding) affineAt(value string) (a affine, ok bool) {
	if a.mul = f.only(value, "Mul"); a.mul == nil {
		return a, false
	}
	if a.from, a.c, ok = f.with(a.mul); !ok || a.from != value {
		return a, false
	}
	if a.add = f.only(a.mul.out[0], "Add"); a.add == nil {
		return a, false
	}
	if _, a.d, ok = f.with(a.add); !ok {
		return a, false
	}
	a.to = a.add.out[0]
	return a, true
}

// convolution is a Conv with weights of out × in × h × w and a bias for each
// out.
type convolution struct {
	*node
	dims          []int
	weights, bias []float32
}

func (f *folding) convolution(n *node) (c convolution, ok bool) {
	if n == nil || n.op != "Conv" || len(n.in) < 2 || f.maker[n.in[1]] == nil {
		return c, false
	}
	c.node = n
	if c.dims, c.weights, ok = f.maker[n.in[1]].tensor(); !ok || len(c.dims) != 4 {
		return c, false
	}
	if len(n.in) == 2 {
		c.bias = make([]float32, c.dims[0])
		return c, true
	}
	if f.maker[n.in[2]] == nil {
		return c, false
	}
	_, c.bias, ok = f.maker[n.in[2]].tensor()
	return c, ok && len(c.bias) == c.dims[0]
}

// store gives the convolution its new numbers, as constants of its own.
func (f *folding) store(c convolution) {
	w, b := c.out[0]+".weights", c.out[0]+".bias"
	for _, name := range c.in[1:] {
		if len(f.uses[name]) == 1 {
			f.remove(f.maker[name])
		}
	}
	f.fresh = append(f.fresh, constant(w, c.dims, c.weights), constant(b, c.dims[:1], c.bias))
	c.in = []string{c.in[0], w, b}
	f.index()
}

// remove takes a constant out, of the network or made here.
func (f *folding) remove(n *node) {
	f.dead[n] = true
	f.fresh = slices.DeleteFunc(f.fresh, func(m *node) bool { return m == n })
}

// affineBefore folds a·y+b into the convolution that makes y.
func (f *folding) affineBefore() {
	for _, n := range f.g.nodes {
		c, ok := f.convolution(n)
		if !ok {
			continue
		}
		a, ok := f.affineAt(n.out[0])
		if !ok {
			continue
		}
		for i := range c.weights {
			c.weights[i] *= a.c
		}
		for i := range c.bias {
			c.bias[i] = a.c*c.bias[i] + a.d
		}
		f.dead[a.mul], f.dead[a.add] = true, true
		n.out[0] = a.to
		f.store(c)
	}
}

// affineAfter folds c·z+d into the convolutions that take it.
func (f *folding) affineAfter() {
	for _, n := range f.g.nodes {
		if f.dead[n] || n.op != "Mul" {
			continue
		}
		a, ok := f.affineAt(n.out[0])
		if !ok {
			continue
		}
		if !f.forward(a) {
			f.single(a)
		}
		f.index()
	}
}

// forward puts the numbers into the convolutions after, which must have no rim.
func (f *folding) forward(a affine) bool {
	var after []convolution
	for _, u := range f.uses[a.to] {
		c, ok := f.convolution(u)
		if !ok || u.in[0] != a.to {
			return false
		}
		for _, p := range u.ints("pads") {
			if p != 0 && a.d != 0 {
				return false
			}
		}
		after = append(after, c)
	}
	if len(after) == 0 {
		return false
	}
	for _, c := range after {
		each := len(c.weights) / len(c.bias)
		for i := range c.weights {
			c.bias[i/each] += c.weights[i] * a.d
			c.weights[i] *= a.c
		}
		c.in[0] = a.from
		f.store(c)
	}
	f.dead[a.mul], f.dead[a.add] = true, true
	return true
}

// single makes one operation of the two: a normalization, which the library
// runs without laying the picture out anew.
func (f *folding) single(a affine) {
	channels := f.channels(a.from)
	if channels == 0 {
		return
	}
	names := []string{a.from}
	for _, k := range []struct {
		name  string
		value float32
	}{{".scale", a.c}, {".shift", a.d}, {".mean", 0}, {".variance", 1}} {
		v := make([]float32, channels)
		for i := range v {
			v[i] = k.value
		}
		f.fresh = append(f.fresh, constant(a.to+k.name, []int{channels}, v))
		names = append(names, a.to+k.name)
	}
	*a.add = *newNode("BatchNormalization", names, a.to, number("epsilon", math.SmallestNonzeroFloat32))
	f.dead[a.mul] = true
}

// channels is how many planes a value has; 0 when it is not known.
func (f *folding) channels(value string) int {
	n := f.maker[value]
	for range 4 { // a hard swish is two steps
		if n == nil || len(n.in) == 0 {
			break
		}
		if c, ok := f.convolution(n); ok {
			return c.dims[0]
		}
		if n.op != "Mul" && n.op != "HardSigmoid" {
			break
		}
		n = f.maker[n.in[0]]
	}
	return 0
}
