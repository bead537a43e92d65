package ppocr

// spares keep the numbers that a network was last asked and answered with, for
// the next call: a line's answer takes 1.5 MB, and finding and clearing new
// memory for each costs a twentieth of reading it. There is one for each thread.
type spares chan spare

type spare struct{ in, out []float32 }

// largestSpare is how many numbers of an answer are kept; that to the longest
// line is three times as many.
const largestSpare = 1 << 20

// borrow gives so many numbers, of any value, until they are given back.
func (s spares) borrow(in, out int) (asked, answered []float32, giveBack func()) {
	var b spare
	select {
	case b = <-s:
	default:
	}
	b.in, b.out = sized(b.in, in), sized(b.out, out)
	return b.in, b.out, func() {
		if cap(b.out) > largestSpare {
			b.out = nil
		}
		select {
		case s <- b:
		default:
		}
	}
}

func sized(b []float32, n int) []float32 {
	if cap(b) < n {
		return make([]float32, n)
	}
	return b[:n]
}
