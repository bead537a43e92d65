// Package qrbench_test photographs badges badly and asks readers that we did
// not write what they still read. It owns the scenes: each is made from its
// number alone, so that every layout stands before the same camera, in the same
// light, with the same noise; a picture differs between layouts in the badge
// alone. Its test holds a few scenes in every run; BenchmarkHostile has them
// all and prints the shares that the README quotes.
package qrbench_test

import (
	"math"
	"math/rand/v2"
)

// kinds of trouble, in turn; a scene has one of them beside a slight tilt, a
// little blur and noise, which every hand and every camera brings along.
var kinds = [...]string{"perspective", "blur", "noise", "low light", "glare", "motion", "small", "JPEG", "fold"}

// scene is how a badge is photographed.
type scene struct {
	kind         string
	seed         uint64
	perMM        float64 // camera pixels a millimetre in the middle of the code
	turn         float64 // in the picture's plane, radians
	tilt, toward float64 // away from the camera, and to which side, radians
	offX, offY   float64 // of the code's middle from the picture's, in pixels
	crease       float64 // the angle of a fold, 0 for none
	creaseAt     float64 // mm from the code's middle
	creaseTurn   float64
	blur         float64 // radius (standard deviation) in pixels
	motion       float64 // length in pixels
	motionTurn   float64
	light        float64 // 1 is well lit, of which noise takes no part
	slope        float64 // how much the light differs across the picture
	glare        float64 // strength of a lamp's reflection
	glareX       float64 // mm from the code's middle
	glareY       float64
	glareWide    float64 // mm
	noise        float64 // grey levels
	quality      int     // of the JPEG
}

// sceneOf makes scene number i, the same one always. Ranges are such that the
// first quarter of each kind is easy and the last one mostly out of reach.
func sceneOf(i int) scene {
	r := rand.New(rand.NewPCG(20271114, uint64(i)))
	in := func(from, to float64) float64 { return from + (to-from)*r.Float64() }
	s := scene{
		kind: kinds[i%len(kinds)], seed: r.Uint64(), perMM: in(5, 7.5), turn: in(-0.45, 0.45),
		tilt: in(0, 0.3), toward: in(0, 2*math.Pi), offX: in(-30, 30), offY: in(-25, 25),
		blur: in(0.5, 0.8), light: in(0.75, 1), slope: in(0, 0.3), noise: in(2, 4), quality: 85,
	}
	switch s.kind {
	case "perspective":
		s.tilt = in(0.5, 1.05)
	case "blur":
		s.blur = in(0.8, 2.1)
	case "noise":
		s.noise = in(12, 42)
	case "low light":
		s.light, s.noise, s.blur = in(0.07, 0.22), in(2, 4), in(0.5, 0.9)
	case "glare":
		s.glare, s.glareWide = in(0.3, 1.3), in(3, 8)
		s.glareX, s.glareY = in(-14, 14), in(-14, 14)
	case "motion":
		s.motion, s.motionTurn = in(2, 6.5), in(0, math.Pi)
	case "small":
		s.perMM = in(2.6, 4.4)
	case "JPEG":
		s.perMM, s.quality = in(3.6, 5.5), int(in(5, 18))
	case "fold":
		s.crease, s.creaseAt, s.creaseTurn = in(0.15, 0.65), in(-9, 9), in(0, 2*math.Pi)
	}
	return s
}
