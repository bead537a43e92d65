package cardscore

import "math"

// edges are the lower ends of the bins of confidence: fine where fields are
// accepted.
var edges = [...]float64{0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98}

// Bin counts readings from one confidence up to the next bin's.
type Bin struct {
	From        float64
	Read, Right int
	// Sum is the sum of the confidences.
	Sum float64
}

// Bins tell how often readings of a confidence are right.
type Bins [len(edges)]Bin

func (b *Bins) add(v Value) {
	i := len(edges) - 1
	for i > 0 && v.Confidence < edges[i] {
		i--
	}
	b[i].Read++
	b[i].Sum += v.Confidence
	if v.Exact {
		b[i].Right++
	}
}

// List gives the bins that hold readings, from the least confidence on.
func (b *Bins) List() (out []Bin) {
	for i, bin := range b {
		if bin.From = edges[i]; bin.Read > 0 {
			out = append(out, bin)
		}
	}
	return out
}

// Error is the expected calibration error, 0–100: how far the mean confidence
// of a bin lies from the share of it that is right, weighted by the bins' sizes
// (Naeini, Cooper and Hauskrecht 2015).
func (b *Bins) Error() float64 {
	sum, n := 0.0, 0
	for _, bin := range b {
		sum += math.Abs(bin.Sum - float64(bin.Right))
		n += bin.Read
	}
	if n == 0 {
		return 0
	}
	return 100 * sum / float64(n)
}
