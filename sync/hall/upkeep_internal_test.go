package hall

import (
	"testing"
	"time"
)

// The file is written anew when it pays and nobody is held up, or in the hour
// that somebody has named, by the show's own clock.
func TestUpkeep_Due(t *testing.T) {
	zone := time.FixedZone("show", 8*60*60)
	night, day := time.Date(2027, 4, 21, 3, 40, 0, 0, zone), time.Date(2027, 4, 21, 11, 0, 0, 0, zone)
	half := 3*time.Hour + 30*time.Minute
	const mb = 1 << 20
	for name, c := range map[string]struct {
		u          Upkeep
		now        time.Time
		pace       float64
		size, free int64
		want       bool
	}{
		"QuietAndLoose":    {Upkeep{Least: mb}, day, 0.5, 400 * mb, 100 * mb, true},
		"Busy":             {Upkeep{Least: mb}, day, 5, 400 * mb, 300 * mb, false},
		"NotLoose":         {Upkeep{Least: mb}, day, 0, 400 * mb, 80 * mb, false},
		"NotWorthIt":       {Upkeep{Least: 16 * mb}, day, 0, 20 * mb, 15 * mb, false},
		"AtNight":          {Upkeep{Least: mb, At: &half}, night, 50, 400 * mb, 50 * mb, true},
		"AtNightNotWorth":  {Upkeep{Least: mb, At: &half}, night, 0, 400 * mb, 30 * mb, false},
		"ByDayThoughLoose": {Upkeep{Least: mb, At: &half}, day, 0, 400 * mb, 300 * mb, false},
		"BeforeTheHour":    {Upkeep{Least: mb, At: &half}, night.Add(-11 * time.Minute), 0, 400 * mb, 300 * mb, false},
		"AfterTheHour":     {Upkeep{Least: mb, At: &half}, night.Add(50 * time.Minute), 0, 400 * mb, 300 * mb, false},
		"ElsewhereByDay":   {Upkeep{Least: mb, At: &half}, night.UTC(), 0, 400 * mb, 300 * mb, false},
	} {
		if got := c.u.due(c.now, c.pace, c.size, c.free); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
