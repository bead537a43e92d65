package zpl

import "testing"

// Labels that other programs made for real printers carry these sums.
func TestCRC_AsPrintersWantIt(t *testing.T) {
	for text, want := range map[string]uint16{
		"eJxbFQoAAasBAA==":                                 0xB023,
		"eJzj4KAKYJChDmCwoQ5gEKAOYAAAavEfEQ==":             0x24EF,
		"eJxjYKAnOADEDxgYGD8AMZBmBvKZgULsQMxEV4fAAQBLYQRC": 0x3CC2,
	} {
		if got := crc([]byte(text)); got != want {
			t.Errorf("sum of %s = %04X, want %04X", text, got, want)
		}
	}
}
