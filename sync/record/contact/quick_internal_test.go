package contact

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// The short way says what the library says, of every prefix and in every way of
// writing; where it does not know, it says so.
func TestQuick_AsTheLibrary(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2)) // the same numbers every time
	known := 0
	for prefix := 100; prefix < 200; prefix++ {
		rest := random.IntN(1e8)
		a, b := rest/1e4, rest%1e4
		for _, text := range []string{
			fmt.Sprintf("%d%04d%04d", prefix, a, b), fmt.Sprintf("+86 %d %04d %04d", prefix, a, b),
			fmt.Sprintf("+86%d-%04d-%04d", prefix, a, b), fmt.Sprintf("%d%04d%03d", prefix, a, b%1000),
		} {
			for _, region := range []string{"CN", "GB"} {
				number, mobile, ok := quick(text, region)
				if !ok {
					continue
				}
				known++
				if want, wantMobile := planned(text, region); number != want || mobile != wantMobile {
					t.Errorf("quick(%q, %q) = %q, %v, the library says %q, %v", text, region, number, mobile, want, wantMobile)
				}
			}
		}
	}
	if known < 200 {
		t.Errorf("the short way knew %d numbers, want most of the mobile ones", known)
	}
	for _, text := range []string{"", "+", "+86", "13800000000 ext 5", "+8613800000000 ", "(138) 0000 0000", "+1 13800000000", "+44 138 0000 0000", "138 0000 0000-", "１３８00000000", "138000000000000"} {
		if number, _, ok := quick(text, "CN"); ok {
			t.Errorf("quick(%q) = %q, want it left to the library", text, number)
		}
	}
}

func BenchmarkPhone(b *testing.B) {
	for name, text := range map[string]string{"quick": "+86 138 0000 0000", "library": "+44 7700 900123"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				phone(text, "CN")
			}
		})
	}
}
