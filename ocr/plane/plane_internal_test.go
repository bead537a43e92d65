package plane

import "testing"

func TestQuad_AreaAndInside(t *testing.T) {
	q := Quad{{10, 10}, {110, 20}, {100, 80}, {5, 70}}
	mirrored := Quad{q[1], q[0], q[3], q[2]}
	if a, b := q.Area(), mirrored.Area(); a <= 0 || a != -b {
		t.Errorf("area %v, mirrored %v; want opposite, the first positive", a, b)
	}
	for p, in := range map[Point]bool{{50, 50}: true, {10, 10}: true, {0, 0}: false, {120, 50}: false, {50, 5}: false, {50, 90}: false} {
		if q.Holds(p) != in {
			t.Errorf("holds(%v) = %v, want %v", p, !in, in)
		}
	}
	if g := q.Grown(0.1); g.Area() < 1.2*q.Area() || g.Area() > 1.22*q.Area() {
		t.Errorf("grown by a tenth: area %.0f of %.0f, want 1.21 times", g.Area(), q.Area())
	}
}
