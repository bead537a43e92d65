package qrbench_test

import "math"

// blurred is out of focus by a standard deviation in pixels.
func blurred(img []float32, sigma float64) []float32 {
	radius := int(math.Ceil(3 * sigma))
	kernel, sum := make([]float32, 2*radius+1), float32(0)
	for i := range kernel {
		d := float64(i-radius) / sigma
		kernel[i] = float32(math.Exp(-d * d / 2))
		sum += kernel[i]
	}
	for i := range kernel {
		kernel[i] /= sum
	}
	return along(along(img, kernel, 1, 0), kernel, 0, 1)
}

// along blurs in one direction; pixels beyond the edge are those at it.
func along(img, kernel []float32, dx, dy int) []float32 {
	out := make([]float32, len(img))
	radius := len(kernel) / 2
	for y := range frameH {
		for x := range frameW {
			sum := float32(0)
			if x >= radius*dx && x < frameW-radius*dx && y >= radius*dy && y < frameH-radius*dy {
				i, step := (y-radius*dy)*frameW+x-radius*dx, dy*frameW+dx
				for _, k := range kernel {
					sum += k * img[i]
					i += step
				}
			} else {
				for j, k := range kernel {
					sum += k * img[within(y+(j-radius)*dy, frameH)*frameW+within(x+(j-radius)*dx, frameW)]
				}
			}
			out[y*frameW+x] = sum
		}
	}
	return out
}

func within(v, limit int) int { return min(max(v, 0), limit-1) }

// moved is what a hand's movement during the exposure leaves.
func moved(img []float32, length, turn float64) []float32 {
	sin, cos := math.Sincos(turn)
	steps := int(math.Ceil(length)) + 1
	out := make([]float32, len(img))
	for i := range steps {
		t := length * (float64(i)/float64(steps-1) - 0.5)
		dx, dy := int(math.Round(t*cos)), int(math.Round(t*sin))
		for y := range frameH {
			row := img[within(y+dy, frameH)*frameW:][:frameW]
			for x := range frameW {
				out[y*frameW+x] += row[within(x+dx, frameW)] / float32(steps)
			}
		}
	}
	return out
}
