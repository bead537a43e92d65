package ocr

func abs[T int | float64](v T) T {
	if v < 0 {
		return -v
	}
	return v
}

// clamp keeps a number between two; what is no number is the lower one.
func clamp(v, lo, hi float64) float64 {
	if !(v > lo) { // also NaN
		return lo
	}
	return min(v, hi)
}
