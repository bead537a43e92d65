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

// pose is where a badge lies before the camera: a pixel's ray meets it at
// (nx/det, ny/det) mm from the code's middle, all linear in the pixel's column
// for a given row.
type pose struct {
	scene
	ex, ey [3]float64 // the badge's axes in space
}

// row holds nx, ny and det of a row: at its column 0, and their steps.
type row struct{ nx, ny, det, dnx, dny, ddet float64 }

func (s scene) pose() pose {
	sin, cos := math.Sincos(s.toward)
	axis := [3]float64{cos, sin, 0}
	spin := func(p [3]float64) (out [3]float64) { // about axis by tilt, Rodrigues' formula
		st, ct := math.Sincos(s.tilt)
		dot := p[0]*axis[0] + p[1]*axis[1]
		cross := [3]float64{axis[1] * p[2], -axis[0] * p[2], axis[0]*p[1] - axis[1]*p[0]}
		for i := range out {
			out[i] = p[i]*ct + cross[i]*st + axis[i]*dot*(1-ct)
		}
		return out
	}
	ts, tc := math.Sincos(s.turn)
	return pose{s, spin([3]float64{tc, ts, 0}), spin([3]float64{-ts, tc, 0})}
}

// row solves x·ex + y·ey + (0, 0, distance) = t·(u, v, 1) for a row's v.
func (p pose) row(v float64) row {
	focal := p.perMM * distanceMM
	v = (v - frameH/2 - p.offY) / focal
	c, d := p.ex[1]-v*p.ex[2], p.ey[1]-v*p.ey[2]
	at := func(u float64) (nx, ny, det float64) {
		u = (u - frameW/2 - p.offX) / focal
		a, b := p.ex[0]-u*p.ex[2], p.ey[0]-u*p.ey[2]
		return (d*u - b*v) * distanceMM, (a*v - c*u) * distanceMM, a*d - b*c
	}
	var r, next row
	r.nx, r.ny, r.det = at(0)
	next.nx, next.ny, next.det = at(1)
	r.dnx, r.dny, r.ddet = next.nx-r.nx, next.ny-r.ny, next.det-r.det
	return r
}

func (r row) at(u float64) (x, y float64) {
	det := r.det + u*r.ddet
	return (r.nx + u*r.dnx) / det, (r.ny + u*r.dny) / det
}

// folded returns the place that shows at x, y of a badge with a crease, and how
// much of the light it sends back: the part beyond the crease stands up, so it
// is seen shortened and darker; the crease itself shines.
func (s scene) folded(x, y float64) (fx, fy, shade float64) {
	sin, cos := math.Sincos(s.creaseTurn)
	switch beyond := x*cos + y*sin - s.creaseAt; {
	case beyond > 0:
		more := beyond/math.Cos(s.crease) - beyond
		return x + more*cos, y + more*sin, 1 - 0.45*math.Sin(s.crease)
	case beyond > -0.4:
		return x, y, 1.15
	}
	return x, y, 1
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
	pose := s.pose()
	img := make([]float32, frameW*frameH)
	sin, cos := math.Sincos(s.motionTurn + s.toward)
	for v := range frameH {
		// Two samples on the pixel's diagonal; the lens blurs the rest.
		upper, lower := pose.row(float64(v)+0.25), pose.row(float64(v)+0.75)
		for u := range frameW {
			x1, y1 := upper.at(float64(u) + 0.25)
			x2, y2 := lower.at(float64(u) + 0.75)
			across := (float64(u)/frameW-0.5)*cos + (float64(v)/frameH-0.5)*sin
			light := (s.seen(p, level, x1, y1) + s.seen(p, level, x2, y2)) / 2
			img[v*frameW+u] = min(1.2, light*float32(1+s.slope*across*2))
		}
	}
	return img
}

// seen is the light from a place.
func (s scene) seen(p *print, level int, x, y float64) float32 {
	shade := 1.0
	fx, fy := x, y
	if s.crease > 0 {
		fx, fy, shade = s.folded(x, y)
	}
	grey, ok := p.at(level, p.cx+fx, p.cy+fy)
	if ok {
		grey = 0.05 + 0.85*grey
	} else {
		grey = 0.25 + 0.1*float32((int(fx/9)^int(fy/7))&1)
	}
	grey *= float32(shade)
	if s.glare > 0 {
		dx, dy := x-s.glareX, y-s.glareY
		grey += float32(s.glare * math.Exp(-(dx*dx+dy*dy)/(2*s.glareWide*s.glareWide)))
	}
	return grey
}
