package fold

// hardSwish finds z·min(max(z+3,0),6)/6 and writes it as z·HardSigmoid(z).
func (f *folding) hardSwish() {
	for _, div := range f.g.nodes {
		times, clip, add, ok := f.swishUp(div)
		if !ok {
			continue
		}
		z := times.in[0]
		*times = *newNode("Mul", []string{z, add.out[0]}, div.out[0])
		*add = *newNode("HardSigmoid", []string{z}, add.out[0], number("alpha", 1./6), number("beta", 0.5))
		f.dead[clip], f.dead[div] = true, true
	}
	f.index()
}

// swishUp finds what leads to the division by 6, from its end.
func (f *folding) swishUp(div *node) (times, clip, add *node, ok bool) {
	from, six, ok := f.with(div)
	times = f.maker[from]
	if div.op != "Div" || !ok || six != 6 || !f.just(times, "Mul", 2) {
		return nil, nil, nil, false
	}
	clip = f.maker[times.in[1]]
	if !f.just(clip, "Clip", 3) {
		return nil, nil, nil, false
	}
	low, has := f.scalar(clip.in[1])
	high, _ := f.scalar(clip.in[2])
	add = f.maker[clip.in[0]]
	if !has || low != 0 || high != 6 || !f.just(add, "Add", 2) {
		return nil, nil, nil, false
	}
	z, three, ok := f.with(add)
	return times, clip, add, ok && three == 3 && z == times.in[0]
}

// just says that a node is of that kind, with so many inputs, and that its
// output is used once.
func (f *folding) just(n *node, op string, inputs int) bool {
	return n != nil && n.op == op && len(n.in) == inputs && len(f.uses[n.out[0]]) == 1
}
