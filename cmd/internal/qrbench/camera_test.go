package qrbench_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
)

// The camera's picture, as a phone's video has it.
const frameW, frameH = 640, 480

// distance from the camera to the code, which decides how strongly a tilt
// shows as perspective.
const distanceMM = 260

// print is a badge on paper, in grey, at falling resolutions, 1 white.
type print struct {
	levels [][]float32
	w, h   []int
	perMM  float64 // of the first level
	cx, cy float64 // middle of the code, mm
}

// newPrint takes a badge as it is drawn for screens.
func newPrint(img *image.RGBA, dpi int, cx, cy float64) *print {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	level := make([]float32, w*h)
	for i := range level {
		p := img.Pix[4*i:]
		level[i] = (0.299*float32(p[0]) + 0.587*float32(p[1]) + 0.114*float32(p[2])) / 255
	}
	out := &print{perMM: float64(dpi) / 25.4, cx: cx, cy: cy}
	for {
		out.levels, out.w, out.h = append(out.levels, level), append(out.w, w), append(out.h, h)
		if len(out.levels) == 4 {
			return out
		}
		level, w, h = halved(level, w, h)
	}
}

func halved(src []float32, w, h int) (dst []float32, w2, h2 int) {
	w2, h2 = w/2, h/2
	dst = make([]float32, w2*h2)
	for y := range h2 {
		for x := range w2 {
			i := 2*y*w + 2*x
			dst[y*w2+x] = (src[i] + src[i+1] + src[i+w] + src[i+w+1]) / 4
		}
	}
	return dst, w2, h2
}

// at returns the paper's grey at x, y mm from its corner; ok is false beside it.
func (p *print) at(level int, x, y float64) (v float32, ok bool) {
	scale := p.perMM / float64(int(1)<<level)
	fx, fy := x*scale-0.5, y*scale-0.5
	w, h := p.w[level], p.h[level]
	ix, iy := int(math.Floor(fx)), int(math.Floor(fy))
	if ix < 0 || iy < 0 || ix >= w-1 || iy >= h-1 {
		return 0, false
	}
	dx, dy := float32(fx-float64(ix)), float32(fy-float64(iy))
	row := p.levels[level][iy*w+ix:]
	top := row[0] + (row[1]-row[0])*dx
	bottom := row[w] + (row[w+1]-row[w])*dx
	return top + (bottom-top)*dy, true
}

// onBadge returns the place on the badge that a pixel shows, in mm from the
// code's middle, and how much of the light it sends back.
func (s scene) onBadge() func(u, v float64) (x, y, shade float64) {
	// The badge's axes in space: turned, then tilted about an axis in its plane.
	sin, cos := math.Sincos(s.toward)
	axis := [3]float64{cos, sin, 0}
	spin := func(p [3]float64) [3]float64 { // Rodrigues
		st, ct := math.Sincos(s.tilt)
		dot := p[0]*axis[0] + p[1]*axis[1]
		cross := [3]float64{axis[1] * p[2], -axis[0] * p[2], axis[0]*p[1] - axis[1]*p[0]}
		var out [3]float64
		for i := range out {
			out[i] = p[i]*ct + cross[i]*st + axis[i]*dot*(1-ct)
		}
		return out
	}
	ts, tc := math.Sincos(s.turn)
	ex, ey := spin([3]float64{tc, ts, 0}), spin([3]float64{-ts, tc, 0})
	focal := s.perMM * distanceMM
	cs, cc := math.Sincos(s.creaseTurn)
	return func(u, v float64) (x, y, shade float64) {
		u, v = (u-frameW/2-s.offX)/focal, (v-frameH/2-s.offY)/focal
		// x·ex + y·ey lies on the ray (u, v, 1) beyond the camera's distance.
		a, b := ex[0]-u*ex[2], ey[0]-u*ey[2]
		c, d := ex[1]-v*ex[2], ey[1]-v*ey[2]
		det := a*d - b*c
		x, y = (d*u-b*v)*distanceMM/det, (a*v-c*u)*distanceMM/det
		shade = 1
		if s.crease > 0 {
			if beyond := x*cc + y*cs - s.creaseAt; beyond > 0 {
				more := beyond/math.Cos(s.crease) - beyond // the folded part is seen shortened
				x, y = x+more*cc, y+more*cs
				shade = 1 - 0.45*math.Sin(s.crease)
			} else if beyond > -0.4 {
				shade = 1.15
			}
		}
		return x, y, shade
	}
}

// photograph returns a JPEG of a badge.
func photograph(p *print, s scene) ([]byte, error) {
	random := rand.New(rand.NewPCG(s.seed, 1))
	img := s.expose(p)
	img = blurred(img, s.blur)
	if s.motion > 0 {
		img = moved(img, s.motion, s.motionTurn)
	}
	out := image.NewGray(image.Rect(0, 0, frameW, frameH))
	gain := 0.85 / max(s.light, 0.25) // a camera brightens what is dark, but not all the way
	for i, v := range img {
		level := math.Round(float64(v)*s.light*255 + random.NormFloat64()*s.noise)
		out.Pix[i] = uint8(min(255, max(0, level*gain)))
	}
	var data bytes.Buffer
	err := jpeg.Encode(&data, out, &jpeg.Options{Quality: s.quality})
	return data.Bytes(), err
}

// expose draws the badge before a chequered table, with light and reflections.
func (s scene) expose(p *print) []float32 {
	level := 0
	for level < len(p.levels)-1 && p.perMM/float64(int(2)<<level) > 1.6*s.perMM {
		level++
	}
	where := s.onBadge()
	img := make([]float32, frameW*frameH)
	slopeSin, slopeCos := math.Sincos(s.motionTurn + s.toward)
	for v := range frameH {
		for u := range frameW {
			sum := float32(0)
			for i := range 2 { // of the pixel's diagonal; the lens blurs the rest
				at := 0.25 + 0.5*float64(i)
				x, y, shade := where(float64(u)+at, float64(v)+at)
				grey, ok := p.at(level, p.cx+x, p.cy+y)
				if ok {
					grey = 0.05 + 0.85*grey
				} else {
					grey = 0.25 + 0.1*float32((int(x/9)^int(y/7))&1)
				}
				grey *= float32(shade)
				if s.glare > 0 {
					dx, dy := x-s.glareX, y-s.glareY
					grey += float32(s.glare * math.Exp(-(dx*dx+dy*dy)/(2*s.glareWide*s.glareWide)))
				}
				sum += grey
			}
			across := (float64(u)/frameW-0.5)*slopeCos + (float64(v)/frameH-0.5)*slopeSin
			img[v*frameW+u] = min(1.2, sum/2*float32(1+s.slope*across*2))
		}
	}
	return img
}
