package hall

import "testing"

func TestRegionOf(t *testing.T) {
	for zone, want := range map[string]string{"Asia/Shanghai": "CN", "Europe/Berlin": "DE", "America/Chicago": "US", "UTC": "ZZ", "": "ZZ"} {
		if got := regionOf(zone); got != want {
			t.Errorf("regionOf(%q) = %q, want %q", zone, got, want)
		}
	}
}
